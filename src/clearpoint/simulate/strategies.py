"""Strategies that a simulation compares: each says at the end of a turn whether to clear there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.advice import strategy as advice

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.simulate.course import Course

    Starts = dict[Level, int]
    Strategy = Callable[[State, Course, Starts, Config], bool]
    """Asked with the session as it would stand, and the tokens at which each level begins."""


def never(_state: State, _course: Course, _starts: Starts, _config: Config) -> bool:
    """The session as it was."""
    return False


def every(prompts: int) -> Strategy:
    """A clear after so many prompts."""

    def strategy(_state: State, course: Course, _starts: Starts, _config: Config) -> bool:
        course.figures["messages"] += course.prompts >= prompts
        return course.prompts >= prompts

    return strategy


def above(limit: int = 0) -> Strategy:
    """A clear at the end of each turn above so many tokens; at 0, where warning begins."""

    def strategy(state: State, course: Course, starts: Starts, _config: Config) -> bool:
        is_above = state["context_window"]["projected"] >= (limit or starts["warning"])
        course.figures["messages"] += is_above
        return is_above

    return strategy


def advised(state: State, course: Course, starts: Starts, config: Config) -> bool:
    """A clear wherever the advice offers one."""
    said = advice.advise(state, starts, config)
    course.figures["messages"] += said is not None
    return said is not None and said.offers


def ignored(state: State, course: Course, starts: Starts, config: Config) -> bool:
    """The advice is given, and nobody heeds it."""
    advised(state, course, starts, config)
    return False


STRATEGIES: dict[str, Strategy] = {
    "never": never,
    "every 10 prompts": every(10),
    "threshold only": above(),
    "ours": advised,
    "ours, ignored": ignored,
}
"""What is compared unless others are asked for; the first is what the others are measured by."""
