"""The index: one SQLite file per user, with two full-text tables and where each passage stands.

The full-text tables keep no copy of the text: a result is read from the transcript again, or from
its archive once the client has deleted it. A passage that is gone leaves dead entries in them,
until they are half of all and the index is built again. What is damaged is built again too.
"""

from __future__ import annotations

import os
import sqlite3

from clearpoint.lowlevel.files import FILE_MODE, make_folder
from clearpoint.store.layout import SEARCH_INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple

    from clearpoint.search.passages import Kind
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

FILE = SEARCH_INDEX
VERSION = 2
"""Of the tables and of what is put into them; an index of another version is built again."""
BUSY_S = 5.0
CACHE_KB = 64_000
SCHEMA = """
CREATE TABLE sources(
  id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, session TEXT NOT NULL, project TEXT NOT NULL,
  key TEXT NOT NULL, size INTEGER NOT NULL, changed REAL NOT NULL, reached INTEGER NOT NULL,
  mark TEXT NOT NULL, turns INTEGER NOT NULL, masked_by TEXT NOT NULL);
CREATE INDEX sources_session ON sources(session);
CREATE TABLE passages(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, turn INTEGER NOT NULL, kind TEXT NOT NULL,
  at INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, part INTEGER NOT NULL,
  secret INTEGER NOT NULL);
CREATE INDEX passages_source ON passages(source, turn);
CREATE TABLE touches(
  path TEXT NOT NULL, source INTEGER NOT NULL, turn INTEGER NOT NULL,
  PRIMARY KEY (path, source, turn)) WITHOUT ROWID;
CREATE INDEX touches_source ON touches(source);
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE grams USING fts5(text, content='', tokenize='trigram');
CREATE TABLE counts(name TEXT PRIMARY KEY, number INTEGER NOT NULL);
INSERT INTO counts VALUES ('dead', 0);
"""


class Source(NamedTuple):
    """A file that was indexed, and how far; `mark` tells it from another under the same name.

    `masked_by` names the rules that looked for secrets in all of it; empty if they were several.
    """

    id: int
    path: str
    session: str
    project: str
    key: str
    size: int
    changed: float
    reached: int
    mark: str
    turns: int
    masked_by: str


class Row(NamedTuple):
    """One passage: where it stands in its source, in bytes, and what is indexed of it.

    `secret` is whether anything in it was masked.
    """

    turn: int
    kind: Kind
    at: int
    start: int
    length: int
    part: int
    secret: bool
    words: str
    grams: str


class Taken(NamedTuple):
    """What was read of a file: its passages, and the files that its turns touched."""

    source: Source
    rows: list[Row]
    touches: list[tuple[str, int]]


class Index:
    """The index in a folder; raises sqlite3.DatabaseError where the file is damaged."""

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, FILE)
        make_folder(folder)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, FILE_MODE))
        self.file = os.stat(self.path)
        self.db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.DatabaseError:
            self.db.close()
            raise

    def _prepare(self) -> None:
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        if version:
            raise sqlite3.DatabaseError("an index of another version")
        self.db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def is_there(self) -> bool:
        """Whether the file is still the one that was opened, or none."""
        try:
            return os.path.samestat(self.file, os.stat(self.path))
        except FileNotFoundError:
            return True

    def sources(self) -> dict[str, Source]:
        """All that is indexed, by path."""
        rows = self.db.execute("SELECT * FROM sources")
        return {row[1]: Source(*row) for row in rows}

    def put_source(self, source: Source) -> int:
        """Write down how far a file is indexed; return its number."""
        cursor = self.db.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (source.id or None, *source[1:]),
        )
        return cursor.lastrowid or 0

    def add(self, taken: Iterable[Taken]) -> None:
        """Index what was read of some files; a passage that stands here gets the next number.

        The full-text tables come last and in one go: any other statement makes them write out.
        """
        (last,) = self.db.execute("SELECT coalesce(max(id), 0) FROM words_docsize").fetchone()
        numbered: list[tuple[int, int, Row]] = []
        for source, rows, touches in taken:
            number = self.put_source(source)
            numbered += [(last + place, number, row) for place, row in enumerate(rows, 1)]
            last += len(rows)
            self.db.executemany(
                "INSERT OR IGNORE INTO touches VALUES (?, ?, ?)",
                ((path, number, turn) for path, turn in touches),
            )
        self.db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((place, number, *row[:7]) for place, number, row in numbered),
        )
        self.db.executemany(
            "INSERT INTO words(rowid, text) VALUES (?, ?)",
            ((place, row.words) for place, _, row in numbered),
        )
        self.db.executemany(
            "INSERT INTO grams(rowid, text) VALUES (?, ?)",
            ((place, row.grams) for place, _, row in numbered),
        )

    def drop(self, source: Source) -> None:
        """Forget a file; what the full-text tables hold of it is dead from now on."""
        cursor = self.db.execute("DELETE FROM passages WHERE source = ?", (source.id,))
        self.db.execute("UPDATE counts SET number = number + ?", (cursor.rowcount,))
        self.db.execute("DELETE FROM touches WHERE source = ?", (source.id,))
        self.db.execute("DELETE FROM sources WHERE id = ?", (source.id,))

    def is_mostly_dead(self) -> bool:
        """Whether more passages are dead than alive."""
        query = "SELECT (SELECT number FROM counts), (SELECT count(*) FROM passages)"
        dead, alive = self.db.execute(query).fetchone()
        return bool(dead > alive)


def remove(folder: str) -> None:
    """Delete the index's files; those that are not there are fine."""
    for suffix in ("", "-wal", "-shm"):
        try:
            os.unlink(os.path.join(folder, FILE + suffix))
        except FileNotFoundError:
            continue
