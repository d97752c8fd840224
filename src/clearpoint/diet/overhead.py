"""That every session begins heavy: how heavy, with what, and how to shrink it. Pure."""

from __future__ import annotations

from clearpoint.diet.verdict import standing
from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.diet.first_request import FirstRequest

OVERHEAD = "overhead"
"""How the note is known among what is named once in a project."""
NAMED = 3


def overhead(first: FirstRequest, limit: int, said: str) -> str:
    """One line, in the words `said`, where a session begins with more tokens; otherwise empty."""
    whole = standing(first)
    if whole <= limit:
        return ""
    named = [part for part in first.parts if part.name][:NAMED]
    largest = ", ".join(f"{part.name} {short(part.tokens)}" for part in named)
    return said.format(begins=short(whole), parts=largest)
