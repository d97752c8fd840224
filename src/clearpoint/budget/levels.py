"""The token budget: thresholds, levels, available tokens, suggestions. Pure.

The budget is what one wants a context to stay within: 200,000 tokens unless set otherwise, and
never more than the window. Percentages are of the budget. The window and its effective end, where
the client compacts, bound it: critical begins at least one average turn before auto-compaction.
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
"""A turn counts for the levels with at most a tenth of the budget."""
LARGEST_JUMP_TOKENS = 200_000
"""Three times the most that 38 real sessions added between two requests."""
NEVER = 1 << 53
"""Tokens that nothing reaches."""
BUDGET_TOKENS = 200_000
"""The built-in budget, for which the allocation is written."""
WHOLE_WINDOW = "window"
"""The setting that makes the whole window the budget."""

SUGGESTIONS: dict[Level, tuple[str, ...]] = {
    "normal": (),
    "monitor": ("finish the current step, then /clear before the next one",),
    "warning": (
        "/clear at the next natural break; your work state carries over",
        "/compact if you still need the conversation itself",
    ),
    "critical": (
        "/clear now; your work state is saved and carries over",
        "/rewind past large results that you no longer need",
    ),
    "emergency": ("/clear or /compact before your next prompt",),
}


def budget_tokens(config: BudgetConfig, window: int) -> int:
    """The budget in force for a window of this size."""
    wanted = config["tokens"]
    return window if wanted == WHOLE_WINDOW or not wanted else min(int(wanted), window)


def thresholds_for(config: BudgetConfig, tokens: int) -> Thresholds:
    """The thresholds in percent that apply to a budget of this size."""
    return config["large_thresholds" if tokens >= config["large_window"] else "thresholds"]


def level_starts(
    thresholds: Thresholds, window: Window, turn_tokens: int, tokens: int = 0
) -> dict[Level, int]:
    """Tokens at which each level begins, for a turn of that average growth.

    `tokens` is the budget; 0 stands for the whole room in the window. A window that is only
    assumed has no emergency: its end may be elsewhere.
    """
    whole = min(tokens or window.room, window.total)
    starts: dict[Level, int] = {
        "normal": 0,
        "monitor": round(whole * thresholds["monitor"] / 100),
        "warning": round(whole * thresholds["warning"] / 100),
        "critical": round(whole * thresholds["critical"] / 100),
        "emergency": NEVER if window.is_assumed else round(whole * thresholds["emergency"] / 100),
    }
    if window.compaction_at is not None:
        turn = min(turn_tokens or DEFAULT_TURN_TOKENS, whole // LONGEST_TURN_PART)
        _cap(starts, max(1, window.compaction_at - turn))
    return starts


def _cap(starts: dict[Level, int], last: int) -> None:
    """Have critical begin here at the latest, and the lower levels before it."""
    if last < starts["warning"]:  # compaction comes early: the levels move down together
        part = last / starts["critical"]
        starts["warning"] = round(starts["warning"] * part)
        starts["monitor"] = round(starts["monitor"] * part)
    starts["critical"] = min(starts["critical"], last)


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
    return max(0, (window.end - tokens) // turn_tokens)


def plausible(projected: int, used: int, total: int) -> int:
    """The projection, or the most of it that can be true, beyond what is in use.

    The client sends nothing larger than the window, and a single step adds a few tens of
    thousands; what looks like more is content that was taken for text.
    """
    jump = projected - used
    if jump > LARGEST_JUMP_TOKENS or (projected > total and jump > total // 2):
        return min(max(used, total), used + LARGEST_JUMP_TOKENS)
    return projected


def scaled_allocation(config: BudgetConfig, budget: int) -> dict[str, dict[str, int]]:
    """The allocation, which is written for 200,000 tokens, scaled to the budget."""
    return {
        category: {part: tokens * budget // BUDGET_TOKENS for part, tokens in parts.items()}
        for category, parts in config["allocation"].items()
    }
