"""A reply decides what was asked, in the words of the option that it names."""

from __future__ import annotations

import pytest
from made import answer, prompt, state_after

from clearpoint.text import choices, options

LIST = """Where shall it be kept?

A. In a table: simple, one query
B. In a file: no migration

Which one do you want?"""
TABLE = """| Option | What |
|---|---|
| **A. At commit** | Once per commit. |
| **B. On demand** | When it is shown. |

Which timing do you want?"""


@pytest.mark.parametrize(
    ("words", "reply", "decided"),
    [
        pytest.param(
            LIST, "A.", "Which one do you want? — A. In a table: simple, one query", id="letter"
        ),
        pytest.param(
            TABLE, "b", "Which timing do you want? — B. On demand — When it is shown.", id="table"
        ),
        pytest.param(
            LIST,
            "yes, let's go with B",
            "Which one do you want? — yes, let's go with B (B. In a file: no migration)",
            id="named in a sentence",
        ),
        pytest.param(
            "1. Now\n2. Later\nWhich approach?", "2", "Which approach? — 2. Later", id="number"
        ),
        pytest.param(
            "Two ways are open. Shall I take the first?",
            "yes",
            "Two ways are open. Shall I take the first? — yes",
            id="no options",
        ),
        pytest.param("See push_all.py. Shall I take it?", "ok",
                     "See push_all.py. Shall I take it? — ok", id="a name is no push"),
        pytest.param("Go on, or test first?", "okay, commit this", None, id="another request"),
        pytest.param("A. Now\nB. Later\nI lean to B. Thoughts?", "B",
                     "I lean to B. Thoughts? — B. Later", id="a bare question"),
        pytest.param("It is done. Shall I commit it?", "yes", None, id="of the moment"),
        pytest.param(LIST, "why not both?", None, id="asked back"),
        pytest.param("It is done.", "yes", None, id="nothing asked"),
        pytest.param("Keep one log, or split it by day?", "I think let's have one for each folder",
                     "Keep one log, or split it by day? — I think let's have one for each folder",
                     id="neither of them"),
        pytest.param("Shall I go on with the import?", "Yes, but I want tests for it first.",
                     "Shall I go on with the import? — Yes, but I want tests for it first.",
                     id="yes, but"),
        pytest.param("Rows: #2 and #3 are left. Want to tackle any of these next?",
                     "yeah let's tackle 2 and 3",
                     "Rows: #2 and #3 are left. Want to tackle any of these next?"
                     " — yeah let's tackle 2 and 3", id="the work is picked"),
        pytest.param(LIST, "good to know the load, but to your question B seems like a good idea",
                     "Which one do you want? — good to know the load, but to your question B seems"
                     " like a good idea (B. In a file: no migration)", id="praised"),
        pytest.param("It is small. What do you think?", "yes, small is enough",
                     "It is small. What do you think? — yes, small is enough", id="agreed"),
    ],
)  # fmt: skip
def test_a_reply_decides(words: str, reply: str, decided: str | None) -> None:
    found = choices.decision(words, reply)
    assert (found and found[0]) == decided


@pytest.mark.parametrize(
    ("reply", "label"),
    [("A", "a"), ("a) please", "a"), ("I think B, nested", "b"), ("a table would do", ""),
     ("option 2 please", "2"), ("yes", ""), ("", ""), ("use d", "d"),
     ("the second, it is there already", "2"), ("The first one", "1"), ("third option", "3"),
     ("first, commit this", ""), ("the second test still fails", "")],
)  # fmt: skip
def test_an_option_is_named_only_where_it_is_meant(reply: str, label: str) -> None:
    assert options.named(reply) == label


def test_a_choice_is_kept_once_with_its_meaning() -> None:
    state = state_after(prompt("Plan it."), answer(LIST), prompt("yes, let's go with B"))
    assert [one["text"] for one in state["work_state"]["decisions"]] == [
        "Which one do you want? — yes, let's go with B (B. In a file: no migration)"
    ]


@pytest.mark.parametrize(
    ("question", "answer", "decided"),
    [
        pytest.param("Where?", "In the settings page", True, id="an answer"),
        pytest.param("What to discuss next?", "Done", True, id="short"),
        pytest.param("Which areas do you want to discuss?", "Login, sessions", False,
                     id="what to talk about"),
        pytest.param("How is it stored?", "how would 1 show it?\n\nseems like #2 is the way to go",
                     True, id="asked back, and chosen"),
        pytest.param("How is it stored?", "what would that cost?", False, id="asked back"),
        pytest.param("How are keys found?", "until there are lookups we can discuss it, now by key",
                     True, id="a word of talk in a long answer"),
        pytest.param("How is it shared?", "You decide", False, id="left open"),
    ],
)  # fmt: skip
def test_an_answer_decides_unless_it_asks_back(
    question: str, answer: str, *, decided: bool
) -> None:
    assert bool(list(choices.answered(question, answer))) is decided


def test_a_label_may_stand_in_a_cell_of_its_own() -> None:
    table = (
        "| | Weg | Preis |\n|---|---|---|\n| **A** | Redis | schnell |\n"
        "| **B** | SQLite | kein neuer Dienst |\n\nWelchen Weg nehmen wir?"
    )
    assert options.options(table) == ["A. Redis — schnell", "B. SQLite — kein neuer Dienst"]
