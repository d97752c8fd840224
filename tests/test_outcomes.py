"""What came of each prompt, what earlier answers list, and which command failed last."""

from __future__ import annotations

import pytest
from made import answer, command, done, entry, failed, prompt, state_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.models.state import State  # noqa: TC001
from clearpoint.reload import compose
from clearpoint.session import archive
from clearpoint.text import sentences
from clearpoint.tokens import encoder
from clearpoint.transcript.entry import Entry  # noqa: TC001
from clearpoint.work import outcomes

FINDINGS = """I read all of it. Findings:

1. `rows.py` drops the last row.
2. `export.py` reads the file twice.
3. The changelog names the wrong version.

Which first?"""
BY_HEADINGS = """### 1. The last row is lost

The reader stops at the last newline.

### 2. The file is read twice

Once for the head and once for the rows.

Tell me which."""
NOBODY = entry(
    "assistant",
    message={
        "model": "<synthetic>",
        "content": [{"type": "text", "text": "No response requested."}],
    },
)


COMMITTED = "[main 1a2b3c4] Read rows\n 1 file changed, 2 insertions(+)"


def broken(command: str) -> list[Entry]:
    return failed("Bash", command=command)


def block(state: State) -> str:
    """The block after a clear, with everything said so far archived."""
    work = state["work_state"]
    kept = [one for one in (work["answer"], work["itemized"], *work["said"]) if one]
    for line, one in enumerate(kept, 1):
        one["pointer"] = f"sessions/a/archive/0001.md:{line}"
    state["archives"] = ["sessions/a/archive/0001.md"]
    return compose.compose(
        state, "clear", DEFAULTS, mark="m", measure=encoder.count, project_dir="/p"
    )


@pytest.mark.parametrize(
    ("lines", "came"),
    [
        pytest.param(
            [prompt("commit this"), answer("Committed a1."), prompt("and now?"), answer("Done."),
             prompt("commit this"), answer("Committed b2."), prompt("push")],
            [("commit this", "Committed a1."), ("and now?", "Done."),
             ("commit this", "Committed b2."), ("push", None)], id="the same words twice"),
        pytest.param(
            [prompt("sum up"), answer("It was `load`."), command("/review"), answer("No findings."),
             prompt("push")],
            [("sum up", "It was `load`."), ("/review", "No findings."), ("push", None)],
            id="a command alone answers for itself"),
        pytest.param(
            [prompt("sum up"), answer("It was `load`."), command("/compact", "keep names"),
             prompt("push")],
            [("sum up", "It was `load`."), ("keep names", None), ("push", None)],
            id="words for the summary are not answered"),
        pytest.param([prompt("sum up"), answer("It was `load`."), NOBODY, prompt("push")],
                     [("sum up", "It was `load`."), ("push", None)], id="what the client puts in"),
        pytest.param(
            [prompt("why?"), answer("```\ntotal = 10 + 0  # WRONG\n```\nThe total counts twice. "
                                    + "More of it. " * 200), prompt("push")],
            [("why?", "The total counts twice." + " More of it." * 18), ("push", None)],
            id="a long answer that begins with code"),
        pytest.param([prompt("sum up"), prompt("push")], [("sum up", ""), ("push", None)],
                     id="no answer came"),
    ],
)  # fmt: skip
def test_what_came_of_a_prompt_stands_beside_that_very_prompt(
    lines: list[object], came: list[tuple[str, str | None]]
) -> None:
    said = state_after(*lines)["work_state"]["said"]  # type: ignore[arg-type]
    assert [(one["text"], one.get("outcome")) for one in said] == came


def test_only_the_newest_dozen_prompts_keep_what_came_of_them() -> None:
    lines = [line for n in range(20) for line in (prompt(f"p{n}"), answer(f"Did {n}."))]
    said = state_after(*lines)["work_state"]["said"]
    assert [one["text"] for one in said if "outcome" in one] == [f"p{n}" for n in range(7, 19)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("Rows are read once. The export takes two seconds.",
                     "Rows are read once. The export takes two seconds.", id="all of it"),
        pytest.param("Rows are read once. The export of a large shop takes two seconds now.",
                     "Rows are read once.", id="a sentence has no room"),
        pytest.param("Rows are read once. Run it with: ```make export```", "Rows are read once.",
                     id="before a code block"),
        pytest.param("Rows are read once. / Still slow: / the index of a large shop, first of all",
                     "Rows are read once.", id="an announcement"),
        pytest.param("one reader / two writers / three of the older tests / and the changelog",
                     "one reader / two writers / three of the older tests", id="rows of a list"),
        pytest.param("Here it is:", "", id="nothing but an announcement"),
        pytest.param("The export of a large shop takes two seconds and that of a small one none",
                     "The export of a large shop takes two seconds and that…",
                     id="one long sentence"),
    ],
)  # fmt: skip
def test_what_came_of_a_prompt_is_told_in_whole_sentences(text: str, told: str) -> None:
    assert sentences.closed(text, 56) == told


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(FINDINGS, FINDINGS.rpartition("\n\n")[0], id="a list and what introduces it"),
        pytest.param(BY_HEADINGS, BY_HEADINGS.removesuffix("\n\nTell me which."), id="headings"),
        pytest.param("Do it in two steps:\n\n```\n1. a\n2. b\n```\n", "", id="a list in code"),
        pytest.param("1. the only one", "", id="one item"),
        pytest.param("Nothing is listed.", "", id="no list"),
    ],
)
def test_the_labelled_part_of_an_answer_is_found(text: str, kept: str) -> None:
    assert outcomes.labelled_part(text) == kept


@pytest.mark.parametrize(
    ("lines", "is_told"),
    [
        pytest.param([prompt("review"), answer(FINDINGS), prompt("why 2?"), answer("A leftover.")],
                     True, id="a number in a short prompt"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("wait 2 minutes"),
                      answer("I waited.")], False, id="a number that counts something"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("thanks"),
                      answer("You are welcome.")], False, id="nobody speaks of them"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("why 2?"),
                      answer("The file is read twice by `export.py`; the changelog names the wrong"
                             " version.\n`rows.py` drops the last row.")], False,
                     id="the last answer says the same"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("for #2, is it slow?"),
                      answer("It is. " + "More of it. " * 200)], True, id="named by number"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("look at `rows.py`"),
                      answer("It is. " + "More of it. " * 200)], False, id="a long answer"),
        pytest.param([prompt("review"), answer(FINDINGS), *done("Read", file_path="/p/a"),
                      answer("Ready. Which of them?")], True, id="listed earlier in the turn"),
        pytest.param([prompt("review"), answer(FINDINGS)], False, id="the last answer itself"),
        pytest.param([prompt("review"), answer(FINDINGS), prompt("a"), answer("b"), prompt("c"),
                      answer("d"), prompt("e"), answer("f"), prompt("g"), answer("h")], False,
                     id="long ago"),
    ],
)  # fmt: skip
def test_the_items_that_the_talk_is_about_are_told(lines: list[object], is_told: bool) -> None:
    told = block(state_after(*lines))  # type: ignore[arg-type]
    assert ("What Claude listed before" in told) is is_told


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(broken('git add a && git commit -m "x"'),
                     ['The last command failed: `git add a && git commit -m "x"`.'], id="a commit"),
        pytest.param(
            broken("cd /p && git add " + "src/long/name.py " * 8
                   + "&& git commit -m \"$(cat <<'EOF'\nRead rows once\n\nWhy.\nEOF\n)\""),
            ['The last command failed: `git commit -m "Read rows once"`.'],
            id="of a long chain the last"),
        pytest.param([*broken("make it"), *done("Bash", command="ls", tool_id="t9")], [],
                     id="another one succeeded since"),
        pytest.param([*broken("make deploy"), prompt("leave it")], [], id="a turn ago"),
        pytest.param(broken("grep -rn needle src"), [], id="a search without a find"),
        pytest.param(broken("pytest tests"),
                     ["Checks after the last edit: pytest tests FAILED."], id="a check tells it"),
    ],
)  # fmt: skip
def test_the_command_that_failed_before_the_answer_is_told(
    lines: list[object], told: list[str]
) -> None:
    state = state_after(prompt("commit"), *lines, answer("It failed. Again?"))  # type: ignore[arg-type]
    shown = compose.compose(state, "clear", DEFAULTS, mark="m", measure=encoder.count)
    rows = [row for row in shown.splitlines() if row.startswith(("The last command", "Checks"))]
    assert rows == told


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param([], ["Checks before the last edit, not run since: pytest tests FAILED."],
                     id="edited since"),
        pytest.param([prompt("commit"), *done("Bash", COMMITTED, tool_id="t3",
                                              command='git commit -m "Read rows"')], [],
                     id="committed since"),
    ],
)  # fmt: skip
def test_a_failure_is_over_once_it_was_edited_for_and_committed(
    later: list[Entry], told: list[str]
) -> None:
    edited = done("Edit", file_path="/p/rows.py", tool_id="t2")
    state = state_after(prompt("fix it"), *broken("pytest tests"), *edited, *later)
    shown = compose.compose(state, "clear", DEFAULTS, mark="m", measure=encoder.count)
    assert [row for row in shown.splitlines() if row.startswith("Checks")] == told


def test_the_archive_says_where_earlier_items_stand() -> None:
    state = state_after(prompt("review"), answer(FINDINGS, uuid="u7"), prompt("why 2?"))
    archive.point(state["work_state"], {"u7": 12}, "sessions/a/archive/0001.md")
    listed = state["work_state"]["itemized"]
    assert (listed and listed.get("pointer")) == "sessions/a/archive/0001.md:12"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("The 2 failures are all from `clones/`. Fine.",
                     " (Claude said: “The 2 failures are all from `clones/`.”)", id="excused"),
        pytest.param("It fails because the last row is lost.", "", id="its own fault"),
        pytest.param("The module is unrelated.", "", id="another matter"),
    ],
)  # fmt: skip
def test_why_a_failed_check_is_no_fault_of_the_work_is_told_in_claudes_words(
    said: str, told: str
) -> None:
    lines = failed("Bash", "2 failed", command="pytest tests")
    state = state_after(prompt("fix it"), *lines, answer(said, message_id="m8"))
    assert f"Checks after the last edit: pytest tests FAILED{told}." in block(state).splitlines()


def test_what_a_newer_run_says_has_no_earlier_reason() -> None:
    run = failed("Bash", "2 failed", command="pytest tests")
    said = answer("The 2 failures are pre-existing.", message_id="m8")
    state = state_after(prompt("fix it"), *run, said, *run)
    assert "Checks after the last edit: pytest tests FAILED." in block(state).splitlines()
