"""Reading passages from the two kinds of files that hold them: transcripts and archives."""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import open_regular
from clearpoint.search import one_line
from clearpoint.search.passages import Passage, Piece, passages, touched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.transcript.reader import Transcript

ARCHIVE = ".md"
LINE_LIMIT_BYTES = 64 << 20


def pieces(transcript: Transcript) -> Iterator[Piece]:
    """What stands behind the cursor of a transcript, or of an archive opened as one."""
    if transcript.cursor["path"].endswith(ARCHIVE):
        from clearpoint.search import markdown  # with all that writes archives: rarely asked for

        yield from markdown.pieces(transcript)
        return
    from clearpoint.search.entries import decode  # for whole transcripts

    cursor = transcript.cursor
    for data in transcript.lines():
        line = decode(data)
        if line is None:
            continue
        found, files = list(passages(line)), list(touched(line))
        if found or files:
            start = cursor["offset"] - len(data) - 1
            yield Piece(start, len(data), line.timestamp, found, files)


def passages_at(path: str, start: int, length: int) -> list[Passage]:
    """The passages in a stretch of a file; none if it is gone."""
    data = stretch(path, start, length)
    if path.endswith(ARCHIVE):
        from clearpoint.search import markdown

        return markdown.passages(data.decode("utf-8", "replace"))
    line = one_line.decode(data)
    return list(passages(line)) if line else []


def text_at(path: str, start: int, length: int, part: int, *, is_clean: bool = False) -> str | None:
    """The text of a passage, masked unless it is known to be clean; None if its file is gone."""
    found = passages_at(path, start, length)
    text = next((one.text for one in found if one.part == part), None)
    if text is None or is_clean:
        return text
    from clearpoint.redaction.prefilter import masked  # with all the names of secrets

    return masked(text)


def stretch(path: str, start: int, length: int) -> bytes:
    """Some bytes of a file; empty if they cannot be read."""
    if length > LINE_LIMIT_BYTES:
        return b""
    try:
        with open(open_regular(path, os.O_RDONLY), "rb", buffering=0) as stream:
            stream.seek(start)
            return stream.read(length)
    except OSError:
        return b""
