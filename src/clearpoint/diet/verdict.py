"""Whether a diet has helped: the next session's first request against the one before. Pure."""

from __future__ import annotations

from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def verdict(first: FirstRequest, trial: DietTrial) -> str:
    """One line for the user on what the diet has changed."""
    before, after = trial["tokens"], standing(first)
    percent = 100 * (after - before) / max(1, before)
    sizes = f"from {short(before)} to {short(after)} tokens"
    if percent > CLOSE_PERCENT:
        return (
            f"The diet made the first request larger: {sizes} (+{percent:.0f}%).\n"
            "Run `clearpoint diet --undo` to restore your settings."
        )
    if percent < -CLOSE_PERCENT:
        return f"The diet works: the first request went {sizes} ({percent:.0f}%)."
    return (
        f"The diet made almost no difference: the first request went {sizes}.\n"
        "Run `clearpoint diet --undo` to restore your settings."
    )
