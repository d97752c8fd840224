"""Transcripts: bytes to entries, from a cursor, whatever their size and state.

A transcript is one JSON object per line, append-only in theory. In practice the last line may be
torn, two objects may be glued on one line (behind a torn one even), a crash may leave a run of
zero bytes, and the file may be replaced; all of it is handled here, so that the folds see entries
and nothing else. Source: the client's own files.
"""

from __future__ import annotations

import os
import time
import zlib

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import open_regular
from clearpoint.transcript import decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from clearpoint.models.usage import Cursor
    from clearpoint.transcript.entry import Entry

CHUNK_BYTES = 1 << 20
BACKLOG_BYTES = 2 << 20
"""Beyond this much unread transcript the fast decoder pays for its import."""
LINE_LIMIT_BYTES = 64 << 20
"""A longer line is passed over and counted: nothing that reaches the model is this long."""
NEWEST_BYTES = 4 << 20
"""So much of a transcript's end is its newest lines."""
MARK_BYTES = 1_024
HEAD_BYTES = 800
KIND_CHARS = 40
KINDS_LIMIT = 32
GLUED_LIMIT = 1_000
"""Objects that are looked for on one line: the client glues two at most."""
USED_KINDS = frozenset(("user", "assistant", "system", "attachment", "queue-operation"))
CHAINED = b'{"parentUuid"'
"""What the client begins entries of the conversation with; unescaped, so never inside a text."""


class Transcript:
    """One transcript, read from where the cursor stands; the cursor moves along.

    `fresh` tells that the cursor did not fit the file any more (truncated, rotated, replaced) or
    was none: everything derived from earlier entries must be derived again. After `within_s`
    seconds reading stops, and `behind` tells so; another reader goes on from the cursor. The same
    once the processor's time is `processor_end`, where that is set.
    Raises OSError if there is no regular file to read.
    """

    def __init__(self, path: str, cursor: Cursor | None, *, within_s: float | None = None) -> None:
        self.end = None if within_s is None else time.monotonic() + within_s
        self.processor_end: float | None = None
        self.behind = False
        self.descriptor = open_regular(path, os.O_RDONLY, follow=True)
        self.size = os.fstat(self.descriptor).st_size
        fits = cursor is not None and is_moved_from(path, cursor["path"]) and self._is_at(cursor)
        self.fresh = not fits
        self.cursor: Cursor = cursor if cursor is not None and fits else new_cursor(path)
        self.cursor["path"] = path

    def _is_at(self, cursor: Cursor) -> bool:
        """Whether the file is the one that the cursor was moved along, only longer."""
        return cursor["offset"] <= self.size and cursor["mark"] == self._mark(cursor["offset"])

    def _mark(self, offset: int) -> str:
        """What tells this file up to the offset from others: its first bytes and its last."""
        length = min(offset, MARK_BYTES)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        head = os.read(self.descriptor, length)
        os.lseek(self.descriptor, offset - length, os.SEEK_SET)
        return f"{zlib.crc32(os.read(self.descriptor, length), zlib.crc32(head)):08x}"

    @property
    def unread(self) -> int:
        """Bytes behind the cursor when the file was opened."""
        return self.size - self.cursor["offset"]

    def skip_to_newest(self) -> bool:
        """Move the cursor to the newest lines; tell whether they begin behind it.

        It stands at the beginning of a line then, the one that the newest bytes begin in.
        """
        cursor = self.cursor
        place = self.size - NEWEST_BYTES
        while place > cursor["offset"]:
            start = max(cursor["offset"], place - CHUNK_BYTES)
            os.lseek(self.descriptor, start, os.SEEK_SET)
            end = os.read(self.descriptor, place - start).rfind(b"\n")
            if end >= 0:
                cursor["offset"] = start + end + 1
                cursor["mark"] = self._mark(cursor["offset"])
                return True
            place = start
        return False

    def _is_over(self) -> bool:
        """Whether the time to read is over."""
        if self.processor_end is not None and time.process_time() > self.processor_end:
            return True
        return self.end is not None and time.monotonic() > self.end

    def lines(self) -> Iterator[bytes]:
        """The complete lines after the cursor; a torn last one stays for the next time."""
        cursor = self.cursor
        os.lseek(self.descriptor, cursor["offset"], os.SEEK_SET)
        held: list[bytes] = []
        length = kept = 0
        start = cursor["offset"]
        while chunk := os.read(self.descriptor, CHUNK_BYTES):
            if self.end and cursor["offset"] > start and self._is_over():
                self.behind = True
                break
            *complete, tail = chunk.split(b"\n")
            for part in complete:
                if self.end and cursor["offset"] > start and self._is_over():
                    self.behind = True
                    cursor["mark"] = self._mark(cursor["offset"])
                    return
                cursor["offset"] += length + len(part) + 1
                cursor["line"] += 1
                if kept + len(part) > LINE_LIMIT_BYTES:
                    count(cursor, "oversized")
                else:
                    yield b"".join([*held, part]) if held else part
                held, length, kept = [], 0, 0
            length += len(tail)
            if kept == 0 and tail[:1] == b"\0":
                tail = b"" if tail == bytes(len(tail)) else tail.lstrip(b"\0")
            kept += len(tail)
            held = [*held, tail] if tail and kept <= LINE_LIMIT_BYTES else []
        cursor["mark"] = self._mark(cursor["offset"])

    def entries(
        self,
        decode: Callable[[bytes], Entry] | None = None,
        passes_over: Callable[[bytes], bool] | None = None,
    ) -> Iterator[Entry]:
        """The entries behind the cursor that can matter; the others are counted by kind.

        Without a decoder, a long backlog is read by the fast one, and all else by our own.
        `passes_over` tells of a line that nobody needs to decode.
        """
        if decode is None:
            decode = self._decoder()
        for line in self.lines():
            if passes_over is not None and passes_over(line):
                continue
            kind = kind_at_head(line)
            if kind is not None and kind not in USED_KINDS and line.find(CHAINED, 1) < 0:
                count(self.cursor, kind)
                continue
            for entry in self._read(line, decode):
                kind = entry.get("type", "malformed")
                if kind in USED_KINDS:
                    yield entry
                else:
                    count(self.cursor, kind)

    def _decoder(self) -> Callable[[bytes], Entry]:
        if self.unread <= BACKLOG_BYTES:
            return decoder.decode
        from clearpoint.transcript.fast_decoder import decode

        return decode

    def _read(self, line: bytes, decode: Callable[[bytes], Entry]) -> Iterable[Entry]:
        try:
            return (decode(line),)
        except ValueError:
            return self._glued(line)

    def _glued(self, line: bytes) -> Iterator[Entry]:
        """The objects of a line that is not one object."""
        text = line.decode("utf-8", "replace").strip(fast_json.SPACE + "\0")
        end = 0
        for _ in range(GLUED_LIMIT):
            end = fast_json.after_space(text, end)
            if end >= len(text):
                return
            try:
                value, end = fast_json.scan(text, end)
                yield decoder.entry(value)
            except fast_json.MalformedJSONError:
                count(self.cursor, "malformed")
                end = whole_tail(text, end)
        count(self.cursor, "malformed")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.descriptor)


def whole_tail(text: str, start: int) -> int:
    """Where behind `start` an object begins that ends with the text; the text's end if nowhere.

    A process that is killed while it writes leaves a torn object, which the next one is glued to.
    """
    for _ in range(GLUED_LIMIT):
        start = text.find('{"', start + 1)
        if start < 0:
            break
        try:
            if fast_json.scan(text, start)[1] == len(text):
                return start
        except fast_json.MalformedJSONError:
            continue
    return len(text)


def is_moved_from(path: str, earlier: str) -> bool:
    """Whether a transcript may be the one that stood in another folder: it is of one session.

    The client moves it into the main checkout's folder when it removes a worktree.
    """
    return bool(earlier) and os.path.basename(path) == os.path.basename(earlier)


def new_cursor(path: str) -> Cursor:
    """A cursor at the beginning of a transcript."""
    return {"path": path, "offset": 0, "line": 0, "mark": f"{0:08x}", "skipped": {}}


def count(cursor: Cursor, kind: str) -> None:
    """Count one line that was passed over."""
    skipped = cursor["skipped"]
    kind = kind[:KIND_CHARS]
    if kind in skipped or len(skipped) < KINDS_LIMIT:
        skipped[kind] = skipped.get(kind, 0) + 1


def kind_at_head(line: bytes) -> str | None:
    """The entry's type, where it can be told without parsing; None if it cannot.

    Before the first nested object every `"type":"` is the entry's own: inside a string the quotes
    would be escaped.
    """
    place = line.find(b'"type":"', 0, HEAD_BYTES)
    if place < 0 or line.find(b"{", 1, place) >= 0 or line[:1] != b"{":
        return None
    kind, quote, _ = line[place + 8 : place + 8 + KIND_CHARS].partition(b'"')
    return kind.decode("ascii", "replace") if quote else None
