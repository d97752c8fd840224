"""When to clear: triggers, hysteresis and the figures behind them. Pure; the words are `messages`.

A clear is offered where it frees most of the use, at a natural break or with no step open; on
real sessions a lower floor offers clears that pay little, a higher one comes too late. Each
trigger is offered once per occurrence. A kind that was passed over is silent until the next
level, and every kind, the lowest level too, until use has grown a good deal further. A level is
said when it is newly reached, whatever a clear would free; a warning that was passed over is
said once more, in earnest. In the first turn after a clear nothing is said that another clear
would not mend.
"""

from __future__ import annotations

from clearpoint.advice.breaks import new_breaks
from clearpoint.advice.costs import is_worthwhile
from clearpoint.advice.triggers import known_before, occurrences
from clearpoint.budget.levels import LEVELS, PRESSING
from clearpoint.text.phrases import fullness, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.config import Config
    from clearpoint.models.state import AdviceState, Level, State


class Advice:
    """One message for the person: what triggered it, its words, and whether it offers a clear."""

    __slots__ = ("message", "offers", "trigger")

    def __init__(self, trigger: str, message: str, *, offers: bool) -> None:
        self.trigger = trigger
        self.message = message
        self.offers = offers


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
        "breaks": new_breaks(),
        "cleared": False,
        "spoken_at": 0,
        "warned_at": 0,
        "allowed": False,
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
    slack = window["total"] * points / 100
    which: Literal["level_said", "level_told"]
    for which in ("level_said", "level_told"):
        while said[which] != "normal" and window["projected"] < starts[said[which]] - slack:
            said[which] = LEVELS[LEVELS.index(said[which]) - 1]
    if not is_worthwhile(state, config, points):
        said["refused"], said["offered_at"] = [], 0
    if LEVELS.index(said["level_said"]) < LEVELS.index("warning"):
        said["warned_at"] = 0
    if window["projected"] < starts["emergency"]:
        said["allowed"] = False


def should_clear(state: State, config: Config) -> list[tuple[str, str, str]]:
    """The triggers that hold now and were not offered yet: name, occurrence, reason in words."""
    switches, said = config["advice"], state["advice"]
    level = state["budget"]["level"]
    found: list[tuple[str, str, str]] = []
    is_new = LEVELS.index(level) > LEVELS.index(said["level_said"])
    is_quiet = has_just_spoken(state, config)
    pays = is_worthwhile(state, config)
    is_early = (is_quiet and level == "monitor") or (has_just_begun(state) and not pays)
    if switches["level"] and is_new and (level in PRESSING or not is_early):
        found.append(("level", level, level))
    if pays and not is_quiet:
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


def has_just_begun(state: State) -> bool:
    """Whether this is the first turn after a clear."""
    return state["advice"]["cleared"] and state["usage"]["prompts"] <= 1


def is_passed_over(state: State, config: Config) -> bool:
    """Whether use has grown a good deal since a warning that has not been repeated yet."""
    warned_at, window = state["advice"]["warned_at"], state["context_window"]
    grown = window["projected"] - warned_at
    return warned_at > 0 and 100 * grown >= window["total"] * config["advice"]["rearm_points"]


def has_just_spoken(state: State, config: Config) -> bool:
    """Whether use has grown little since something was said."""
    last, window = state["advice"]["offered_at"], state["context_window"]
    grown = window["projected"] - last
    return last > 0 and 100 * grown < window["total"] * config["advice"]["rearm_points"]


def advise(
    state: State, starts: dict[Level, int], config: Config, now: float | None = None
) -> Advice | None:
    """What to say at the end of this turn, if anything; remembers that it was said.

    `now` in seconds tells how the prompt cache is.
    """
    rearm(state, starts, config)
    found = should_clear(state, config)
    said = state["advice"]
    for name, occurrence, _ in occurrences(state, config):
        said["fired"][name] = occurrence
    if not found:
        return None
    from clearpoint.advice import messages

    used, level = state["context_window"]["projected"], state["budget"]["level"]
    trigger, _, reason = found[0]
    said["messages"] += 1
    said["spoken_at"] = state["usage"]["prompts"]
    said["offered_at"] = used
    said["level_said"] = max(said["level_said"], level, key=LEVELS.index)
    if trigger == "level":
        said["refused"] = []
        said["warned_at"] = used if level == "warning" else 0
        offers = level in PRESSING or is_worthwhile(state, config)
        return Advice(trigger, messages.level_message(state, config, now), offers=offers)
    if trigger == "passed_over":
        said["warned_at"] = 0
        text = messages.passed_over_message(state, config, reason, now)
        return Advice(trigger, text, offers=True)
    said["refused"].append(trigger)
    return Advice(trigger, messages.break_message(state, config, reason, now), offers=True)


def claude_note(state: State) -> str:
    """The fact for Claude, at warning and above; empty below, or where it was told."""
    level, said = state["budget"]["level"], state["advice"]
    if LEVELS.index(level) < LEVELS.index("warning"):
        return ""
    if LEVELS.index(level) <= LEVELS.index(said["level_told"]):
        return ""
    return (
        f"Context window: {fullness(state)} are in use ({level}). The work state is kept outside "
        "of the conversation, so the work can go on as usual; large outputs are the main cost."
    )
