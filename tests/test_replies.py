"""A reply chooses in its own words, or refuses; what only goes on or asks back decides nothing."""

from __future__ import annotations

import pytest

from clearpoint.text import choices

FIX = "The cache is stale. Want me to fix it in this change, or track it apart?"
DESIGN = "Rows are kept for a day.\n\nDoes this design look right?"
LISTED = "Shall I:\n1. Keep the table\n2. Split it\n\nTell me which you prefer."
ASKED = "1. Shall rows expire?\n2. Which branch is shown?\n\nShall I begin?"


@pytest.mark.parametrize(
    ("words", "reply", "said"),
    [
        pytest.param(DESIGN, "yes", "yes", id="approved"),
        pytest.param(DESIGN, "yep, looks good", "yep, looks good", id="approved with a word"),
        pytest.param(DESIGN, "yes, that makes sense. is it tested?", "yes, that makes sense.",
                     id="approved, with a question behind it"),
        pytest.param(DESIGN, "the limit needs to be a setting", "the limit needs to be a setting",
                     id="approved but for one thing"),
        pytest.param("Want me to fix the test?", "fix it up", "fix it up", id="taken up"),
        pytest.param("Want me to extract it?", "yep let's do that. any tests to move?",
                     "yep let's do that.", id="let us"),
        pytest.param(FIX, "no, we took it out on purpose", "no, we took it out on purpose",
                     id="refused with a reason"),
        pytest.param(FIX, "nah let's roll back, it goes anyway",
                     "nah let's roll back, it goes anyway", id="rolled back"),
        pytest.param(FIX, "write a note, I'll handle it over there",
                     "write a note, I'll handle it over there", id="the user does it"),
        pytest.param("Which approach?", "let's keep it simple for now",
                     "let's keep it simple for now", id="another way"),
        pytest.param("What's your preference?", "I feel like two files should do",
                     "I feel like two files should do", id="own words"),
        pytest.param(ASKED, "1. no\n2. the current one", "1. no 2. the current one",
                     id="a list of answers"),
        pytest.param("I have removed the flag.", "no, put it back and keep the flag",
                     "no, put it back and keep the flag", id="refused unasked"),
        pytest.param("I filter the rows now.", "no revert those changes, the rows are right",
                     "no revert those changes, the rows are right", id="taken back unasked"),
    ],
)  # fmt: skip
def test_a_reply_chooses(words: str, reply: str, said: str) -> None:
    found = choices.decision(words, reply)
    assert found is not None
    assert found[0].rpartition(" — ")[2] == said


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        pytest.param("Shall I commit it?", "yes please", id="a commit"),
        pytest.param("Want me to push and open it?", "yeah let's push and re-test", id="a push"),
        pytest.param("Want me to check what is left?", "yes", id="a look"),
        pytest.param(DESIGN, "can we add a limit?", id="a question"),
        pytest.param(DESIGN, "how does it expire", id="a question without its mark"),
        pytest.param(DESIGN, "there are rows in the other table already", id="a fact"),
        pytest.param(DESIGN, "not sure yet", id="unsure"),
        pytest.param("It is done.", "make the header blue", id="an instruction"),
        pytest.param("It is done.", "no problem, and thanks", id="polite"),
        pytest.param("It is on main now.", "no its not on main, 155 was merged before", id="a no"),
        pytest.param("Shall I commit all these changes?",
                     "The function is only used in tests and should be private.", id="pasted"),
        pytest.param("Shall I look at the workflow?", "ok lets get back to main and pull",
                     id="something else"),
        pytest.param("Which of these first?", "let's examine 2", id="a look at one"),
    ],
)  # fmt: skip
def test_a_reply_chooses_nothing(words: str, reply: str) -> None:
    assert choices.decision(words, reply) is None
