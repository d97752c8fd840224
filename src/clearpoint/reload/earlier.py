"""What an earlier answer lists, where the last prompt or an open question takes it up. Pure."""

from __future__ import annotations

from clearpoint.reload.known import Known
from clearpoint.reload.task import open_question, prompts
from clearpoint.reload.view import Words, together
from clearpoint.text import passages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState
    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View

RANK = 6.5
TURNS = 3
"""An older list is no longer what is talked about."""
SHORT_CHARS = 60
"""In a shorter prompt a number names an item, whatever stands before it."""
NUMBERED = ("item", "issue", "point", "number", "no", "finding", "task", "step", "bug", "problem",
            "comment", "question", "suggestion", "fix", "for", "and", "nummer", "option",
            "variant", "approach", "alternative")  # fmt: skip
"""Words before a number that names an item."""
LETTERED = ("option", "variant", "approach", "alternative")
"""The same before a letter."""
BEHIND = ("", "and", "or", "but", "first", "then", "too", "please", "is", "with", "und", "y", "o")
"""Words after such a number; before another word it counts something: `2 minutes`."""
POINTING = ("which of", "which one", "which first", "these options", "those options",
            "the options", "of these", "of those", "of them", "the first one", "the second one",
            "the last one", "first option", "second option", "third option")  # fmt: skip
"""How something is said to be one of those that were listed."""


def items(view: View) -> list[Line]:
    """The labelled items of an earlier answer that the last prompt or the open question names."""
    work = view.work
    listed, answer = work["itemized"], work["answer"]
    if not listed or work["turn"] - listed["turn"] > TURNS:
        return []
    rows = [row for row in listed["text"].splitlines() if passages.label(row)]
    newer = {passages.label(row) for row in (answer["text"] if answer else "").splitlines()}
    if not _is_meant(work, {passages.label(row) for row in rows} - newer):
        return []
    if _repeats(answer["text"] if answer else "", rows):
        return []
    words = Words(listed["text"], listed.get("pointer"), is_cut=True)
    return together(RANK, view.quoted("What Claude listed before", words, view.room.prompt))


def _repeats(answer: str, rows: list[str]) -> bool:
    """Whether an answer says most of the items itself."""
    known = Known(answer)
    return 2 * sum(known.says(row) for row in rows) > len(rows)


def _is_meant(work: WorkState, labels: set[str]) -> bool:
    """Whether the last prompt or the open question speaks of items with these labels."""
    said = [one["text"].lower() for one in prompts(work)[-1:]]
    return any(
        not labels.isdisjoint(_named(text)) or any(words in text for words in POINTING)
        for text in (*said, open_question(work).lower())
    )


def _named(text: str) -> Iterator[str]:
    """The labels in a text: `#2`, `option b`, `points 1 and 3`; in a short one `2` alone."""
    words = text.split()
    is_short = len(text) < SHORT_CHARS
    before = ""
    for raw, behind in zip(words, [*words, ""][1:], strict=True):
        word = _bare(raw)
        name = word.removeprefix("#")
        is_last = raw[-1] in ".,;:)!?" or _bare(behind) in BEHIND
        is_mark = name != word or before.rstrip("s") in NUMBERED or (is_short and is_last)
        is_number = name.isdecimal() and len(name) <= passages.DIGITS_AT_MOST
        is_letter = len(name) == 1 and name.isalpha() and before.rstrip("s") in LETTERED
        if (is_number and is_mark) or is_letter:
            yield name
        before = word


def _bare(word: str) -> str:
    return word.strip("*_`()[].,;:!?…\"'“”")
