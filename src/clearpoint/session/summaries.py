"""The client's own summary of a compaction, kept for the session's start that follows. Fast lane.

The client tells it when the summarizer ends, before the session starts again, and writes it into
the transcript only after that.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import read_bytes, write_atomically

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.store.store import Store

FILE = "compaction.md"
BYTES = 256 << 10
MARKS = ("<summary>", "</summary>")
"""What the summarizer puts around a summary."""


def is_one(text: str) -> bool:
    """Whether a text is a summary as the summarizer writes it."""
    return all(mark in text for mark in MARKS)


def keep(store: Store, session_id: str, text: str) -> None:
    """Keep a summary without what the summarizer thought before it, its secrets masked."""
    from clearpoint.redaction import prefilter

    summary = text.partition(MARKS[0])[2].rpartition(MARKS[1])[0].strip()
    store.prepare(session_id)
    write_atomically(store.path(session_id, FILE), prefilter.masked(summary).encode())


def kept(store: Store, session_id: str) -> str:
    """The summary of the newest compaction; empty if it is not known."""
    try:
        return read_bytes(store.path(session_id, FILE), BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def forget(store: Store, session_id: str) -> None:
    """Another compaction begins: the summary of the one before is not its own."""
    try:
        os.unlink(store.path(session_id, FILE))
    except OSError:
        return
