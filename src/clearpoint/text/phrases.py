"""Numbers and spans of time as people say them. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.lowlevel.clock import DAY_S, HOUR_S, MINUTE_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State


SPANS = ((DAY_S, "day"), (HOUR_S, "hour"), (MINUTE_S, "minute"))


def printable(text: str) -> str:
    """The text with `?` for what a terminal would take as a command."""
    return "".join(char if char.isprintable() else "?" for char in text)


def counted(number: int, what: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def span(seconds: float) -> str:
    """`3 minutes`, `2 days`: the largest unit that fits."""
    for length, name in SPANS:
        if seconds >= length:
            return counted(int(seconds // length), name)
    return "moments"


def ago(seconds: float) -> str:
    """`3 minutes ago`."""
    return f"{span(seconds)} ago" if seconds >= MINUTE_S else "just now"


def fullness(
    state: State,
    within: str = "{used} of your {budget} budget (window {total})",
    over: str = "{used}, over your {budget} budget (window {total})",
    whole: str = "{used} of your {total} window ({percent}%)",
) -> str:
    """`~152k of your 200k budget (window 1M)`; where the budget is the window, of that."""
    window, budget = state["context_window"], state["budget"]["tokens"]
    used, total = window["projected"], window["total"]
    form = whole if not 0 < budget < total else within if used <= budget else over
    return form.format(
        used=("~" if window["estimated"] else "") + short(used),
        budget=short(budget),
        total=short(total),
        percent=f"{100 * used / max(1, total):.0f}",
    )


def short(tokens: int) -> str:
    """`84k`, `1M`, `950`."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.3g}M"
    return f"{round(tokens / 1_000)}k" if tokens >= 1_000 else str(tokens)
