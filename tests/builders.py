"""Payloads, transcripts and events made for tests, and a hook run on raw bytes in process."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from driver import client_folder
from made import answer, prompt

from clearpoint import door
from clearpoint.client.events import Event
from clearpoint.session.load import read
from clearpoint.session.update import update_for
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

SESSION = "0f5c1c2e-6d1b-4c5e-9a53-1d9a7c1f0001"
HOOKS = ("session_start", "user_prompt_submit", "stop", "pre_compact", "session_end", "statusline",
         "pre_tool_use", "subagent_start", "subagent_stop")  # fmt: skip


class Answer(NamedTuple):
    """What a hook did."""

    code: int
    out: str
    err: str


def transcript_lines(*entries: Entry) -> bytes:
    """Entries as the bytes of a transcript."""
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


ORDER = ("model", "id", "type", "role", "content", "stop_reason", "usage")
"""In which the client writes the parts of a response."""


def written(*entries: Entry) -> bytes:
    """Entries as the bytes that the client itself would write."""
    lines = []
    for one in entries:
        message: Any = one.get("message", {})
        if message.get("role") == "assistant":
            message = {name: message[name] for name in ORDER if name in message}
        whole = {"parentUuid": None, **one, **({"message": message} if message else {})}
        lines.append(json.dumps(whole, separators=(",", ":"), ensure_ascii=False) + "\n")
    return "".join(lines).encode()


def turn(number: int) -> bytes:
    """The lines of one small turn."""
    return transcript_lines(
        prompt(f"Prompt {number}", uuid=f"u{number}", parent=f"a{number - 1}"),
        answer(f"Answer {number}.", message_id=f"m{number}", used=20_000 + 1_000 * number,
               uuid=f"a{number}"),
    )  # fmt: skip


def payload(project: Path, **fields: Any) -> dict[str, Any]:
    """A payload with what every event carries; `fields` replace and add."""
    return {
        "session_id": SESSION,
        "transcript_path": str(transcript_of(project)),
        "cwd": str(project),
        **fields,
    }


def transcript_of(project: Path) -> Path:
    """Where `payload` says the transcript is."""
    return project / f"{SESSION}.jsonl"


def event(project: Path, **fields: Any) -> Event:
    """An event, as a handler gets it."""
    env = {"CLAUDE_PROJECT_DIR": str(project), **client_folder()}
    return Event(payload(project, **fields), env)


def send(hook: str, data: bytes | dict[str, Any], env: Mapping[str, str] | None = None) -> Answer:
    """Run one hook on bytes or a payload."""
    source = data if isinstance(data, bytes) else json.dumps(data).encode()
    out, err = io.BytesIO(), io.StringIO()
    name = f"clearpoint.handlers.{hook}" if hook in HOOKS else hook
    code = door.run(name, io.BytesIO(source), out, err, {**client_folder(), **(env or {})})
    return Answer(code, out.getvalue().decode(), err.getvalue())


def store_of(project: Path) -> Store:
    """The project's store."""
    return Store(state_root(str(project), client_folder()))


def state_folder(project: Path) -> Path:
    """The project's state folder."""
    return Path(store_of(project).root)


def session_file(project: Path, *parts: str) -> Path:
    """A file of the session of `payload`."""
    return state_folder(project).joinpath("sessions", SESSION, *parts)


def state_of(project: Path) -> State:
    """The state of the session of `payload`."""
    state = read(store_of(project), SESSION)
    assert state is not None
    return state


def loaded_state(project: Path) -> State:
    """The state as an event would have it: mended where needed, and up to date."""
    update = update_for(event(project))
    state = update.load()
    update.catch_up(state)
    return state


def files_below(folder: Path) -> list[Path]:
    """Every file and folder below this one, and itself."""
    return [folder, *sorted(folder.rglob("*"))]
