"""When to clear: triggers, hysteresis and wording. Pure.

Each trigger is offered once per occurrence; a level is offered again only after use has fallen
some points below where it began. What is said to the person states facts: how full, how many
turns are left, what would be carried over. What is said to Claude also says that the work goes on.
"""

from __future__ import annotations

from clearpoint.budget import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Trigger = Literal["phase_transition", "spec_created", "model_switch", "message_count"]

    from clearpoint.models import Config, Level, Phase, State

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


class Advice:
    """One piece of advice: what triggered it, and what to say to the person."""

    __slots__ = ("message", "trigger")

    def __init__(self, trigger: str, message: str) -> None:
        self.trigger = trigger
        self.message = message


def rearm(state: State, starts: dict[Level, int], config: Config) -> None:
    """Forget levels that use has fallen well below, so that they can be said again."""
    said = state["advice"]
    window = state["context_window"]
    slack = window["total"] * config["advice"]["rearm_points"] / 100
    which: Literal["level_said", "level_told"]
    for which in ("level_said", "level_told"):
        while said[which] != "normal" and window["projected"] < starts[said[which]] - slack:
            said[which] = LEVELS[LEVELS.index(said[which]) - 1]


def should_clear(state: State, config: Config) -> list[tuple[str, str, str]]:
    """The triggers that hold now and were not offered yet: name, occurrence, reason in words."""
    switches, said = config["advice"], state["advice"]
    level = state["budget"]["level"]
    found: list[tuple[str, str, str]] = []
    if switches["level"] and LEVELS.index(level) > LEVELS.index(said["level_said"]):
        found.append(("level", level, ""))
    if state["context_window"]["position_percent"] < switches["floor_percent"]:
        return found
    for name, occurrence, reason in occurrences(state, config):
        if switches[name] and said["fired"].get(name, occurrence) != occurrence:
            found.append((name, occurrence, reason))
    return found


def occurrences(state: State, config: Config) -> list[tuple[Trigger, str, str]]:
    """What each trigger stands at: a trigger fires when its value has changed."""
    work, counted = state["work_state"], state["usage"]
    spec = work["current_spec"] or ""
    created = spec if spec and any(spec in path for path in work["artifacts"]) else ""
    every = max(1, config["advice"]["messages"])
    rounds = counted["prompts"] // every
    model = state["model"] or ""
    return [
        ("phase_transition", str(STAGES[work["phase"]]), f"the phase is now {work['phase']}"),
        ("spec_created", created, f"{spec} is written"),
        ("model_switch", model, f"the model is now {model}"),
        ("message_count", str(rounds), f"{rounds * every} prompts in this conversation"),
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
    said["messages"] += 1
    level = state["budget"]["level"]
    said["level_said"] = max(said["level_said"], level, key=LEVELS.index)
    trigger, _, reason = found[0]
    if trigger == "level":
        return Advice(trigger, level_message(state))
    return Advice(trigger, break_message(state, reason))


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


def level_message(state: State) -> str:
    """One or two lines for the person when a level is newly reached."""
    level = state["budget"]["level"]
    head = f"Context {level}: {fullness(state)}{_turns(state)}."
    tail = {
        "monitor": "The next natural break is a good place for /clear.",
        "warning": "At the next natural break, /clear frees most of it.",
        "critical": "/clear now loses nothing; /compact keeps more of the conversation.",
        "emergency": "The next prompt may not fit: /clear or /compact first.",
    }.get(level, "")
    return f"{head}\n{tail} {carried(state)}"


def break_message(state: State, reason: str) -> str:
    """One or two lines for the person at a natural break."""
    return (
        f"A natural break ({reason}) at {fullness(state)}{_turns(state)}.\n"
        f"/clear here frees most of it. {carried(state)}"
    )


def fullness(state: State) -> str:
    """`~152k of 200k tokens (76 %)`."""
    window = state["context_window"]
    mark = "~" if window["estimated"] else ""
    percent = 100 * window["projected"] / max(1, window["total"])
    return (
        f"{mark}{short(window['projected'])} of {short(window['total'])} tokens ({percent:.0f} %)"
    )


def short(tokens: int) -> str:
    """`84k`, `1M`, `950`."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.3g}M"
    return f"{round(tokens / 1_000)}k" if tokens >= 1_000 else str(tokens)


def _turns(state: State) -> str:
    left = state["budget"]["turns_left"]
    if left is None:
        return ""
    compacts = state["context_window"]["compaction_at"] is not None
    end = "auto-compaction" if compacts else "the window is full"
    if left == 0:
        return f", less than a typical turn until {end}"
    return f", about {left} {'turn' if left == 1 else 'turns'} until {end}"


def carried(state: State) -> str:
    """What a clear would carry over, in numbers."""
    work = state["work_state"]
    counts = [
        (len(work["decisions"]), "decision"),
        (len(work["pending_steps"]) + bool(work["current_step"]), "open step"),
        (len(work["files"]), "file"),
    ]
    parts = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in counts if number]
    return f"Carried across: {', '.join(parts)}." if parts else "The work state is carried across."
