"""Which client process holds which session: small records in `links/`, one per process.

`CLAUDE_PID` stays the same over `/clear`, `/branch`, the in-app `/resume` and compaction, and is
different for each launch. Every event refreshes the record, so that a start that failed is made
good by the next event. What cannot be read is not known; it is never taken for an ended process.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel import process
from clearpoint.lowlevel.checks import is_count, is_session_id
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from clearpoint.client.events import Event
    from clearpoint.models.state import Process, State

    Life = Literal["running", "left", "ended", "rebooted", "unknown"]

KEPT = 200
"""Records that stay; beyond them the oldest go whose processes have ended."""
BOOT_CHARS = 8


class Link:
    """What a process holds: its session, and the one that it held before."""

    __slots__ = ("before", "process", "session_id")

    def __init__(self, holder: Process, session_id: str, before: str) -> None:
        self.process, self.session_id, self.before = holder, session_id, before


def hold(store: Store, holder: Process | None, session_id: str, *, is_late: bool = False) -> None:
    """Note that this process holds this session; nothing is written if that is known.

    An event that `is_late` may come after the process has gone on, and changes nothing known.
    """
    if holder is None:
        return
    known = link_of(store, holder)
    if known and (known.session_id == session_id or is_late):
        return
    make_folder(_folder(store))
    before = known.session_id if known else ""
    link = {"process": holder, "session_id": session_id, "before": before, "at": now_text()}
    write_atomically(_path(store, holder), seal(link, 1))
    _forget_ended(store)


def refresh(event: Event) -> None:
    """Note which session the process of an event holds, where nothing else of it is kept.

    A late one never leads back to the session that the process held before. Without a state folder
    there is no other session to tell it from.
    """
    try:
        store = Store(event_root(event))
        if os.path.isdir(store.root):
            store.make_root()
            holder = process.identify(event.client_pid)
            known = link_of(store, holder)
            is_back = known is not None and known.before == event.session_id
            hold(store, holder, event.session_id, is_late=is_back)
    except OSError:
        return  # a read-only folder: the next event of the session says it


def link_of(store: Store, holder: Process | None) -> Link | None:
    """What this very process holds, None if that is not known."""
    link = _read(_path(store, holder)) if holder else None
    return link if link and link.process == holder else None


def held_before(store: Store, holder: Process | None, session_id: str) -> str | None:
    """The session that this very process held before the one that it holds now."""
    link = link_of(store, holder)
    if link is None:
        return None
    return (link.before if link.session_id == session_id else link.session_id) or None


def holders(store: Store) -> dict[str, int]:
    """The sessions that a running process of this namespace holds now, with its id."""
    links = [link for link in recorded(store) if process.life_of(link.process) == "running"]
    return {link.session_id: link.process["pid"] for link in links}


def life_of(store: Store, state: State) -> Life:
    """Whether the client that was seen last in a session still holds it.

    `left`: it went on to another session, whether or not it runs still.
    """
    holder = state["system"]["process"]
    life = process.life_of(holder)
    if life == "unknown":
        return life
    link = link_of(store, holder)
    return "left" if link and link.session_id != state["session_id"] else life


def recorded(store: Store) -> list[Link]:
    """The records that can be read, the oldest first."""
    links = [_read(path) for path in _paths(store)]
    return [link for link in links if link]


def ended(store: Store) -> list[str]:
    """The paths of records that lead nowhere: the process has ended, or the session is no more.

    Those of an earlier version, which know a process by its number alone, lead nowhere either.
    """
    found = [path for path in _paths(store, "") if "@" not in os.path.basename(path)]
    for path in _paths(store):
        link = _read(path)
        gone = link and not os.path.isdir(store.session_folder(link.session_id))
        if link and (gone or process.life_of(link.process) in ("ended", "rebooted")):
            found.append(path)
    return found


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
    return process.started_at(pid) is not None or not os.path.isdir("/proc/self")


def _forget_ended(store: Store) -> None:
    paths = _paths(store)
    for path in paths[:-KEPT]:
        link = _read(path)
        if link and process.life_of(link.process) in ("ended", "rebooted"):
            try:
                os.unlink(path)
            except FileNotFoundError:
                continue  # another process was quicker


def _paths(store: Store, mark: str = "@") -> list[str]:
    found: list[tuple[int, str]] = []
    try:
        with os.scandir(_folder(store)) as entries:
            named = [one for one in entries if mark in one.name and one.name.endswith(".json")]
            found = [(one.stat(follow_symlinks=False).st_mtime_ns, one.path) for one in named]
    except FileNotFoundError:
        pass  # no process was ever recorded, or a record has just gone
    return [path for _, path in sorted(found)]


def _read(path: str) -> Link | None:
    try:
        link: Any = read_sealed(path)
    except (OSError, DamagedStateError):
        return None
    holder, session_id, before = link.get("process"), link.get("session_id"), link.get("before")
    if not is_process(holder) or not is_session_id(session_id):
        return None
    return Link(holder, session_id, before if is_session_id(before) else "")


def is_process(value: Any) -> bool:
    """Whether a value from a file names a process."""
    return (
        isinstance(value, dict)
        and value.keys() == {"boot", "namespace", "pid", "started"}
        and is_count(value["pid"])
        and all(isinstance(value[name], str) for name in ("boot", "namespace", "started"))
    )


def _folder(store: Store) -> str:
    return os.path.join(store.root, "links")


def _path(store: Store, holder: Process) -> str:
    """One record for each process, whatever other namespaces or machines call theirs."""
    where = f"{holder['boot'][:BOOT_CHARS]}-{holder['namespace']}"
    return os.path.join(_folder(store), f"{holder['pid']}@{where}.json")
