"""Automatic compaction at a size of the user's choice, through the client's own setting. Pure.

The client compacts at `autoCompactWindow` less what it keeps for an answer and as a margin, on
models that do not compact by themselves too. Source: measured on Claude Code 2.1.329 to 2.1.332.
"""

from __future__ import annotations

from clearpoint.budget.levels import budget_tokens, thresholds_for
from clearpoint.budget.window import COMPACTION_MARGIN_TOKENS, OUTPUT_RESERVE_TOKENS
from clearpoint.client.settings import WINDOW
from clearpoint.install.own_values import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import BudgetConfig

FEATURE = "autopilot"
KEPT_TOKENS = OUTPUT_RESERVE_TOKENS + COMPACTION_MARGIN_TOKENS
LEAST_TOKENS = 50_000
"""Below this a session would be compacted again and again for what it begins with."""
MOST_TOKENS = 1_000_000 - KEPT_TOKENS
ROOM_TOKENS = 50_000
"""What must fit between the beginning of a session and its compaction, or every turn compacts."""


def window_for(point: int) -> int:
    """The client's setting that has it compact at this use, in tokens."""
    return point + KEPT_TOKENS


def point_of(window: int) -> int:
    """Where the client compacts with this setting."""
    return window - KEPT_TOKENS


def with_room(point: int, begins: int) -> int:
    """The point, or the least one that leaves room for work in sessions that begin so large."""
    return max(point, -(-(begins + ROOM_TOKENS) // 1_000) * 1_000)


def critical_point(config: BudgetConfig, window: int = 1_000_000) -> int:
    """Where the budget's critical level begins in a window of this size."""
    limit = budget_tokens(config, window)
    return round(limit * thresholds_for(config, limit)["critical"] / 100)


def edits(point: int) -> list[Edit]:
    """The change to the client's settings."""
    return [Edit((WINDOW,), window_for(point))]
