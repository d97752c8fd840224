"""Finding a project, its state folder, and a session in it by the beginning of its id."""

from __future__ import annotations

import os

from clearpoint.client.settings import transcripts_folder
from clearpoint.lowlevel.paths import home, portable
from clearpoint.store.checksummed import DamagedStateError, read_sealed
from clearpoint.store.layout import has_earlier_state, own_root, state_root
from clearpoint.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MARKS = (".clearpoint", ".claude", ".git")
"""What the top folder of a project has, any of them."""
LISTED = 5
ID_CHARS = 8
"""Enough of an id to tell sessions apart."""


class SessionError(Exception):
    """A session cannot be found or made; the text is one line for a user."""


class NoSessionError(SessionError):
    """The project has no session yet."""


class NewerStateError(SessionError):
    """The session's state was written by a newer Clearpoint, whose fields this one would lose."""


def existing_folder(place: str | os.PathLike[str]) -> str:
    """The absolute path of a folder; raises SessionError if there is none."""
    folder = portable(os.path.abspath(place))
    if not os.path.isdir(folder):
        raise SessionError(f"{folder}: no such folder")
    return folder


def project_around(
    folder: str, env: Mapping[str, str], is_mount: Callable[[str], bool] = os.path.ismount
) -> str:
    """The project that a folder belongs to: the nearest above it that looks like one, or itself.

    The search ends at a mount point, and before the home folder, where the client keeps a `.claude`
    of its own, and before a temporary folder, where anybody may leave one.
    """
    place = folder = portable(folder)
    shared = [home(env), *temporary_folders(env)]
    while not any(is_same(place, one) for one in shared):
        if looks_like_one(place, env):
            return place
        parent = os.path.dirname(place)
        if parent == place or is_mount(place):
            break
        place = parent
    return folder


def temporary_folders(env: Mapping[str, str]) -> list[str]:
    """The folders for temporary files: what the environment calls so, and those of the system."""
    named = [folder for name in ("TMPDIR", "TEMP", "TMP") if (folder := env.get(name))]
    return [*named, *(("/tmp", "/var/tmp", "/usr/tmp") if os.name == "posix" else ())]  # noqa: S108


def is_same(place: str, other: str) -> bool:
    """Whether two paths lead to the same folder."""
    try:
        return os.path.samefile(place, other)
    except OSError:
        return portable(place) == portable(other)


def looks_like_one(folder: str, env: Mapping[str, str]) -> bool:
    """Whether a folder has what the top folder of a project has, or state is kept of it."""
    return any(os.path.exists(os.path.join(folder, mark)) for mark in MARKS) or is_kept(folder, env)


def is_kept(folder: str, env: Mapping[str, str]) -> bool:
    """Whether there is a state folder for a project at this very folder."""
    try:
        return os.path.isdir(own_root(os.path.realpath(folder), env))
    except OSError:
        return False


def open_store(project: str, env: Mapping[str, str]) -> Store:
    """What is kept of a project; what an earlier version kept in the project is moved first."""
    store = Store(state_root(project, env))
    if has_earlier_state(project, store.root):
        from clearpoint.store.migration import move

        move(project, store.root, transcripts_folder(project, env))
    return store


def find_session(store: Store, beginning: str | None = None) -> str:
    """The id of the newest session of this machine, or of the one whose id begins like this.

    Raises NoSessionError if there is none at all, SessionError where none or several fit.
    """
    known = store.newest_ids()
    if beginning and not any(one.startswith(beginning) for one in known):
        known = store.unseen_ids() or known  # by name alone
    if not known:
        raise NoSessionError(f"nothing is recorded in {store.root} yet")
    if beginning is None:
        return newest_own(store, known)
    if beginning in known:
        return beginning
    fits = [session_id for session_id in known if session_id.startswith(beginning)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise SessionError(
            f"{beginning!r} matches several sessions: {_some(fits)}; type more characters"
        )
    newest = _some([session_id[:ID_CHARS] for session_id in known])
    raise SessionError(f"no session begins with {beginning!r}; the newest are {newest}")


def newest_own(store: Store, known: Sequence[str]) -> str:
    """The first of the sessions that ran on this machine; where all were pulled, the first."""
    return next((one for one in known if not is_pulled(store, one)), known[0])


def is_pulled(store: Store, session_id: str) -> bool:
    """Whether a session came from another machine; one whose state cannot be read did not."""
    try:
        return bool(read_sealed(store.state_path(session_id)).get("origin"))
    except (OSError, DamagedStateError):
        return False


def _some(names: list[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
