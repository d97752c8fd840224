"""What runs, what was promised after it, what git made again, and lists that answers overtook."""

from __future__ import annotations

import pytest
from made import answer, call, done, entry, prompt, result, state_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.models.words import Noted  # noqa: TC001
from clearpoint.models.work import WorkState  # noqa: TC001
from clearpoint.reload import compose
from clearpoint.work import agents, commit_hashes

LAUNCHED = "Async agent launched successfully.\nagentId: a2ffcc6 (internal ID)\nIt works."
ENDED = "<task-notification>\n<task-id>a2ffcc6</task-id>\n<status>completed</status>"
PLAN = {"subagent_type": "planner", "description": "Plan the import"}
PROMISE = "Once the planner is done, I'll rewrite the plans and run the checker."


def work_after(*lines: object) -> WorkState:
    return state_after(*lines)["work_state"]  # type: ignore[arg-type]


def shell(line: str, said: str = "", folder: str = "/p") -> list[object]:
    asked = {**call("Bash", command=line), "cwd": folder}
    return [asked, {**result(said), "cwd": folder}]


@pytest.mark.parametrize(
    ("lines", "running"),
    [
        pytest.param(done("Agent", LAUNCHED, **PLAN), ["Plan the import"], id="in the background"),
        pytest.param([call("Agent", **PLAN)], ["Plan the import"], id="called"),
        pytest.param(done("Agent", "Planned.\nagentId: a2ffcc6", **PLAN), [], id="returned"),
        pytest.param([call("Agent", **PLAN), prompt("go on")], [], id="called in an earlier turn"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), prompt("and the docs?")],
                     ["Plan the import"], id="in the background of the next turn"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), prompt(ENDED)], [], id="the client's note"),
        pytest.param([*done("Task", LAUNCHED, **PLAN), entry("queue-operation",
                     operation="enqueue", content=ENDED)], [], id="an older client's note"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN),
                      *done("TaskOutput", "<status>completed</status>\nx", task_id="a2ffcc6")],
                     [], id="asked for"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN),
                      *done("TaskOutput", "<status>running</status>\nx", task_id="a2ffcc6")],
                     ["Plan the import"], id="asked for too early"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), *done("TaskStop", task_id="a2ffcc6")],
                     [], id="stopped"),
    ],
)  # fmt: skip
def test_an_agent_runs_until_its_end_is_told(lines: list[object], running: list[str]) -> None:
    found = agents.unfinished(work_after(prompt("plan it"), *lines))
    assert [agent["task"] for agent in found] == running


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        pytest.param("clear", "Subagents still running, no result seen", id="the client goes on"),
        pytest.param("crash", "Subagents that ran when that session ended, no result seen",
                     id="it has ended"),
    ],
)  # fmt: skip
def test_what_runs_is_told_as_over_once_the_client_has_ended(reason: str, told: str) -> None:
    state = state_after(prompt("plan it"), *done("Agent", LAUNCHED, **PLAN))
    shown = compose.compose(state, reason, DEFAULTS, mark="m", measure=len)
    assert f"{told}: planner “Plan the import”, id a2ffcc6." in shown.splitlines()


@pytest.mark.parametrize(("reason", "is_told"), [("clear", True), ("crash", False)])
def test_another_client_has_its_own_permission_mode(reason: str, *, is_told: bool) -> None:
    state = state_after(prompt("plan it"), answer("Done."))
    state["system"]["permission_mode"] = "bypassPermissions"
    shown = compose.compose(state, reason, DEFAULTS, mark="m", measure=len)
    assert ("bypassPermissions" in shown) is is_told


def test_the_clients_list_settles_which_agents_run() -> None:
    work = work_after(prompt("plan it"), *done("Agent", LAUNCHED, **PLAN))
    agents.keep_running(work, set())
    assert agents.unfinished(work) == []


@pytest.mark.parametrize(
    ("lines", "promised"),
    [
        pytest.param([answer(PROMISE)], [PROMISE], id="said"),
        pytest.param([answer(PROMISE), *done("Read", file_path="/p/a")], [], id="gone on"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), answer(PROMISE), prompt("fine")],
                     [PROMISE], id="still running"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), answer(PROMISE), prompt(ENDED),
                      prompt("and now?")], [], id="ended"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), answer(PROMISE), prompt(ENDED),
                      answer("It found nothing.", message_id="m2")], [], id="reported"),
        pytest.param([*done("Agent", LAUNCHED, **PLAN), answer(PROMISE),
                      answer("It is large.", message_id="m2")], [PROMISE], id="waited for"),
        pytest.param([answer("Once you have decided, I'll finish it.")], [], id="up to the user"),
        pytest.param([answer("When it is done, shall I say? I'll see.")], [], id="a question"),
        pytest.param([answer("I'll run the tests now.")], [], id="at once"),
    ],
)  # fmt: skip
def test_a_promise_is_kept_while_something_is_waited_for(
    lines: list[object], promised: list[str]
) -> None:
    assert work_after(prompt("plan it"), *lines)["promised"] == promised


FIRST = shell('git commit -m "Add rows"', "[main 1111111] Add rows\n 1 file changed")
SECOND = shell('git commit -m "Read rows"', "[main 2222222] Read rows\n 1 file changed")


@pytest.mark.parametrize(
    ("lines", "commits"),
    [
        pytest.param([*FIRST, *shell("git commit --amend --no-edit", "[main 3333333] Add rows")],
                     [("3333333", "1111111", None)], id="amended"),
        pytest.param(shell("git commit --amend -m Rows", "[main 3333333] Rows"),
                     [("3333333", "", None)], id="amended, from before the session"),
        pytest.param([*FIRST, *SECOND, *shell("git reset --soft HEAD~1")],
                     [("1111111", None, None)], id="taken back"),
        pytest.param([*FIRST, *SECOND, *shell("git reset --hard HEAD^^")], [], id="both"),
        pytest.param([*FIRST, *SECOND, *shell("git reset --hard 1111111abcdef")],
                     [("1111111", None, None)], id="back to a hash"),
        pytest.param([*FIRST, *shell("git push"), *SECOND, *shell("git reset --hard origin/main")],
                     [("1111111", None, None)], id="back to the remote"),
        pytest.param([*FIRST, *shell("git reset HEAD a.py"), *shell("git reset")],
                     [("1111111", None, None)], id="only unstaged"),
        pytest.param([*FIRST, *shell("git rebase origin/main", "Successfully rebased.")],
                     [("1111111", None, True)], id="rebased"),
        pytest.param([*FIRST, *shell("git rebase main", "Current branch f is up to date.")],
                     [("1111111", None, None)], id="nothing to rebase"),
        pytest.param([*FIRST, *shell("git rebase --abort")],
                     [("1111111", None, None)], id="a rebase given up"),
        pytest.param(shell('cd /tmp/x && git init && git commit -m "i"', "[main 4444444] i"), [],
                     id="in a scratch repository"),
        pytest.param(shell('cd /home/x && git init -q && git commit -m "i"', "[m 4444444] i"), [],
                     id="in a new repository"),
        pytest.param(shell('git init && git add -A && git commit -m "i"', "[main 4444444] i"),
                     [("4444444", None, None)], id="the project's own first"),
        pytest.param(shell('git -C /tmp/x commit -m "i"', "[main 4444444] i"), [],
                     id="told to go elsewhere"),
        pytest.param(shell('cd sub && git commit -m "i"', "[main 4444444] i"),
                     [("4444444", None, None)], id="in a folder of the project"),
        pytest.param([*shell("git worktree add ../fix -b fix"),
                      *shell('cd ../fix && git commit -m "i"', "[fix 4444444] i")],
                     [("4444444", None, None)], id="in a worktree of the project"),
        pytest.param(shell("git revert --no-edit 1111111", '[main 4444444] Revert "Add rows"'),
                     [("4444444", None, None)], id="a commit undone by another"),
    ],
)  # fmt: skip
def test_commits_are_as_git_leaves_them(
    lines: list[object], commits: list[tuple[str, str | None, bool | None]]
) -> None:
    begun = prompt("commit it", cwd="/p")
    found = work_after(begun, *lines)["commits"]
    assert [(one["hash"], one.get("amends"), one.get("is_rewritten")) for one in found] == commits


def test_a_commit_that_was_made_again_takes_the_hash_that_git_gives() -> None:
    work = work_after(prompt("x", cwd="/p"), *FIRST, *shell("git rebase main", "Successfully"))
    work["git"] = {"branch": "f", "worktree": ".", "upstream": None, "ahead": 0, "behind": 0,
                   "changed": [], "changed_number": 0, "at": "",
                   "commits": [["5555555", "Add rows"]]}  # fmt: skip
    commit_hashes.renew(work)
    assert [(one["hash"], one.get("amends")) for one in work["commits"]] == [("5555555", "1111111")]


def test_a_forced_push_is_told_of_what_it_brings() -> None:
    amended = shell("git commit --amend --no-edit", "[main 3333333] Add rows")
    work = work_after(prompt("x", cwd="/p"), *FIRST, *shell("git push"), *amended,
                      *shell("git push --force-with-lease"))  # fmt: skip
    assert [one.get("is_forced") for one in work["commits"]] == [True]


TODOS = done("TodoWrite", todos=[{"content": "Write the parser", "status": "in_progress"},
                                 {"content": "Test the parser", "status": "pending"}])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_old"),
    [
        pytest.param("| # | What | State |\n|---|---|---|\n| 1 | Write the parser | ✅ ok |", True,
                     id="in a table"),
        pytest.param("- Write the parser — done\n- Docs — open", True, id="in a list"),
        pytest.param("Steps 1 and 2 are done.", True, id="by their numbers"),
        pytest.param("All steps are done.", True, id="all of them"),
        pytest.param("- Rename the folder — done", False, id="something else"),
        pytest.param("- ❌ Write the parser, half done", False, id="not done"),
        pytest.param("I will write the parser until it is done.", False, id="not a list"),
    ],
)  # fmt: skip
def test_a_list_of_steps_is_old_where_a_newer_answer_says_they_are_done(
    text: str, is_old: bool
) -> None:
    assert work_after(prompt("go"), *TODOS, answer(text))["steps_old"] is is_old


def test_a_list_is_new_again_with_the_next_update() -> None:
    answered = answer("- Write the parser — done")
    assert work_after(prompt("go"), *TODOS, answered, *TODOS)["steps_old"] is False


def test_listed_steps_are_done_where_a_newer_answer_says_so() -> None:
    listed = answer("Remaining:\n1. Write the parser\n2. Change the page")
    told = answer("| Step | State |\n|---|---|\n| Write the parser | done |", message_id="m2")
    assert work_after(prompt("go"), listed, prompt("on"), told)["pending_steps"] == [
        "Change the page"
    ]


def asked(question: str, chosen: str, number: int) -> list[object]:
    said = f'User has answered your questions: "{question}"="{chosen}". You can now continue.'
    name = f"t{number}"
    asking = call("AskUserQuestion", tool_id=name, questions=[{"question": question}])
    return [asking, result(said, tool_id=name)]


def decided(*lines: object) -> list[Noted]:
    return work_after(prompt("plan it"), *lines)["decisions"]


def test_every_answer_to_a_question_of_choice_stays() -> None:
    found = decided(*(line for n in range(60)
                      for line in asked(f"Which format for table {n}?", "JSON", n)))  # fmt: skip
    assert [one["text"] for one in found] == [
        f"Which format for table {n}? — JSON" for n in range(60)
    ]


def test_the_newer_answer_to_the_same_question_overrules() -> None:
    found = decided(*asked("Which format?", "JSON", 1), *asked("Which format?", "CSV", 2))
    assert [one["text"] for one in found] == ["Which format? — CSV"]


def test_the_answer_to_a_long_question_is_not_cut_away() -> None:
    found = decided(*asked("word " * 80 + "so which?", "the second", 1))
    assert found[0]["text"].endswith("so which? — the second")
