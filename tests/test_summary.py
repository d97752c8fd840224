"""A summary has the size that was asked for, keeps what matters, and points to the original."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import answer, call, prompt

from clearpoint.session import archive, pieces
from clearpoint.text import summary
from clearpoint.text.summary import Message
from clearpoint.text.units import units
from clearpoint.tokens import encoder
from clearpoint.transcript.reader import Transcript
from clearpoint.work.spoken import Speech

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

FILLER = [
    Message(
        "assistant", f"Part {number} of it is read. Row {number} goes on here as before.", f"A:{at}"
    )
    for at, number in enumerate(range(60), 10)
]
TALK = [
    Message("user", "Please make login safe. Never log the tokens.", "A:1"),
    *FILLER[:30],
    Message("assistant", "We will use `hash_token` of auth.py for every refresh token.", "A:200"),
    Message("assistant", '- Edit: `{"file_path": "/p/auth.py"}`', "A:202"),
    *FILLER[30:],
    Message("assistant", "All 14 tests passed. TODO: expire old tokens in `TokenStore`.", "A:300"),
]


@pytest.mark.parametrize("ratio", [0.1, 0.3, 0.5])
def test_it_has_the_size_that_was_asked_for(ratio: float) -> None:
    found = summary.summarize(TALK, ratio, measure=encoder.count)
    assert found.ratio == pytest.approx(ratio, rel=0.1)


@pytest.mark.parametrize(
    "kept",
    [
        "[A:1] User: Please make login safe. Never log the tokens.",
        "[A:200] We will use `hash_token` of auth.py for every refresh token.",
        '[A:202] - Edit: `{"file_path": "/p/auth.py"}`',
        "[A:300] All 14 tests passed. TODO: expire old tokens in `TokenStore`.",
    ],
)
def test_what_matters_is_kept_with_its_pointer(kept: str) -> None:
    assert kept in summary.summarize(TALK, 0.2, measure=encoder.count).text.splitlines()


def test_it_is_the_same_every_time() -> None:
    first = summary.summarize(TALK, measure=encoder.count)
    assert summary.summarize(TALK, measure=encoder.count) == first


def test_nothing_makes_nothing() -> None:
    assert summary.summarize([], measure=encoder.count).text == ""


OPTIONS = """Let me compare the two:

**Option 1: `rows.py`** adds the line
**Option 2: `export.py`** checks for it

It is open which of them the night job needs. What both of them share:

- `read_rows` is called once
- `write_rows` is called for each shop
"""


def units_of(text: str) -> list[str]:
    return [unit.text for unit in units(text) if not unit.is_announcement]


def test_labelled_options_are_one_unit() -> None:
    assert units_of(OPTIONS)[0] == (
        "Option 1: `rows.py` adds the line / Option 2: `export.py` checks for it"
    )


def test_an_item_of_a_list_comes_with_what_leads_into_it() -> None:
    filler = "It says nothing that anybody needs. " * 20
    text = f"{filler}\nWhat fails in `auth.py` and why:\n- `hash_token` is broken, TODO\n{filler}"
    found = summary.summarize([Message("assistant", text)], 0.1, measure=len).text
    assert "What fails in `auth.py` and why: `hash_token` is broken, TODO" in found


def test_an_announcement_is_never_taken() -> None:
    text = "Let me use `hash_token` from now on. It is 3.9 that fails. Now I commit `auth.py`."
    found = summary.summarize([Message("assistant", text)], 1, measure=len).text
    assert found == "It is 3.9 that fails."


def test_a_gap_is_marked() -> None:
    text = (
        f"We will use `hash_token`. {'It rains and it is grey. ' * 4}Fixed `read_all` in auth.py."
    )
    found = summary.summarize([Message("assistant", text)], 0.4, measure=len).text
    assert found == "We will use `hash_token`. … Fixed `read_all` in auth.py."


@pytest.mark.parametrize("ratio", [0, -1, 1.5])
def test_an_impossible_ratio_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        summary.summarize(TALK, ratio, measure=encoder.count)


def test_pointers_lead_to_the_lines_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "0001.md"
    entries = [
        prompt("Fix the login.\n\nIt is broken.", uuid="1"),
        answer("I look at it.\n\nThen I mend it.", uuid="2"),
        call("Edit", file_path="/p/a.py"),
        answer("Done: the login works.", uuid="4"),
        prompt("Thanks", uuid="5"),
    ]
    archive.write(str(path), pieces.pieces(entries, Speech()))
    lines = path.read_text().splitlines()
    found = archive.messages_in(path.read_text())
    assert [(one.role, lines[int(one.pointer) - 1]) for one in found] == [
        ("user", "Fix the login."),
        ("assistant", "I look at it."),
        ("assistant", '- Edit: `{"file_path": "/p/a.py"}`'),
        ("assistant", "Done: the login works."),
        ("user", "Thanks"),
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no real transcripts beside the checkout")
@pytest.mark.parametrize("ratio", [0.1, 0.3])
def test_real_conversations_reach_their_ratio(ratio: float, tmp_path: Path) -> None:
    ratios = []
    for path in sorted(CORPUS.glob("*.jsonl"))[:6]:
        target = tmp_path / path.with_suffix(".md").name
        archive.write(str(target), pieces.read(Transcript(str(path), None), Speech()))
        messages = archive.messages_in(target.read_text())
        ratios.append(summary.summarize(messages, ratio, measure=encoder.count).ratio)
    assert ratios == pytest.approx([ratio] * len(ratios), rel=0.1)
