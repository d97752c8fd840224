"""Mending: a damaged state goes to quarantine, and is rebuilt from what is still whole.

The newest checkpoint that validates is the ground; the transcript, which is the source of truth,
is folded on top of it by the caller's ordinary catch-up.
"""

from __future__ import annotations

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from clearpoint import checkpoints, session, work
from clearpoint.files import FILE_MODE, LOCK_TIMEOUT_S
from clearpoint.models import State
from clearpoint.store import SCHEMA_VERSION, Store

_adapter: TypeAdapter[State] = TypeAdapter(State)


def full_lock(store: Store, session_id: str) -> FileLock:
    """The session's lock as the full lane takes it: the file that the fast lane locks too."""
    return FileLock(store.path(session_id, "state.lock"), LOCK_TIMEOUT_S, mode=FILE_MODE)


def mend(store: Store, session_id: str) -> State | None:
    """Quarantine the session's damaged state; give its newest whole checkpoint, if any."""
    kept = store.quarantine(session_id, "state.json")
    store.journal(session_id, "quarantine", file=kept)
    for name in reversed(checkpoints.names(store, session_id)):
        state = whole_checkpoint(store, session_id, name)
        if state is not None:
            return state
    return None


def whole_checkpoint(store: Store, session_id: str, name: str) -> State | None:
    """The checkpoint's state where its bytes and its shape are right, else None."""
    try:
        state = validate(checkpoints.read(store, session_id, name))
    except (checkpoints.CheckpointError, ValidationError):
        return None
    same = state["session_id"] == session_id and state["schema_version"] == SCHEMA_VERSION
    return state if same else None


def validate(state: object) -> State:
    """The state, once its shape is sure; raises pydantic's ValidationError."""
    return _adapter.validate_python(state)


def start_over(store: Store, state: State) -> None:
    """The transcript was replaced: forget what came from it, keep what the session began with."""
    start = whole_checkpoint(store, state["session_id"], checkpoints.START)
    session.start_over(state, start["work_state"] if start else work.new_work())
