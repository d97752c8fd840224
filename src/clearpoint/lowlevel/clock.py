"""Times as they are written: UTC, ISO 8601, to the second."""

from __future__ import annotations

import time

MINUTE_S = 60.0
HOUR_S = 3_600.0
DAY_S = 86_400.0


def now_text(now: float | None = None) -> str:
    """`2026-01-31T12:00:00Z` of a time in seconds, or of this moment."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def seconds_of(text: str | None) -> float | None:
    """The time in seconds of such a text (fractions are dropped), None where it is none."""
    import calendar

    try:
        return float(calendar.timegm(time.strptime((text or "")[:19], "%Y-%m-%dT%H:%M:%S")))
    except ValueError:
        return None
