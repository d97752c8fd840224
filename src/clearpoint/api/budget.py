"""A token budget as an object, with callbacks at its levels."""

from __future__ import annotations

from clearpoint.budget.levels import (
    BUDGET_TOKENS,
    LEVELS,
    SUGGESTIONS,
    level_of,
    level_starts,
    scaled_allocation,
    thresholds_for,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Thresholds
    from clearpoint.models.state import Level


class Budget:
    """A budget that a program keeps by itself: feed it token counts, get levels and callbacks.

    It is of `tokens` (200,000 by default), and never more than the window.

    >>> budget = Budget(window=200_000)
    >>> budget.on("warning", lambda b: print(b.level, b.available))
    >>> budget.update(151_000)
    warning 49000
    'warning'
    """

    def __init__(
        self,
        window: int = 200_000,
        thresholds: Thresholds | None = None,
        *,
        tokens: int | None = None,
    ) -> None:
        from clearpoint.budget.window import Window
        from clearpoint.config.defaults import DEFAULTS

        if window <= 0:
            raise ValueError(f"the window must be a positive number of tokens, not {window}")
        if tokens is not None and tokens <= 0:
            raise ValueError(f"the budget must be a positive number of tokens, not {tokens}")
        self.window = window
        self.tokens = min(tokens or BUDGET_TOKENS, window)
        self.used = 0
        self.level: Level = "normal"
        self.allocation = scaled_allocation(DEFAULTS["budget"], self.tokens)
        chosen = thresholds or thresholds_for(DEFAULTS["budget"], self.tokens)
        self._starts = level_starts(chosen, Window(window, "given", None), 0, self.tokens)
        self._callbacks: dict[Level, list[Callable[[Budget], object]]] = {}

    @property
    def available(self) -> int:
        """Tokens that are left of the budget, never negative."""
        return max(0, self.tokens - self.used)

    @property
    def percent(self) -> float:
        """Use in percent of the budget."""
        return round(100 * self.used / self.tokens, 1)

    @property
    def suggestions(self) -> list[str]:
        """What helps at this level."""
        return list(SUGGESTIONS[self.level])

    def on(self, level: Level, callback: Callable[[Budget], object]) -> None:
        """Call back each time that the level is newly reached from below."""
        if level not in LEVELS:
            raise ValueError(f"no level {level!r}; the levels are {', '.join(LEVELS)}")
        self._callbacks.setdefault(level, []).append(callback)

    def update(self, used: int) -> Level:
        """Set the tokens in use; call back for each level passed on the way up; give the level."""
        if used < 0:
            raise ValueError(f"tokens in use cannot be negative, as {used} is")
        before = LEVELS.index(self.level)
        self.used = used
        self.level = level_of(used, self._starts)
        for level in LEVELS[before + 1 : LEVELS.index(self.level) + 1]:
            for callback in self._callbacks.get(level, []):
                callback(self)
        return self.level
