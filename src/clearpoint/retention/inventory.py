"""What a project's state folder holds, each with its size and when it was last written.

No link is followed, and what goes meanwhile is passed over.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Literal, NamedTuple

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.store import processes
from clearpoint.store.store import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.store.store import Store

Kind = Literal["session", "quarantined file", "temporary file", "link"]
TEMPORARY = re.compile(r"\.(\d{1,9})\.[0-9a-f]+\.tmp\Z")
"""How `files.Replacement` names what it has not finished: the process and a time."""
LOCK = "state.lock"


class Item(NamedTuple):
    """Something in the state folder: its size, and when it was last written."""

    kind: Kind
    path: str
    bytes: int
    changed: float

    @property
    def name(self) -> str:
        """A session's id, or the name of a file."""
        return os.path.basename(self.path)


def sessions(store: Store) -> list[Item]:
    """The sessions' folders."""
    found = scanned(os.path.join(store.root, "sessions"))
    return [
        Item("session", entry.path, size_of(entry.path), last_written(entry.path))
        for entry in found
        if is_session_id(entry.name) and entry.is_dir(follow_symlinks=False)
    ]


def quarantined(store: Store) -> list[Item]:
    """The damaged files that were put aside."""
    return [
        Item("quarantined file", path, found.st_size, found.st_mtime)
        for path, found in files_below(os.path.join(store.root, "quarantine"))
        if not TEMPORARY.search(path)
    ]


def dead_links(store: Store, since: float) -> list[Item]:
    """The records, not written since, of processes that have ended.

    Until then they tell which sessions a process had left before it ended, and which it lost.
    """
    gone = set(processes.ended(store))
    return [
        Item("link", path, found.st_size, found.st_mtime)
        for path, found in files_below(os.path.join(store.root, "links"))
        if path in gone and found.st_mtime < since
    ]


def leftovers(store: Store, now: float) -> list[Item]:
    """Temporary files of processes that have ended, or that are too old to be of a running one."""
    found = [*files_below(store.root, depth=0)]
    for name in FOLDERS:
        found += files_below(os.path.join(store.root, name))
    items = [
        Item("temporary file", path, status.st_size, status.st_mtime) for path, status in found
    ]
    items += [
        Item("temporary file", entry.path, size_of(entry.path), last_written(entry.path))
        for entry in scanned(store.root)
        if entry.is_dir(follow_symlinks=False)
    ]
    return [item for item in items if _is_left(item, now)]


def _is_left(item: Item, now: float) -> bool:
    made_by = TEMPORARY.search(item.path)
    if made_by is None:
        return False
    return now - item.changed > DAY_S or not processes.is_running(int(made_by[1]))


def size_of(path: str) -> int:
    """Bytes of all files below a folder."""
    return sum(found.st_size for _, found in files_below(path))


def last_written(folder: str) -> float:
    """When a file below the folder was last written, but for the lock, which says nothing."""
    written = [found.st_mtime for path, found in files_below(folder) if not path.endswith(LOCK)]
    return max(written, default=0.0)


def files_below(folder: str, depth: int = 9) -> Iterator[tuple[str, os.stat_result]]:
    """The regular files below a folder; what has just gone is passed over."""
    for entry in scanned(folder):
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(found.st_mode):
            yield entry.path, found
        elif stat.S_ISDIR(found.st_mode) and depth:
            yield from files_below(entry.path, depth - 1)


def scanned(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder, by name; nothing if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
