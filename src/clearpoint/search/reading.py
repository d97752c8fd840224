"""Reading files for the index: what is new in a transcript or an archive, masked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from clearpoint.redaction.prefilter import masked
from clearpoint.redaction.rules import rules
from clearpoint.search.index import Row, Source, Taken
from clearpoint.search.passages import SPOKEN
from clearpoint.search.sources import ARCHIVE, pieces
from clearpoint.search.words import code_in, indexed
from clearpoint.transcript.reader import Transcript, new_cursor

if TYPE_CHECKING:
    from clearpoint.history.transcripts import Found
    from clearpoint.models.usage import Cursor
    from clearpoint.search.passages import Piece
    from clearpoint.search.refresh import Whose

__all__ = ["ARCHIVE", "taken_from"]


def taken_from(
    found: Found, whose: Whose, known: Source | None, turns: dict[str, int]
) -> Taken | None:
    """What a file holds beyond what is known of it; None if it cannot be read.

    `turns` counts those of a session over its archives. The source has no number where the file
    is new, or is another one under the same name.
    """
    try:
        transcript = Transcript(found.path, cursor_of(known) if known else None)
    except OSError:
        return None
    try:
        if transcript.fresh:
            known = None
        first = known.turns if known else turns.get(found.session_id, 0)
        taken = Taken(source_of(found, whose, known), [], [])
        last = first
        for piece in pieces(transcript):
            last = take(piece, last, taken)
        turns[found.session_id] = last
        cursor = transcript.cursor
        source = taken.source._replace(reached=cursor["offset"], mark=cursor["mark"], turns=last)
        return taken._replace(source=source)
    finally:
        transcript.close()


def take(piece: Piece, turn: int, into: Taken) -> int:
    """Take the passages of a stretch; return the turn that it ends in."""
    at = seconds(piece.timestamp)
    for passage in piece.passages:
        turn += passage.kind == "prompt"
        text = masked(passage.text)
        code = code_in(text) if passage.kind in SPOKEN else text
        place = (turn, passage.kind, at, piece.start, piece.length, passage.part)
        into.rows.append(Row(*place, text != passage.text, indexed(text), code))
    into.touches.extend((path, turn) for path in piece.touched)
    return turn


def source_of(found: Found, whose: Whose, known: Source | None) -> Source:
    """A file as the index notes it, before it is read."""
    number = known.id if known else 0
    masked_by = rules() if known is None or known.masked_by == rules() else ""
    return Source(
        number, found.path, found.session_id, *whose,
        found.bytes, found.changed, 0, "", 0, masked_by,
    )  # fmt: skip


def cursor_of(source: Source) -> Cursor:
    """Where a transcript is indexed to."""
    return {**new_cursor(source.path), "offset": source.reached, "mark": source.mark}


def seconds(timestamp: str | None) -> int:
    """The time of a line, in seconds; 0 if it does not tell."""
    try:
        return int(datetime.fromisoformat(timestamp or "").timestamp())
    except ValueError:
        return 0
