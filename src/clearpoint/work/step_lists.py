"""Steps from lists, where no to-do tool names them: plans, Claude's answers, files of tasks. Pure.

To-do tools come before the approved plan, that before lists in answers, and those before files. A
source gives way to a later one once nothing of it is open, and a list of what remains says of the
steps that are known which are done.
"""

from __future__ import annotations

from clearpoint.text import sentences, similarity
from clearpoint.work import listed_steps, tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import StepSource, WorkState
    from clearpoint.transcript.entry import Entry

    Row = tuple[str, str]

RANKS: dict[StepSource | None, int] = {"todo": 4, "plan": 3, "answer": 2, "file": 1}
SAME = 0.6
DONE = ("in place", "done", "complete", "finished", "implemented", "landed", "merged", "works",
        "stands",
        "ready", "built", "is in", "passes", "committed", "fertig", "erledigt", "steht", "listo",
        "terminad", "hecho")  # fmt: skip
OPEN_WORDS = ("not ", "n't ", "once ", "when ", "after ", "before ", "if ", "until ", "will ",
              "should ",
              "would ", "could ", "can ", "nicht ", "wenn ", "sobald ", "almost", "half", "partly",
              "partially", "instead")  # fmt: skip
ALL_DONE = ("all steps are", "all stages are", "all phases are", "all tasks are", "all parts are",
            "every step is", "every stage is")  # fmt: skip
TASK_FILES = ("task", "todo", "plan", "spec", "roadmap", "checklist", "progress")
PROSE = (".md", ".markdown", ".txt", ".org")


def hear(work: WorkState, entry: Entry, text: str) -> None:
    """Take in what an answer of Claude's says of steps: what is done and what remains."""
    low = text.lower()
    work["remaining"] = []
    if "\n" in text or ":" in text:
        boxes = listed_steps.checkboxes(text)
        if len(boxes) > 1:
            work["remaining"] = [step for step, status in boxes if status != "completed"]
            take(work, boxes, "answer", entry.get("uuid") or "")
        elif [key for key in listed_steps.REMAINING if key in low]:
            work["remaining"] = listed_steps.remaining(text)
            _narrow(work, entry, work["remaining"])
        if any(word in low for word in listed_steps.STEPPING) and (
            found := listed_steps.numbered_steps(text)
        ):
            work["listed"] = found
    if any(unit in low for unit in listed_steps.UNITS):
        _count_off(work, entry, text)
    if work["current_step"] or work["pending_steps"]:
        _compare(work, text, low)


def _compare(work: WorkState, text: str, low: str) -> None:
    """Which of the open steps the answer marks as done."""
    from clearpoint.work import told_done

    if any(mark in text for mark in told_done.MARKS) or any(one in low for one in told_done.WORDS):
        is_all = any(mark in low for mark in ALL_DONE) and _says_all(text)
        counted = len(work["tasks"]) if is_all else _progress(text)[0]
        told_done.hear(work, list(listed_steps.lines(text)), counted)


def take(work: WorkState, rows: list[Row], source: StepSource, entry: str) -> bool:
    """Take a list for the steps, and tell so, unless a source before it has open ones."""
    known = work["steps_source"]
    has_open = bool(work["pending_steps"] or work["current_step"])
    if not rows or (has_open and RANKS.get(known, 0) > RANKS[source]):
        return False
    texts = {text for text, _ in rows}
    work["tasks"] = {
        **tasks.earlier(work["tasks"], texts, ("completed",)),
        **{f"list-{number}": [text, status] for number, (text, status) in enumerate(rows, 1)},
    }
    work["steps_source"], work["steps_entry"] = source, entry
    tasks.show(work)
    return True


def take_plan(work: WorkState, entry: Entry, plan: str) -> None:
    """The steps of a plan that was approved: whatever was planned before is not in force."""
    rows = listed_steps.plan_steps(plan)
    if rows:
        work["tasks"] = tasks.earlier(work["tasks"], set(), ("completed",))
        work["steps_source"] = None
        work["pending_steps"], work["current_step"] = [], None
        take(work, rows, "plan", entry.get("uuid") or "")


def take_file(work: WorkState, path: str, rows: list[Row], is_whole: bool) -> None:
    """The checkboxes of a file of tasks: all of them where it was written whole, else some."""
    is_same = work["steps_source"] == "file" and work["steps_entry"] == path
    if not is_whole and is_same:
        known = {one[0]: one[1] for one in work["tasks"].values()}
        rows = list({**known, **dict(rows)}.items())
    elif not is_whole and len(rows) < 2:
        return
    take(work, rows, "file", path)


def in_file(path: str, text: str) -> list[Row]:
    """The checkboxes in what is written into a file, where it is one of tasks."""
    folder, _, name = path.lower().rpartition("/")
    is_tasks = name.endswith(PROSE) and (
        any(mark in name for mark in TASK_FILES) or folder.rpartition("/")[0].endswith("specs")
    )
    return listed_steps.checkboxes(text) if is_tasks and "[" in text else []


def _narrow(work: WorkState, entry: Entry, left: list[str]) -> None:
    """What remains says which of the known steps are done; what it adds is open."""
    if not left or work["steps_source"] == "todo":
        if left and not (work["pending_steps"] or work["current_step"]):
            take(work, [(step, "pending") for step in left], "answer", entry.get("uuid") or "")
        return
    rows = list(work["tasks"].values())
    words = [(step, similarity.carrying(step)) for step in left]
    still = [
        row for row in rows if any(similarity.is_about(said, row[0], SAME) for _, said in words)
    ]
    if not still:
        for key in [key for key, one in work["tasks"].items() if one[1] != "completed"]:
            del work["tasks"][key]
        work["pending_steps"], work["current_step"] = [], None
        take(work, [(step, "pending") for step in left], "answer", entry.get("uuid") or "")
        return
    for row in rows:
        is_open = any(row is one for one in still)
        row[1] = "pending" if is_open else "completed"
    for step, said in words:
        if not any(similarity.is_about(said, row[0], SAME) for row in rows):
            work["tasks"][f"list-{len(work['tasks']) + 1}"] = [step, "pending"]
    tasks.show(work)


def _count_off(work: WorkState, entry: Entry, text: str) -> None:
    """`Stage 2 of 5 is in place`: the first two are done, and three are open."""
    if any(mark in text.lower() for mark in ALL_DONE) and work["steps_source"] in (
        "plan",
        "answer",
    ):
        _finish_all(work, text)
    done, number, unit = _progress(text)
    if not done:
        return
    open_rows = work["steps_source"] in ("plan", "answer") and list(work["tasks"])
    listed = [key for key in open_rows or () if key.startswith("list-")]
    if len(listed) >= max(number, done):
        for key in listed[:done]:
            work["tasks"][key][1] = "completed"
        tasks.show(work)
    elif len(work["listed"]) >= max(number, done, 2):
        _take_counted(work, entry, work["listed"], done)
    elif number > done and not work["remaining"]:
        names = [
            f"{unit.capitalize()} {place}"
            for place in range(1, min(number, listed_steps.ITEMS_LIMIT) + 1)
        ]
        titles = dict(listed_steps.named_in(text))
        _take_counted(work, entry, [titles.get(one.lower(), one) for one in names], done)


def _take_counted(work: WorkState, entry: Entry, steps: list[str], done: int) -> None:
    rows = [(step, "completed" if place < done else "pending") for place, step in enumerate(steps)]
    take(work, rows, "answer", entry.get("uuid") or "")


def _finish_all(work: WorkState, text: str) -> None:
    if _says_all(text):
        for row in work["tasks"].values():
            row[1] = "completed"
        tasks.show(work)


def _says_all(text: str) -> bool:
    """Whether a sentence says of all steps that they are done."""
    for sentence in sentences.split(text.replace("\n", " ")):
        low = sentence.lower()
        is_said = any(mark in low for mark in ALL_DONE) and any(word in low for word in DONE)
        if is_said and not sentence.endswith("?") and not any(one in low for one in OPEN_WORDS):
            return True
    return False


def _progress(text: str) -> tuple[int, int, str]:
    """How many steps a text says are done, of how many, and what it calls them."""
    best = (0, 0, "")
    for line in sentences.lines(text):
        for sentence in sentences.split(line):
            low = f"{sentence.lower()} "
            if sentence.endswith("?") or not any(unit in low for unit in listed_steps.UNITS):
                continue
            is_done = any(word in low for word in DONE)
            if is_done and not any(one in low for one in OPEN_WORDS):
                best = max(best, _counted(low))
    return best


def _counted(low: str) -> tuple[int, int, str]:
    """The number after the name of a step, and the whole number: `stage 2 of 5`, `step 2/5`."""
    words = [word.strip(",.:;!()*—–") for word in low.split()]
    for place, word in enumerate(words[:-1]):
        unit = word.removesuffix("s")
        if unit not in listed_steps.UNITS:
            continue
        first, slash, whole = words[place + 1].replace("–", "-").rpartition("-")[2].partition("/")
        if not first.isdigit() or len(first) > 2:
            continue
        rest = words[place + 2 : place + 4]
        if slash and whole.isdigit():
            return int(first), int(whole), unit
        if rest[:1] == ["of"] and rest[1:2] and rest[1].isdigit():
            return int(first), min(int(rest[1]), 99), unit
        if rest[:1] in (["and"], ["to"], ["through"]) and rest[1:2] and rest[1].isdigit():
            return int(rest[1][:2]), 0, unit
        return int(first), 0, unit
    return 0, 0, ""
