"""Which client process holds which session: small records in `links/`, one per process.

`CLAUDE_PID` stays the same over `/clear`, `/branch`, the in-app `/resume` and compaction, and is
different for each launch. The process's start time, where the system tells it, guards against a
number that was given out again.
"""

from __future__ import annotations

import os

from clearpoint import quickjson
from clearpoint.files import make_folder, read_bytes, write_atomically

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.store import Store


def record(store: Store, pid: int, session_id: str, now: str) -> None:
    """Note that this process now holds this session."""
    folder = os.path.join(store.root, "links")
    make_folder(folder)
    link = {"pid": pid, "started": started_at(pid), "session_id": session_id, "at": now}
    path = os.path.join(folder, f"{pid}.json")
    write_atomically(path, quickjson.encode(quickjson.dumps(link) + "\n"))


def held_by(store: Store, pid: int | None) -> str | None:
    """The session that this very process held last, None where that is not known."""
    if pid is None:
        return None
    try:
        link: Any = quickjson.loads(read_bytes(os.path.join(store.root, "links", f"{pid}.json")))
    except (OSError, quickjson.MalformedJSONError):
        return None
    if not isinstance(link, dict) or link.get("started") != started_at(pid):
        return None
    session_id = link.get("session_id")
    return session_id if isinstance(session_id, str) else None


def holders(store: Store) -> dict[str, int]:
    """The sessions that a running process holds now, with its id."""
    try:
        names = os.listdir(os.path.join(store.root, "links"))
    except OSError:
        return {}
    pids = [int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()]
    found = {held_by(store, pid): pid for pid in pids if is_running(pid)}
    return {session_id: pid for session_id, pid in found.items() if session_id}


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
    return True


def started_at(pid: int) -> str | None:
    """When the process started, in the system's own unit; None where it does not tell."""
    try:
        stat = read_bytes(f"/proc/{pid}/stat", 4_096)
    except OSError:
        return None
    return stat.rpartition(b")")[2].split()[19].decode("ascii")
