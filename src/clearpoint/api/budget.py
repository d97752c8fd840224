"""Budget figures: those of a session, and those that a program keeps by itself."""

from __future__ import annotations

from clearpoint.budget.levels import (
    BUDGET_TOKENS,
    LEVELS,
    NEVER,
    SUGGESTIONS,
    level_of,
    level_starts,
    scaled_allocation,
    thresholds_for,
)
from clearpoint.budget.window import Window
from clearpoint.config.defaults import DEFAULTS
from clearpoint.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from clearpoint.models.config import Thresholds
    from clearpoint.models.state import Level, State

RISING: tuple[Level, ...] = LEVELS[1:]
ALL_PERCENT = 100


class BudgetFigures:
    """A budget and how much of it is used; sizes are tokens.

    `window` is what the model can take, `tokens` the budget within it, `used` what is in use, and
    `projected` what the next request will carry.
    """

    def __init__(self, window: int, tokens: int, thresholds: Thresholds) -> None:
        self.window = window
        self.tokens = tokens
        self.thresholds = thresholds
        self.used = 0
        self.projected = 0
        self.level: Level = "normal"
        self.allocation = scaled_allocation(DEFAULTS["budget"], tokens)
        self.growth_per_turn = 0
        self.turns_left: int | None = None

    @property
    def available(self) -> int:
        """Tokens that are left of the budget, never negative."""
        return max(0, self.tokens - self.used)

    @property
    def percent(self) -> float:
        """Use in percent of the budget."""
        return round(100 * self.used / max(1, self.tokens), 1)

    @property
    def suggestions(self) -> list[str]:
        """What helps at this level."""
        return list(SUGGESTIONS[self.level])

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(tokens={self.tokens}, used={self.used}, level={self.level!r})"
        )


class Budget(BudgetFigures):
    """A budget that a program keeps by itself: give it token counts, get levels and callbacks.

    It is of `tokens` (200,000 by default), and never more than the window. `thresholds` are percent
    of the budget; those not given stay at their defaults.

    >>> budget = Budget(window=200_000)
    >>> budget.on("warning", lambda b: print(b.level, b.available))
    >>> budget.update(151_000)
    warning 49000
    'warning'
    """

    def __init__(
        self,
        window: int = BUDGET_TOKENS,
        thresholds: Mapping[Level, float] | None = None,
        *,
        tokens: int | None = None,
    ) -> None:
        _refuse_none("the window", window)
        if tokens is not None:
            _refuse_none("the budget", tokens)
        size = min(tokens or BUDGET_TOKENS, window)
        usual = thresholds_for(DEFAULTS["budget"], size)
        super().__init__(window, size, checked_thresholds(thresholds or {}, usual))
        self._starts = level_starts(self.thresholds, Window(window, "given", None), 0, size)
        self._callbacks: dict[Level, list[Callable[[Budget], object]]] = {}

    def on(self, level: Level, callback: Callable[[Budget], object]) -> None:
        """Call back each time that the level is newly reached from below."""
        refuse(level, callback)
        self._callbacks.setdefault(level, []).append(callback)

    def update(self, used: int) -> Level:
        """Set the tokens in use, call back for each level newly reached, and return the level."""
        if isinstance(used, bool) or not isinstance(used, int) or not 0 <= used < NEVER:
            raise ValueError(f"the tokens in use must be 0 or more, not {used!r}")
        before = self.level
        self.used = self.projected = used
        self.level = level_of(used, self._starts)
        for level in passed(before, self.level):
            for callback in self._callbacks.get(level, []):
                callback(self)
        return self.level


def figures_of(state: State) -> BudgetFigures:
    """The budget figures of a session's state."""
    budget, window = state["budget"], state["context_window"]
    found = BudgetFigures(window["total"], budget["tokens"], budget["thresholds"])
    found.used, found.projected = window["used"], window["projected"]
    found.level = budget["level"]
    found.allocation = budget["allocation"]
    found.growth_per_turn, found.turns_left = budget["growth_per_turn"], budget["turns_left"]
    return found


def passed(before: Level, now: Level) -> tuple[Level, ...]:
    """The levels that were newly reached on the way up."""
    return LEVELS[LEVELS.index(before) + 1 : LEVELS.index(now) + 1]


def refuse(level: str, callback: object) -> None:
    """Raise ValueError for a level that does not exist and for what cannot be called."""
    if not callable(callback):
        raise ValueError(f"a callback must be callable, not {callback!r}")  # noqa: TRY004
    if level not in LEVELS:
        hint = nearest.hint(str(level), LEVELS) or "."
        raise ValueError(f"unknown level {level!r}{hint} The levels are {', '.join(LEVELS)}.")


def checked_thresholds(given: Mapping[Level, float], usual: Thresholds) -> Thresholds:
    """The given thresholds over the usual ones; raises ValueError for any that cannot be."""
    for level, percent in given.items():
        if level not in RISING:
            hint = nearest.hint(str(level), RISING) or "."
            raise ValueError(
                f"unknown threshold {level!r}{hint} The thresholds are {', '.join(RISING)}."
            )
        if isinstance(percent, bool) or not isinstance(percent, int | float):
            raise ValueError(f"the threshold {level} must be a number, not {percent!r}")  # noqa: TRY004
        if not 0 < percent <= ALL_PERCENT:
            raise ValueError(
                f"the threshold {level} must be above 0 and at most 100, not {percent}"
            )
    chosen: Any = {**usual, **given}
    percents = [chosen[level] for level in RISING]
    if percents != sorted(percents):
        shown = ", ".join(f"{level} {chosen[level]:g}" for level in RISING)
        raise ValueError(f"the thresholds must rise from level to level, but are {shown}")
    return chosen  # type: ignore[no-any-return]


def _refuse_none(what: str, tokens: int) -> None:
    if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens <= 0:
        raise ValueError(f"{what} must be a positive number of tokens, not {tokens!r}")
