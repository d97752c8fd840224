"""Whether a diet has helped: the next session's first request against the one before. Pure."""

from __future__ import annotations

from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.diet.first_request import FirstRequest
    from clearpoint.models.state import DietTrial

CLOSE_PERCENT = 2
"""A difference below this is none."""


def standing(first: FirstRequest) -> int:
    """What every session begins with: the first request without its prompt."""
    return sum(part.tokens for part in first.parts)


def is_comparable(first: FirstRequest, trial: DietTrial) -> bool:
    """Whether this session lists what the one before the diet listed: same model, same way."""
    return (first.model, first.is_attended) == (trial["model"], trial["attended"])


def verdict(first: FirstRequest, trial: DietTrial, said: Mapping[str, str]) -> str:
    """What the diet has changed, in the words of the catalogue `said`."""
    before, after = trial["tokens"], standing(first)
    percent = 100 * (after - before) / max(1, before)
    which = "diet_larger" if percent > CLOSE_PERCENT else "diet_nothing"
    if percent < -CLOSE_PERCENT:
        which = "diet_works"
    sizes = {"begins": short(before), "left": short(after), "percent": f"{percent:+.0f}"}
    return said[which].format(**sizes)
