"""The token budget: thresholds, levels, available tokens, suggestions. Pure.

Percentages are of the window. Levels are capped by auto-compaction: critical begins at least one
average turn before it, so that it is never the client that decides first.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.budget.window import Window
    from clearpoint.models.config import BudgetConfig, Thresholds
    from clearpoint.models.state import Level

PRESSING = ("critical", "emergency")
"""Levels at which a clear is offered even where it frees little."""


LEVELS: tuple[Level, ...] = ("normal", "monitor", "warning", "critical", "emergency")
DEFAULT_TURN_TOKENS = 2_000
GROWTH_TURNS = 12
GROWTH_TURNS_AT_LEAST = 3
LONGEST_TURN_PART = 10
"""A turn that is taken into account for the levels is at most a tenth of the window."""
ALLOCATION_WINDOW_TOKENS = 200_000

SUGGESTIONS: dict[Level, tuple[str, ...]] = {
    "normal": (),
    "monitor": ("finish the step at hand, then /clear before the next one",),
    "warning": (
        "/clear at the next natural break: the work state is carried across",
        "/compact with what must be kept, where the conversation itself is still needed",
    ),
    "critical": (
        "/clear now: the work state is saved and carried across",
        "rewind past large results that are no longer needed",
    ),
    "emergency": ("/clear or /compact before the next prompt: it may not fit",),
}


def thresholds_for(config: BudgetConfig, window: int) -> Thresholds:
    """The thresholds in percent that apply to a window of this size."""
    return config["large_thresholds" if window >= config["large_window"] else "thresholds"]


def level_starts(thresholds: Thresholds, window: Window, turn_tokens: int) -> dict[Level, int]:
    """Tokens at which each level begins, for a turn of that average growth."""
    starts: dict[Level, int] = {
        "normal": 0,
        "monitor": round(window.total * thresholds["monitor"] / 100),
        "warning": round(window.total * thresholds["warning"] / 100),
        "critical": round(window.total * thresholds["critical"] / 100),
        "emergency": round(window.total * thresholds["emergency"] / 100),
    }
    if window.compaction_at is not None:
        turn = min(turn_tokens or DEFAULT_TURN_TOKENS, window.total // LONGEST_TURN_PART)
        starts["critical"] = max(1, min(starts["critical"], window.compaction_at - turn))
        starts["warning"] = min(starts["warning"], starts["critical"])
        starts["monitor"] = min(starts["monitor"], starts["warning"])
    return starts


def level_of(tokens: int, starts: dict[Level, int]) -> Level:
    """The highest level that has begun."""
    reached: Level = "normal"
    for level in LEVELS:
        if tokens >= starts[level]:
            reached = level
    return reached


def growth_per_turn(growth: list[int]) -> int:
    """Typical growth of a turn in tokens: the median, which one huge read does not move.

    0 until there are enough turns to tell.
    """
    ordered = sorted(growth[-GROWTH_TURNS:])
    if len(ordered) < GROWTH_TURNS_AT_LEAST:
        return 0
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def turns_left(tokens: int, window: Window, turn_tokens: int) -> int | None:
    """Typical turns before auto-compaction, or before the window ends; None if unknown."""
    if turn_tokens <= 0:
        return None
    end = window.compaction_at if window.compaction_at is not None else window.total
    return max(0, (end - tokens) // turn_tokens)


def scaled_allocation(config: BudgetConfig, window: int) -> dict[str, dict[str, int]]:
    """The allocation, which is written for 200,000 tokens, scaled to the window."""
    return {
        category: {
            part: tokens * window // ALLOCATION_WINDOW_TOKENS for part, tokens in parts.items()
        }
        for category, parts in config["allocation"].items()
    }
