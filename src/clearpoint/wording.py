"""Numbers and spans of time as people say them. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.clock import DAY_S, HOUR_S, MINUTE_S

SPANS = ((DAY_S, "day"), (HOUR_S, "hour"), (MINUTE_S, "minute"))


def counted(number: int, what: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def span(seconds: float) -> str:
    """`3 minutes`, `2 days`: the largest unit that fits."""
    for length, name in SPANS:
        if seconds >= length:
            return counted(int(seconds // length), name)
    return "moments"
