"""When to clear: triggers, hysteresis and the figures behind them. Pure; the words are `messages`.

A clear is offered where it frees most of the use, at a natural break or with no step open; on
real sessions a lower floor offers clears that pay little, a higher one comes too late. Each
trigger is offered once per occurrence. A kind that was passed over is silent until the next
level, and every kind, the lowest level too, until use has grown a good deal further. A level is
said when it is newly reached, whatever a clear would free.
"""

from __future__ import annotations

from clearpoint.advice.breaks import new_breaks
from clearpoint.budget import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models import AdviceState, Config, Level, Phase, State

    Trigger = Literal[
        "steps_done",
        "commit_made",
        "tests_green",
        "spec_created",
        "phase_transition",
        "model_switch",
        "topic_change",
        "message_count",
        "between_tasks",
    ]

STAGES: dict[Phase, int] = {
    "initialization": 0,
    "planning": 1,
    "implementation": 2,
    "testing": 2,
    "documentation": 3,
    "review": 4,
    "completed": 5,
}
"""Phases of one stage pass into each other many times a day; only a new stage is a transition."""
UNKNOWN_BEGINNING_TOKENS = 20_000
"""What a new session is taken to begin with where no first request was seen."""
PRESSING = ("critical", "emergency")
"""Levels at which a clear is offered even where it frees little."""


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
    }


def inherited(said: AdviceState) -> AdviceState:
    """What a session that continues another knows to have been said."""
    fired = {name: value for name, value in said["fired"].items() if name != "message_count"}
    return {**new_said(), "fired": fired}


def freed(state: State, config: Config) -> int:
    """Tokens that a clear would free: all but what a new session and its reload begin with."""
    begins = state["advice"]["begins"] or state["usage"]["overhead"] or UNKNOWN_BEGINNING_TOKENS
    return max(0, state["context_window"]["projected"] - begins - config["reload"]["max_tokens"])


def is_worthwhile(state: State, config: Config, slack_points: float = 0) -> bool:
    """Whether a clear frees enough, in tokens and as a share of the use, to be offered."""
    tokens, floor = freed(state, config), config["advice"]
    share = 100 * tokens / max(1, state["context_window"]["projected"])
    return tokens >= floor["frees_tokens"] and share >= floor["frees_percent"] - slack_points


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


def should_clear(state: State, config: Config) -> list[tuple[str, str, str]]:
    """The triggers that hold now and were not offered yet: name, occurrence, reason in words."""
    switches, said = config["advice"], state["advice"]
    level = state["budget"]["level"]
    found: list[tuple[str, str, str]] = []
    is_new = LEVELS.index(level) > LEVELS.index(said["level_said"])
    is_quiet = has_just_spoken(state, config)
    if switches["level"] and is_new and not (is_quiet and level == "monitor"):
        found.append(("level", level, level))
    if is_worthwhile(state, config) and not is_quiet:
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

    return [(name, occurrence, reason(state, name, fact)) for name, occurrence, fact in found]


def has_just_spoken(state: State, config: Config) -> bool:
    """Whether use has grown little since something was said."""
    last, window = state["advice"]["offered_at"], state["context_window"]
    grown = window["projected"] - last
    return last > 0 and 100 * grown < window["total"] * config["advice"]["rearm_points"]


def known_before(state: State, name: str, occurrence: str) -> str:
    """The occurrence that was known at the end of the turn before.

    What a session was found with is no news, but for what its first turn itself brought about.
    """
    if name == "between_tasks":  # holds or does not, whenever it began
        return ""
    is_first = state["work_state"]["turn"] <= 1 and name not in ("phase_transition", "model_switch")
    return state["advice"]["fired"].get(name, "" if is_first else occurrence)


def occurrences(state: State, config: Config) -> list[tuple[Trigger, str, str]]:
    """What each trigger stands at, and the fact to tell of it; the most telling break first.

    A trigger fires when its value has changed to another that is not empty.
    """
    work, breaks = state["work_state"], state["advice"]["breaks"]
    is_open = bool(work["pending_steps"] or work["current_step"])
    done = "" if is_open or not work["completed_steps"] else work["completed_steps"][-1]
    spec = work["current_spec"] or ""
    created = spec if spec and any(spec in path for path in work["artifacts"]) else ""
    every = max(1, config["advice"]["messages"])
    rounds = state["usage"]["prompts"] // every
    model = state["model"] or ""
    idle = "" if is_open or work["failing"] else str(state["usage"]["prompts"])
    return [
        ("steps_done", done, ""),
        ("commit_made", breaks["commit"], ""),
        ("tests_green", breaks["green"], ""),
        ("spec_created", created, spec),
        ("phase_transition", str(STAGES[work["phase"]]), work["phase"]),
        ("model_switch", model, model),
        ("topic_change", breaks["topic"], ""),
        ("message_count", str(rounds or ""), str(rounds * every)),
        ("between_tasks", idle, ""),
    ]


def advise(state: State, starts: dict[Level, int], config: Config) -> Advice | None:
    """What to say at the end of this turn, if anything; remembers that it was said."""
    rearm(state, starts, config)
    found = should_clear(state, config)
    said = state["advice"]
    for name, occurrence, _ in occurrences(state, config):
        said["fired"][name] = occurrence
    if not found:
        return None
    from clearpoint.advice import messages

    said["messages"] += 1
    said["offered_at"] = state["context_window"]["projected"]
    level = state["budget"]["level"]
    said["level_said"] = max(said["level_said"], level, key=LEVELS.index)
    trigger, _, reason = found[0]
    if trigger == "level":
        said["refused"] = []
        offers = level in PRESSING or is_worthwhile(state, config)
        return Advice(trigger, messages.level_message(state, config), offers=offers)
    said["refused"].append(trigger)
    return Advice(trigger, messages.break_message(state, config, reason), offers=True)


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


def fullness(state: State, form: str = "{used} of {total} tokens ({percent} %)") -> str:
    """`~152k of 200k tokens (76 %)`."""
    window = state["context_window"]
    mark = "~" if window["estimated"] else ""
    percent = 100 * window["projected"] / max(1, window["total"])
    return form.format(
        used=mark + short(window["projected"]),
        total=short(window["total"]),
        percent=f"{percent:.0f}",
    )


def short(tokens: int) -> str:
    """`84k`, `1M`, `950`."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.3g}M"
    return f"{round(tokens / 1_000)}k" if tokens >= 1_000 else str(tokens)


def carried(state: State) -> str:
    """What a clear would carry over, in numbers and in the person's language."""
    from clearpoint.advice.messages import carried as words

    return words(state)
