"""Which client process holds which session: small records in `links/`, one per process.

`CLAUDE_PID` stays the same over `/clear`, `/branch`, the in-app `/resume` and compaction, and is
different for each launch. The process's start time, where the system tells it, guards against a
number that was given out again.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.files import make_folder, read_bytes, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

PROC_STAT = "/proc/{}/stat"
"""What Linux tells of a process; macOS and Windows have no such file."""
DEAD_STATES = ("Z", "X")
"""A killed process whose parent has not taken notice yet is still listed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.store.store import Store

KEPT = 200
"""Records that stay; the oldest beyond them go, as their processes have."""


def record(store: Store, pid: int, session_id: str, now: str) -> None:
    """Note that this process now holds this session."""
    make_folder(_folder(store))
    link = {"pid": pid, "started": started_at(pid), "session_id": session_id, "at": now}
    write_atomically(_path(store, pid), seal(link, 1))
    for old in recorded(store)[:-KEPT]:
        if not is_running(old):
            _forget(store, old)


def held_by(store: Store, pid: int | None) -> str | None:
    """The session that this very process held last, None where that is not known."""
    if pid is None:
        return None
    try:
        link: Any = read_sealed(_path(store, pid))
    except (OSError, DamagedStateError):
        return None
    same = link.get("started") == started_at(pid)
    return link["session_id"] if same and is_session_id(link.get("session_id")) else None


def holders(store: Store) -> dict[str, int]:
    """The sessions that a running process holds now, with its id."""
    found = {held_by(store, pid): pid for pid in recorded(store) if is_running(pid)}
    return {session_id: pid for session_id, pid in found.items() if session_id}


def recorded(store: Store) -> list[int]:
    """The processes that there are records of, the oldest record first."""
    found = []
    try:
        with os.scandir(_folder(store)) as entries:
            for entry in entries:
                stem, extension = os.path.splitext(entry.name)
                if extension == ".json" and stem.isascii() and stem.isdigit():
                    found.append((entry.stat(follow_symlinks=False).st_mtime_ns, int(stem)))
    except FileNotFoundError:
        pass  # no process was ever recorded, or a record has just gone
    return [pid for _, pid in sorted(found)]


def is_running(pid: int) -> bool:
    """Whether a process has this id; where that cannot be asked, it is taken to run."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    facts = _process_facts(pid)
    return not facts or facts[0] not in DEAD_STATES


def started_at(pid: int) -> str | None:
    """When the process started, in the system's own unit; None where it does not tell."""
    facts = _process_facts(pid)
    return facts[19] if facts else None


def _process_facts(pid: int) -> list[str]:
    """What Linux tells of a process behind its name (`man proc_pid_stat`); else nothing."""
    try:
        stat = read_bytes(PROC_STAT.format(pid))
    except OSError:
        return []
    return stat.rpartition(b")")[2].decode("ascii").split()


def _forget(store: Store, pid: int) -> None:
    try:
        os.unlink(_path(store, pid))
    except FileNotFoundError:
        return  # another process was quicker


def _folder(store: Store) -> str:
    return os.path.join(store.root, "links")


def _path(store: Store, pid: int) -> str:
    return os.path.join(_folder(store), f"{pid}.json")
