"""What the command line of a search asks for, where it has usual options alone.

Anything else is for the whole command, which also says what is wrong with it.
"""

from __future__ import annotations

import time

from clearpoint.lowlevel.clock import DAY_S, HOUR_S
from clearpoint.search.passages import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NamedTuple

    from clearpoint.search.passages import Kind
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

FLAGS = {"--all": "everywhere", "--json": "as_json"}
VALUES = {
    "--project": "project", "--since": "since", "--file": "file", "--kind": "kinds",
    "-n": "limit", "--limit": "limit", "--open": "opening",
}  # fmt: skip
UNITS = {"h": HOUR_S, "d": DAY_S, "w": 7 * DAY_S, "m": 30 * DAY_S, "y": 365 * DAY_S}
SPAN_DIGITS = 5
LIMIT = 10
MOST = 100


class Asked(NamedTuple):
    """The options by what they mean, and the words."""

    words: tuple[str, ...] = ()
    project: str = ""
    everywhere: bool = False
    since: float = 0.0
    file: str = ""
    kinds: tuple[Kind, ...] = ()
    limit: int = LIMIT
    opening: str = ""
    as_json: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.file or self.opening)


def parsed(args: Sequence[str], now: float) -> Asked | None:
    """What is asked for; None if the whole command must look at it."""
    words: list[str] = []
    kinds: list[Kind] = []
    given: dict[str, Any] = {}
    left = iter(args)
    for one in left:
        name = VALUES.get(one)
        if one in FLAGS:
            given[FLAGS[one]] = True
        elif name is None:
            words.append(one)
        elif (value := converted(name, next(left, ""), now)) is None:
            return None
        elif name == "kinds":
            kinds += (kind for kind in KINDS if kind == value)
        else:
            given[name] = value
    if any(not one or one.startswith("-") for one in words):
        return None
    asked = Asked(tuple(words), kinds=tuple(kinds), **given)
    return None if asked.is_empty else asked


def converted(name: str, text: str, now: float) -> str | int | float | None:
    """The value of an option; None for one that is not as usual."""
    if not text or text.startswith("-") or (name == "kinds" and text not in KINDS):
        return None
    if name == "limit":
        is_number = text.isascii() and text.isdigit() and len(text) <= SPAN_DIGITS
        return number if is_number and 1 <= (number := int(text)) <= MOST else None
    if name != "since":
        return text
    try:
        return since(text, now)
    except ValueError:
        return None


def since(text: str, now: float) -> float:
    """The time that `2w` or `2026-01-31` means, in seconds; raises ValueError."""
    number, unit = text[:-1], text[-1:]
    if unit in UNITS and number.isascii() and number.isdigit() and len(number) <= SPAN_DIGITS:
        return now - int(number) * UNITS[unit]
    try:
        return time.mktime(time.strptime(text, "%Y-%m-%d"))
    except OverflowError as error:
        raise ValueError(text) from error
