"""Whether a reload context has reached the conversation: the mark it begins with. Fast lane.

The client can lose what a SessionStart hook says, so the next prompt looks for the mark in the
transcript, and sends the context as it was kept once more where a response came without it.
"""

from __future__ import annotations

from clearpoint.lowlevel.files import read_bytes, write_atomically
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.usage import Cursor
    from clearpoint.store.store import Store

FILE = "reload.md"
"""The newest reload context of a session, as it was given."""


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
    """Keep a context as it is given."""
    write_atomically(store.path(session_id, FILE), text.encode())


def kept(store: Store, session_id: str) -> str:
    """The newest context of a session; empty where there is none."""
    try:
        return read_bytes(store.path(session_id, FILE)).decode("utf-8", "replace")
    except OSError:
        return ""
