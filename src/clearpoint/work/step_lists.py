"""Steps from lists, where no to-do tool names them: plans, Claude's answers, files of tasks. Pure.

To-do tools come before the approved plan, that before lists in answers, and those before files. A
source gives way to a later one once nothing of it is open, and a list of what remains says of the
steps that are known which are done.
"""

from __future__ import annotations

from clearpoint.text import sentences, similarity
from clearpoint.work import tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import StepSource, WorkState
    from clearpoint.transcript.entry import Entry

    Row = tuple[str, str]

RANKS: dict[StepSource | None, int] = {"todo": 4, "plan": 3, "answer": 2, "file": 1}
ITEMS_LIMIT = 40
ITEM_CHARS = 200
INLINE_CHARS = 80
SAME = 0.6
BOXES = {" ": "pending", "x": "completed", "X": "completed", "~": "in_progress", "/": "in_progress",
         ">": "in_progress"}  # fmt: skip
SIGNS = {"☐": "pending", "⬜": "pending", "🔲": "pending", "☑": "completed", "✅": "completed",
         "✔": "completed", "✓": "completed", "⏳": "in_progress", "🔄": "in_progress"}  # fmt: skip
REMAINING = ("still to do", "still to come", "still open", "still missing", "remaining",
             "next steps",
             "what's next", "what is next", "what's left", "what is left", "left to do", "to do",
             "todo", "to-do", "not yet done", "not done yet", "not yet in place", "outstanding",
             "up next", "yet to do", "yet to come", "follow-up", "open items", "pending",
             "noch offen", "noch zu tun", "verbleib", "nächste schritte", "es fehlt noch",
             "pendiente", "por hacer", "queda por", "próximos pasos",
             "남은", "다음 단계", "残り", "未完了", "次のステップ", "剩余", "下一步",
             "待办")  # fmt: skip
"""What a heading of a list of open steps says."""
NOTHING = ("nothing", "none", "no ", "nichts", "nada", "없", "なし", "无")
STEPPING = ("plan", "step", "stage", "phase", "milestone", "order", "in turn", "task", "part",
            "slice", "schritt", "stufe", "etappe", "paso", "etapa", "fase", "단계", "手順",
            "ステップ", "段階", "步骤", "阶段")  # fmt: skip
"""What a heading of a list of steps says."""
UNITS = ("stage", "step", "phase", "milestone", "part", "slice", "task", "stufe", "schritt",
         "etappe",
         "paso", "etapa", "fase")  # fmt: skip
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
NO_STEPS = ("verif", "test plan", "context", "background", "alternativ", "risk", "out of scope",
            "question", "file", "why", "note", "non-goal", "assumption", "reference",
            "overview")  # fmt: skip
"""What a heading of a plan's section says whose list holds no steps."""


def hear(work: WorkState, entry: Entry, text: str) -> None:
    """Take in what an answer of Claude's says of steps: what is done and what remains."""
    low = text.lower()
    work["remaining"] = []
    if "\n" in text or ":" in text:
        boxes = checkboxes(text)
        if len(boxes) > 1:
            work["remaining"] = [step for step, status in boxes if status != "completed"]
            take(work, boxes, "answer", entry.get("uuid") or "")
        elif [key for key in REMAINING if key in low]:
            work["remaining"] = remaining(text)
            _narrow(work, entry, work["remaining"])
        if any(word in low for word in STEPPING) and (found := numbered_steps(text)):
            work["listed"] = found
    if any(unit in low for unit in UNITS):
        _count_off(work, entry, text)
    if work["current_step"] or work["pending_steps"]:
        _compare(work, text, low)


def _compare(work: WorkState, text: str, low: str) -> None:
    """Which of the open steps the answer marks as done."""
    from clearpoint.work import told_done

    if any(mark in text for mark in told_done.MARKS) or any(one in low for one in told_done.WORDS):
        is_all = any(mark in low for mark in ALL_DONE) and _says_all(text)
        counted = len(work["tasks"]) if is_all else _progress(text)[0]
        told_done.hear(work, list(_lines(text)), counted)


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
    rows = plan_steps(plan)
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
    return checkboxes(text) if is_tasks and "[" in text else []


def checkboxes(text: str) -> list[Row]:
    """The checkbox items of a text, outside code, with their statuses."""
    found = [row for line in _lines(text) if (row := _box(line)) is not None]
    return list(dict(found).items())[:ITEMS_LIMIT]


def _box(line: str) -> Row | None:
    """One line as a checkbox item; None if it is none."""
    bare = line.strip()
    inner = bare.lstrip("-*+0123456789.) ") if bare[:1] in "-*+0123456789" else bare
    if inner[:1] == "[" and inner[2:4] in ("] ", "]") and inner[1] in BOXES:
        status, rest = BOXES[inner[1]], inner[3:]
    elif inner[:1] in SIGNS and inner != bare:
        status, rest = SIGNS[inner[0]], inner[1:].lstrip("\ufe0f")
    else:
        return None
    step = _clean(rest)
    return (step, status) if step else None


def remaining(text: str) -> list[str]:
    """What an answer lists as still to be done, in a list or behind a colon."""
    rows = list(_lines(text))
    for place, line in enumerate(rows):
        lead, rest = _lead(line)
        if not lead or not any(key in lead.lower() for key in REMAINING):
            continue
        if rest:
            return _inline(rest)
        if items := list(_items(rows[place + 1 :])):
            return items[:ITEMS_LIMIT]
    return []


def _lead(line: str) -> tuple[str, str]:
    """A line that heads what follows, and what it says itself behind the colon."""
    bare = line.strip().replace("**", "").replace("__", "")
    head = bare.lstrip("#").strip()
    if bare.startswith("#") or (line.strip().startswith("**") and line.strip().endswith("**")):
        return head.rstrip(":"), ""
    bullet = head.lstrip("-*+ ")
    before, colon, after = bullet.partition(":")
    if colon and len(before) <= INLINE_CHARS and not after.startswith("//"):
        return before, after.strip()
    return "", ""


def _inline(rest: str) -> list[str]:
    """The items of `tests, docs and the changelog.`; none where something else is said."""
    said = rest.split(". ", maxsplit=1)[0].rstrip(".")
    if said.lower().startswith(NOTHING):
        return []
    mark = ";" if ";" in said else ","
    parts = [part.strip() for part in said.split(mark)]
    if mark == "," and " and " in parts[-1]:
        parts[-1:] = parts[-1].split(" and ")
    cleaned = [_clean(part.removeprefix("and ")) for part in parts]
    fits = all(0 < len(part) <= INLINE_CHARS for part in cleaned)
    return cleaned if fits else [_clean(said)]


def _items(rows: list[str]) -> Iterator[str]:
    """The items of the list that begins here, at its outermost level."""
    depth = None
    for line in rows:
        if not line.strip():
            continue
        item = _item(line)
        if item is None:
            if line.startswith((" ", "\t")) and depth is not None:
                continue
            return
        indent = len(line) - len(line.lstrip())
        depth = indent if depth is None else depth
        if indent <= depth and item:
            yield item


def _item(line: str) -> str | None:
    """The text of a list's item; None if the line is none."""
    bare = line.strip()
    if (row := _box(line)) is not None:
        return row[0] if row[1] != "completed" else ""
    if bare[:2] in ("- ", "* ", "+ ", "• "):
        return _clean(bare[2:])
    digits = len(bare) - len(bare.lstrip("0123456789"))
    if 0 < digits <= 2 and bare[digits : digits + 2] in (". ", ") "):
        return _clean(bare[digits + 2 :])
    return None


def numbered_steps(text: str) -> list[str]:
    """The steps that an answer numbers: under a heading that calls them so, or so called each."""
    rows = list(_lines(text))
    titles = [step for line in rows if (step := _titled(line))]
    if len(titles) > 1:
        return titles[:ITEMS_LIMIT]
    for place, line in enumerate(rows):
        lead, rest = _lead(line)
        is_heading = lead and not rest and any(word in lead.lower() for word in STEPPING)
        if is_heading and _is_numbered(rows[place + 1 :]):
            found = [item for item in _items(rows[place + 1 :]) if item]
            if len(found) > 1:
                return found[:ITEMS_LIMIT]
    return []


def _is_numbered(rows: list[str]) -> bool:
    first = next((line.strip() for line in rows if line.strip()), "")
    return first[:1].isdigit() and _item(first) is not None


def _titled(line: str) -> str:
    """The step that a heading or an item names: `### Stage 2: the reader`; empty otherwise."""
    bare = line.strip().lstrip("#-*+> ").replace("**", "").lstrip("0123456789.) ")
    words = bare.split(" ", 2)
    is_marked = line.strip()[:1] in "#-*+" or line.strip()[:1].isdigit()
    if not is_marked or len(words) < 2 or words[0].lower() not in UNITS:
        return ""
    number = words[1].strip(":.—–-()")
    return _clean(bare) if number.isdigit() and len(number) <= 2 else ""


def plan_steps(plan: str) -> list[Row]:
    """The steps of a plan: its checkboxes, its headings of steps, or its first numbered list."""
    if boxes := checkboxes(plan):
        return boxes
    rows = list(_lines(plan))
    titles = [step for line in rows if line.strip().startswith("#") and (step := _titled(line))]
    if len(titles) > 1:
        return [(step, "pending") for step in titles[:ITEMS_LIMIT]]
    section = ""
    for place, line in enumerate(rows):
        if line.startswith("#"):
            section = line.lower()
        elif _is_numbered([line]) and not any(word in section for word in NO_STEPS):
            found = [item for item in _items(rows[place:]) if item]
            return [(step, "pending") for step in found[:ITEMS_LIMIT]]
    return []


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
        names = [f"{unit.capitalize()} {place}" for place in range(1, min(number, ITEMS_LIMIT) + 1)]
        titles = dict(_named_in(text))
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
            if sentence.endswith("?") or not any(unit in low for unit in UNITS):
                continue
            is_done = any(word in low for word in DONE)
            if is_done and not any(one in low for one in OPEN_WORDS):
                best = max(best, _counted(low))
    return best


def _counted(low: str) -> tuple[int, int, str]:
    """The number behind the name of a step, and the whole number: `stage 2 of 5`, `step 2/5`."""
    words = [word.strip(",.:;!()*—–") for word in low.split()]
    for place, word in enumerate(words[:-1]):
        unit = word.removesuffix("s")
        if unit not in UNITS:
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


def _named_in(text: str) -> Iterator[tuple[str, str]]:
    """The titles that a text gives to numbered steps: `stage 2 (the reader)`."""
    for line in _lines(text):
        if title := _titled(line):
            yield " ".join(title.lower().split()[:2]).rstrip(":.—–-"), title


def _lines(text: str) -> Iterator[str]:
    """The lines of a text outside code blocks."""
    in_code = False
    for line in text.splitlines():
        if line.strip().startswith("```"):
            in_code = not in_code
        elif not in_code:
            yield line


def _clean(text: str) -> str:
    """A step on one line, without the marks of stress."""
    flat = " ".join(text.replace("**", "").replace("~~", "").split()).strip()
    return flat[:ITEM_CHARS].rstrip(":")
