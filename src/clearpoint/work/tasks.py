"""Steps of the work, from the client's to-do tools. Pure.

`TodoWrite` carries the whole list each time; `TaskCreate` and `TaskUpdate` change one task, by the
number that the client's answer gives it.
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
COMMITTING = ("commit ", "commit.", "committing ")


def rows(given: dict[str, Any]) -> list[str]:
    """The rows of `TodoWrite`: status and text of each."""
    todos = given.get("todos")
    found = [todo for todo in todos if isinstance(todo, dict)] if isinstance(todos, list) else []
    return [
        f"{_text(todo.get('status')) or 'pending'} {text}"
        for todo in found[:TASKS_LIMIT]
        if (text := _text(todo.get("content")) or _text(todo.get("subject")))
    ]


def subject(given: dict[str, Any]) -> str:
    """What a task of `TaskCreate` is."""
    return _text(given.get("subject")) or _text(given.get("description"))


def changes(given: dict[str, Any]) -> list[str]:
    """What `TaskUpdate` says: number, new text, new status; empty what stays."""
    key = str(given.get("taskId", given.get("task_id"))).lstrip("#")
    return [key, _text(given.get("subject")), _text(given.get("status"))]


def set_todos(work: WorkState, listed: list[tuple[str, str]]) -> None:
    """The list of `TodoWrite` replaces the steps; what was done before it stays done."""
    texts = {text for text, _ in listed}
    work["tasks"] = {
        **earlier(work["tasks"], texts, ("completed",)),
        **{str(number): [text, status] for number, (text, status) in enumerate(listed, 1)},
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


def create(work: WorkState, text: str, said: str) -> None:
    """One more task, under the number that the client's answer gives it."""
    number = _number(said) or str(
        max((int(key) for key in work["tasks"] if key.isdigit()), default=0) + 1
    )
    if work["steps_source"] not in (None, "todo", "hand"):
        work["tasks"] = earlier(work["tasks"], {text}, ("completed",))
    if text and len(work["tasks"]) < TASKS_LIMIT:
        work["tasks"][number] = [text, "pending"]
    show(work)


def _number(said: str) -> str:
    """The number in the client's answer, `Task #3 created …`; only digits are read."""
    digits = said[:200].partition("#")[2]
    end = 0
    while end < len(digits) and digits[end].isdigit():
        end += 1
    return digits[:end]


def update(work: WorkState, key: str, text: str, status: str) -> bool:
    """A task's new text or status; tell whether it is known: an unknown one is not invented."""
    tasks = work["tasks"]
    key = key if key in tasks else EARLIER + key
    task = tasks.get(key)
    if task is None:
        return False
    tasks[key] = [text or task[0], status or task[1]]
    show(work)
    return True


def show(work: WorkState) -> None:
    """The steps as people see them: the tasks, and over them what was set by hand."""
    work["stepped"], work["steps_old"] = work["turn"], False
    by_hand = work["hand_steps"]
    rows = [(text, by_hand.get(text, status)) for text, status in work["tasks"].values()]
    known = {text for text, _ in rows}
    rows += [(text, status) for text, status in by_hand.items() if text not in known]
    work["completed_steps"] = [text for text, status in rows if status == "completed"]
    active = [text for text, status in rows if status == "in_progress"]
    work["current_step"] = active[0] if active else None
    work["pending_steps"] = active[1:] + [text for text, status in rows if status == "pending"]
    work["next_step"] = work["pending_steps"][0] if work["pending_steps"] else None


def rest(work: WorkState) -> None:
    """A commit was made: no step is the current one until the list says so again.

    A step that was to commit is done.
    """
    for task in work["tasks"].values():
        if task[1] in OPEN and task[0].lower().startswith(COMMITTING):
            task[1] = "completed"
    stepped, is_old = work["stepped"], work["steps_old"]
    show(work)
    work["stepped"], work["steps_old"] = stepped, is_old
    if work["current_step"]:
        work["pending_steps"] = [work["current_step"], *work["pending_steps"]]
        work["current_step"], work["next_step"] = None, work["pending_steps"][0]


def _text(value: Any) -> str:
    return " ".join(value.split())[:STEP_CHARS] if isinstance(value, str) else ""
