"""Patterns, compiled when a text first has a word that they need: compiling all costs a second hook.

Pure, but for the cache.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeVar

    Row = TypeVar("Row", bound=tuple[Any, ...])

ODD = frozenset("\u0130\u0131\u017f\u212a\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88")
"""Letters that a pattern takes for others where it ignores the case, and `lower` does not."""
GRAM_CHARS = 3
"""A look for a hint costs twenty times as much as to ask whether it can be there."""
_grams: dict[str, Any] = {}
_made: dict[str, re.Pattern[str]] = {}
_hinted: dict[str, list[tuple[str, str]]] = {}
"""The alternatives of a pattern, each with its hint."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once it is needed."""
    if pattern not in _made:
        _made[pattern] = re.compile(pattern)
    return _made[pattern]


def matches(pattern: str, text: str, low: str) -> Iterator[re.Match[str]]:
    """Where a pattern in small letters stands in whatever case; ask for places, not for words.

    To ignore the case takes several times as long as to look through the small letters.
    """
    if text.isascii() or ODD.isdisjoint(text):
        return compiled(pattern).finditer(low)
    return compiled(f"(?i){pattern}").finditer(text)


def is_there(pattern: str, text: str, low: str) -> bool:
    """Whether a pattern that ignores the case, itself in small letters, can match anywhere."""
    bare = pattern.removeprefix("(?i)")
    return not ODD.isdisjoint(text) or compiled(bare).search(low) is not None


def hinted(rows: Iterable[Row], low: str) -> Iterator[Row]:
    """The rows of a table of which one hint, they stand first, is in a text."""
    grams = grams_of(low)
    for row in rows:
        for hint in row[0]:
            if (hint[:GRAM_CHARS] in grams or len(hint) < GRAM_CHARS) and hint in low:
                yield row
                break


def grams_of(low: str) -> set[str]:
    """All runs of three characters in a text; those of the last one are remembered."""
    if _grams.get("text") is not low:
        _grams["text"] = low
        _grams["grams"] = {low[place : place + GRAM_CHARS] for place in range(len(low) - 2)}
    found: set[str] = _grams["grams"]
    return found


def those_in(alternatives: str, low: str) -> str:
    """Of the alternatives of a pattern those that a text in small letters can have."""
    if alternatives not in _hinted:
        _hinted[alternatives] = [(one, hint_of(one)) for one in alternatives.split("|")]
    grams = grams_of(low)
    return "|".join(
        [
            one
            for one, hint in _hinted[alternatives]
            if (hint[:GRAM_CHARS] in grams or len(hint) < GRAM_CHARS) and hint in low
        ]
    )


def hint_of(alternative: str) -> str:
    """The letters that an alternative begins with for certain: `mot` of `mots? de passe`."""
    for place, char in enumerate(alternative):
        if char in "[(?\\*+{.":
            return alternative[: place - 1 if char in "?*{" else place].lower()
    return alternative.lower()


def writable(alternatives: str, low: str) -> str:
    """Of the alternatives those that an ASCII text can have, where it is one."""
    if not low.isascii():
        return alternatives
    return "|".join(one for one in alternatives.split("|") if one.isascii())
