"""Mending: a damaged state goes to quarantine, and is rebuilt from what is still whole.

The checkpoint that reaches furthest and validates is the ground; the transcript, which is the
source of truth, is folded on top of it.
"""

from __future__ import annotations

import functools

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.store import checkpoints
from clearpoint.store.checksummed import DamagedStateError, read_sealed
from clearpoint.work import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pydantic import TypeAdapter

    from clearpoint.models.state import State
    from clearpoint.store.store import Store

IDENTITY = ("schema_version", "session_id")


def mend(store: Store, session_id: str) -> State | None:
    """What can be had of a session whose state is not usable as it is; None if nothing.

    A whole state of another version is taken over. A damaged one goes to quarantine, and the best
    whole checkpoint takes its place.
    """
    state = whole_state(store.path(session_id, "state.json"), session_id)
    if state is not None:
        return state
    state = furthest_checkpoint(store, session_id)
    kept = store.quarantine(session_id, "state.json")
    store.journal(session_id, "quarantine", file=kept)
    return state


def furthest_checkpoint(store: Store, session_id: str) -> State | None:
    """The whole checkpoint that has read the most, of equal ones the newest.

    What was last set by hand counts as the newest; times would depend on the clock.
    """
    names = checkpoints.names(store, session_id)
    names.sort(key=lambda name: name == checkpoints.BY_HAND)
    found = [whole_checkpoint(store, session_id, name) for name in reversed(names)]
    whole = [state for state in found if state is not None]
    return max(whole, key=_offset, default=None)


def whole_checkpoint(store: Store, session_id: str, name: str) -> State | None:
    """The checkpoint's state where its bytes and its shape are right, else None."""
    return whole_state(store.path(session_id, "checkpoints", f"{name}.json"), session_id)


def whole_state(path: str, session_id: str) -> State | None:
    """The session's state in a file where its bytes and its shape are right, else None.

    What a version that kept less does not have in it is as in a new session.
    """
    new: dict[str, Any] = {**session.new_state(session_id, "", DEFAULTS)}
    try:
        state = read_sealed(path)
        if [state.get(name) for name in IDENTITY] != [new[name] for name in IDENTITY]:
            return None
        return validate(_filled(state, new))
    except (DamagedStateError, OSError):
        return None


def _filled(value: Any, new: dict[str, Any]) -> Any:
    """The value with what it lacks beside the new one."""
    if not isinstance(value, dict):
        return value
    inside = {
        key: _filled(part, new[key]) if isinstance(new.get(key), dict) else part
        for key, part in value.items()
    }
    return {**new, **inside}


def validate(state: object) -> State:
    """The state, once its shape is sure; raises DamagedStateError."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_python(state)
    except ValidationError as error:
        raise DamagedStateError(f"{error.error_count()} values are not of their kind") from None


@functools.cache
def _adapter() -> TypeAdapter[State]:
    """What tells a state's shape; it takes a tenth of a second, and only damage asks for it."""
    from pydantic import TypeAdapter

    from clearpoint.models.state import State

    return TypeAdapter(State)


def start_over(store: Store, state: State) -> None:
    """The transcript was replaced: forget what came from it, keep what the session began with."""
    start = whole_checkpoint(store, state["session_id"], checkpoints.START)
    session.start_over(state, start["work_state"] if start else fold.new_work())
    state["archived"] = 0


def _offset(state: State) -> int:
    cursor = state["transcript"]
    return cursor["offset"] if cursor else 0
