"""What can be told while another process holds a session's lock: read, judged, and not kept.

A hook that was stopped, or hangs, must not cost the user what is due. What was told so is noted
beside the state, so that it is not told again with every event, and the journal gets a line.
"""

from __future__ import annotations

import zlib

from clearpoint.lowlevel.files import read_bytes, write_atomically
from clearpoint.session.load import read
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.advice.strategy import Advice
    from clearpoint.client.events import Event
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate

FILE = "told-unlocked"
FILE_BYTES = 4_096
WITHIN_S = 0.3


def seen(update: SessionUpdate, event: Event) -> State | None:
    """The state as it would be after this event; None if there is none that is whole."""
    try:
        state = read(update.store, event.session_id)
    except (DamagedStateError, OSError):
        return None
    if state is None or is_replaced(update.transcript_path, state):
        return None
    update.catch_up(state, WITHIN_S)
    update.judge(state, event)
    return state


def is_replaced(path: str | None, state: State) -> bool:
    """Whether the transcript is another one than the state has read: that is kept first, locked."""
    try:
        transcript = Transcript(path or "", state["transcript"], within_s=0.0)
    except OSError:
        return True
    transcript.close()
    return transcript.fresh


def at_prompt(
    update: SessionUpdate,
    event: Event,
    error: TimeoutError,
    missed_reload: Callable[[SessionUpdate, State], str],
) -> str:
    """What Claude is told with a prompt; raises the error where that is nothing."""
    from clearpoint.advice import strategy
    from clearpoint.store import tags

    state = seen(update, event)
    again = missed_reload(update, state) if state else ""
    note = strategy.claude_note(state) if state else ""
    parts = [again, note, tags.brought_in(event, update.config)]
    text = "\n\n".join(part for part in parts if is_new(update, part))
    return told(update, "UserPromptSubmit", text, error)


def at_stop(
    update: SessionUpdate,
    event: Event,
    error: TimeoutError,
    advised: Callable[[SessionUpdate, State], tuple[Advice | None, str]],
) -> str:
    """What the user is told at the end of a turn; raises the error where that is nothing."""
    state = seen(update, event)
    if state is None or update.behind:
        raise error
    said, note = advised(update, state)
    parts = [note, said.message if said else ""]
    text = "\n".join(part for part in parts if is_new(update, part))
    return told(update, "Stop", text, error)


def at_compaction(update: SessionUpdate, event: Event, error: TimeoutError) -> str:
    """What the summarizer is told; raises the error where that is nothing."""
    from clearpoint.reload.compaction import instructions

    state = seen(update, event)
    return told(update, "PreCompact", instructions(state) if state else "", error)


def told(update: SessionUpdate, event: str, text: str, error: TimeoutError) -> str:
    """The text, noted in the journal and in the list of faults; raises where there is none."""
    if not text:
        raise error
    line = f"{error.strerror}: {error.filename}; the message was shown, but nothing was saved"
    update.store.record_fault(event, line, update.session_id)
    update.store.journal(update.session_id, event, without_lock=True)
    return text


def is_new(update: SessionUpdate, text: str) -> bool:
    """Whether a text was not told so before; from now on it was."""
    if not text:
        return False
    path = update.store.path(update.session_id, FILE)
    try:
        before = read_bytes(path, FILE_BYTES).split()
    except OSError:
        before = []
    mark = b"%08x" % zlib.crc32(text.encode("utf-8", "replace"))
    if mark in before:
        return False
    write_atomically(path, b"\n".join([*before[-100:], mark]) + b"\n")
    return True
