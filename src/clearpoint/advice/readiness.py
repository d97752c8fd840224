"""Whether the work is at a point where a clear can be offered. Pure. Fast lane.

An offer while something is open is wrong whatever it would save: a clear would take away the
question that waits for its answer, the check that fails, or the thread of the step under way.
"""

from __future__ import annotations

from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState

    Hindrance = Literal["", "question", "check", "steps"]


def hindrance(state: State) -> Hindrance:
    """What keeps a clear from being offered: a question, a check, steps; empty for nothing."""
    work = state["work_state"]
    if is_waiting(work):
        return "question"
    if has_red_check(work):
        return "check"
    return "steps" if has_open_steps(work) else ""


def is_waiting(work: WorkState) -> bool:
    """Whether Claude waits for an answer of the user's."""
    return work["waiting"] is not None or sentences.question(work["last_words"]) is not None


def has_red_check(work: WorkState) -> bool:
    """Whether a test, a linter, a type check or a build failed and has not passed since."""
    return bool(work["failing"]) or any(not check["passed"] for check in work["checks"].values())


def has_open_steps(work: WorkState) -> bool:
    """Whether a step is open, or the last answer lists what remains."""
    return bool(work["current_step"] or work["pending_steps"] or work["remaining"])


def has_known_steps(work: WorkState) -> bool:
    """Whether anything tells of steps; without a source nobody can say that none is open."""
    return work["steps_source"] is not None or bool(work["completed_steps"])
