"""Numbers and spans of time as people say them. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.lowlevel.clock import DAY_S, HOUR_S, MINUTE_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State


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


def fullness(state: State, form: str = "{used} of {total} tokens ({percent} %)") -> str:
    """`~152k of 200k tokens (76 %)`."""
    window = state["context_window"]
    mark = "~" if window["estimated"] else ""
    percent = 100 * window["projected"] / max(1, window["total"])
    return form.format(
        used=mark + short(window["projected"]),
        total=short(window["total"]),
        percent=f"{percent:.0f}",
    )


def short(tokens: int) -> str:
    """`84k`, `1M`, `950`."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.3g}M"
    return f"{round(tokens / 1_000)}k" if tokens >= 1_000 else str(tokens)
