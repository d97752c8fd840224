"""Open steps that an answer marks as done: in a list, in a table, or by their numbers. Pure.

Of a to-do list only the client's tool changes the steps: it is told to be older than the answer.
"""

from __future__ import annotations

from clearpoint.text import similarity
from clearpoint.work import tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState

MARKS = ("✅", "✔", "✓", "☑", "[x]", "[X]")
WORDS = ("done", "complete", "completed", "finished", "merged", "implemented", "fixed", "landed",
         "erledigt", "fertig", "hecho", "listo", "完了", "完成", "완료")  # fmt: skip
"""What a cell of a table, or the end of a list's item, says of a step that is done."""
OPEN_MARKS = ("❌", "⏳", "🔄", "⬜", "☐", "[ ]", "🚧", "✗")
SAME = 0.6
ROW_CHARS = 400


def hear(work: WorkState, rows: list[str], counted: int) -> None:
    """Take in which open steps the rows of an answer mark as done; the first `counted` are."""
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    if not opened:
        return
    marked = [similarity.carrying(row) for row in done_rows(rows)]
    first = {one[0] for one in list(work["tasks"].values())[:counted]}
    done = [step for step in opened if step in first or _is_marked(step, marked)]
    if done and work["steps_source"] == "todo":
        work["steps_old"] = True
    elif marked and done:
        for task in work["tasks"].values():
            task[1] = "completed" if task[0] in done and _is_marked(task[0], marked) else task[1]
        tasks.show(work)


def _is_marked(step: str, marked: list[frozenset[str]]) -> bool:
    return any(similarity.is_about(words, step, SAME) for words in marked)


def done_rows(rows: list[str]) -> Iterator[str]:
    """The rows of lists and tables that say of what they name that it is done."""
    for line in rows:
        row = line.strip()
        if not row or len(row) > ROW_CHARS or any(mark in row for mark in OPEN_MARKS):
            continue
        is_item = row[:1] in "-*+|#" or row[:1].isdigit() or row.startswith(MARKS)
        if is_item and (any(mark in row for mark in MARKS) or _ends_done(row)):
            yield row


def _ends_done(row: str) -> bool:
    """Whether a cell of a table is such a word, or an item ends on it: `Parser — done`."""
    cells = [cell.strip(" *_`.") for cell in row.split("|")] if row[0] == "|" else []
    behind = row.replace(" – ", " — ").replace(" - ", " — ").replace(": ", " — ")
    last = behind.rpartition(" — ")[2].strip(" *_`.()")
    return any(cell.lower() in WORDS for cell in cells) or last.lower() in WORDS
