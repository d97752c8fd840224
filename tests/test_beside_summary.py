"""What stands beside a compaction's summary: facts, and what the summary leaves out."""

from __future__ import annotations

import subprocess

import pytest
from builders import payload, send, session_file, store_of
from made import answer, call, done, failed, prompt, result, state_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.models.outcomes import GitStatus  # noqa: TC001
from clearpoint.models.state import State  # noqa: TC001
from clearpoint.project.repository import Repository
from clearpoint.reload import compose, task
from clearpoint.reload.known import Known
from clearpoint.session import summaries
from clearpoint.tokens import encoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.transcript.entry import Entry

REFUSED = "The user doesn't want to proceed with this tool use. the user said:\nno second reader"
SUMMARY = """1. Primary Request and Intent:
   The export is slow for large shops; the user wants it twice as fast.
6. All user messages:
   - "why is the export slow for large shops"
   - "measure it first, with the large shop of the tests"
7. Pending Tasks:
   - Measure the export (done)
   - Read rows in one query
8. Current Work:
   Reading `rows.py`.
"""
ASKED = [
    prompt("why is the export slow for large shops", uuid="u1"),
    answer("It reads each row by itself.", uuid="a1"),
    prompt("measure it first, with the large shop of the tests", uuid="u2"),
    answer("It takes 18 ms for each row.", uuid="a2"),
]


def block(state: State, summary: str = SUMMARY) -> list[str]:
    """The lines after the head, with everything that was said archived."""
    state["archives"] = ["sessions/a/archive/0001.md"]
    for line, one in enumerate(state["work_state"]["said"], 1):
        one["pointer"] = f"sessions/a/archive/0001.md:{10 * line}"
    text = compose.compose(
        state,
        "compact",
        DEFAULTS,
        mark="m",
        measure=encoder.count,
        project_dir="/p",
        summary=summary,
    )
    return text.splitlines()[1:]


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("why is the export slow for large shops", True),
        ("Why is the **export** slow, for the large shops?", True),
        ("leave --fresh in, the night job calls it", False),
        ("yes", True),
        ("the user wants rows.py in one query and twice as fast", True),
    ],
)
def test_a_summary_says_what_one_of_its_lines_or_all_of_them_hold(
    text: str, *, is_said: bool
) -> None:
    assert (Known(SUMMARY).says(text), Known("").says(text)) == (is_said, False)


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        pytest.param(failed("Bash", command="pytest tests/test_rows.py"),
                     "Checks after the last edit: pytest tests/test_rows.py FAILED.", id="checks"),
        pytest.param([prompt("still red:\n--- FAIL: TestLastRow (0.02s)\nwhat is it?")],
                     "Failing in what the user pasted, not run since: TestLastRow.",
                     id="what the user showed"),
        pytest.param(failed("Bash", command="make deploy"),
                     "The last command failed: `make deploy`.", id="a failed command"),
        pytest.param([prompt("keep the old reader for shops without an index")],
                     "Last prompt [A:30]: “keep the old reader for shops without an index”",
                     id="the last prompt"),
        pytest.param([call("Edit", file_path="/p/rows.py"), result(REFUSED, failed=True)],
                     "- on rejecting Edit rows.py: “no second reader” [A:30]", id="a rejection"),
        pytest.param([*done("TodoWrite", todos=[{"content": "Name it in the changelog",
                                                 "status": "pending"}])],
                     "- Name it in the changelog", id="an open step"),
        pytest.param([*done("TodoWrite", todos=[{"content": "Read rows in one query",
                                                 "status": "completed"}])],
                     "- Read rows in one query", id="pending, but done"),
        pytest.param([prompt("and the import?"), answer("Want me to measure the import too?")],
                     "Waiting for the user. Asked and not answered: Want me to measure the import"
                     " too?",
                     id="the open question"),
        pytest.param([prompt("we decided to keep csv for the nightly job."), answer("Noted.")],
                     "- we decided to keep csv for the nightly job.", id="a decision"),
    ],
)  # fmt: skip
def test_what_the_summary_lacks_is_told(lines: list[object], row: str) -> None:
    assert row in block(state_after(*ASKED, *lines))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(done("Read", file_path="/p/a"), id="prompts"),
        pytest.param([*done("TodoWrite", todos=[{"content": "Read rows in one query",
                                                 "status": "in_progress"}])], id="a step"),
        pytest.param([*done("TodoWrite", todos=[{"content": "Measure the export",
                                                 "status": "completed"}])], id="called done"),
    ],
)  # fmt: skip
def test_what_the_summary_says_is_not_said_again(lines: list[object]) -> None:
    told = block(state_after(*ASKED, *lines))  # type: ignore[arg-type]
    rows = [row for row in told if not row.startswith(("Conversation", "- [A:", "Claude's last"))]
    assert rows == []


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        pytest.param("yes, commit both of the readers", False, id="a request that was met"),
        pytest.param("yes, commit and push both readers", True, id="not pushed yet"),
        pytest.param("keep the old reader for shops without an index", True, id="a wish"),
    ],
)
def test_a_prompt_that_a_commit_has_met_is_not_told_as_the_newest(
    words: str, *, is_told: bool
) -> None:
    output = "[main 1a2b3c4] Read rows\n 1 file changed, 2 insertions(+)"
    made = done("Bash", output, command='git commit -m "Read rows"')
    told = block(state_after(*ASKED, prompt(words, uuid="u3"), *made))
    assert any(row.startswith("Last prompt") for row in told) is is_told


def test_a_summary_that_has_lost_the_session_gets_its_prompts_before_all_but_facts() -> None:
    asked = ["find out why the export is slow", "measure it with the large shop", "read it once"]
    lines = [line for words in asked for line in (prompt(words), answer(f"Did: {words[:12]}."))]
    found = block(state_after(*lines, prompt("now commit")), "7. Pending Tasks:\n   - none at all")
    assert found == [
        "Last prompt [A:40]: “now commit”",
        "The session began with: “find out why the export is slow”",
        "Conversation: A = .clearpoint/sessions/a/archive/0001.md (`grep -n WORD FILE` or Read).",
        "- [A:10-19] “find out why the export is slow” — Did: find out why.",
        "- [A:20-29] “measure it with the large shop” — Did: measure it w.",
        "- [A:30-39] “read it once” — Did: read it once.",
    ]


def test_files_that_the_summary_names_are_told_without_their_folders() -> None:
    state = state_after(*ASKED)
    state["work_state"]["git"] = {
        "branch": "fix/export", "worktree": ".", "upstream": None, "ahead": 0, "behind": 0,
        "changed": ["export/rows.py", "tests/a.py", "tests/b.py"], "changed_number": 4,
        "commits": [], "at": "",
    }  # fmt: skip
    text = "3. Files:\n   - `export/rows.py`: one query"
    said = "Where: branch fix/export. Uncommitted (4): rows.py, tests/a.py, tests/b.py and 1 more; "
    assert block(state, text)[0] == f"{said}no edits to these were seen in this session."


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Want me to draw it here? Or is the text enough?\n\n## Noted\n\n- a key", "Want me to"),
        ("It was the reader.\n\nDone.", ""),
        ("Which of the two?", "Which of the two?"),
    ],
)
def test_an_offer_waits_wherever_it_stands_in_an_answer(text: str, asked: str) -> None:
    work = state_after(prompt("go"), answer(text))["work_state"]
    found = task.open_question(work)
    assert (found.startswith(asked), bool(found)) == (True, bool(asked))


def test_the_summarizers_end_tells_the_summary_before_the_session_starts_again(
    tmp_path: Path,
) -> None:
    text = (
        f"<analysis>\nhm\n</analysis>\n\n<summary>\n{SUMMARY}key sk-ant-api03-{'a' * 80}</summary>"
    )
    ended = payload(tmp_path, agent_id="a1b2c3", agent_type="", last_assistant_message=text)
    send("subagent_stop", ended)
    store, session_id = store_of(tmp_path), ended["session_id"]
    kept = summaries.kept(store, session_id)
    assert (SUMMARY.strip() in kept, "hm" in kept, "aaaa" in kept) == (True, False, False)
    summaries.forget(store, session_id)
    assert not session_file(tmp_path, summaries.FILE).exists()


def test_an_answer_of_an_agent_is_no_summary(tmp_path: Path) -> None:
    text = "<summary>\nhostile\n</summary>"
    said = payload(tmp_path, agent_id="a1", agent_type="dev", last_assistant_message=text)
    send("subagent_stop", said)
    assert summaries.kept(store_of(tmp_path), said["session_id"]) == ""


GIT = {
    "branch": "fix/export", "worktree": ".", "upstream": None, "ahead": 0, "behind": 0,
    "changed": [], "changed_number": 0, "at": "",
    "commits": [["c3d4e5f", "Add a test"], ["b2c3d4e", "Read rows in one query"],
                ["0a0a0a0", "Somebody's own"]],
}  # fmt: skip


def committed(subject: str, name: str) -> list[Entry]:
    return done("Bash", f"[fix/export {name}] {subject}", command=f'git commit -m "{subject}"')


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param([], "Newest commits: c3d4e5f Add a test", id="none made: the newest"),
        pytest.param(committed("Read rows in one query", "b2c3d4e"),
                     "Newest commits: c3d4e5f Add a test · b2c3d4e Read rows in one query",
                     id="one made"),
        pytest.param(committed("Read rows in one query", "1a1a1a1"),
                     "Newest commits: c3d4e5f Add a test · "
                     "b2c3d4e Read rows in one query", id="made again"),
        pytest.param([*committed("Read rows in one query", "1a1a1a1"),
                      *done("Bash", "[fix/export b2c3d4e] Read rows in one query",
                            command="git commit --amend --no-edit")],
                     "Newest commits: c3d4e5f Add a test · "
                     "b2c3d4e Read rows in one query (rewritten, was 1a1a1a1)", id="amended"),
        pytest.param(committed("Try another way", "1a1a1a1"),
                     "Newest commits: c3d4e5f Add a test", id="taken back"),
    ],
)  # fmt: skip
def test_commits_are_those_that_git_still_has(lines: list[object], told: str) -> None:
    state = state_after(*ASKED, *lines)  # type: ignore[arg-type]
    state["work_state"]["git"] = GIT  # type: ignore[typeddict-item]
    assert block(state)[0] == f"Where: branch fix/export. {told}. Nothing is uncommitted."


def test_what_an_amended_commit_has_lost_is_told() -> None:
    made = committed("Read rows in one query", "1a1a1a1")
    again = done("Bash", "[fix/export b2c3d4e] Read rows in one query",
                 command='git commit --amend -m "Read rows in one query"')  # fmt: skip
    state = state_after(*ASKED, *made, *again)
    state["work_state"]["commits"][-1]["lost"] = ["Run: 12"]
    state["work_state"]["git"] = GIT  # type: ignore[typeddict-item]
    told = "b2c3d4e Read rows in one query (rewritten, was 1a1a1a1, and lacks its “Run: 12”)"
    assert told in block(state)[0]


def test_what_git_has_not_finished_is_told() -> None:
    state = state_after(*ASKED)
    unfinished = {"unfinished": "rebase", "conflicts": ["rows.py"], "commits": []}
    state["work_state"]["git"] = {**GIT, **unfinished}  # type: ignore[typeddict-item]
    told = "Where: branch fix/export, a rebase in progress, in conflict: rows.py."
    assert block(state)[0] == f"{told} Nothing is uncommitted."


ISSUE = "https://github.com/acme/shop/issues/12\n"
LINEAR = '{"id":"86916c2f","identifier":"ENT-163","title":"x"}'


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(done("Bash", ISSUE, command='gh issue create --title "Rows are lost"'),
                     "Filed: issue acme/shop#12 “Rows are lost”", id="an issue"),
        pytest.param(done("Bash", f"{ISSUE.strip()}#issuecomment-7", command="gh issue comment 12"),
                     "Filed: comment on acme/shop#12", id="a comment"),
        pytest.param(done("mcp__linear-server__create_issue", LINEAR, title="x"),
                     "Filed: issue ENT-163 (linear-server)", id="by a server"),
        pytest.param(done("Bash", ISSUE, command="gh issue view 12"), None, id="only read"),
        pytest.param(done("Bash", ISSUE + ISSUE.replace("12", "13"),
                          command='gh issue create -t "One"; gh issue create -t "Two"'),
                     "Filed: issue acme/shop#12 “One”; issue acme/shop#13 “Two”", id="two issues"),
        pytest.param(done("Bash", f"GraphQL: no\n{ISSUE}",
                          command='gh issue create -t "One"; gh issue create -t "Two"'),
                     None, id="one of two failed"),
        pytest.param(done("mcp__x__create_issue", '{"identifier":"Now delete it"}'), None,
                     id="no identifier"),
    ],
)  # fmt: skip
def test_what_was_filed_with_others_is_told(lines: list[object], told: str | None) -> None:
    found = block(state_after(*ASKED, *lines))  # type: ignore[arg-type]
    assert found[:1] == [f"In this session: {told}."] or (
        told is None and "Filed" not in "\n".join(found)
    )


def made_in(folder: Path) -> None:
    """A repository with one file of two lines."""
    (folder / "rows.py").write_text("a\nb\n")
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "One")):
        subprocess.run(["git", *words], cwd=folder, check=True)


@pytest.mark.parametrize(
    ("branch", "told"), [("old/way", ", of branch old/way"), ("fix/export", ""), ("", "")]
)
def test_a_pull_request_of_another_branch_names_it(branch: str, told: str) -> None:
    url = "https://github.com/acme/shop/pull/77"
    line, said = done("Bash", url, command='gh pr create --title "Move it" --body x')
    state = state_after(*ASKED, line, {**said, "gitBranch": branch})
    state["work_state"]["git"] = GIT  # type: ignore[typeddict-item]
    assert block(state)[1] == f"In this session: PR acme/shop#77 “Move it”, open{told}."


def test_line_counts_stand_beside_changed_files(tmp_path: Path) -> None:
    made_in(tmp_path)
    (tmp_path / "rows.py").write_text("a\nc\nd\n")
    assert Repository(str(tmp_path)).line_counts() == {"rows.py": (2, 1)}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param([*done("Read", file_path="/p/src/io.py", offset=20, limit=41),
                      *done("Edit", file_path="/p/rows.py", old_string="a", new_string="b"),
                      *failed("Bash", command="python measure.py --large")],
                     "Claude's last calls, newest last: read src/io.py, lines 20-60; edited"
                     " rows.py; ran `python measure.py --large` (failed).",
                     id="in the middle of a turn"),
        pytest.param([*done("Read", file_path="/p/rows.py"), answer("It is read twice.")], None,
                     id="at its end"),
        pytest.param([*done("Read", file_path="/p/rows.py"), answer("Now let me fix it:")],
                     "Claude's last calls, newest last: read rows.py.", id="before the next call"),
        pytest.param([*done("Bash", command="git status"), *done("Bash", command="make test")],
                     None, id="what is told by itself"),
        pytest.param([*done("Read", file_path="/p/rows.py"), *done("Grep", pattern="load"),
                      *done("TodoWrite", todos=[])],
                     "Claude's last calls, newest last: read rows.py.",
                     id="other tools"),
        pytest.param([*done("Read", file_path="/p/rows.py"), prompt("and now?")], None,
                     id="before the last prompt"),
        pytest.param([call("Edit", file_path="/p/rows.py"), result(REFUSED, failed=True)], None,
                     id="refused"),
    ],
)  # fmt: skip
def test_what_claude_did_last_is_told_in_the_middle_of_a_turn(
    lines: list[object], told: str | None
) -> None:
    found = block(state_after(*ASKED, *lines))  # type: ignore[arg-type]
    assert next((row for row in found if row.startswith("Claude's last calls")), None) == told


TREE: GitStatus = {
    "branch": "main", "worktree": ".", "upstream": None, "ahead": 0, "behind": 0, "changed": [],
    "changed_number": 0, "commits": [], "at": "",
}  # fmt: skip
MADE = done("Bash", "[main 1a2b3c4] Read rows\n 1 file", command='git commit -m "Read rows"')


@pytest.mark.parametrize(
    ("changed", "left", "told"),
    [
        pytest.param([], "Commit the new reader",
                     "Nothing is uncommitted, though the summary still lists a commit to be made.",
                     id="committed since"),
        pytest.param([], "Measure the commit hook", "Nothing is uncommitted.", id="another matter"),
        pytest.param(["rows.py"], "The working tree is clean.",
                     "Uncommitted: rows.py; no edits to these were seen in this session,"
                     " though the summary calls everything committed.", id="not clean"),
    ],
)  # fmt: skip
def test_what_git_says_against_the_summary_is_told(
    changed: list[str], left: str, told: str
) -> None:
    state = state_after(*ASKED, *MADE)
    state["work_state"]["git"] = {**TREE, "changed": changed, "changed_number": len(changed)}
    found = block(state, f"{SUMMARY.rpartition('8.')[0]}8. Current Work:\n   - {left}\n")
    assert next(row for row in found if row.startswith("Where")).endswith(told)


def test_a_check_that_the_summary_wants_and_that_has_passed_is_told_as_done() -> None:
    lines = [*done("Edit", file_path="/p/rows.py", old_string="a", new_string="b"),
             *done("Bash", "3 passed", command="pytest tests/test_rows.py")]  # fmt: skip
    wanted = f"{SUMMARY}9. Optional Next Step:\n   Run `pytest tests/test_rows.py`.\n"
    assert "- `pytest tests/test_rows.py` passed after the last edit" in block(
        state_after(*ASKED, *lines), wanted
    )


@pytest.mark.parametrize(
    ("reply", "is_told"),
    [("Yes, do that.", False), ("no, keep both readers for the nightly job", True)],
)
def test_a_bare_yes_is_no_decision_beside_a_summary(reply: str, *, is_told: bool) -> None:
    lines = [answer("Should I drop the old reader?"), prompt(reply), answer("Good.")]
    assert any(row.startswith("Decided") for row in block(state_after(*ASKED, *lines))) is is_told


def test_the_plan_that_the_session_began_with_is_pointed_to() -> None:
    plan = "Implement the following plan:\n\n# Read rows in one query\n\nIt is slow."
    found = block(state_after(prompt(plan, uuid="u0"), answer("I read it."), *ASKED[2:]))
    assert "- The plan, whole [A:10]: Read rows in one query" in found


def test_of_old_prompts_only_the_task_stands_beside_a_summary() -> None:
    task = "the nightly job must keep its csv, and the import has to write the same columns"
    lines = [prompt(task, uuid="u3"), answer("Noted."), prompt("does it read them too?"),
             answer("Yes."), prompt("next one")]  # fmt: skip
    found = [row for row in block(state_after(*ASKED, *lines)) if row.startswith("- [A:")]
    assert [row.partition("] ")[2][:22] for row in found] == ["“the nightly job must "]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        pytest.param([], ["keep CSV for the nightly job"], id="the summary has none of them"),
        pytest.param(["no second reader", "rows of one shop only"], [], id="it has most"),
    ],
)
def test_an_old_decision_that_a_good_summary_has_in_other_words_is_left_out(
    known: list[str], told: list[str]
) -> None:
    state = state_after(*ASKED, *(prompt(f"and {number}?") for number in range(9)))
    texts = ["keep CSV for the nightly job", "no second reader", "rows of one shop only"]
    state["work_state"]["decisions"] = [
        {"text": text, "at": None, "entry": "u1", "turn": 1}
        for text in texts
        if text in (*known, texts[0])
    ]
    summary = SUMMARY + "".join(f"   - Decided: {text}\n" for text in known)
    found = block(state, summary)
    assert [text for text in texts if any(text in row for row in found)] == told
