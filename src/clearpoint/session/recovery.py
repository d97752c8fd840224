"""Mending: a damaged state goes to quarantine, and is rebuilt from what is still whole.

The checkpoint that reaches furthest and validates is the ground; the transcript, which is the
source of truth, is folded on top of it.
"""

from __future__ import annotations

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_count
from clearpoint.lowlevel.files import read_bytes
from clearpoint.session import state as session
from clearpoint.session.find import NewerStateError
from clearpoint.session.migrations import MIGRATIONS, migrate
from clearpoint.store import checkpoints
from clearpoint.store.checksummed import SEALED_BYTES, DamagedStateError, checks_out, read_sealed
from clearpoint.work.initial import new_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pydantic import TypeAdapter

    from clearpoint.models.state import State, UserContext
    from clearpoint.store.store import Store

UPGRADE_HERE = "upgrade Clearpoint; in its checkout:"
UPGRADE = "git pull && make install PROJECT=/path/to/project"
_adapters: list[TypeAdapter[State]] = []
"""The one that was made, once there is one."""


def mend(store: Store, session_id: str) -> State | None:
    """What can be had of a session whose state is not usable as it is; None if nothing.

    A whole state of an earlier version is migrated. A damaged one goes to quarantine, and the best
    whole checkpoint takes its place. Raises NewerStateError, and leaves such a state where it is.
    """
    path = store.state_path(session_id)
    refuse_newer(path)
    state = whole_state(path, session_id)
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
        state = migrate(read_sealed(path), MIGRATIONS, session.SCHEMA_VERSION)
        is_own = state is not None and state.get("session_id") == session_id
        return validate(_filled(state, new)) if is_own else None
    except (DamagedStateError, OSError):
        return None


def refuse_newer(path: str) -> None:
    """Raise NewerStateError for a file with a state of a newer version."""
    version = version_in(path)
    if version > session.SCHEMA_VERSION:
        raise NewerStateError(
            f"{path} was written by a newer Clearpoint (state version {version}; this one reads up"
            f" to {session.SCHEMA_VERSION}) and stays as it is."
            f" Upgrade Clearpoint; in its checkout: {UPGRADE}"
        )


def is_newer(path: str) -> bool:
    """Whether a file holds a state of a newer version."""
    return version_in(path) > session.SCHEMA_VERSION


def version_in(path: str) -> int:
    """The version of the state in a file, 0 if it has none.

    A checksum that does not fit is no objection, because a newer Clearpoint may seal its files in
    another way; unless it fits once the version is Clearpoint's: then a single digit is damaged.
    """
    try:
        data = read_bytes(path, SEALED_BYTES)
        state = fast_json.loads(data)
    except (OSError, fast_json.MalformedJSONError):
        return 0
    version = state.get("schema_version") if isinstance(state, dict) else 0
    if not is_count(version):
        return 0
    said = b'"schema_version": %d'
    ours = data.replace(said % version, said % session.SCHEMA_VERSION, 1)
    return session.SCHEMA_VERSION if checks_out(ours) else version


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
        raise DamagedStateError(f"{error.error_count()} values have the wrong type") from None


def _adapter() -> TypeAdapter[State]:
    """What tells a state's shape; it takes a tenth of a second, and only damage asks for it."""
    if not _adapters:
        from pydantic import TypeAdapter

        from clearpoint.models.state import State

        _adapters.append(TypeAdapter(State))
    return _adapters[0]


def start_over(store: Store, state: State) -> None:
    """The transcript was replaced: forget what came from it, keep what the session began with."""
    start = whole_checkpoint(store, state["session_id"], checkpoints.START)
    session.start_over(state, start["work_state"] if start else new_work())
    state["archived"], state["recording"] = 0, None
    state["work_state"]["dead"] = []


def set_aside(store: Store, state: State, said: str) -> str:
    """Keep the work of a transcript that was cut, replaced or deleted; return what to say of it.

    `said` is the message, which names the checkpoint.
    """
    return said.format(fact=checkpoints.take(store, state, "before-new-transcript"))


def go_back(store: Store, state: State) -> None:
    """The user went back in the conversation: forget what came of it, to read it again.

    What is known of the stretch that is dead now stays.
    """
    start = whole_checkpoint(store, state["session_id"], checkpoints.START)
    session.start_over(state, start["work_state"] if start else new_work())
    told = start["user_context"] if start else session.new_user()
    carry_user(state["user_context"], told)
    state["user_context"] = told
    state["transcript"] = None


def carry_user(user: UserContext, ground: UserContext) -> None:
    """Give the ground what was set by hand of what is known of the user."""
    now: Any = user
    told: Any = ground
    told.update({name: now[name] for name in (*now["hand_set"], "hand_set")})


def _offset(state: State) -> int:
    cursor = state["transcript"]
    return cursor["offset"] if cursor else 0
