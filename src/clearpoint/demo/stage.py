"""A sample session, and a stage on which the real hook executables see it event by event.

The client is played: its transcript is written and its events are sent as it would. Everything
that is answered comes from the hooks themselves, started as processes in a clean environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.install.executables import executables_dir, runner_for
from clearpoint.install.registration import hook_command
from clearpoint.lowlevel.clock import now_text
from clearpoint.store.layout import state_root

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL = "claude-sonnet-4-6"
WINDOW_TOKENS = 200_000
SYSTEM_TOKENS = 18_000
"""What every request carries before the conversation: instructions and tools."""
CHARS_PER_TOKEN = 3.4
TIMEOUT_S = 30
KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
"""What a process needs to start; nothing else of the environment is passed on."""


class StageError(Exception):
    """A hook did not answer as it should; the text is one line for a user."""


@dataclass(frozen=True)
class Call:
    """A tool call, and how much came back."""

    name: str
    given: dict[str, Any]
    tokens: int = 200
    failed: bool = False

    @property
    def shown(self) -> str:
        """The call in few words."""
        argument = self.given.get("command") or Path(self.given.get("file_path", "")).name
        return f"{self.name} {argument}".strip()


@dataclass(frozen=True)
class Turn:
    """What the user types, what Claude does, and what it says in the end."""

    prompt: str
    calls: tuple[Call, ...]
    answer: str


@dataclass(frozen=True)
class Answer:
    """What a hook answered: raw text, and the two parts of it that are seen."""

    text: str

    @property
    def message(self) -> str:
        """What the client shows to the user."""
        return str(self._json.get("systemMessage", ""))

    @property
    def context(self) -> str:
        """What the client gives to Claude."""
        return str(self._json.get("hookSpecificOutput", {}).get("additionalContext", ""))

    @property
    def _json(self) -> dict[str, Any]:
        return json.loads(self.text) if self.text.startswith("{") else {}


class Conversation:
    """One session's transcript, written as the client writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session_id = path.stem
        self.tokens = 0
        self._unsent = float(SYSTEM_TOKENS)
        self._last: str | None = None
        self.requests = 0

    def prompt(self, text: str) -> None:
        """The user's words."""
        self._add("user", {"role": "user", "content": text}, origin={"kind": "human"})
        self._unsent += len(text) / CHARS_PER_TOKEN

    def say(self, text: str) -> None:
        """One answer in words."""
        self._respond([{"type": "text", "text": text}])

    def call(self, call: Call) -> None:
        """One answer that calls a tool, and what comes back; a file that it names is there then."""
        if place := call.given.get("file_path"):
            file = self.path.parent / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        tool_id = f"toolu_{uuid.uuid4().hex[:20]}"
        given = {"type": "tool_use", "id": tool_id, "name": call.name, "input": call.given}
        self._respond([given])
        text = listing(round(call.tokens * CHARS_PER_TOKEN))
        result = {"type": "tool_result", "tool_use_id": tool_id, "content": text,
                  "is_error": call.failed}  # fmt: skip
        self._add("user", {"role": "user", "content": [result]})
        self._unsent += len(text) / CHARS_PER_TOKEN

    def _respond(self, content: list[dict[str, Any]]) -> None:
        """One request, which carries all that was said before it."""
        self.requests += 1
        before, new = self.tokens, round(self._unsent)
        output = round(len(json.dumps(content)) / CHARS_PER_TOKEN)
        self.tokens += new + output
        self._unsent = 0.0
        usage = {"input_tokens": 4, "cache_creation_input_tokens": max(0, new - 4),
                 "cache_read_input_tokens": before, "output_tokens": output}  # fmt: skip
        message = {"id": f"msg_demo_{self.requests:04}", "role": "assistant", "model": MODEL,
                   "content": content, "usage": usage}  # fmt: skip
        self._add("assistant", message, requestedModel=MODEL)

    def _add(self, kind: str, message: dict[str, Any], **fields: Any) -> None:
        own = str(uuid.uuid4())
        line = {"type": kind, "isSidechain": False, "uuid": own, "parentUuid": self._last,
                "sessionId": self.session_id, "timestamp": now_text(), "gitBranch": "login",
                "message": message, **fields}  # fmt: skip
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._last = own


class Stage:
    """A project folder, and the hooks of this installation."""

    def __init__(self, project: Path, environ: Mapping[str, str]) -> None:
        self.project = project
        self.executables = executables_dir()
        self.times_s: dict[str, list[float]] = {}
        self._env = {name: environ[name] for name in KEPT_VARIABLES if name in environ}
        self._env |= {
            "HOME": str(project),
            "CLAUDE_PROJECT_DIR": str(project),
            "CLAUDE_PID": str(os.getpid()),
            "PYTHONUTF8": "1",
        }

    @property
    def root(self) -> str:
        """The state folder, which is in the stage's own home folder."""
        return state_root(str(self.project), self._env)

    def begin(self) -> Conversation:
        """A new session, which has not said anything yet."""
        return Conversation(self.project / f"{uuid.uuid4()}.jsonl")

    def send(self, event: str, about: Conversation, **fields: Any) -> Answer:
        """Send one event to its hook; raises StageError unless it ends as it should."""
        payload = {
            "session_id": about.session_id,
            "transcript_path": str(about.path),
            "cwd": str(self.project),
            "hook_event_name": event,
            **fields,
        }
        program, arguments = hook_command(event, self.executables, runner_for(self.executables))
        started = time.perf_counter()
        try:
            done = subprocess.run(  # noqa: S603  (our own executables)
                [program, *arguments],
                input=json.dumps(payload).encode(),
                capture_output=True,
                env=self._env,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StageError(f"{program} did not run: {error}") from None
        self.times_s.setdefault(event, []).append(time.perf_counter() - started)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
            raise StageError(f"{program}: {said}")
        return Answer(done.stdout.decode())

    def status_line(self, about: Conversation) -> str:
        """The status line as the client would show it now."""
        window = {
            "context_window_size": WINDOW_TOKENS,
            "total_input_tokens": about.tokens,
            "total_output_tokens": 0,
            "current_usage": {"input_tokens": about.tokens} if about.tokens else None,
        }
        answer = self.send("Statusline", about, model={"id": MODEL}, context_window=window)
        return answer.text.rstrip("\n")


def listing(chars: int) -> str:
    """Some source text of this length, as a tool would show it."""
    lines, length, number = [], 0, 0
    while length < chars:
        number += 1
        line = f"{number:>6}\tdef case_{number}(order, customer): return order.total - {number}"
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)[:chars]
