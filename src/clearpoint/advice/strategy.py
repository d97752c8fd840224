"""When to clear: triggers, hysteresis and the figures behind them. Pure; the words are `messages`.

A clear is offered where it frees most of the use, and only while nothing is open: no question
waits for an answer, no check fails, no step is left. Each trigger is offered once per occurrence.
A kind that was offered in vain is silent until the next level, and every kind, the lowest level
too, until use has grown a good deal further. A level is said when it is newly reached, whatever a
clear would free; while something is open it offers no clear. In the first turn after a clear
nothing is said that another clear would not help.
"""

from __future__ import annotations

from clearpoint.advice.costs import compacts_early, is_worthwhile
from clearpoint.advice.readiness import hindrance
from clearpoint.advice.snooze import is_snoozed, new_notices
from clearpoint.advice.triggers import is_near_end, known_before, occurrences
from clearpoint.budget.levels import LEVELS, PRESSING
from clearpoint.text.phrases import fullness, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.config import Config
    from clearpoint.models.state import AdviceState, Level, Notices, State

LONG_CONTEXT = "budget.tokens"
"""The setting for those who want long contexts: named once in a project."""


class Advice:
    """One message for the user: what triggered it, its words, and whether it offers a clear.

    `named` is what the message names that is named once in a project; empty for nothing.
    """

    __slots__ = ("message", "named", "offers", "trigger")

    def __init__(self, trigger: str, message: str, *, offers: bool, named: str = "") -> None:
        self.trigger = trigger
        self.message = message
        self.offers = offers
        self.named = named


def new_said() -> AdviceState:
    """Nothing has been said yet."""
    return {
        "level_said": "normal",
        "level_told": "normal",
        "fired": {},
        "refused": [],
        "offered_at": 0,
        "messages": 0,
        "begins": 0,
        "breaks": {
            "commit": "",
            "green": "",
            "topic": "",
            "changed": False,
            "uncommitted": False,
            "watched": {},
        },
        "cleared": False,
        "spoken_at": 0,
        "warned_at": 0,
        "allowed": False,
        "snoozed": False,
        "snoozed_to": 0,
        "cold_at": 0,
    }


def inherited(said: AdviceState) -> AdviceState:
    """What a session that continues another knows to have been said."""
    fired = {name: value for name, value in said["fired"].items() if name != "message_count"}
    return {**new_said(), "fired": fired, "cleared": True}


def rearm(state: State, starts: dict[Level, int], config: Config) -> None:
    """Forget what use has fallen well below, so that it can be said again."""
    said = state["advice"]
    window = state["context_window"]
    points = config["advice"]["rearm_points"]
    slack = rearm_tokens(state, config)
    which: Literal["level_said", "level_told"]
    for which in ("level_said", "level_told"):
        while said[which] != "normal" and window["projected"] < starts[said[which]] - slack:
            said[which] = LEVELS[LEVELS.index(said[which]) - 1]
    if not is_worthwhile(state, config, points):
        said["refused"], said["offered_at"] = [], 0
    if LEVELS.index(said["level_said"]) < LEVELS.index("warning"):
        said["warned_at"] = 0
    if not is_near_end(state):
        said["fired"].pop("window_end", None)
    if window["projected"] < starts["emergency"]:
        said["allowed"] = False


def rearm_tokens(state: State, config: Config) -> float:
    """How much use must grow or fall to count: points of the budget, in tokens."""
    return state["budget"]["tokens"] * config["advice"]["rearm_points"] / 100


def should_clear(state: State, config: Config) -> list[tuple[str, str, str]]:
    """The triggers that hold now and were not offered yet: name, occurrence, reason in words."""
    switches, said = config["advice"], state["advice"]
    level = state["budget"]["level"]
    found: list[tuple[str, str, str]] = []
    if switches["level"] and is_near_end(state) and "window_end" not in said["fired"]:
        found.append(("window_end", "reached", ""))
    if switches["level"] and is_level_due(state, config):
        found.append(("level", level, level))
    if is_worthwhile(state, config) and not has_just_spoken(state, config) and not hindrance(state):
        if switches["passed_over"] and is_passed_over(state, config):
            found.append(("passed_over", level, short(said["warned_at"])))
        found += [
            (name, occurrence, fact)
            for name, occurrence, fact in occurrences(state, config)
            if switches[name]
            and name not in said["refused"]
            and occurrence not in ("", known_before(state, name, occurrence))
        ]
    if not found:
        return []
    from clearpoint.advice.messages import reason

    return [
        (name, occurrence, reason(state, config, name, fact)) for name, occurrence, fact in found
    ]


def is_level_due(state: State, config: Config) -> bool:
    """Whether the level is newly reached and worth a message now.

    The lowest one is an offer and nothing else, so it waits until nothing is open.
    """
    level, said = state["budget"]["level"], state["advice"]
    if LEVELS.index(level) <= LEVELS.index(said["level_said"]):
        return False
    if compacts_early(state) and (hindrance(state) or not is_worthwhile(state, config)):
        return False  # the compaction that was asked for is all that helps now
    if level in PRESSING:
        return not (is_of_budget_alone(state) and has_just_spoken(state, config))
    if has_just_begun(state) and not is_worthwhile(state, config):
        return False
    return level != "monitor" or not (has_just_spoken(state, config) or hindrance(state))


def is_of_budget_alone(state: State) -> bool:
    """Whether a level says that the budget is used up, and the window goes on well beyond it."""
    window = state["context_window"]
    end = window["compaction_at"] or window["total"]
    return state["budget"]["tokens"] + state["budget"]["growth_per_turn"] < end


def has_just_begun(state: State) -> bool:
    """Whether this is the first turn after a clear."""
    return state["advice"]["cleared"] and state["usage"]["prompts"] <= 1


def is_passed_over(state: State, config: Config) -> bool:
    """Whether use has grown a good deal since a warning that has not been repeated yet.

    Above all levels that is when it has doubled.
    """
    warned_at, now = state["advice"]["warned_at"], state["context_window"]["projected"]
    if state["budget"]["level"] == "emergency":
        return 0 < 2 * warned_at <= now
    return 0 < warned_at <= now - rearm_tokens(state, config)


def has_just_spoken(state: State, config: Config) -> bool:
    """Whether use has grown little since a clear was offered."""
    last, now = state["advice"]["offered_at"], state["context_window"]["projected"]
    return last > 0 and now - last < rearm_tokens(state, config)


def advise(
    state: State,
    starts: dict[Level, int],
    config: Config,
    now: float = 0,
    notices: Notices | None = None,
) -> Advice | None:
    """What to say at the end of this turn, if anything; remembers that it was said.

    `now` in seconds of the epoch and `notices` tell whether advice is put off.
    """
    rearm(state, starts, config)
    known, said = notices or new_notices(), state["advice"]
    found = should_clear(state, config)
    used = state["context_window"]["projected"]
    if is_snoozed(said, known, used, now):
        found = [one for one in found if one[0] == "window_end"]
    for name, occurrence, _ in occurrences(state, config):
        said["fired"][name] = occurrence
    if not found:
        return None
    trigger, occurrence, reason = found[0]
    said["messages"] += 1
    said["spoken_at"] = state["usage"]["prompts"]
    return _worded(state, config, trigger, reason, is_key_due(state, known))


def is_key_due(state: State, notices: Notices) -> bool:
    """Whether the setting for long contexts is to be named: once, where the budget bounds them."""
    is_bound = state["budget"]["tokens"] < state["context_window"]["total"]
    is_due = LEVELS.index(state["budget"]["level"]) >= LEVELS.index("warning")
    return is_bound and is_due and LONG_CONTEXT not in notices["named"]


def _worded(state: State, config: Config, trigger: str, reason: str, names_key: bool) -> Advice:
    """The message for a trigger; remembers what it offers."""
    from clearpoint.advice import messages

    said, used = state["advice"], state["context_window"]["projected"]
    level = state["budget"]["level"]
    said["level_said"] = max(said["level_said"], level, key=LEVELS.index)
    if trigger == "window_end":
        said["fired"]["window_end"] = "reached"
        offers = messages.offers_clear(state, config)
        return Advice(trigger, messages.end_message(state, config), offers=offers)
    key = LONG_CONTEXT if names_key else ""
    if trigger == "level":
        said["refused"] = []
        said["warned_at"] = used if level in ("warning", "emergency") else 0
        offers = messages.offers_clear(state, config)
        said["offered_at"] = used if offers else said["offered_at"]
        text = messages.level_message(state, config, names_key=names_key)
        return Advice(trigger, text, offers=offers, named=key)
    said["offered_at"] = used
    if trigger == "passed_over":
        said["warned_at"] = used if level == "emergency" else 0
        text = messages.passed_over_message(state, config, reason, names_key=names_key)
    else:
        said["refused"].append(trigger)
        text = messages.break_message(state, config, reason, names_key=names_key)
    return Advice(trigger, text, offers=True, named=key)


def claude_note(state: State) -> str:
    """The fact for Claude, at warning and above; empty below, or where it was told."""
    level, said = state["budget"]["level"], state["advice"]
    if LEVELS.index(level) < LEVELS.index("warning"):
        return ""
    if LEVELS.index(level) <= LEVELS.index(said["level_told"]):
        return ""
    full = fullness(
        state,
        within="{used} of the user's {budget} budget (window {total})",
        over="{used}, over the user's {budget} budget (window {total}),",
        whole="{used} of {total} tokens ({percent}%)",
    )
    return (
        f"Context: {full} is in use. Work state is saved separately, so carry on as usual; "
        "avoid large outputs."
    )
