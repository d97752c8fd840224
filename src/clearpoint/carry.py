"""What a new session takes over from the one that it continues. Pure."""

from __future__ import annotations

import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models import State

COMPLETED_KEPT = 12
STEP_MARK = "before-"


def carry(parent: State, child: State) -> None:
    """Give the child the parent's work, person and what was learned; not its conversation."""
    work = copy.deepcopy(parent["work_state"])
    work["running"] = {}
    work["completed_steps"] = work["completed_steps"][-COMPLETED_KEPT:]
    # The client numbers the tasks of a new session from 1 again.
    work["tasks"] = {
        key if key.startswith(STEP_MARK) else STEP_MARK + key: task
        for key, task in work["tasks"].items()
        if task[1] in ("pending", "in_progress")
    }
    child["work_state"] = work
    child["user_context"] = copy.deepcopy(parent["user_context"])
    child["persistence"] = {**parent["persistence"]}
    child["usage"]["learner"] = copy.deepcopy(parent["usage"]["learner"])
    child["usage"]["overhead"] = parent["usage"]["overhead"]
    child["usage"]["model"] = parent["usage"]["model"]
    child["model"] = child["model"] or parent["model"]
    known = {key: value for key, value in child["system"].items() if value is not None}
    child["system"] = {**parent["system"], **known}  # type: ignore[typeddict-item]
    child["advice"]["fired"] = {**parent["advice"]["fired"]}
    child["advice"]["fired"].pop("message_count", None)


def copy_conversation(parent: State, child: State) -> None:
    """A fork carries the conversation too, until its own transcript can be read."""
    child["usage"] = copy.deepcopy(parent["usage"])
    child["transcript"] = {**parent["transcript"], "path": ""} if parent["transcript"] else None
