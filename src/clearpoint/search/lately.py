"""What may have changed since all files were looked at, told without looking at each of them.

A folder tells by its own time that a file was added or has gone; only what was written last is
looked at one by one. A session that is taken up again after many others have been is found behind
its end, when all files are looked at, and once a day.
"""

from __future__ import annotations

import os

from clearpoint.client.settings import config_dir
from clearpoint.history import transcripts
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.search.sources import ARCHIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from clearpoint.history.transcripts import Found
    from clearpoint.search.index import Index

NEWEST = 200
"""Files that are looked at in any case."""
SETTLED_NS = 2_000_000_000
"""A folder that was changed so lately may be changed again within the same tick of its clock."""


def folders(env: Mapping[str, str]) -> dict[str, int]:
    """When each of the client's folders was changed, in nanoseconds."""
    found = {}
    for path in transcripts.project_folders(config_dir(env)):
        try:
            found[path] = os.stat(path).st_mtime_ns
        except FileNotFoundError:
            continue
    return found


def settled(found: Mapping[str, int], now: float) -> dict[str, int]:
    """The folders that can be told by their time from now on."""
    return {path: at for path, at in found.items() if at < now * 1e9 - SETTLED_NS}


def changed(index: Index, now_there: Mapping[str, int], now: float) -> list[Found] | None:
    """The transcripts that are new or were written to; None if all files must be looked at."""
    if now - index.count("looked") > DAY_S:
        return None
    known = known_folders(index.db)
    if known.keys() - now_there.keys():
        return None
    found: list[Found] = []
    for folder, at in now_there.items():
        if known.get(folder) != at:
            there, indexed = names_in(folder), paths_in(index.db, folder)
            if indexed - there:
                return None
            found += looked_at(there - indexed)
    newest = index.sources("ORDER BY changed DESC LIMIT ?", NEWEST)
    for one in looked_at(path for path in newest if not path.endswith(ARCHIVE)):
        if (one.bytes, one.changed) != (newest[one.path].size, newest[one.path].changed):
            found.append(one)
    return found


def names_in(folder: str) -> set[str]:
    """The paths of the transcripts in a folder, by their names alone."""
    try:
        with os.scandir(folder) as entries:
            return {one.path for one in entries if one.name.endswith(transcripts.EXTENSION)}
    except (FileNotFoundError, NotADirectoryError):
        return set()


def looked_at(paths: Iterable[str]) -> Iterator[Found]:
    """Those of the paths that are transcripts, with their size and time."""
    for path in paths:
        if not os.path.islink(path) and (found := transcripts.transcript(path)):
            yield found


def paths_in(db: sqlite3.Connection, folder: str) -> set[str]:
    """The files of a folder that are indexed."""
    first, last = folder + os.sep, folder + chr(ord(os.sep) + 1)
    rows = db.execute("SELECT path FROM sources WHERE path > ? AND path < ?", (first, last))
    return {path for (path,) in rows}


def known_folders(db: sqlite3.Connection) -> dict[str, int]:
    """When each folder was changed that was looked through, in nanoseconds."""
    return dict(db.execute("SELECT path, changed FROM folders"))


def note(db: sqlite3.Connection, found: Mapping[str, int], looked: float | None) -> None:
    """Write down folders as they were looked through; `looked` is when all files were looked at."""
    with db:
        if looked is not None:
            db.execute("DELETE FROM folders")
            db.execute("UPDATE counts SET number = ? WHERE name = 'looked'", (int(looked),))
        db.executemany("INSERT OR REPLACE INTO folders VALUES (?, ?)", found.items())
