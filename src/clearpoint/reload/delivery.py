"""Whether a reload context has reached the conversation: the mark it begins with. Fast lane.

The client can lose what a SessionStart hook says, and a hook can be killed before it says it. So
the next prompt looks for the mark in the transcript, and sends the context as it was kept where it
was never said, and once more where a response came without it.
"""

from __future__ import annotations

import os

from clearpoint.client.replies import Confirmed
from clearpoint.lowlevel.files import read_bytes, write_atomically
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from clearpoint.models.usage import Cursor
    from clearpoint.store.store import Store

    By = Literal["", "start", "prompt"]

FILE = "reload.md"
"""The newest reload context of a session, as it was given."""
SAID = "reload.said"
"""Which event has said it: written once the answer was."""
EVENTS: tuple[By, ...] = ("start", "prompt")


def mark_of(session_id: str) -> str:
    """What every context of a session begins with."""
    return f"Clearpoint reload {session_id[:8]}"


def mark_in(text: str) -> str:
    """What this very context begins with, to be found again in the transcript."""
    return text.partition(":")[0]


def read_to(cursor: Cursor | None, path: str | None) -> int:
    """How far the transcript at this path has been read, in bytes."""
    return cursor["offset"] if cursor is not None and cursor["path"] == path else 0


def has_arrived(mark: str, path: str | None, behind: int) -> bool:
    """Whether the transcript at this path holds the context with this mark, behind these bytes."""
    try:
        transcript = Transcript(path or "", None)
    except OSError:
        return False
    try:
        transcript.cursor["offset"] = behind
        return any(mark.encode() in line for line in transcript.lines())
    finally:
        transcript.close()


def keep(store: Store, session_id: str, text: str) -> None:
    """Keep a context as it is about to be given."""
    try:
        os.unlink(store.path(session_id, SAID))
    except FileNotFoundError:
        pass  # nothing was said before
    write_atomically(store.path(session_id, FILE), text.encode())


def kept(store: Store, session_id: str) -> str:
    """The newest context of a session; empty if there is none."""
    try:
        return read_bytes(store.path(session_id, FILE)).decode("utf-8", "replace")
    except OSError:
        return ""


def saying(answer: dict[str, Any] | None, store: Store, session_id: str, by: By) -> Any:
    """The answer with which an event says the context, and the note of that."""

    def note() -> None:
        try:
            write_atomically(store.path(session_id, SAID), by.encode())
        except OSError:
            return  # it may be said twice, and is not lost

    return Confirmed(answer, note) if answer else answer


def said_by(store: Store, session_id: str) -> By:
    """The event that has said the newest context; empty if none has."""
    try:
        found = read_bytes(store.path(session_id, SAID)).decode("ascii", "replace")
    except OSError:
        return ""
    return next((one for one in EVENTS if one == found), "")
