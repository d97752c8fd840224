"""Token counts that a program measured itself, taken over into a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.lowlevel.clock import now_text
from clearpoint.session import manual_edits

if TYPE_CHECKING:
    from clearpoint.models.state import Level
    from clearpoint.session.stored import StoredSession

GIVEN = "given by the program"
"""The source of a window that a program has given."""


def take(kept: StoredSession, used: int, window: int | None) -> tuple[Level, Level]:
    """Take over the size of the context; return the level before and the one reached.

    A window that was given once stays. Raises ValueError for numbers that cannot be.
    """
    _refuse_none("used", used, 0)
    if window is not None:
        _refuse_none("window", window, 1)
    with kept.locked() as (update, state):
        level, before = state["budget"]["level"], state["context_window"]
        remembered = before["total"] if before["source"] == GIVEN else 0
        manual_edits.take_usage(state["usage"], used, now_text())
        if size := window or remembered:
            settings = update.config["budget"]
            update.config = {**update.config, "budget": {**settings, "window": size}}
        update.judge(state)
        if size:
            state["context_window"]["source"] = GIVEN
        kept.write(update, state)
    return level, state["budget"]["level"]


def _refuse_none(name: str, tokens: int, least: int) -> None:
    if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < least:
        raise ValueError(f"{name} must be at least {least} tokens, not {tokens!r}")
