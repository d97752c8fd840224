"""What Clearpoint takes for granted of the client: one version held against another.

usage: python benchmarks/contract.py CLAUDE [--against benchmarks/contract.json] [--write FILE]

Drives the client at the path CLAUDE through prompts, a tool, a subagent, an API error, a
compaction, a clear, a resume and a fork, in a network namespace with a stub of the API. What is
looked at: the hook events it knows, the fields of their payloads, the kinds of transcript entries
and their fields, what the status line is told, the windows of the models. Prints what is new, what
is gone, and what is otherwise; ends with 1 where something is gone or is otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.budget.window import model_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from client.lab import RECORDED_EVENTS, Lab, recording_hooks
from client.namespace import isolation
from client.record import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

Contract = dict[str, Any]

BASELINE = Path(__file__).with_suffix(".json")
MODEL = "claude-sonnet-4-6"
UNKNOWN_MODEL = "claude-unknown-9"
KINDS_OF_START = ("source", "trigger", "reason", "error", "notification_type", "tool_name")
"""Payload fields that tell variants of one event apart."""
MANIFEST = {"name": "probe", "version": "0.1.0", "description": "Which events are known."}
EVENTS = (
    "PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "Notification",
    "UserPromptSubmit", "UserPromptExpansion", "SessionStart", "SessionEnd", "Stop", "StopFailure",
    "SubagentStart", "SubagentStop", "PreCompact", "PostCompact", "PreModelSwitch",
    "PostModelSwitch", "PermissionRequest", "PermissionDenied", "Setup", "TeammateIdle",
    "TaskCreated", "TaskCompleted", "Elicitation", "ElicitationResult", "ConfigChange",
    "WorktreeCreate", "WorktreeRemove", "InstructionsLoaded", "CwdChanged", "FileChanged",
    "DirectoryAdded", "MessageDisplay",
)  # fmt: skip
SPOILING = ("PermissionRequest", "WorktreeCreate", "MessageDisplay")
"""Events whose hook takes over what the client does."""


def measure(claude: Path) -> Contract:
    """The contract of the client at this path."""
    unshare = isolation()
    if unshare is None:
        raise SystemExit("contract: no network namespaces here")
    with tempfile.TemporaryDirectory(prefix="clearpoint-contract-") as name:
        probe, main, models = (Path(name) / one for one in ("probe", "main", "models"))
        for folder in (probe, main, models):
            folder.mkdir()
        with Lab(probe, claude, unshare) as lab:
            version = lab.run(claude, "--version").stdout.split()[0]
            events = known_events(lab, claude)
        recorded = [one for one in events if one not in (*RECORDED_EVENTS, *SPOILING)]
        settings = {"hooks": recording_hooks(main / "events.jsonl", tuple(recorded))}
        with Lab(main, claude, unshare, settings=settings) as lab:
            say_status(lab)
            act(lab)
            payloads = fields_of_events(lab)
            kinds = fields_of_entries(lab)
            status = {field for told in statuses(lab) for field in fields_below(told)}
        with Lab(models, claude, unshare) as lab:
            windows = {
                one: window_of(lab, one) for one in (*model_table()["models"], UNKNOWN_MODEL)
            }
    return {"version": version, "events": sorted(events), "payloads": payloads, "entries": kinds,
            "status line": sorted(status), "windows": windows}  # fmt: skip


def known_events(lab: Lab, claude: Path) -> list[str]:
    """Those of the events we know of that this client's validator knows too."""
    plugin = lab.root / "plugin"
    (plugin / ".claude-plugin").mkdir(parents=True)
    (plugin / "hooks").mkdir()
    (plugin / ".claude-plugin/plugin.json").write_text(json.dumps(MANIFEST))
    hook = [{"hooks": [{"type": "command", "command": "true"}]}]
    (plugin / "hooks/hooks.json").write_text(json.dumps({"hooks": dict.fromkeys(EVENTS, hook)}))
    done = lab.run(claude, "plugin", "validate", plugin)
    said = done.stdout + done.stderr
    if "Validating" not in said:
        raise SystemExit(f"contract: the client validates no plugins: {said[:500]}")
    return [event for event in EVENTS if f"hooks.{event}:" not in said]


def say_status(lab: Lab) -> None:
    """Have the client's status line write down all that it is told."""
    path = lab.home / ".claude/settings.json"
    command = f"{{ cat; echo; }} >>{lab.root}/status.jsonl"
    settings = json.loads(path.read_text())
    path.write_text(json.dumps({**settings, "statusLine": {"type": "command", "command": command}}))


def statuses(lab: Lab) -> list[Contract]:
    """What the status line was told so far."""
    return list(json_lines(lab.root / "status.jsonl"))


def act(lab: Lab) -> None:
    """A short day with the client, which makes nearly every event that we use."""
    read = json.dumps({"file_path": str(lab.root / "control.json")})
    agent = {"description": "look", "prompt": "SLOW:2@@ look", "subagent_type": "general-purpose"}
    lab.control(
        errors=[{"when": "too much", "status": 403, "type": "permission_error", "message": "no",
                 "times": 1}],
        tools={"have it seen to": [[{"name": "Agent", "input": agent}]]},
    )  # fmt: skip
    first = lab.prompt(f"USAGE:30000@@ TOOL:Read {read}@@ read it", "--model", MODEL)
    resumed = ("--model", MODEL, "--resume", first.session_id)
    lab.prompt("go on", *resumed)
    lab.prompt("apart", *resumed, "--fork-session")
    lab.prompt("/compact", *resumed)
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:40000@@ hello")
    terminal.say("have it seen to")
    terminal.wait_for(lambda: is_told(lab) and terminal.is_idle(), "the end of the subagent")
    terminal.say("too much")
    terminal.command("/compact")
    terminal.say("on")
    terminal.command("/clear")
    terminal.say("anew")
    terminal.wait_for(
        lambda: any(told["context_window"].get("current_usage") for told in statuses(lab)),
        "a status line that tells the usage",
    )
    terminal.stop()


def is_told(lab: Lab) -> bool:
    """Whether the result of the subagent has come back."""
    return any("<task-notification>" in request.text for request in lab.requests())


def fields_of_events(lab: Lab) -> dict[str, list[str]]:
    """The fields that each event carried, by event and variant."""
    found: dict[str, set[str]] = {}
    for event in lab.events():
        variant = [str(event.payload[key]) for key in KINDS_OF_START if key in event.payload]
        found.setdefault(" ".join([event.name, *variant]), set()).update(event.payload)
    return {name: sorted(fields) for name, fields in sorted(found.items())}


def fields_of_entries(lab: Lab) -> dict[str, list[str]]:
    """The fields that each kind of transcript entry had."""
    found: dict[str, set[str]] = {}
    for path in lab.transcripts():
        for entry in lab.entries(path.stem):
            attachment = entry.get("attachment")
            inner = attachment.get("type") if isinstance(attachment, dict) else ""
            kind = " ".join(filter(None, (entry.get("type"), entry.get("subtype"), inner)))
            found.setdefault(kind, set()).update(entry)
            if entry.get("type") == "assistant":
                found.setdefault("usage", set()).update(entry["message"]["usage"])
    return {kind: sorted(fields) for kind, fields in sorted(found.items())}


def fields_below(value: object, path: str = "") -> Iterator[str]:
    """The paths of all fields in a JSON object."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{path}{key}"
        yield from fields_below(inner, f"{path}{key}.")


def window_of(lab: Lab, model: str) -> int:
    """The window that the client gives this model; 0 for one that it will not take."""
    told = lab.prompt("hello", "--model", model).result.get("modelUsage", {})
    return max((int(one["contextWindow"]) for one in told.values()), default=0)


def differences(old: Contract, new: Contract) -> list[str]:
    """What is new (`+`), is gone (`-`) or is otherwise (`!`), a line each."""
    lines = []
    for part in ("events", "status line"):
        lines += changes(part, old[part], new[part])
    for part in ("payloads", "entries"):
        lines += changes(part, old[part], new[part])
        for name in sorted(old[part].keys() & new[part].keys()):
            lines += changes(name, old[part][name], new[part][name])
    for model in sorted(old["windows"].keys() & new["windows"].keys()):
        was, now = old["windows"][model], new["windows"][model]
        lines += [f"! window of {model}: {was:,} -> {now:,}"] if was != now else []
    return lines


def changes(what: str, old: Any, new: Any) -> list[str]:
    """What a list of names has gained and lost."""
    return [f"+ {what}: {name}" for name in sorted({*new} - {*old})] + [
        f"- {what}: {name}" for name in sorted({*old} - {*new})
    ]


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("claude", type=Path)
    parser.add_argument("--against", type=Path, default=BASELINE)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    found = measure(arguments.claude.resolve())
    if arguments.write:
        arguments.write.write_text(json.dumps(found, indent=1) + "\n")
    if arguments.against == arguments.write:
        return
    base = json.loads(arguments.against.read_text())
    lines = differences(base, found)
    print(f"{found['version']} against {base['version']}: {len(lines) or 'no'} differences")
    print(*lines, sep="\n")
    if any(line[0] in "-!" for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
