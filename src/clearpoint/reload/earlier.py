"""What an earlier answer lists and the newest one builds on. Pure."""

from __future__ import annotations

from clearpoint.reload.task import prompts
from clearpoint.reload.view import Words, together
from clearpoint.text import passages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState
    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View

POINTED_RANK = 6.5
RANK = 10.8
TURNS = 3
"""An older list is no longer what is talked about."""
SHORT_TOKENS = 300
"""A last answer of fewer tokens builds on what was said before it."""
NUMBERED = ("item", "issue", "point", "number", "no", "finding", "task", "step", "bug", "problem",
            "comment", "question", "suggestion", "fix", "for", "and", "nummer")  # fmt: skip
"""Words before a number that names an item."""


def items(view: View) -> list[Line]:
    """The labelled items of an earlier answer, where the last one is short or they are named."""
    work = view.work
    listed, answer = work["itemized"], work["answer"]
    if not listed or work["turn"] - listed["turn"] > TURNS or listed["text"] in _text(answer):
        return []
    labels = {name for row in listed["text"].splitlines() if (name := passages.label(row))}
    is_named = not labels.isdisjoint(_named(work))
    if not is_named and view.measure(_text(answer)) >= SHORT_TOKENS:
        return []
    words = Words(listed["text"], listed.get("pointer"), is_cut=True)
    title = "What Claude listed before"
    quoted = view.quoted(title, words, view.room.prompt if is_named else view.room.prompt // 2)
    return together(POINTED_RANK if is_named else RANK, quoted)


def _text(answer: object) -> str:
    return str(answer["text"]) if isinstance(answer, dict) else ""


def _named(work: WorkState) -> set[str]:
    """The numbers of items that the newest prompt and answer name: `#2`, `for 1`, `points 1 and 3`.

    A list of the answer's own is not meant.
    """
    said = prompts(work)
    rows = _text(work["answer"]).splitlines()
    rows = [row for row in rows if not passages.label(row)]
    return {name for row in [*rows, *(one["text"] for one in said[-1:])] for name in _numbers(row)}


def _numbers(row: str) -> Iterator[str]:
    before = ""
    for raw in row.lower().split():
        word = raw.strip("*_`()[].,;:!?…\"'“”")
        name = word.removeprefix("#")
        is_mark = name != word or before.rstrip("s") in NUMBERED
        if name.isdecimal() and len(name) <= passages.DIGITS_AT_MOST and is_mark:
            yield name
        before = word
