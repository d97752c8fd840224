"""What is not told of a work whose transcript could not be read to its end. Pure.

What was decided, said and changed stays so; how things stand is known only where the end was read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.work import WorkState


def note(work: WorkState, parent: State, *, is_end: bool) -> None:
    """Note in a work of which session it is a part, and whether that one's end is missing."""
    cursor = parent["transcript"]
    work["unread"] = {
        "session": parent["session_id"],
        "transcript": cursor["path"] if cursor else "",
        "is_end": is_end,
        "turn": work["turn"],
    }


def is_at_end(work: WorkState) -> bool:
    """Whether the newest prompts and answers are among what was not read."""
    return work["unread"] is not None and work["unread"]["is_end"]


def forget_present(work: WorkState) -> None:
    """Leave out what the unread end may have changed: checks, steps, questions, the answer."""
    work["checks"], work["failing"], work["failed_command"] = {}, {}, None
    work["waiting"], work["answer"], work["last_answer"] = None, None, None
    work["last_words"], work["remaining"], work["promised"] = "", [], []
    work["steps_old"] = True
