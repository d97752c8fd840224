"""Bringing the index up to date with the client's transcripts, and the archives of those gone.

Only what is new is read, and committed in batches: it can be interrupted at any time and goes on
where it stopped.
"""

from __future__ import annotations

import os
import sqlite3
import time

from clearpoint.client.settings import config_dir
from clearpoint.history import archives, transcripts
from clearpoint.lowlevel.files import QuickLock
from clearpoint.search import lately
from clearpoint.search.index import Index, Source, Taken, remove
from clearpoint.search.sources import ARCHIVE
from clearpoint.session.find import project_around
from clearpoint.store.layout import state_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import NamedTuple, TypeVar

    from clearpoint.history.transcripts import Found

    Tell = Callable[[int, int], None]
    Answer = TypeVar("Answer")
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

LOCK = "search.lock"
LOCK_S = 60.0
DAMAGE = (sqlite3.DatabaseError, AttributeError, IndexError, TypeError, ValueError)
"""What a damaged file raises: SQLite gives back rows that were never written."""
BATCH_BYTES = 64 << 20
"""Of transcripts, committed together: each commit makes the full-text tables merge."""


class Whose(NamedTuple):
    """The project of a file: its path if that is known, and its state folder."""

    project: str
    key: str


class Stale(NamedTuple):
    """A file that the index does not hold as it is now."""

    whose: Whose
    found: Found
    known: Source | None

    @property
    def unread(self) -> int:
        """Bytes that are to be read."""
        return self.found.bytes - (self.known.reached if self.known else 0)


def used(
    own_folder: str,
    env: Mapping[str, str],
    use: Callable[[Index], Answer],
    tell: Tell | None = None,
) -> Answer:
    """What is asked of the index, up to date; where it turns out damaged, of a new one."""
    index = opened(own_folder, env, tell)
    try:
        return use(index)
    except DAMAGE as error:
        if is_locked(error):
            raise
    finally:
        index.close()
    discard(own_folder, index)
    index = opened(own_folder, env, tell)
    try:
        return use(index)
    finally:
        index.close()


def discard(own_folder: str, index: Index) -> None:
    """Delete the index's files, if nobody has built another one meanwhile."""
    with QuickLock(os.path.join(own_folder, LOCK), LOCK_S):
        if index.is_there():
            remove(own_folder)


def is_locked(error: Exception) -> bool:
    """Whether somebody else has the index for now."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def opened(
    own_folder: str, env: Mapping[str, str], tell: Tell | None = None, *, whole: bool = False
) -> Index:
    """The index in a folder, up to date; one that is damaged or mostly dead is built again.

    One in a folder that cannot be written is given as it is. `whole` has all files looked at.
    """
    index = None
    try:
        index = Index(own_folder)
        refresh(index, own_folder, env, tell, whole=whole)
        if index.is_fixed or not index.is_mostly_dead():
            return index
    except DAMAGE as error:
        if is_locked(error):
            raise
    if index:
        index.close()
        discard(own_folder, index)
    else:
        remove(own_folder)
    index = Index(own_folder)
    refresh(index, own_folder, env, tell)
    return index


def refresh(
    index: Index,
    own_folder: str,
    env: Mapping[str, str],
    tell: Tell | None = None,
    *,
    whole: bool = False,
) -> None:
    """Index what is new; `tell` is given the bytes read so far and those to read in all."""
    if index.is_fixed:
        return
    now, folders = time.time(), lately.folders(env)
    changed = None if whole else lately.changed(index, folders, now)
    if changed is None:
        look_at_all(index, own_folder, env, tell)
    else:
        take_changed(index, changed, own_folder, env, tell)
    folders = lately.settled(folders, now)
    if changed is None or folders != lately.known_folders(index.db):
        lately.note(index.db, folders, now if changed is None else None)


def take_changed(
    index: Index, changed: list[Found], own_folder: str, env: Mapping[str, str], tell: Tell | None
) -> None:
    """Index what is new in some transcripts."""
    known: dict[str, Source] = {}
    for one in changed:
        known |= index.sources("WHERE path = ?", one.path)
    stale = [Stale(whose_is([one], known, env), one, known.get(one.path)) for one in changed]
    if stale := [one for one in stale if not is_current(one)]:
        with QuickLock(os.path.join(own_folder, LOCK), LOCK_S):
            take_in(index, stale, [], tell)


def look_at_all(
    index: Index, own_folder: str, env: Mapping[str, str], tell: Tell | None = None
) -> None:
    """Compare all files with the index, and index what is new."""
    known = index.sources()
    found = dict(found_transcripts(env, known))
    gone = [one for one in known.values() if one.path not in found and not is_archive(one.path)]
    if gone or not known:
        found |= found_archives(own_folder, known, {one.found.session_id for one in found.values()})
    gone += archives_gone(known, found)
    stale = [one for one in found.values() if not is_current(one)]
    if stale or gone:
        with QuickLock(os.path.join(own_folder, LOCK), LOCK_S):
            take_in(index, stale, gone, tell)


def found_transcripts(
    env: Mapping[str, str], known: Mapping[str, Source]
) -> Iterator[tuple[str, Stale]]:
    """The client's transcripts, each with what is known of it."""
    for folder in transcripts.project_folders(config_dir(env)):
        found = transcripts.transcripts(folder)
        whose = whose_is(found, known, env)
        yield from ((one.path, Stale(whose, one, known.get(one.path))) for one in found)


def whose_is(found: list[Found], known: Mapping[str, Source], env: Mapping[str, str]) -> Whose:
    """The project of the transcripts in one folder."""
    for one in found:
        if source := known.get(one.path):
            return Whose(source.project, source.key)
    folder = next(filter(None, (transcripts.folder_of(one.path) for one in found)), "")
    project = project_around(folder, env) if os.path.isdir(folder) else folder
    return Whose(project, state_root(project, env) if project else "")


def found_archives(
    own_folder: str, known: Mapping[str, Source], here: set[str]
) -> dict[str, Stale]:
    """The archives of the sessions that have no transcript any more."""
    projects = {one.key: one.project for one in known.values()}
    return {
        one.path: Stale(Whose(projects.get(folder, ""), folder), one, known.get(one.path))
        for folder in archives.state_folders(own_folder)
        for one in archives.all_archives(folder)
        if one.session_id not in here
    }


def archives_gone(known: Mapping[str, Source], found: Mapping[str, Stale]) -> list[Source]:
    """Archives in the index that a transcript stands for again, or that are not there any more."""
    here = {one.found.session_id for one in found.values() if not is_archive(one.found.path)}
    return [
        one
        for one in known.values()
        if is_archive(one.path) and (one.session in here or not os.path.exists(one.path))
    ]


def is_archive(path: str) -> bool:
    """Whether a file is an archive of Clearpoint's."""
    return path.endswith(ARCHIVE)


def is_current(one: Stale) -> bool:
    """Whether a file is as it was when it was indexed."""
    known = one.known
    return known is not None and (known.size, known.changed) == (one.found.bytes, one.found.changed)


def take_in(index: Index, stale: list[Stale], gone: list[Source], tell: Tell | None) -> None:
    """Read the files and forget those that are gone, a batch in each transaction."""
    from clearpoint.search.reading import taken_from  # a search that finds nothing new reads none

    done, total = 0, sum(one.unread for one in stale)
    turns: dict[str, int] = {}
    while stale or gone:
        index.db.execute("BEGIN IMMEDIATE")
        with index.db:  # commits, or rolls back
            while gone:
                index.drop(gone.pop())
            taken: list[Taken] = []
            batch = done + BATCH_BYTES
            while stale and done < batch:
                one = stale.pop(0)
                done += one.unread
                if read := taken_from(one.found, one.whose, one.known, turns):
                    if one.known and not read.source.id:
                        index.drop(one.known)
                    taken.append(read)
            index.add(taken)
        if tell:
            tell(done, total)
