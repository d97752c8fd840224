"""A long answer in part keeps what the next prompt may point to, and marks each gap."""

from __future__ import annotations

from itertools import pairwise

import pytest

from clearpoint.reload.excerpt import excerpt
from clearpoint.text import passages

FILLER = "It goes on for a while here and says how the reader walks over its rows. " * 4
LONG = "\n\n".join(
    [
        "The folders stand like this.",
        *(f"**Part {number}**\n\nOf {number}: {FILLER}" for number in "abcdefgh"),
        "```go\n" + "\n".join(f"case {number}: return {number}" for number in range(60)) + "\n```",
        "**Option 1: keep it.** Costs nothing.",
        FILLER,
        "- Option 2: rewrite it. Two days.",
        "Still open: the licence of the font.",
        "So the filter opens as a sheet, and `Esc` closes it. Which one do you want?",
    ]
)


def shown(text: str = LONG, room: int = 1_200) -> list[str]:
    return excerpt(text, room, len)[0]


@pytest.mark.parametrize(
    "line",
    [
        "The folders stand like this.",
        "**Option 1: keep it.** Costs nothing.",
        "- Option 2: rewrite it. Two days.",
        "Still open: the licence of the font.",
        "So the filter opens as a sheet, and `Esc` closes it. Which one do you want?",
    ],
)
def test_what_a_reply_may_point_to_is_kept(line: str) -> None:
    assert line in shown()


def test_it_fits_the_room_but_for_the_marks_of_its_gaps() -> None:
    lines = shown()
    assert sum(len(line) for line in lines if line != "…") <= 1_200


def test_lines_that_were_apart_have_a_mark_between_them() -> None:
    whole = [line for line in LONG.splitlines() if line]
    lines = [line for line in shown() if line]
    wrong = [
        (one, other)
        for one, other in pairwise(lines)
        if "…" not in one + other and whole.index(other) != whole.index(one) + 1
    ]
    assert wrong == []


def test_a_short_answer_is_whole() -> None:
    assert excerpt("One.\n\nTwo.", 700, len) == (["One.", "", "Two."], True)


def test_of_a_prompt_the_beginning_counts_most() -> None:
    text = f"Please build the importer.\n\n{FILLER * 3}\n\n{FILLER * 3}"
    assert excerpt(text, 200, len, opens=True)[0][0] == "Please build the importer."


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("**Option 1: `rows.py`** adds it", "1"),
        ("- Option B - rewrite", "b"),
        ("2) the second", "2"),
        ("(a) the first", "a"),
        ("## Variant 3: none", "3"),
        ("| A. | none |", "a"),
        ("옵션 2: `net/`", "2"),
        ("A sentence about it", ""),
        ("2026 was a year", ""),
        ("e.g. this one", ""),
        ("Option pricing is hard", ""),
    ],
)
def test_the_label_of_an_option(line: str, label: str) -> None:
    assert passages.label(line) == label
