"""Whether the work is at a point where a clear can be offered. Pure. Fast lane.

An offer while something is open is wrong whatever it would save: a clear would take away the
question that waits for its answer, the check that fails, or the thread of the step under way.
"""

from __future__ import annotations

from clearpoint.advice.open_ends import FENCE, asks, goes_on

CLOSING_CHARS = 1_500

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
    return work["waiting"] is not None or asks(closing(work))


def closing(work: WorkState) -> str:
    """The last part of the last answer."""
    answer = work["answer"]
    whole = answer["text"] if answer else work["last_words"]
    text = whole[-CLOSING_CHARS:]
    if len(whole) > len(text) and text.count(FENCE) % 2:
        return text.partition(FENCE)[2]  # it began inside a code block
    return text


def has_red_check(work: WorkState) -> bool:
    """Whether a test, a linter, a type check or a build failed and has not passed since."""
    return bool(work["failing"]) or any(not check["passed"] for check in work["checks"].values())


def has_open_steps(work: WorkState) -> bool:
    """Whether a step is open, or the last answer lists what remains or tells that work goes on."""
    listed = work["current_step"] or work["pending_steps"] or work["remaining"]
    return bool(listed) or goes_on(closing(work))


def has_known_steps(work: WorkState) -> bool:
    """Whether anything tells of steps; without a source nobody can say that none is open."""
    return work["steps_source"] is not None or bool(work["completed_steps"])
