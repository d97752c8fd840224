"""Which of the user's words are the task, and which question waits for them."""

from __future__ import annotations

import pytest
from made import answer, command, done, prompt, state_after

from clearpoint.text import questions
from clearpoint.transcript.entry import Entry  # noqa: TC001

ADD = "Add an export of all orders as CSV, with a header and one row for each item."
OTHER = "The import should refuse rows without a number, and say which line they are in."
COMMIT = "[main 1a2b3c4] Add the export"


def committed() -> list[Entry]:
    return done("Bash", COMMIT, tool_id="c", command='git commit -m "Add the export"')


@pytest.mark.parametrize(
    ("lines", "task", "is_done"),
    [
        pytest.param([prompt(ADD)], ADD, False, id="what was asked first"),
        pytest.param([prompt("go")], "go", False, id="whatever came first"),
        pytest.param([prompt(ADD), answer("Done."), prompt("why is it slow?")], ADD, False,
                     id="a short question between"),
        pytest.param([prompt(ADD), answer("Done."), prompt(OTHER)], OTHER, False, id="a new one"),
        pytest.param([prompt(ADD), *committed()], ADD, True, id="committed"),
        pytest.param([prompt(ADD), *committed(), prompt("and push it please")], ADD, True,
                     id="only how to go on"),
        pytest.param([prompt(ADD), *committed(), prompt("rename the flag")], "rename the flag",
                     False, id="a short one after a commit"),
        pytest.param([prompt(ADD), answer("Shall I use commas or semicolons, as the old one does?"),
                      prompt("semicolons please, the customer's spreadsheet only opens those")],
                     ADD, False, id="a reply"),
        pytest.param([prompt(ADD), answer("Shall I keep both files, or write a short one alone?"),
                      prompt("yeah thats what I was thinking. the short one is simpler and better"
                             " for us, and what is lost of the long one can hardly be noticed")],
                     ADD, False, id="a long reply that agrees"),
        pytest.param([prompt(ADD), answer("The short one is simpler."),
                      prompt("yeah thats exactly what I was thinking. it is simpler and better for"
                             " us, and what is lost of the long one can hardly be noticed")],
                     ADD, False, id="the same without a question"),
        pytest.param([command("/find-cause", "512"), answer("Two queries run for each row."),
                      prompt("that is odd, they were one query in spring")], "512", False,
                     id="a remark while a command's work runs"),
        pytest.param([prompt(ADD), answer("Done."), command("/code-review"), answer("Fine."),
                      prompt("is the second finding real?")], ADD, False,
                     id="a command alone hides nothing"),
        pytest.param([command("/find-cause", "512"), *committed(), prompt(OTHER)], OTHER, False,
                     id="after a command's work"),
    ],
)  # fmt: skip
def test_the_task_is_the_newest_prompt_that_asks_for_something(
    lines: list[Entry], task: str, *, is_done: bool
) -> None:
    for number, line in enumerate(lines):
        line["uuid"] = f"e{number}"
    work = state_after(*lines)["work_state"]
    found = [one["text"] for one in work["said"] if one["entry"] == work["task_entry"]]
    assert (found, work["task_done"]) == ([task], is_done)


def test_the_task_is_kept_however_much_is_said_after_it() -> None:
    work = state_after(prompt(ADD), *(prompt(f"and {number}?") for number in range(60)))[
        "work_state"
    ]
    assert ADD in [one["text"] for one in work["said"]]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("All done.\nShall I go on with the reader?", True, id="at the end"),
        pytest.param("Want me to fix it? It would take:\n1. a flag\n2. a test\n3. docs\n4. a note",
                     True, id="before what it would take"),
        pytest.param("Why is it slow? Because of git. I have changed that and all tests pass now. "
                     "The rest stays as it was. Nothing else is open.", False, id="put to itself"),
        pytest.param("Should I use commas? Yes, because the old one does. I wrote it so. It works. "
                     "All tests pass.", False, id="answered by itself"),
        pytest.param("Both work. Let me know which you prefer.", True, id="without a mark"),
        pytest.param("It is in. Is there anything else?", False, id="out of politeness"),
    ],
)  # fmt: skip
def test_a_question_waits_where_nothing_behind_it_answers_it(text: str, *, asked: bool) -> None:
    assert bool(questions.waiting(text)) is asked


TODOS = [{"content": "Write the reader", "status": "completed"},
         {"content": "Write the page", "status": "in_progress"},
         {"content": "Commit it", "status": "pending"}]  # fmt: skip


def test_a_commit_leaves_no_current_step_and_does_the_one_that_was_to_commit() -> None:
    lines = [prompt(ADD), *done("TodoWrite", "ok", tool_id="t", todos=TODOS), *committed()]
    work = state_after(*lines)["work_state"]
    assert (work["current_step"], work["pending_steps"], work["completed_steps"][-1]) == (
        None,
        ["Write the page"],
        "Commit it",
    )


SUMMARY = "7. Pending Tasks:\n- commit the fix"


@pytest.mark.parametrize(
    ("then", "is_kept"),
    [
        pytest.param([], True, id="nothing since"),
        pytest.param(committed(), False, id="a commit"),
        pytest.param(done("Bash", "3 passed", tool_id="t", command="pytest"), False,
                     id="all tests"),
        pytest.param(done("Bash", "1 passed", tool_id="t", command="pytest a.py"), True,
                     id="some tests"),
    ],
)  # fmt: skip
def test_what_a_summary_says_is_pending_is_old_after_a_commit_or_all_tests(
    then: list[Entry], *, is_kept: bool
) -> None:
    lines = [prompt(ADD), prompt(SUMMARY, isCompactSummary=True), *then]
    assert (state_after(*lines)["work_state"]["summary"] is not None) is is_kept


def test_an_issue_is_settled_by_a_check_that_passes_after_its_file_was_changed() -> None:
    lines = [prompt("There is a bug in rows.py, the last row is lost.")]
    lines += done("Edit", "ok", tool_id="e", file_path="/p/rows.py", old_string="a", new_string="b")
    assert (
        len(state_after(*lines)["work_state"]["issues"]),
        len(state_after(*lines, *done("Bash", "3 passed", tool_id="t", command="pytest"))[
            "work_state"]["issues"]),
    ) == (1, 0)  # fmt: skip
