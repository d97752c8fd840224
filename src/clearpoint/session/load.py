"""A session's state as an event finds it: read and checked, recovered or made. Fast lane."""

from __future__ import annotations

import os

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel.checks import has_keys
from clearpoint.lowlevel.clock import now_text
from clearpoint.session.state import new_state
from clearpoint.store.checksummed import DamagedStateError, read_sealed
from clearpoint.tokens.projection import new_learner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.models.usage import Learner
    from clearpoint.store.store import Store


def load(
    store: Store,
    session_id: str,
    config: Config,
    warm_start: Callable[[], Learner] = new_learner,
) -> State:
    """The session's state: as kept, recovered if it is damaged, new if there is none.

    `warm_start` gives what a new session knows of token sizes. Raises NewerStateError for a state
    that a newer Clearpoint wrote, OSError for one that cannot be read at present.
    """
    try:
        state = read(store, session_id)
    except DamagedStateError:
        from clearpoint.session.recovery import mend

        state = mend(store, session_id)
    if state is None:
        state = new_state(session_id, now_text(), config)
        state["usage"]["learner"] = warm_start()
    return state


def read(store: Store, session_id: str) -> State | None:
    """The state as written, None if there never was one.

    Raises DamagedStateError if it is not usable or is gone, OSError where it cannot be read at
    present.
    """
    try:
        state: State = read_sealed(store.state_path(session_id))
    except FileNotFoundError:
        if os.path.exists(store.kept_state_path(session_id)):
            return read_kept(store, session_id)
        if os.path.isdir(store.path(session_id, "checkpoints")):
            raise DamagedStateError("it is gone, but its checkpoints are there") from None
        return None
    if not is_usable(state, session_id):
        raise DamagedStateError("it belongs to another session or another version")
    return state


def read_kept(store: Store, session_id: str) -> State | None:
    """The state that was kept of a session that no hook has seen; None if it is not usable.

    It can be made again as long as there is a transcript.
    """
    try:
        state: State = read_sealed(store.kept_state_path(session_id))
    except (DamagedStateError, OSError):
        return None
    return state if is_usable(state, session_id) else None


def is_usable(state: State, session_id: str) -> bool:
    """Whether a state is this session's, and of today's version."""
    new: dict[str, Any] = {**new_state(session_id, "", DEFAULTS)}
    same = [state.get(name) == new[name] for name in ("schema_version", "session_id")]
    return all(same) and has_keys(state, new)
