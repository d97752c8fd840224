"""Whole inputs that fuzzing begins with: pieces of real transcripts if there are any, else made."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from synthetic import turn

from clearpoint.config.defaults import DEFAULTS
from clearpoint.handoffs import checksum

if TYPE_CHECKING:
    import random
    from pathlib import Path

LINE_BYTES = 8_000
LINES = 9
CONTEXTS = 8
"""Lines of one input, at most."""
USED = (b'"type":"user"', b'"type":"assistant"', b'"type":"system"', b'"type":"attachment"')

COMMON: dict[str, Any] = {"session_id": "fuzz", "transcript_path": "@PROJECT@/fuzz.jsonl",
                          "cwd": "@PROJECT@", "permission_mode": "default"}  # fmt: skip
AGENT = {"agent_id": "a1", "agent_type": "quality-gate", "tool_use_id": "t1", "tool_name": "Agent",
         "tool_input": {"description": "Check it", "prompt": "x", "subagent_type": "quality-gate"},
         "agent_transcript_path": "@PROJECT@/a1.jsonl"}  # fmt: skip
STATUS = {
    "model": {"id": "claude-sonnet-4-6", "display_name": "S"},
    "version": "2.1.329",
    "prompt_cache": {"expires_at": 5, "recache_tokens_if_cold": 9},
    "context_window": {
        "context_window_size": 200_000,
        "total_input_tokens": 60_000,
        "total_output_tokens": 100,
        "current_usage": {"input_tokens": 1},
    },
}
PAYLOADS: list[dict[str, Any]] = [
    {"source": "startup", "model": "claude-sonnet-4-6"},
    {"source": "clear"},
    {"source": "resume", "context_tokens": 5, "seconds_since_last_response": 5.5},
    {"prompt": "go on with @CONFIG-001"},
    {"last_assistant_message": "Done.", "background_tasks": [{"type": "subagent"}]},
    {"trigger": "manual", "custom_instructions": "keep it"},
    {"reason": "clear"},
    AGENT,
    STATUS,
]

HOOK = {"type": "command", "command": "echo é", "timeout": 1.0}
SETTINGS: list[str] = [
    "{}", "{}\n", "\ufeff{}", " { } ", '{"hooks":{}}',
    '{"statusLine":{"type":"command","command":"~/mine.sh  "}}',
    '{"a":1.50,"b":[1,{"c":"\\u00e9"}],"hooks":{"Stop":[]}}',
    json.dumps({"hooks": {"Stop": [{"hooks": [HOOK]}], "PreToolUse": [{"matcher": "Bash",
               "hooks": [HOOK, HOOK]}]}, "permissions": {"allow": ["Bash(ls)"]}}, indent=2),
    json.dumps({"env": {"A": "b"}, "statusLine": {"type": "command", "command": "x y"},
                "hooks": {"SessionStart": [{"matcher": "clear", "hooks": []}]}}, indent="\t"),
]  # fmt: skip


class Seeds:
    """Whole inputs for each target."""

    def __init__(self, corpus: Path) -> None:
        self.transcripts = [lines for path in sorted(corpus.glob("*.jsonl"))
                            if len(lines := lines_of(path)) > LINES]  # fmt: skip
        if not self.transcripts:
            made = itertools.chain.from_iterable(turn(n, 20_000 + 900 * n) for n in range(1, 60))
            self.transcripts = [list(made)]
        self.configs = [toml_of(DEFAULTS), toml_of({"budget": DEFAULTS["budget"]}), MESSAGES]

    def one(self, target: str, chance: random.Random) -> bytes:
        """One whole input for a target."""
        match target:
            case "settings":
                return chance.choice(SETTINGS).encode()
            case "payload":
                return json.dumps({**COMMON, **chance.choice(PAYLOADS)}).encode()
            case "config":
                return chance.choice(self.configs).encode()
            case "handoff":
                return parcel(chance)
            case "json" | "sealed":
                return chance.choice(chance.choice(self.transcripts))
        lines = chance.choice(self.transcripts)
        start = chance.randrange(max(1, len(lines) - LINES))
        return b"".join(lines[start : start + chance.randint(1, LINES)])


def lines_of(path: Path) -> list[bytes]:
    """The lines of a transcript that are read, without the long ones."""
    with path.open("rb") as stream:
        return [line for line in stream if len(line) < LINE_BYTES and any(u in line for u in USED)]


MESSAGES = '[messages.en]\nlevel = "{used} of {total}"\n[work.phase_commands]\n"/x" = "planning"\n'


def toml_of(table: Any, name: str = "") -> str:
    """A table as TOML."""
    rows, tables = [], []
    for key, value in table.items():
        if isinstance(value, dict):
            inside = f"{name}.{json.dumps(key)}" if name else json.dumps(key)
            tables.append(f"[{inside}]\n{toml_of(value, inside)}")
        else:
            rows.append(f"{json.dumps(key)} = {json.dumps(value)}\n")
    return "".join([*rows, *tables])


def parcel(chance: random.Random) -> bytes:
    """A handoff package, by itself or with the texts of its tags; one in two is not yet whole."""
    package: dict[str, Any] = {
        "handoff_id": "11112222-3333-4444-8555-666677778888",
        "from_agent": "backend-expert",
        "to_agent": "quality-gate",
        "session_context": {"session_id": "fuzz", "model": "claude-sonnet-4-6",
                            "context_position": 40.5, "available_tokens": 90_000,
                            "user_language": "ko"},
        "task_context": {"spec_id": "SPEC-1", "current_phase": "planning",
                         "completed_steps": ["one", "둘"], "next_step": None,
                         "key_artifacts": {"a.py": "src/a.py"}, "critical_decisions": ["JWT."],
                         "blocking_issues": []},
        "recovery_info": {"last_checkpoint": None, "recovery_tokens_reserved": 5,
                          "session_fork_available": False},
        "predecessor": None,
        "created_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    package["checksum"] = checksum.checksum_of(package)
    if chance.random() < 0.5:
        return json.dumps(package, ensure_ascii=False).encode()
    texts = {"HANDOFF-11112222-001": "a long text"}
    return json.dumps({"clearpoint_handoff": 1, "package": package, "tags": texts,
                       "tags_checksum": checksum.checksum_of(texts)}).encode()  # fmt: skip
