"""A long answer in part: its first and closing paragraphs, its options, what is open. Pure.

What is left out is marked by `…`; nothing that was apart in the answer stands side by side.
"""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.text.passages import is_open, label, leads_in, passages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from clearpoint.text.passages import Passage

GAP = "…"
LONG_LINE_CHARS = 300
"""A longer line of prose is taken by its sentences."""
ENDLESS_CHARS = 900
"""A longer sentence is taken by the parts of this size."""
SHORT_CLOSING_CHARS = 240
"""A shorter closing paragraph comes with the one before it."""
CLOSING = 0.6
"""The share of the room that the closing paragraph may take."""


class Piece:
    """A line, or one sentence of a long line."""

    __slots__ = ("line", "size", "text")

    def __init__(self, line: int, text: str, size: int) -> None:
        self.line = line
        self.text = text
        self.size = size


def excerpt(
    text: str, room: int, measure: Callable[[str], int], *, opens: bool = False
) -> tuple[list[str], bool]:
    """The lines of a text within this many tokens, and whether that is all of it.

    Of an answer the closing paragraph counts most, of a prompt (`opens`) the first.
    """
    lines = text.strip("\n").rstrip().splitlines()
    if measure(text) <= room:
        return lines, True
    pieces = [
        Piece(number, part, measure(part) + 1)
        for number, line in enumerate(lines)
        for part in _parts_of(line)
    ]
    chosen = _chosen(lines, pieces, room, opens=opens)
    return list(_rendered(pieces, chosen)), len(chosen) == len(pieces)


def _parts_of(line: str) -> list[str]:
    if len(line) <= LONG_LINE_CHARS:
        return [line]
    return [piece for part in sentences.split(line) for piece in _pieces_of(part)]


def _pieces_of(sentence: str) -> list[str]:
    """An endless sentence in parts, any other as it is."""
    if len(sentence) <= ENDLESS_CHARS:
        return [sentence]
    from textwrap import wrap  # it imports re, for what is rare

    return wrap(sentence, ENDLESS_CHARS)


def _chosen(lines: Sequence[str], pieces: Sequence[Piece], room: int, *, opens: bool) -> set[int]:
    """The numbers of the pieces that are kept."""
    found = passages(lines)
    by_line: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        by_line.setdefault(piece.line, []).append(number)
    chosen: set[int] = set()
    left = room
    ordered = list(_by_worth(lines, found))
    if opens:
        ordered.insert(0, (list(range(found[0].start, _opening_end(found))), False, CLOSING))
    for wanted, from_end, share in ordered:
        numbers = [number for line in wanted for number in by_line.get(line, ())]
        new = [number for number in numbers if number not in chosen]
        limit = min(left, int(room * share))
        taken = _fitting(new[::-1] if from_end else new, pieces, limit, is_partial=share < 1)
        chosen.update(taken)
        left -= sum(pieces[number].size for number in taken)
    return chosen


def _opening_end(found: Sequence[Passage]) -> int:
    """The line after the first passage that is no heading: a heading alone says nothing."""
    return next((one.end for one in found if not one.is_heading), found[-1].end)


def _fitting(
    numbers: Sequence[int], pieces: Sequence[Piece], limit: int, *, is_partial: bool
) -> list[int]:
    """All of the pieces if they fit; else, where a part is of use, the first that do."""
    if sum(pieces[number].size for number in numbers) <= limit:
        return list(numbers)
    taken: list[int] = []
    for number in numbers if is_partial else ():
        limit -= pieces[number].size
        if limit < 0:
            break
        taken.append(number)
    return taken


def _by_worth(
    lines: Sequence[str], found: Sequence[Passage]
) -> Iterator[tuple[list[int], bool, float]]:
    """Lines that belong together, the worthiest first; whether their end counts; their share."""
    texts = ["\n".join(lines[one.start : one.end]) for one in found]
    last = len(found) - 1
    yield _with_lead(lines, found, last), True, CLOSING
    if last > 0 and len(texts[last]) < SHORT_CLOSING_CHARS:
        yield _with_lead(lines, found, last - 1), True, CLOSING / 2
    yield [line for one in found if not one.is_code for line in _labelled(lines, one)], False, 0.9
    yield list(range(found[0].start, found[0].end)), False, CLOSING / 2
    prose = [number for number in range(last, -1, -1) if not found[number].is_code]
    for number in prose:
        if is_open(texts[number]):
            yield _with_lead(lines, found, number), False, 1.0
    code = [number for number in range(last, -1, -1) if found[number].is_code]
    for number in (*prose, *code):
        yield _with_lead(lines, found, number), False, 1.0
    for number in (*prose, *code):
        yield _in_part(found[number]), False, 0.99


def _labelled(lines: Sequence[str], one: Passage) -> list[int]:
    return [number for number in range(one.start, one.end) if label(lines[number])]


def _in_part(one: Passage) -> list[int]:
    """The lines of a passage in the order in which a part of it needs them: fences first."""
    within = list(range(one.start, one.end))
    return [*within[:1], *within[:0:-1][:1], *within[1:-1]] if one.is_code else within


def _with_lead(lines: Sequence[str], found: Sequence[Passage], number: int) -> list[int]:
    """The lines of a passage, with the heading or the sentence that leads into it."""
    first = number
    while first > 0 and leads_in(lines[found[first - 1].end - 1]) and number - first < 2:
        first -= 1
    return [line for one in found[first : number + 1] for line in range(one.start, one.end)]


def _rendered(pieces: Sequence[Piece], chosen: set[int]) -> Iterator[str]:
    """The chosen pieces as lines, with a mark for each gap but blank lines."""
    line: list[str] = []
    before = -1
    at = -1
    for number in sorted(chosen):
        piece = pieces[number]
        is_gap = any(pieces[one].text.strip() for one in range(before + 1, number))
        if piece.line != at and line:
            yield " ".join(line)
            line = []
        if is_gap:
            if piece.line == at:
                line.append(GAP)
            else:
                yield GAP
        elif piece.line > at + 1 and before >= 0:
            yield ""
        line.append(piece.text)
        before, at = number, piece.line
    if line:
        yield " ".join(line)
    if any(one.text.strip() for one in pieces[before + 1 :]):
        yield GAP
