"""Events that meet a fault, each in a project that has a history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from synthetic import turn

from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SCRIPTS = Path(sysconfig.get_path("scripts"))
OLD, NEW = "old-session", "new-session"
ENFORCED = "[advice]\nenforce = true\n[budget]\nwindow = 60000\n"
HELD = "Words that were typed at the limit, 한국어 too."


class Event(NamedTuple):
    """One event: its hook, its session and its fields."""

    hook: str
    session: str = OLD
    fields: dict[str, Any] = {}  # noqa: RUF012  (never changed)


class Project:
    """A project with sessions, and its client."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "PATH": os.defpath,
            "CLAUDE_PROJECT_DIR": str(folder),
            "CLAUDE_CONFIG_DIR": f"{folder}-claude",
            "CLAUDE_PID": str(os.getpid()),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
        }
        self.store = Store(state_root(str(folder), self.env))

    def folders(self) -> tuple[Path, Path]:
        """What an event can change: the project, and the client's folder with the state in it."""
        return self.folder, Path(self.env["CLAUDE_CONFIG_DIR"])

    def transcript(self, session: str) -> Path:
        """Where the client writes a session."""
        return self.folder / f"{session}.jsonl"

    def write(self, session: str, *numbers: int) -> None:
        """Append turns to a transcript."""
        with self.transcript(session).open("ab") as stream:
            for number in numbers:
                stream.writelines(turn(number, 20_000 + 1_000 * number))

    def run(self, event: Event, before: Iterable[str] = ()) -> subprocess.CompletedProcess[bytes]:
        """Run an event's hook, under another program if one is given."""
        payload = {
            "session_id": event.session,
            "cwd": str(self.folder),
            "transcript_path": str(self.transcript(event.session)),
            **event.fields,
        }
        command = [*before, sys.executable, str(SCRIPTS / f"clearpoint-{event.hook}")]
        return subprocess.run(command, input=json.dumps(payload).encode(), env=self.env,
                              capture_output=True, check=False)  # fmt: skip

    def done(self, *events: Event) -> None:
        """Run events that must go well."""
        for event in events:
            ended = self.run(event)
            if ended.returncode or ended.stderr:
                raise SystemExit(f"{event.hook}: {ended.stderr.decode()}")


class Scene(NamedTuple):
    """An event that meets a fault, and what comes before it."""

    event: Event
    prepare: Callable[[Project], None]


def two_turns(project: Project) -> None:
    """A session that was followed for two turns, and a third that was not."""
    project.write(OLD, 1, 2)
    project.done(Event("session-start", OLD, {"source": "startup"}), Event("stop"))
    project.write(OLD, 3)


def cleared(project: Project) -> None:
    """The same, whose client has been cleared."""
    two_turns(project)
    project.done(Event("stop"), Event("session-end", OLD, {"reason": "clear"}))


def full(project: Project) -> None:
    """A session at emergency, where prompts are held back."""
    project.store.make_root()
    Path(project.store.root, "config.toml").write_text(ENFORCED)
    project.write(OLD, 1, 39)
    project.done(Event("session-start", OLD, {"source": "startup"}), Event("stop"))


def held(project: Project) -> None:
    """The same, with a prompt that was held back and waits, after a `/clear`."""
    full(project)
    project.done(Event("user-prompt-submit", OLD, {"prompt": HELD}),
                 Event("session-end", OLD, {"reason": "clear"}))  # fmt: skip


def offered(project: Project) -> None:
    """The held prompt has come to the new session."""
    held(project)
    project.done(Event("session-start", NEW, {"source": "clear"}))


def calling(project: Project) -> None:
    """Claude has called a subagent."""
    two_turns(project)
    block = {"type": "tool_use", "id": "t1", "name": "Agent", "input": CALL["tool_input"]}
    message = {"id": "msg_call", "role": "assistant", "content": [block], "stop_reason": "tool_use"}
    line = {"type": "assistant", "uuid": "call", "isSidechain": False, "message": message}
    with project.transcript(OLD).open("a") as stream:
        stream.write(json.dumps(line) + "\n")


def called(project: Project) -> None:
    """A subagent was handed a package and has started."""
    calling(project)
    project.done(Event("pre-tool-use", OLD, CALL), Event("subagent-start", OLD, AGENT))


CALL = {
    "tool_name": "Agent",
    "tool_use_id": "t1",
    "prompt_id": "p1",
    "tool_input": {"description": "Check", "prompt": "Check it", "subagent_type": "quality-gate"},
}
AGENT = {"agent_id": "a1", "agent_type": "quality-gate", "prompt_id": "p1"}
SCENES: dict[str, Scene] = {
    "Stop": Scene(Event("stop"), two_turns),
    "PreCompact": Scene(Event("pre-compact", OLD, {"trigger": "manual"}), two_turns),
    "SessionStart after /clear": Scene(Event("session-start", NEW, {"source": "clear"}), cleared),
    "SessionStart after a crash": Scene(
        Event("session-start", NEW, {"source": "startup"}), two_turns
    ),
    "SessionEnd": Scene(Event("session-end", OLD, {"reason": "clear"}), two_turns),
    "a prompt held back": Scene(Event("user-prompt-submit", OLD, {"prompt": HELD}), full),
    "SessionStart with a held prompt": Scene(
        Event("session-start", NEW, {"source": "clear"}), held
    ),
    "a held prompt released": Scene(
        Event("user-prompt-submit", NEW, {"prompt": "go on"}), offered
    ),
    "a handoff made": Scene(Event("pre-tool-use", OLD, CALL), calling),
    "a handoff begun": Scene(
        Event("subagent-start", OLD, {**AGENT, "agent_id": "a2"}), called
    ),
    "a handoff ended": Scene(
        Event("subagent-stop", OLD, {**AGENT, "last_assistant_message": "Done."}), called
    ),
}  # fmt: skip
