"""Checkpoints: copies of a session's state, by name, to go back to."""

from __future__ import annotations

import os
import time

from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.store.store import Store

KEPT = 10
START = "start"
"""What the session began with: the work carried over from the one before."""
BY_HAND = "by-hand"
"""What was last set by hand, which no transcript could give back."""
NAME_CHARS = 64


class CheckpointError(Exception):
    """A checkpoint cannot be taken or found; the text is one line for a user."""


def take(store: Store, state: State, reason: str, data: bytes | None = None) -> str:
    """Keep a copy of the state under a reason and the time; the oldest such copies go.

    `data` are the bytes of its file, where it was sealed already.
    """
    name = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{reason}"
    save(store, state, name, data)
    timed = [old for old in names(store, state["session_id"]) if old[:1].isdigit()]
    for old in timed[:-KEPT]:
        if old != name:  # a clock that went back makes the newest look the oldest
            os.unlink(_path(store, state["session_id"], old))
    return name


def keep(store: Store, state: State, name: str) -> None:
    """Keep a copy of the state under a user's own name; raises CheckpointError for a used one."""
    if name in (START, BY_HAND) or name[:1].isdigit():
        raise CheckpointError(f"{name!r} is reserved; choose another name")
    if name in names(store, state["session_id"]):
        raise CheckpointError(f"checkpoint {name!r} exists already; choose another name")
    save(store, state, name)


def save(store: Store, state: State, name: str, data: bytes | None = None) -> None:
    """Keep a copy of the state under this very name; raises CheckpointError for a bad one."""
    make_folder(store.path(state["session_id"], "checkpoints"))
    write_atomically(_path(store, state["session_id"], name), data or seal(state))


def names(store: Store, session_id: str) -> list[str]:
    """The session's checkpoints, the oldest first."""
    found = []
    try:
        with os.scandir(store.path(session_id, "checkpoints")) as entries:
            for entry in entries:
                name, extension = os.path.splitext(entry.name)
                if extension == ".json" and is_plain(name) and entry.is_file(follow_symlinks=False):
                    found.append((entry.stat(follow_symlinks=False).st_mtime_ns, name))
    except FileNotFoundError:
        pass  # none was ever taken, or one has just gone
    return [name for _, name in sorted(found)]


def read(store: Store, session_id: str, name: str) -> State:
    """The state of a checkpoint; raises CheckpointError if there is none or it is damaged."""
    try:
        state: State = read_sealed(_path(store, session_id, name))
    except FileNotFoundError:
        known = ", ".join(names(store, session_id)) or "none yet"
        raise CheckpointError(f"no checkpoint {name!r}; available: {known}") from None
    except DamagedStateError:
        raise CheckpointError(f"checkpoint {name!r} is damaged") from None
    return state


def is_plain(name: str) -> bool:
    """Whether a checkpoint can have this name."""
    plain = name.replace("-", "").replace("_", "").replace(".", "")
    return plain.isalnum() and not name.startswith(".") and len(name) <= NAME_CHARS


def _path(store: Store, session_id: str, name: str) -> str:
    from clearpoint.redaction.prefilter import masked

    if masked(name) != name:
        raise CheckpointError("the checkpoint name looks like a secret; choose another")
    if not is_plain(name):
        raise CheckpointError(f"{name!r} is no checkpoint name: use letters, digits, - _ and .")
    return store.path(session_id, "checkpoints", f"{name}.json")
