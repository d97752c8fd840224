"""What can trigger an offer, what each trigger stands at, and whether that is news. Pure."""

from __future__ import annotations

from clearpoint.advice.readiness import hindrance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.models.work import Phase

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


NEAR_END_PERCENT = 95
"""Of a window without auto-compaction: above it the next prompt can be refused."""


def is_near_end(state: State) -> bool:
    """Whether the next prompt may not fit, because nothing compacts before the window ends.

    Never where the window is only assumed: it may be larger.
    """
    window = state["context_window"]
    if window["compaction_at"] is not None or "assumed" in window["source"]:
        return False
    left = window["total"] - window["projected"]
    return window["total"] > 0 and (
        left < state["budget"]["growth_per_turn"]
        or 100 * window["projected"] >= NEAR_END_PERCENT * window["total"]
    )


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
    has_steps = bool(work["pending_steps"] or work["current_step"])
    done = "" if has_steps or not work["completed_steps"] else work["completed_steps"][-1]
    spec = work["current_spec"] or ""
    created = spec if spec and any(spec in path for path in work["artifacts"]) else ""
    every = max(1, config["advice"]["messages"])
    prompts = state["usage"]["prompts"]
    model = state["model"] or ""
    idle = "" if hindrance(state) else str(prompts)
    committed = "" if breaks["uncommitted"] else breaks["commit"]
    green = "" if breaks["changed"] else breaks["green"]
    return [
        ("steps_done", done, ""),
        ("commit_made", committed, ""),
        ("tests_green", green, ""),
        ("spec_created", created, spec),
        ("phase_transition", str(STAGES[work["phase"]]), work["phase"]),
        ("model_switch", model, model),
        ("topic_change", breaks["topic"], ""),
        ("message_count", str(prompts // every or ""), str(prompts)),
        ("between_tasks", idle, ""),
    ]
