"""Every sentence of every message is true, whatever the window, the budget and the work."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from made import answer, prompt, state_after

from clearpoint.advice import strategy
from clearpoint.advice.costs import freed
from clearpoint.advice.readiness import hindrance
from clearpoint.budget.window import model_table
from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State

TABLE = model_table()
MODELS = {"200k": "claude-sonnet-4-6", "1M": "claude-opus-5-5"}
BUDGETS: dict[str, Any] = {"default": 200_000, "120k": 120_000, "whole window": "window"}
COMPACTION = {
    "on": {},
    "off": {"DISABLE_AUTO_COMPACT": "1"},
    "own point": {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "133000"},
}
RED: Any = {"kind": "test", "passed": False, "turn": 1, "order": 1, "entry": "e", "failed": []}
WORK: dict[str, dict[str, Any]] = {
    "nothing open": {},
    "all done": {"steps_source": "todo", "completed_steps": ["build it"]},
    "a question": {"last_words": "Two ways. Which one do you want?"},
    "a failing check": {"checks": {"pytest": RED}},
    "open steps": {"pending_steps": ["build it", "test it"], "steps_source": "todo"},
}
BEGINNINGS = (20_000, 80_000, 130_000)
USES = (60_000, 90_000, 99_000, 121_000, 151_000, 171_000, 191_000, 199_000, 260_000, 385_000,
        511_000, 701_000, 951_000, 990_000)  # fmt: skip
LINE_CHARS = 240
ACTIONS = ("after /clear", "/compact", "/rewind", "clearpoint diet")
"""What a message can have the user do."""


class Case(NamedTuple):
    """A state that was judged, and what was said at it."""

    state: State
    config: Config
    starts: dict[Level, int]
    said: strategy.Advice

    @property
    def used(self) -> int:
        """Tokens that the next request carries."""
        return self.state["context_window"]["projected"]

    @property
    def left(self) -> str:
        """What a clear would leave."""
        return short(self.used - freed(self.state, self.config))


def cases(window: str, compaction: str) -> Iterator[Case]:
    """All that is said with this window and this compaction, in sessions that grow."""
    for budget, work, begins, growth in itertools.product(BUDGETS, WORK, BEGINNINGS, (0, 9_000)):
        config: Config = {**DEFAULTS, "budget": {**DEFAULTS["budget"], "tokens": BUDGETS[budget]}}
        state = state_after(
            prompt("we decided to use JWT."), answer(used=begins, model=MODELS[window])
        )
        changed: Any = WORK[work]
        state["work_state"].update(changed)
        total = 200_000 if window == "200k" else 1_000_000
        for used in USES:
            if used >= total:
                break
            counted = state["usage"]
            counted["used"] = counted["turn_start"] = used
            counted["since_boundary"], counted["growth"] = 1, [growth] * 5
            starts = session.judge(state, config, TABLE, 0, COMPACTION[compaction])
            if said := strategy.advise(state, starts, config):
                yield Case(state, config, starts, said)


def is_short(case: Case) -> bool:
    """One or two lines, none of them long, and one thing to do."""
    lines = case.said.message.split("\n")
    actions = [one for one in ACTIONS if one in case.said.message]
    is_end = case.said.trigger == "window_end"
    return len(lines) <= 2 and max(map(len, lines)) < LINE_CHARS and (is_end or len(actions) == 1)


def names_what_it_is_of(case: Case) -> bool:
    """The use, and the budget with its window, or the window where that is the budget."""
    total = case.state["context_window"]["total"]
    wanted = case.config["budget"]["tokens"]
    limit = total if wanted == "window" else min(wanted, total)
    if limit == total:
        return f"{short(case.used)} of your {short(total)} window (" in case.said.message
    which = "over your" if case.used > limit else "of your"
    figure = f"{which} {short(limit)} budget (window {short(total)})"
    return f"{short(case.used)}{',' * (case.used > limit)} {figure}" in case.said.message


def offers_only_when_nothing_is_open(case: Case) -> bool:
    """A clear is spoken of where it is offered, and is offered only where nothing is open."""
    speaks = "/clear " in case.said.message.replace("which /clear won't", "")
    return speaks is case.said.offers and not (case.said.offers and hindrance(case.state))


def tells_what_a_clear_leaves(case: Case) -> bool:
    """What is left is what a session here begins with, and what is kept is what is known."""
    text = case.said.message
    if "after /clear" in text and f"it would be about {case.left}" not in text:
        return False
    steps = len(case.state["work_state"]["pending_steps"])
    kept = "1 decision" + (f" and {steps} open steps" if steps else "")
    return "keep your" not in text or f"keep your {kept}." in text or "if Claude compacts" in text


def tells_the_end_that_there_is(case: Case) -> bool:
    """Turns until compaction where that strikes, else until the window is full; never both."""
    text, window = case.said.message, case.state["context_window"]
    left = case.state["budget"]["turns_left"]
    if window["compaction_at"] is None:
        return "auto-compaction" not in text
    is_told = "until auto-compaction" in text
    near = left is not None and left <= 10
    return "full" not in text and is_told is near


def is_almost_full_only_at_the_end(case: Case) -> bool:
    """Only where nothing compacts before, and little room is left."""
    window = case.state["context_window"]
    is_near = window["compaction_at"] is None and case.used >= 0.9 * window["total"]
    return "Almost full" not in case.said.message or is_near


def names_no_steps_without_a_source(case: Case) -> bool:
    """That no step is open is said only where something tells of steps."""
    return "No step is open" not in case.said.message or bool(
        case.state["work_state"]["steps_source"]
    )


def blames_nothing_on_the_beginning_that_is_not_of_it(case: Case) -> bool:
    """A beginning is said to be system prompt, tools and memory only if it can be that."""
    text = case.said.message
    is_told = "of that is system prompt, tools and memory" in text
    begins = case.state["advice"]["begins"]
    return not is_told or (f"{short(begins)} of that is" in text and begins <= 100_000)


def keeps_the_thread(case: Case) -> bool:
    """While something is open, /compact is the way."""
    return not hindrance(case.state) or "/compact" in case.said.message


def has_no_level_words(case: Case) -> bool:
    """Nothing that has to be looked up, and no cache riddle."""
    words = ("monitor", "critical", "emergency", "passed over", "cache")
    return not any(word in case.said.message for word in words)


RULES: tuple[Callable[[Case], bool], ...] = (
    is_short,
    names_what_it_is_of,
    offers_only_when_nothing_is_open,
    tells_what_a_clear_leaves,
    tells_the_end_that_there_is,
    is_almost_full_only_at_the_end,
    names_no_steps_without_a_source,
    blames_nothing_on_the_beginning_that_is_not_of_it,
    keeps_the_thread,
    has_no_level_words,
)


@pytest.mark.parametrize("window", MODELS)
@pytest.mark.parametrize("compaction", COMPACTION)
def test_every_sentence_is_true(window: str, compaction: str) -> None:
    broken = {
        (rule.__name__, case.said.message)
        for case in cases(window, compaction)
        for rule in RULES
        if not rule(case)
    }
    assert broken == set()


@pytest.mark.parametrize("window", MODELS)
def test_something_is_said_in_all_of_these_states(window: str) -> None:
    triggers = {
        case.said.trigger for compaction in COMPACTION for case in cases(window, compaction)
    }
    assert {"level", "between_tasks", "window_end"} <= triggers
