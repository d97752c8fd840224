"""Where a clear would have paid, in hindsight. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from clearpoint.report.history import History

RELOAD_TOKENS = 2_000
"""What a new session is given of the one before."""
LEAST_TOKENS = 50_000
"""Less is not worth a word."""
ENDS = ("clear", "compaction", "start")
"""What begins a new context."""


class Verdict(NamedTuple):
    """The offer of a clear that would have saved the most."""

    place: int
    """How many requests were before it."""
    at: float
    tokens: int
    """Input tokens that it would have saved until the next clear or compaction."""


def verdict(history: History, begins: int) -> Verdict | None:
    """The best clear among those that were or would have been offered; None if none saves much.

    A session begins with `begins` tokens, and the reload comes on top.
    """
    ends = sorted({mark.place for mark in history.marks if mark.kind in ENDS})
    found = [
        Verdict(place, history.points[place - 1].at, saved)
        for place in history.offers
        if (saved := saving(history, place, begins, ends)) >= LEAST_TOKENS
    ]
    return max(found, key=lambda one: one.tokens, default=None)


def saving(history: History, place: int, begins: int, ends: list[int]) -> int:
    """Input tokens that a clear behind so many requests would have saved."""
    if not 0 < place <= len(history.points):
        return 0
    until = next((end for end in ends if end >= place), len(history.points))
    carried = history.points[place - 1].tokens - begins - RELOAD_TOKENS
    return max(0, carried) * max(0, until - place)
