"""The part of a passage that shows why it was found. Pure."""

from __future__ import annotations

import re

SNIPPET_CHARS = 240
STEM_CHARS = 5
"""Words are found by their stems, so their beginnings tell where."""
LEAD_CHARS = 60


def snippet(text: str, terms: tuple[str, ...], length: int = SNIPPET_CHARS) -> str:
    """The stretch of the text with the most of the terms, on one line."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    places = sorted(found_at(flat, terms))
    if not places:
        return flat[: length - 1] + "…"
    start = max(places, key=lambda one: (worth(places, one[0], length), -one[0]))[0]
    start = max(0, min(start - LEAD_CHARS, len(flat) - length))
    if start:
        start = flat.find(" ", start, start + LEAD_CHARS) + 1 or start
    end = start + length
    shown = flat[start:end]
    return f"{'…' if start else ''}{shown}{'…' if end < len(flat) else ''}"


def found_at(text: str, terms: tuple[str, ...]) -> list[tuple[int, str]]:
    """Where the terms stand, each with the term."""
    low = text.lower()
    return [
        (found.start(), term)
        for term in terms
        if term
        for found in re.finditer(re.escape(term.lower()[: max(STEM_CHARS, len(term) - 3)]), low)
    ]


def worth(places: list[tuple[int, str]], start: int, length: int) -> int:
    """How many different terms stand within a stretch."""
    end = start + length - LEAD_CHARS
    return len({term for place, term in places if start <= place < end})
