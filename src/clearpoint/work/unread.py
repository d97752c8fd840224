"""What is not told of a work whose transcript could not be read to its end. Pure.

What was decided, said and changed stays so; how things stand is known only where the end was read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState


def forget_present(work: WorkState) -> None:
    """Leave out what the unread end may have changed: checks, steps, questions, the answer."""
    work["checks"], work["failing"], work["failed_command"] = {}, {}, None
    work["waiting"], work["answer"], work["last_answer"] = None, None, None
    work["last_words"], work["remaining"], work["promised"] = "", [], []
    work["steps_old"] = True
