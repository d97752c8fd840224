"""Strategies that a simulation compares: when to clear, when to compact, how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.advice import strategy
from clearpoint.advice.cold_return import is_worth_a_clear
from clearpoint.advice.costs import SHORTEST_CACHE_S
from clearpoint.advice.triggers import occurrences

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.simulate.course import Course

    Starts = dict[Level, int]
    Strategy = Callable[[State, Course, Starts, Config], bool]
    """Asked with the session as it would stand, and the tokens at which each level begins."""

RULE_TOKENS, RULE_PROMPTS = 150_000, 50
RULE_BREAKS = ("spec_created", "phase_transition", "model_switch")
"""What fixed rules clear at: a size, a number of messages, and these changes."""
AUTOPILOT_POINTS = (85_000, 100_000, 120_000, 150_000)


def never(_state: State, _course: Course, _starts: Starts, _config: Config) -> bool:
    """The session as it was."""
    return False


def every(prompts: int) -> Strategy:
    """A clear after so many prompts."""

    def clears(_state: State, course: Course, _starts: Starts, _config: Config) -> bool:
        course.figures["messages"] += course.prompts >= prompts
        return course.prompts >= prompts

    return clears


def above(limit: int = 0) -> Strategy:
    """A clear at the end of each turn above so many tokens; at 0, where warning begins."""

    def clears(state: State, course: Course, starts: Starts, _config: Config) -> bool:
        is_above = state["context_window"]["projected"] >= (limit or starts["warning"])
        course.figures["messages"] += is_above
        return is_above

    return clears


def ruled(state: State, course: Course, _starts: Starts, config: Config) -> bool:
    """A clear by fixed rules."""
    fired, changed = state["advice"]["fired"], False
    for name, occurrence, _ in occurrences(state, config):
        if name in RULE_BREAKS:
            changed = changed or occurrence not in ("", fired.get(name, occurrence))
            fired[name] = occurrence
    used = state["context_window"]["projected"]
    is_due = changed or used > RULE_TOKENS or course.prompts > RULE_PROMPTS
    course.figures["messages"] += is_due
    return is_due


def advised(state: State, course: Course, starts: Starts, config: Config) -> bool:
    """A clear wherever the advice offers one."""
    said = strategy.advise(state, starts, config)
    course.figures["messages"] += said is not None
    return said is not None and said.offers


def ignored(state: State, course: Course, starts: Starts, config: Config) -> bool:
    """The advice is given, and nobody follows it."""
    advised(state, course, starts, config)
    return False


def returning(state: State, course: Course, _starts: Starts, config: Config) -> bool:
    """A clear at the return to a cold cache."""
    limit = state["usage"]["cache_seconds"] or SHORTEST_CACHE_S
    is_due = course.pause_s > limit and is_worth_a_clear(state, config)
    course.figures["messages"] += is_due
    return is_due


def either(*strategies: Strategy) -> Strategy:
    """A clear where any of them clears."""

    def clears(state: State, course: Course, starts: Starts, config: Config) -> bool:
        return any(one(state, course, starts, config) for one in strategies)

    return clears


class Plan(NamedTuple):
    """Where a session is cleared, where it is compacted (0: where it was), and how it begins."""

    clears: Strategy = never
    compacts_at: int = 0
    is_on_diet: bool = False
    keeps_room: bool = True
    """Whether compaction leaves room above what the session begins with."""


def named(tokens: int) -> str:
    """`autopilot 120k`."""
    return f"autopilot {tokens // 1_000}k"


STRATEGIES: dict[str, Strategy | Plan] = {
    "never": never,
    "specification": ruled,
    "ours": advised,
    "ours, ignored": ignored,
    **{named(point): Plan(compacts_at=point) for point in AUTOPILOT_POINTS},
    "diet": Plan(is_on_diet=True),
    "cold return": returning,
    "all together": Plan(either(returning, advised), AUTOPILOT_POINTS[0], is_on_diet=True),
}
"""What is compared unless others are asked for; the first is what the others are measured by."""
