"""The index: one SQLite file per user, with two full-text tables and where each passage stands.

The full-text tables keep no copy of the text: a result is read from the transcript again, or from
its archive once the client has deleted it. A passage that is gone leaves dead entries in them,
until they are half of all and the index is built again. What is damaged is built again too.
"""

from __future__ import annotations

import errno
import os
import sqlite3

from clearpoint.lowlevel.files import FILE_MODE, make_folder, read_bytes, write_atomically
from clearpoint.store.layout import SEARCH_INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple

    from clearpoint.search.passages import Kind
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

FILE = SEARCH_INDEX
VERSION = 3
"""Of the tables and of what is put into them; its file has it in its name."""
BUSY_S = 5.0
CACHE_KB = 64_000
SCHEMA = """
CREATE TABLE sources(
  id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, session TEXT NOT NULL, project TEXT NOT NULL,
  key TEXT NOT NULL, size INTEGER NOT NULL, changed REAL NOT NULL, reached INTEGER NOT NULL,
  mark TEXT NOT NULL, turns INTEGER NOT NULL, masked_by TEXT NOT NULL);
CREATE INDEX sources_session ON sources(session);
CREATE INDEX sources_changed ON sources(changed);
CREATE TABLE folders(path TEXT PRIMARY KEY, changed INTEGER NOT NULL) WITHOUT ROWID;
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
INSERT INTO counts VALUES ('dead', 0), ('looked', 0);
"""


CHECKED = ".checked"
"""Behind the name of the file: what it was when its pages were last found whole."""
SUFFIXES = ("", "-wal", "-shm", CHECKED)
"""Of the names of its files."""
CHECKED_BYTES = 200
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


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
    """The index in a folder; raises sqlite3.DatabaseError where the file is damaged.

    Where nothing can be written, what is there is read as it is.
    """

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, FILE)
        self.is_fixed = False
        try:
            make_folder(folder)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, FILE_MODE))
        except OSError as error:
            if error.errno not in READ_ONLY or not os.path.exists(self.path):
                raise
            self.is_fixed = True
        self.file = os.stat(self.path)
        place = f"file:{quoted(self.path)}?immutable=1" if self.is_fixed else self.path
        self.db = sqlite3.connect(place, timeout=BUSY_S, isolation_level=None, uri=self.is_fixed)
        try:
            self._prepare()
        except (sqlite3.DatabaseError, OSError):
            self.db.close()
            raise

    def _prepare(self) -> None:
        if not self.is_fixed:
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        if self.is_fixed:
            raise OSError(errno.EROFS, "there is no index, and none can be written", self.path)
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

    def sources(self, narrowed: str = "", *given: object) -> dict[str, Source]:
        """What is indexed, by path; `narrowed` is what follows the table in SQL."""
        rows = self.db.execute(f"SELECT * FROM sources {narrowed}", given)  # noqa: S608
        return {row[1]: Source(*row) for row in rows}

    def count(self, name: str) -> int:
        """A number that is kept: passages that are `dead`, when all files were `looked` at."""
        (number,) = self.db.execute("SELECT number FROM counts WHERE name = ?", (name,)).fetchone()
        return int(number)

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
        self.db.execute(
            "UPDATE counts SET number = number + ? WHERE name = 'dead'", (cursor.rowcount,)
        )
        self.db.execute("DELETE FROM touches WHERE source = ?", (source.id,))
        self.db.execute("DELETE FROM sources WHERE id = ?", (source.id,))

    def check(self) -> None:
        """Raise DatabaseError if pages are damaged; pages as they were checked are not."""
        status = os.stat(self.path)
        now = f"{status.st_ino} {status.st_size} {status.st_mtime_ns}".encode()
        try:
            if read_bytes(self.path + CHECKED, CHECKED_BYTES) == now:
                return
        except OSError:
            pass  # never checked
        (told,) = self.db.execute("PRAGMA quick_check(1)").fetchone()
        if told != "ok":
            raise sqlite3.DatabaseError(told)
        if not self.is_fixed:
            write_atomically(self.path + CHECKED, now)

    def is_mostly_dead(self) -> bool:
        """Whether more passages are dead than alive."""
        (last,) = self.db.execute("SELECT coalesce(max(id), 0) FROM words_docsize").fetchone()
        return bool(2 * self.count("dead") > last)


def quoted(path: str) -> str:
    """A path as it stands in an address of SQLite's."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def remove(folder: str) -> None:
    """Delete the index's files; those that are not there are fine."""
    for suffix in SUFFIXES:
        try:
            os.unlink(os.path.join(folder, FILE + suffix))
        except FileNotFoundError:
            continue
