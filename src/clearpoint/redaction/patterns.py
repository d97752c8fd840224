"""Patterns, compiled when a text first has a word that they need: compiling all costs a second hook.

Pure, but for the cache.
"""

from __future__ import annotations

import re

_made: dict[str, re.Pattern[str]] = {}
_hinted: dict[str, list[tuple[str, str]]] = {}
"""The alternatives of a pattern, each with its hint."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once it is needed."""
    if pattern not in _made:
        _made[pattern] = re.compile(pattern)
    return _made[pattern]


def those_in(alternatives: str, low: str) -> str:
    """Of the alternatives of a pattern those that a text in small letters can have."""
    if alternatives not in _hinted:
        _hinted[alternatives] = [(one, hint_of(one)) for one in alternatives.split("|")]
    return "|".join([one for one, hint in _hinted[alternatives] if hint in low])


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
