"""Steps of the work, from the client's to-do tools. Pure.

`TodoWrite` carries the whole list each time; `TaskCreate` and `TaskUpdate` change one task. A new
task is numbered after those before it until the client's answer names its number.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.work import WorkState

STEP_CHARS = 200
TASKS_LIMIT = 200
EARLIER_KEPT = 12
EARLIER = "before-"
"""Begins the keys of steps from an earlier list or session, which the client numbers no more."""
OPEN = ("pending", "in_progress")


def set_todos(work: WorkState, given: dict[str, Any]) -> None:
    """The list of `TodoWrite` replaces the steps; what was done before it stays done."""
    todos = given.get("todos")
    rows = [todo for todo in todos if isinstance(todo, dict)] if isinstance(todos, list) else []
    named = [(_text(todo.get("content")) or _text(todo.get("subject")), todo) for todo in rows]
    listed = {subject for subject, _ in named}
    work["tasks"] = {
        **earlier(work["tasks"], listed, ("completed",)),
        **{
            str(number): [subject, _text(todo.get("status")) or "pending"]
            for number, (subject, todo) in enumerate(named[:TASKS_LIMIT], 1)
            if subject
        },
    }
    show(work)


def earlier(
    tasks: dict[str, list[str]], listed: set[str], kept: tuple[str, ...]
) -> dict[str, list[str]]:
    """Tasks that stay beside a new list: those of these statuses that it does not name itself."""
    rows = [task for task in tasks.values() if task[1] in kept and task[0] not in listed]
    finished = [task for task in rows if task[1] == "completed"]
    dropped = {id(task) for task in finished[:-EARLIER_KEPT]}
    stay = [task for task in rows if id(task) not in dropped]
    return {f"{EARLIER}{number}": task for number, task in enumerate(stay, 1)}


def create(work: WorkState, given: dict[str, Any]) -> str:
    """One more task; give the number that it goes by until the client says its own."""
    number = max((int(key) for key in work["tasks"] if key.isdigit()), default=0) + 1
    if len(work["tasks"]) < TASKS_LIMIT:
        subject = _text(given.get("subject")) or _text(given.get("description"))
        work["tasks"][str(number)] = [subject, "pending"]
    show(work)
    return str(number)


def renumber(work: WorkState, key: str, said: str) -> None:
    """The client's answer names a new task's number: `Task #3 created …`; only digits are read."""
    digits = said[:200].partition("#")[2]
    end = 0
    while end < len(digits) and digits[end].isdigit():
        end += 1
    number, task = digits[:end], work["tasks"].get(key)
    if number and number != key and task and number not in work["tasks"]:
        del work["tasks"][key]
        work["tasks"][number] = task


def update(work: WorkState, given: dict[str, Any]) -> None:
    """A task's new subject or status; an unknown task is not invented."""
    key = str(given.get("taskId", given.get("task_id"))).lstrip("#")
    tasks = work["tasks"]
    key = key if key in tasks else EARLIER + key
    task = tasks.get(key)
    if task is None:
        return
    status = _text(given.get("status")) or task[1]
    tasks[key] = [_text(given.get("subject")) or task[0], status]
    show(work)


def show(work: WorkState) -> None:
    """The steps as people see them, except where they were set by hand."""
    if "steps" in work["hand_set"]:
        return
    work["stepped"] = work["turn"]
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
