"""Times as they are written: UTC, ISO 8601, to the second."""

from __future__ import annotations

import time

MINUTE_S = 60.0
HOUR_S = 3_600.0
DAY_S = 86_400.0
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FEBRUARY = 2
LEAP_SECOND = 60
BEFORE_1970 = 719_469
"""Days of the calendar before 1970."""


def now_text(now: float | None = None) -> str:
    """`2026-01-31T12:00:00Z` of a time in seconds, or of this moment."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def seconds_of(text: str | None) -> float | None:
    """The time in seconds of such a text (fractions are dropped), None if it is none."""
    found = (text or "")[:19]
    parts = found[:4], found[5:7], found[8:10], found[11:13], found[14:16], found[17:]
    signs = found[4:5] + found[7:8] + found[10:11] + found[13:14] + found[16:17]
    if signs != "--T::" or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day, hour, minute, second = map(int, parts)
    if not (year and 1 <= month <= 12 and 1 <= day <= days_in(year, month)):
        return None
    if hour > 23 or minute > 59 or second > LEAP_SECOND:
        return None
    return days_since_1970(year, month, day) * DAY_S + hour * HOUR_S + minute * MINUTE_S + second


def days_in(year: int, month: int) -> int:
    """The days of a month."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == FEBRUARY and is_leap else MONTHS[month - 1]


def days_since_1970(year: int, month: int, day: int) -> int:
    """The days from the beginning of 1970 to a date; the year is taken to begin with March."""
    year -= month <= FEBRUARY
    of_years = 365 * year + year // 4 - year // 100 + year // 400
    of_months = (153 * ((month + 9) % 12) + 2) // 5
    return of_years + of_months + day - BEFORE_1970
