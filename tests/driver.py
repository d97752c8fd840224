"""A client made of two functions: it writes the transcript and sends the events, in process."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from clearpoint import door
from clearpoint.lowlevel import process
from clearpoint.session.load import read
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

CLIENT_PID = 999_999_999
"""A process id that no process has: such a client runs while its own events are handled."""


FIRST_UNREAL_PID = 900_000_000


class Client:
    """One client process in one project; `session` is the session that it holds now."""

    def __init__(self, project: Path, session: str = "s-1", pid: int = CLIENT_PID) -> None:
        self.project = project
        self.session = session
        self.env = {"CLAUDE_PROJECT_DIR": str(project), "CLAUDE_PID": str(pid), **client_folder()}
        self.stderr = ""

    @property
    def transcript(self) -> Path:
        """The transcript of the current session."""
        return self.project / f"{self.session}.jsonl"

    @property
    def store(self) -> Store:
        """Where the project's state is."""
        return Store(state_root(str(self.project), self.env))

    @property
    def state(self) -> State:
        """The state of the current session."""
        state = read(self.store, self.session)
        assert state is not None
        return state

    def write(self, *entries: Entry) -> None:
        """Append entries to the transcript."""
        with self.transcript.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(entry) + "\n" for entry in entries)

    def send(self, hook: str, **fields: Any) -> str:
        """Send one event; give standard output as it is. The exit code must be 0."""
        payload = {
            "session_id": self.session,
            "transcript_path": str(self.transcript),
            "cwd": str(self.project),
            **fields,
        }
        out, err = io.BytesIO(), io.StringIO()
        source = io.BytesIO(json.dumps(payload).encode())
        with running(self.env):
            code = door.run(f"clearpoint.handlers.{hook}", source, out, err, self.env)
        self.stderr = err.getvalue()
        assert (code, self.stderr) == (0, "")
        return out.getvalue().decode()

    def reply(self, hook: str, **fields: Any) -> dict[str, Any]:
        """Send one event; give the reply as JSON, empty if there is none."""
        text = self.send(hook, **fields)
        return json.loads(text) if text else {}

    def start(self, source: str = "startup", **fields: Any) -> dict[str, Any]:
        """SessionStart."""
        return self.reply("session_start", source=source, **fields)

    def turn(self, *entries: Entry) -> str:
        """A whole turn: the prompt's event, the lines, Stop; give what the person is told."""
        self.reply("user_prompt_submit", prompt="go on")
        self.write(*entries)
        return str(self.reply("stop").get("systemMessage", ""))

    def clear(self, session: str) -> dict[str, Any]:
        """What `/clear` does: SessionEnd of the old session, SessionStart of a new one."""
        self.send("session_end", reason="clear")
        self.session = session
        return self.start("clear")


@contextmanager
def running(env: Mapping[str, str]) -> Iterator[None]:
    """Have the client process of this environment run, where no process has its number."""
    real, pid = process.started_at, int(env.get("CLAUDE_PID", 0))
    if pid >= FIRST_UNREAL_PID:
        setattr(process, "started_at", lambda one: "1" if one == pid else real(one))  # noqa: B010
    try:
        yield
    finally:
        setattr(process, "started_at", real)  # noqa: B010


def client_folder() -> dict[str, str]:
    """The variable that names Claude Code's own folder: this test's alone."""
    return {"CLAUDE_CONFIG_DIR": os.environ["CLAUDE_CONFIG_DIR"]}


def context_of(reply: dict[str, Any]) -> str:
    """The context for Claude in a reply, empty if there is none."""
    return str(reply.get("hookSpecificOutput", {}).get("additionalContext", ""))
