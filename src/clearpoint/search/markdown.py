"""Passages of an archive: what is left to search once the client has deleted a transcript.

An archive is Markdown of our own: a heading for each change of speaker, a line for each call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.search.passages import PASSAGE_CHARS, Passage, Piece
from clearpoint.session.archive import CLAUDE_HEADINGS, HEADINGS, USER_HEADINGS
from clearpoint.text.units import is_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.transcript.reader import Transcript

STARTS = tuple(heading.encode() for heading in HEADINGS)
USER_STARTS = tuple(heading.encode() for heading in USER_HEADINGS)
CHUNK_BYTES = 4_000
"""A long answer is indexed in pieces that end with a paragraph."""


def pieces(archive: Transcript) -> Iterator[Piece]:
    """The stretches of an archive, each of one speaker."""
    cursor, start = archive.cursor, archive.cursor["offset"]
    held: list[bytes] = []
    at = None
    for line in archive.lines():
        is_heading = line.startswith(STARTS)
        size = cursor["offset"] - len(line) - 1 - start
        is_prompt = bool(held) and held[0].startswith(USER_STARTS)
        if held and (is_heading or (size > CHUNK_BYTES and not line and not is_prompt)):
            yield Piece(start, size, at, passages(b"\n".join(held).decode("utf-8", "replace")), [])
            held, start = [], start + size
        if line.startswith(USER_STARTS):
            at = line.decode("utf-8", "replace").rpartition(", ")[2].strip()
        held.append(line)
    size = cursor["offset"] - start
    if held:
        yield Piece(start, size, at, passages(b"\n".join(held).decode("utf-8", "replace")), [])


def passages(text: str) -> list[Passage]:
    """The passages in such a stretch."""
    head, _, rest = text.partition("\n")
    if head.startswith(USER_HEADINGS):
        return kept(Passage("prompt", rest.strip(), 0))
    lines = (rest if head.startswith(CLAUDE_HEADINGS) else text).splitlines()
    said = "\n".join(one for one in lines if not is_call(one))
    called = "\n".join(one for one in lines if is_call(one))
    return kept(Passage("answer", said.strip(), 0), Passage("command", called, 1))


def kept(*found: Passage) -> list[Passage]:
    """Those with any text, each cut to the length of a passage."""
    return [one._replace(text=one.text[:PASSAGE_CHARS]) for one in found if one.text]
