"""Steps as texts list them: checkboxes, numbers, headings, what remains. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = tuple[str, str]
    """A step and its status."""

ITEMS_LIMIT = 40
ITEM_CHARS = 200
INLINE_CHARS = 80
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
NO_STEPS = ("verif", "test plan", "context", "background", "alternativ", "risk", "out of scope",
            "question", "file", "why", "note", "non-goal", "assumption", "reference",
            "overview")  # fmt: skip
"""What a heading of a plan's section says whose list holds no steps."""


def checkboxes(text: str) -> list[Row]:
    """The checkbox items of a text, outside code, with their statuses."""
    found = [row for line in lines(text) if (row := _box(line)) is not None]
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
    """What an answer lists as still to be done, in a list or after a colon."""
    rows = list(lines(text))
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
    """The items of `tests, docs and the changelog.`; none if something else is said."""
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
    rows = list(lines(text))
    titles = [step for line in rows if (step := titled(line))]
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


def titled(line: str) -> str:
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
    rows = list(lines(plan))
    titles = [step for line in rows if line.strip().startswith("#") and (step := titled(line))]
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


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """The titles that a text gives to numbered steps: `stage 2 (the reader)`."""
    for line in lines(text):
        if title := titled(line):
            yield " ".join(title.lower().split()[:2]).rstrip(":.—–-"), title


def lines(text: str) -> Iterator[str]:
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
