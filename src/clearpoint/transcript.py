"""Transcripts: bytes to entries, from a cursor, whatever their size and state.

A transcript is one JSON object per line, append-only in theory. In practice the last line may be
torn, two objects may be glued on one line, and the file may be replaced; all three are handled
here, so that the folds see entries and nothing else. Source: the client's own files.
"""

from __future__ import annotations

import os
import stat

from clearpoint import quickjson

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clearpoint.entries import Entry
    from clearpoint.models import Cursor

CHUNK_BYTES = 1 << 20
LINE_LIMIT_BYTES = 64 << 20
"""A longer line is passed over and counted: nothing that reaches the model is this long."""
MARK_BYTES = 32
HEAD_BYTES = 800
USED_KINDS = frozenset((b"user", b"assistant", b"system", b"attachment"))


class Transcript:
    """One transcript, read from where the cursor stands; the cursor moves along.

    `fresh` tells that the cursor did not fit the file any more (truncated, rotated, replaced) or
    was none: everything derived from earlier entries must be derived again.
    Raises OSError where there is no regular file to read.
    """

    def __init__(self, path: str, cursor: Cursor | None) -> None:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self.descriptor = os.open(path, flags)
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(self.descriptor)
            raise OSError(22, "not a regular file", path)
        self.size = found.st_size
        self.fresh = cursor is None or not self._fits(cursor, found, path)
        self.cursor: Cursor = (
            new_cursor(path, found.st_dev, found.st_ino) if self.fresh or not cursor else cursor
        )

    def _fits(self, cursor: Cursor, found: os.stat_result, path: str) -> bool:
        same = (cursor["path"], cursor["device"], cursor["inode"]) == (
            path,
            found.st_dev,
            found.st_ino,
        )
        return (
            same
            and cursor["offset"] <= found.st_size
            and cursor["mark"] == self._mark(cursor["offset"])
        )

    def _mark(self, offset: int) -> str:
        os.lseek(self.descriptor, max(0, offset - MARK_BYTES), os.SEEK_SET)
        return os.read(self.descriptor, min(offset, MARK_BYTES)).hex()

    @property
    def unread(self) -> int:
        """Bytes behind the cursor when the file was opened."""
        return self.size - self.cursor["offset"]

    def lines(self) -> Iterator[bytes]:
        """The complete lines behind the cursor; a torn last one stays for the next time."""
        cursor = self.cursor
        os.lseek(self.descriptor, cursor["offset"], os.SEEK_SET)
        held: list[bytes] = []
        length = 0
        while chunk := os.read(self.descriptor, CHUNK_BYTES):
            *complete, tail = chunk.split(b"\n")
            for part in complete:
                length += len(part)
                cursor["offset"] += length + 1
                cursor["line"] += 1
                if length > LINE_LIMIT_BYTES:
                    count(cursor, "oversized")
                else:
                    yield b"".join([*held, part]) if held else part
                held, length = [], 0
            length += len(tail)
            held = [*held, tail] if length <= LINE_LIMIT_BYTES else []
        cursor["mark"] = self._mark(cursor["offset"])

    def entries(self, decode: Callable[[bytes], Entry] = quickjson.loads) -> Iterator[Entry]:
        """The entries behind the cursor that can matter; the others are counted by kind."""
        cursor = self.cursor
        for line in self.lines():
            kind = kind_at_head(line)
            if kind is not None and kind not in USED_KINDS:
                count(cursor, kind.decode("ascii", "replace"))
                continue
            try:
                entry = decode(line)
            except ValueError:
                yield from self._glued(line)
                continue
            if isinstance(entry, dict):
                yield entry
            else:
                count(cursor, "malformed")

    def _glued(self, line: bytes) -> Iterator[Entry]:
        """The objects of a line that is not one object."""
        text = line.decode("utf-8", "replace")
        end = 0
        while text[end:].strip():
            try:
                value, end = quickjson.scan(text, end)
            except quickjson.MalformedJSONError:
                count(self.cursor, "malformed")
                return
            if isinstance(value, dict):
                entry: Any = value
                yield entry
            else:
                count(self.cursor, "malformed")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.descriptor)


def new_cursor(path: str, device: int = 0, inode: int = 0) -> Cursor:
    """A cursor at the beginning of a transcript."""
    return {
        "path": path,
        "offset": 0,
        "line": 0,
        "device": device,
        "inode": inode,
        "mark": "",
        "skipped": {},
    }


def count(cursor: Cursor, kind: str) -> None:
    """Count one line that was passed over."""
    skipped = cursor["skipped"]
    if kind in skipped or len(skipped) < MARK_BYTES:
        skipped[kind] = skipped.get(kind, 0) + 1


def kind_at_head(line: bytes) -> bytes | None:
    """The entry's type, where it can be told without parsing; None where it cannot.

    Before the first nested object every `"type":"` is the entry's own: inside a string the quotes
    would be escaped.
    """
    place = line.find(b'"type":"', 0, HEAD_BYTES)
    if place < 0 or line.find(b"{", 1, place) >= 0 or line[:1] != b"{":
        return None
    return line[place + 8 : line.find(b'"', place + 8)]
