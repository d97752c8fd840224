"""Where the state lies: one folder for each repository, in the client's own folder. Fast lane.

Outside of the project, because there `git clean`, a removed worktree or a branch that tracks the
same path would take it away, a clone could bring one along, and another user could write it. All
worktrees of a repository share one folder, which is named after the repository's main checkout.
"""

from __future__ import annotations

import errno
import os

from clearpoint.client.settings import OWN, config_dir, content
from clearpoint.lowlevel.paths import home, portable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.client.events import Event

IN_PROJECT = ".clearpoint"
"""The folder in a project: its committed settings, and the state if that was asked for."""
SETTINGS = "config.toml"
PROJECTS = "projects"
WINDOW = "statusline.json"
"""The file of a session in which the status line leaves the window for the hooks."""
SEARCH_INDEX = "search-3.db"
"""The index of past sessions in our own folder: there is one once somebody has searched."""
EARLIER_INDEX = "search.db"
"""That of earlier versions, which go on with theirs: one file would be built again by turns."""
SLUG_CHARS = 40
POINTER_BYTES = 4_096
SETTINGS_BYTES = 64 << 10
OFFSET, PRIME, MASK = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF
"""FNV-1a with 64 bits: hashlib would cost the fast lane 4 ms."""


def state_root(project: str, env: Mapping[str, str]) -> str:
    """Return the folder that holds a project's state; raises OSError if none can be named.

    `CLEARPOINT_DIR` names it (a relative one counts from the project), or `state.location` puts it
    into the project; otherwise it is the repository's folder below the client's own.
    """
    if named := env.get("CLEARPOINT_DIR"):
        return os.path.join(project, expanded(named, env))
    if location(env) == "project":
        return os.path.join(project, IN_PROJECT)
    return own_root(repository(project, home(env)), env)


def event_root(event: Event) -> str:
    """Return the folder that holds the state of an event's project; raises OSError."""
    return state_root(event.project_dir, event.env)


def session_folder(root: str, session_id: str) -> str:
    """Return the folder of one session in a state folder, which may not exist yet."""
    return os.path.join(root, "sessions", session_id)


def own_root(repository: str, env: Mapping[str, str]) -> str:
    """Return a repository's folder below the client's own; raises OSError without a home."""
    return os.path.join(own_folder(env), PROJECTS, folder_name(repository))


def own_folder(env: Mapping[str, str]) -> str:
    """Return Clearpoint's folder in the client's own; raises OSError if no home is known."""
    if folder := config_dir(env):
        return os.path.join(folder, OWN)
    raise OSError(errno.ENOENT, "cannot find your home folder; set HOME or CLEARPOINT_DIR", "HOME")


def is_own_folder(root: str) -> bool:
    """Whether a state folder is one of those below the client's own, where no project reaches."""
    projects = os.path.dirname(root)
    return os.path.basename(projects) == PROJECTS and (
        os.path.basename(os.path.dirname(projects)) == OWN
    )


def has_earlier_state(project: str, root: str) -> bool:
    """Whether the project may hold state of an earlier version that was not moved yet."""
    sessions = os.path.join(project, IN_PROJECT, "sessions")
    if not os.path.isdir(sessions) or not is_own_folder(root):
        return False
    return not os.path.exists(moved_mark(project, root))


def moved_mark(project: str, root: str) -> str:
    """Return the file that says that a project, one of the repository's checkouts, was moved."""
    return os.path.join(root, f"moved-{folder_name(project)}")


def expanded(path: str, env: Mapping[str, str]) -> str:
    """Return a path with the home folder in place of a `~` at its beginning."""
    own = home(env)
    return own + path[1:] if own and (path == "~" or path[:2] in ("~/", "~\\")) else path


def location(env: Mapping[str, str]) -> str:
    """Return `project` where the user's own settings put the state there, else `user`.

    A project's settings cannot: a clone would choose where the state is looked for.
    """
    path = user_settings(env)
    text = content(path, SETTINGS_BYTES) if path else b""
    if b"location" not in text:
        return "user"  # without the 20 ms that reading TOML takes
    import tomllib

    try:
        table = tomllib.loads(text.decode("utf-8-sig")).get("state")
    except (ValueError, RecursionError):
        return "user"
    return "project" if isinstance(table, dict) and table.get("location") == "project" else "user"


def user_settings(env: Mapping[str, str]) -> str:
    """Return the path of the user's settings for all projects; empty if no home is known."""
    own = home(env)
    folder = env.get("XDG_CONFIG_HOME") or (os.path.join(own, ".config") if own else "")
    return os.path.join(folder, OWN, SETTINGS) if folder else ""


def project_settings(project: str) -> str:
    """Return the path of the settings that a project's repository holds."""
    return os.path.join(project, IN_PROJECT, SETTINGS)


def folder_name(repository: str) -> str:
    """Return the name of a repository's state folder: readable, and its own by a short hash."""
    number = OFFSET
    for byte in os.fsencode(repository):
        number = (number ^ byte) * PRIME & MASK
    name = os.path.basename(repository.rstrip("/")) or "root"
    slug = "".join(char if char.isascii() and char.isalnum() else "-" for char in name)
    return f"{slug[:SLUG_CHARS]}-{number:016x}"


def repository(project: str, own_home: str = "") -> str:
    """Return the main checkout of the repository that a project is in; else the project itself.

    For a worktree of a bare repository that is the repository.
    """
    top = checkout_of(project, own_home)
    git = os.path.join(top, ".git")
    return (main_checkout(git) if os.path.isfile(git) else "") or top


def checkout_of(project: str, own_home: str = "") -> str:
    """Return the nearest folder with a `.git` from the project up; the project if there is none.

    A repository that is the home folder itself holds settings, and not the projects below it.
    """
    top = place = portable(os.path.realpath(project))
    own_home = portable(os.path.realpath(own_home)) if own_home else ""
    while place != own_home or place == top:
        if os.path.exists(os.path.join(place, ".git")):
            return place
        parent = os.path.dirname(place)
        if parent == place:
            break
        place = parent
    return top


def main_checkout(git: str) -> str:
    """Return the main checkout of the worktree whose `.git` file this is; empty if it is none.

    The repository must name the worktree too: a `.git` file alone can come in an archive, and
    would lead into the state of any repository that it names.
    """
    inner = git_folder(git)
    common, back = pointer(os.path.join(inner, "commondir")), pointer(os.path.join(inner, "gitdir"))
    named = os.path.realpath(os.path.join(inner, back)) if back else ""
    if not common or named != os.path.realpath(git):
        return ""
    shared = portable(os.path.realpath(os.path.join(inner, common)))
    return os.path.dirname(shared) if os.path.basename(shared) == ".git" else shared


def git_folder(git: str) -> str:
    """Return the folder that a `.git` is, or that it points to."""
    pointed = "" if os.path.isdir(git) else pointer(git)
    return os.path.join(os.path.dirname(git), pointed.removeprefix("gitdir: ")) if pointed else git


def pointer(path: str) -> str:
    """Return the text of one of git's small files; empty if it cannot be read."""
    return content(path, POINTER_BYTES).decode("utf-8", "replace").strip()
