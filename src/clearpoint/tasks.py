"""Steps of the work, from the client's to-do tools. Pure.

`TodoWrite` carries the whole list each time; `TaskCreate` and `TaskUpdate` change one task, whose
number is the count of tasks created before it plus one, as the client gives them out.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models import WorkState

STEP_CHARS = 200
TASKS_LIMIT = 200


def set_todos(work: WorkState, given: dict[str, Any]) -> None:
    """The list of `TodoWrite` replaces the steps."""
    todos = given.get("todos")
    rows = [todo for todo in todos if isinstance(todo, dict)] if isinstance(todos, list) else []
    work["tasks"] = {
        str(number): [_text(todo.get("content")), _text(todo.get("status")) or "pending"]
        for number, todo in enumerate(rows[:TASKS_LIMIT], 1)
    }
    _show(work)


def create(work: WorkState, given: dict[str, Any]) -> None:
    """One more task."""
    if len(work["tasks"]) < TASKS_LIMIT:
        number = max((int(key) for key in work["tasks"] if key.isdigit()), default=0) + 1
        work["tasks"][str(number)] = [_text(given.get("subject")), "pending"]
    _show(work)


def update(work: WorkState, given: dict[str, Any]) -> None:
    """A task's new subject or status; an unknown task is not invented."""
    key = str(given.get("taskId"))
    task = work["tasks"].get(key)
    if task is None:
        return
    if given.get("status") == "deleted":
        work["tasks"][key] = [task[0], "deleted"]
    else:
        work["tasks"][key] = [
            _text(given.get("subject")) or task[0],
            _text(given.get("status")) or task[1],
        ]
    _show(work)


def _show(work: WorkState) -> None:
    """The steps as people see them, except where they were set by hand."""
    if "steps" in work["hand_set"]:
        return
    tasks = work["tasks"].values()
    work["completed_steps"] = [subject for subject, status in tasks if status == "completed"]
    active = [subject for subject, status in tasks if status == "in_progress"]
    work["current_step"] = active[0] if active else None
    work["pending_steps"] = active[1:] + [
        subject for subject, status in tasks if status == "pending"
    ]
    work["next_step"] = work["pending_steps"][0] if work["pending_steps"] else None


def _text(value: Any) -> str:
    return value[:STEP_CHARS] if isinstance(value, str) else ""
