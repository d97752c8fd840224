"""Bringing the index up to date with the client's transcripts, and the archives of those gone.

Only what is new is read, one file after another, each in one transaction: it can be interrupted
at any time and goes on where it stopped.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.client.events import state_root
from clearpoint.client.settings import config_dir
from clearpoint.history import transcripts
from clearpoint.lowlevel.files import QuickLock
from clearpoint.redaction.prefilter import masked
from clearpoint.search.entries import decode
from clearpoint.search.index import Index, Row, Source, Taken, remove
from clearpoint.search.passages import SPOKEN, passages, touched
from clearpoint.search.words import code_in, indexed
from clearpoint.session.find import project_around
from clearpoint.transcript.reader import Transcript, new_cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clearpoint.history.transcripts import Found
    from clearpoint.models.usage import Cursor

LOCK = "search.lock"
LOCK_S = 60.0
BATCH_BYTES = 64 << 20
"""Of transcripts, committed together: each commit makes the full-text tables merge."""


class Whose(NamedTuple):
    """The project of a folder of transcripts: its path, and the name of its state folder."""

    project: str
    key: str


def refresh(
    index: Index, env: Mapping[str, str], tell: Callable[[int, int], None] | None = None
) -> None:
    """Index what is new; `tell` is given the bytes read so far and those to read in all."""
    known = index.sources()
    present: set[str] = set()
    stale: list[tuple[Whose, Found, Source | None]] = []
    for folder in transcripts.project_folders(config_dir(env)):
        found = transcripts.transcripts(folder)
        present.update(one.path for one in found)
        changed = [one for one in found if not is_current(one, known.get(one.path))]
        if changed:
            whose = whose_is(found, known, env)
            stale += [(whose, one, known.get(one.path)) for one in changed]
    total = sum(one.bytes - (source.reached if source else 0) for _, one, source in stale)
    gone = [known[path] for path in known.keys() - present]
    done = 0
    while stale or gone:
        with index.db:  # one transaction: committed as a whole, or rolled back
            index.db.execute("BEGIN IMMEDIATE")
            while gone:
                index.drop(gone.pop().id)
            taken, batch = [], done + BATCH_BYTES
            while stale and done < batch:
                read, size = take_in(index, *stale.pop())
                taken += read
                done += size
            index.add(taken)
        if tell:
            tell(done, total)


def is_current(found: Found, source: Source | None) -> bool:
    """Whether a transcript is as it was when it was indexed."""
    return source is not None and (source.size, source.changed) == (found.bytes, found.changed)


def whose_is(found: list[Found], known: Mapping[str, Source], env: Mapping[str, str]) -> Whose:
    """The project of the transcripts in one folder."""
    for one in found:
        if source := known.get(one.path):
            return Whose(source.project, source.key)
    folder = next(filter(None, (transcripts.folder_of(one.path) for one in found)), "")
    project = project_around(folder, env) if os.path.isdir(folder) else folder
    return Whose(project, os.path.normpath(state_root(project, env)) if project else "")


def take_in(
    index: Index, whose: Whose, found: Found, source: Source | None
) -> tuple[list[Taken], int]:
    """Read what a transcript has beyond what is known of it; give that, and its bytes."""
    try:
        transcript = Transcript(found.path, cursor_of(source) if source else None)
    except OSError:
        return [], 0
    try:
        if source and transcript.fresh:
            index.drop(source.id)
            source = None
        size = transcript.unread
        rows = Rows(source.turns if source else 0)
        rows.read(transcript)
        now = Source(
            source.id if source else 0, found.path, found.session_id, *whose, found.bytes,
            found.changed, transcript.cursor["offset"], transcript.cursor["mark"], rows.turn,
        )  # fmt: skip
        return [Taken(now, rows.rows, rows.touches)], size
    finally:
        transcript.close()


def cursor_of(source: Source) -> Cursor:
    """Where a transcript is indexed to."""
    return {**new_cursor(source.path), "offset": source.reached, "mark": source.mark}


class Rows:
    """What is indexed of a transcript, as it is read; `turn` counts its prompts."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self.rows: list[Row] = []
        self.touches: list[tuple[str, int]] = []

    def read(self, transcript: Transcript) -> None:
        """Take in the lines behind the cursor."""
        cursor = transcript.cursor
        for data in transcript.lines():
            line = decode(data)
            if line is None:
                continue
            start = cursor["offset"] - len(data) - 1
            for passage in passages(line):
                at = seconds(line.timestamp)
                self.turn += passage.kind == "prompt"
                text = masked(passage.text)
                code = code_in(text) if passage.kind in SPOKEN else text
                place = (self.turn, passage.kind, at, start, len(data), passage.part)
                self.rows.append(Row(*place, indexed(text), code))
            self.touches += [(path, self.turn) for path in touched(line)]


def seconds(timestamp: str | None) -> int:
    """The time of a line, in seconds; 0 where it does not tell."""
    try:
        return int(datetime.fromisoformat(timestamp or "").timestamp())
    except ValueError:
        return 0


def opened(
    folder: str, env: Mapping[str, str], tell: Callable[[int, int], None] | None = None
) -> Index:
    """The index in a folder, up to date; one that is damaged or mostly dead is built again."""
    index = None
    try:
        index = Index(folder)
        with QuickLock(os.path.join(folder, LOCK), LOCK_S):
            refresh(index, env, tell)
        if not index.is_mostly_dead():
            return index
    except sqlite3.DatabaseError:
        pass  # damaged, or of another version: everything in it can be had again
    if index:
        index.close()
    with QuickLock(os.path.join(folder, LOCK), LOCK_S):
        remove(folder)
        index = Index(folder)
        refresh(index, env, tell)
    return index
