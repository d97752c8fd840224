"""The work of any session is taken over where the user asks for it, and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from driver import CLIENT_PID, Client, context_of
from made import answer, done, failed, prompt

from clearpoint.cli.main import main
from clearpoint.lineage.continuing import ORDER_SPAN_S
from clearpoint.lowlevel.clock import DAY_S, now_text
from clearpoint.project.paths import shown_path
from clearpoint.store import orders

if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

DECIDED = "We decided to use JWT."
GIT_ENV = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a commit."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "-c", "user.name=n", "-c", "user.email=e@x.org", "commit", "-q", "--allow-empty",
        "-m", "x")  # fmt: skip
    return folder


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, env=GIT_ENV, check=True, capture_output=True)


def worked(project: Path, session: str = "old", said: str = DECIDED, pid: int = 1) -> Client:
    """A session of a client of its own that has decided something and changed a file."""
    client = Client(project, session, CLIENT_PID - pid)
    client.start()
    edited = done("Edit", file_path=str(project / "auth.py"), old_string="", new_string="x = 1")
    client.turn(prompt(said), *edited, answer("Done.", message_id=f"m-{session}"))
    return client


def ended(client: Client, reason: str = "prompt_input_exit") -> Client:
    client.send("session_end", reason=reason)
    return client


def changed(client: Client, **facts: object) -> None:
    """Have the state of a client's session say something else."""
    state: State = {**client.state, **facts}  # type: ignore[typeddict-item]
    client.store.write_state(state)


def typed(client: Client, wanted: str = "") -> str:
    """What `/clearpoint:continue` answers."""
    said = client.reply("user_prompt_submit", prompt=f"/clearpoint:continue {wanted}".strip())
    return str(said["stopReason"])


def next_prompt(client: Client) -> str:
    return context_of(client.reply("user_prompt_submit", prompt="go on"))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """What the command line answers."""
    code = main(["continue", *words])
    told = capsys.readouterr()
    return code, (told.out or told.err).strip()


CONTINUED = "This session continues session old: Claude is told with your next prompt."


# Inside of a session


@pytest.mark.parametrize("reason", ["prompt_input_exit", "logout", "other", "clear", "resume", ""])
def test_a_session_is_taken_over_however_it_ended(project: Path, reason: str) -> None:
    old = worked(project)
    if reason:
        ended(old, reason)
    new = Client(project, "new")
    new.start()
    assert typed(new, "old") == CONTINUED
    text = next_prompt(new)
    assert "from session old at the user's request" in text
    assert (DECIDED in text, "auth.py" in text) == (True, True)
    lineage = new.state["lineage"]
    assert (lineage["parent_id"], lineage["reason"], lineage["confidence"]) == (
        "old", "continue", "exact",
    )  # fmt: skip


def test_it_is_told_once(project: Path) -> None:
    ended(worked(project))
    new = Client(project, "new")
    new.start()
    typed(new, "old")
    next_prompt(new)
    new.write(prompt("go on", uuid="u2"), answer("Yes.", message_id="n1"))
    new.send("stop")
    assert next_prompt(new) == ""


def test_what_the_session_did_before_stays(project: Path) -> None:
    ended(worked(project))
    new = worked(project, "new", "Let's go with RS256 for the keys.", pid=2)
    typed(new, "old")
    text = next_prompt(new)
    assert (DECIDED in text, "RS256" in text) == (True, True)


def test_without_a_name_it_is_the_newest_other_one(project: Path) -> None:
    for number, name in enumerate(("older", "old")):
        client = ended(worked(project, name, pid=number))
        os.utime(client.store.state_path(name), (number, number))
    new = Client(project, "new")
    new.start()
    assert typed(new) == CONTINUED


def test_last_weeks_session_is_taken_over(project: Path) -> None:
    old = ended(worked(project))
    changed(old, last_updated=now_text(time.time() - 7 * DAY_S))
    new = Client(project, "new")
    new.start()
    assert (typed(new, "old"), DECIDED in next_prompt(new)) == (CONTINUED, True)


def test_a_session_that_is_open_goes_on_apart(project: Path) -> None:
    old = worked(project)
    old.env["CLAUDE_PID"] = str(os.getpid())
    old.reply("user_prompt_submit", prompt="and on")
    new = Client(project, "new")
    new.start()
    typed(new, "old")
    assert DECIDED in next_prompt(new)
    assert (old.state["ended"], old.state["archives"]) == (None, [])


def test_a_pulled_session_is_taken_over_by_name(project: Path) -> None:
    old = ended(worked(project))
    changed(old, origin="laptop")
    old.transcript.unlink()
    new = Client(project, "new")
    new.start()
    assert (typed(new, "old"), DECIDED in next_prompt(new)) == (CONTINUED, True)


def test_the_next_clear_goes_on_from_there(project: Path) -> None:
    ended(worked(project))
    new = Client(project, "new")
    new.start()
    typed(new, "old")
    text = context_of(new.clear("newer"))
    assert (DECIDED in text, new.state["lineage"]["parent_id"]) == (True, "new")


# Which session


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param("old", "'old' matches several sessions: old-2, old-1", id="ambiguous"),
        pytest.param("nobody", "no session begins with 'nobody'", id="unknown"),
        pytest.param("new", "a session cannot continue itself", id="itself"),
        pytest.param("../old", "no session begins with '../old'", id="no id"),
        pytest.param("--help", "no session begins with '--help'", id="an option"),
    ],
)
def test_what_names_no_other_session_changes_nothing(project: Path, wanted: str, said: str) -> None:
    for number in (1, 2):
        client = ended(worked(project, f"old-{number}", pid=number))
        os.utime(client.store.state_path(client.session), (number, number))
    new = Client(project, "new")
    new.start()
    assert said in typed(new, wanted)
    assert (next_prompt(new), new.state["lineage"]["parent_id"]) == ("", None)


def test_alone_in_a_project_there_is_nothing_to_take_over(project: Path) -> None:
    new = Client(project, "new")
    new.start()
    assert "no other session is recorded" in typed(new)


# Across worktrees


TODOS = [{"content": "build it", "status": "in_progress"}]


def removed_worktree(project: Path) -> Path:
    """A worktree that is about to be removed."""
    tree = project / ".claude/worktrees/side"
    git(project, "worktree", "add", "-q", str(tree), "-b", "side")
    return tree


def leave(client: Client, project: Path) -> None:
    """Leave a client whose worktree goes with it: its end is heard of from the main checkout."""
    tree, moved = client.project, project / client.transcript.name
    shutil.copy(client.transcript, moved)
    git(project, "worktree", "remove", "--force", str(tree))
    client.project = project
    client.env["CLAUDE_PROJECT_DIR"] = str(project)
    ended(client)


@pytest.mark.parametrize("place", [".claude/worktrees/side", "../side"])
@pytest.mark.parametrize("is_removed", [True, False])
def test_a_session_of_a_worktree_goes_on_in_the_main_checkout(
    project: Path, place: str, is_removed: bool
) -> None:
    tree = (project / place).resolve()
    git(project, "worktree", "add", "-q", str(tree), "-b", "side")
    old = worked(tree)
    if is_removed:
        leave(old, project)
    else:
        ended(old)
    new = Client(project, "new")
    new.start()
    assert typed(new, "old") == CONTINUED
    file = project / "auth.py" if is_removed else tree / "auth.py"
    assert f"- {shown_path(str(file), str(project))} (new, " in next_prompt(new)


def test_a_moved_transcript_is_read_on(project: Path) -> None:
    tree = removed_worktree(project)
    old = worked(tree)
    known = old.state["transcript"]
    leave(old, project)
    assert known
    assert old.state["transcript"] == {**known, "path": str(project / "old.jsonl")}


def test_the_end_in_the_main_checkout_does_not_move_the_session_there(project: Path) -> None:
    tree = removed_worktree(project)
    old = worked(tree)
    leave(old, project)
    assert old.state["system"]["project"] == str(tree)


def test_a_gone_worktrees_open_work_is_offered_in_the_main_checkout_alone(project: Path) -> None:
    tree = removed_worktree(project)
    old = worked(tree)
    old.turn(prompt("Plan.", uuid="u3"), *done("TodoWrite", tool_id="t3", todos=TODOS))
    git(project, "worktree", "add", "-q", str(project / "beside"), "-b", "beside")
    leave(old, project)
    said = [Client(place, f"n-{place.name}", os.getpid()).start().get("systemMessage", "")
            for place in (project / "beside", project)]  # fmt: skip
    assert [bool(one) for one in said] == [False, True]


# Offered at a fresh start

TASK = "Add a login with JWT to the shop, and test it with the customers we have."


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        pytest.param(done("TodoWrite", tool_id="t3", todos=TODOS),
                     "1 open step: build it", id="a step"),
        pytest.param([answer("Built.\n\nRemaining:\n- Write the docs\n- Tag it", message_id="m4")],
                     "2 open steps: Write the docs", id="what remains"),
        pytest.param(failed("Bash", "1 failed", tool_id="t3", command="pytest -q"),
                     "a failed check: pytest", id="a check"),
    ],
)  # fmt: skip
def test_one_line_says_what_the_last_session_left_open(
    project: Path, entries: list[Entry], said: str
) -> None:
    old = worked(project)
    old.turn(prompt(TASK, uuid="u3"), *entries)
    ended(old)
    message = Client(project, "new", os.getpid()).start()["systemMessage"]
    about = f"The last session here (“{TASK}”) ended a moment ago with {said}. To continue it:"
    assert message.startswith(about)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "여기서 진행한 지난 세션 (“{}”)은 조금 전에 끝났습니다. 남은 것: 남은 단계 1개: "),
        ("ja", "ここでの前回のセッション (“{}”)は少し前に終わりました。残り: "),
        ("de", "Die letzte Sitzung hier (“{}”) endete vor einem Moment. Offen blieb: 1 offener "),
    ],
)  # fmt: skip
def test_it_is_said_in_the_language_that_is_set(project: Path, language: str, said: str) -> None:
    old = worked(project)
    config = Path(old.store.root, "config.toml")
    config.write_text(f'[advice]\nlanguage = "{language}"\n')
    old.turn(prompt(TASK, uuid="u3"), *done("TodoWrite", tool_id="t3", todos=TODOS))
    ended(old)
    message = Client(project, "new", os.getpid()).start()["systemMessage"]
    assert message.startswith(said.format(TASK))


def test_nothing_is_said_of_one_that_left_nothing_open(project: Path) -> None:
    ended(worked(project))
    assert Client(project, "new", os.getpid()).start() == {}


# As an order for the next session


def test_the_next_session_of_the_checkout_is_given_the_work_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(worked(project))
    told = "Start claude here within an hour: the new session will continue old."
    assert run(capsys, "old", "--project", str(project)) == (0, told)
    given = []
    for number, name in enumerate(("new", "newer")):
        client = Client(project, name, CLIENT_PID - 10 - number)
        given.append(DECIDED in context_of(client.start()))
        ended(client)
    assert given == [True, False]


@pytest.mark.parametrize("source", ["resume", "clear", "compact", "fork"])
def test_only_a_fresh_start_takes_the_order(
    project: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    ended(worked(project))
    other = worked(project, "other", "Let's go with RS256.", pid=2)
    run(capsys, "old", "--project", str(project))
    assert DECIDED not in context_of(other.start(source))
    assert orders.read_order(other.store) is not None


def test_a_session_of_another_worktree_does_not_take_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(worked(project))
    run(capsys, "old", "--project", str(project))
    git(project, "worktree", "add", "-q", str(project / "beside"), "-b", "beside")
    assert Client(project / "beside", "there").start() == {}
    assert DECIDED in context_of(Client(project, "here", CLIENT_PID - 9).start())


@pytest.mark.parametrize("age_s", [ORDER_SPAN_S + 2, -60.0])
def test_an_order_of_long_ago_is_void(project: Path, age_s: float) -> None:
    old = ended(worked(project))
    orders.write_order(old.store, str(project), "old", now_text(time.time() - age_s))
    assert Client(project, "new", CLIENT_PID - 9).start() == {}


@pytest.mark.parametrize("data", [b"", b"{}", b'{"checksum": "00000000",\n"session_id": "old"}'])
def test_an_order_that_cannot_be_read_is_none(project: Path, data: bytes) -> None:
    old = ended(worked(project))
    Path(old.store.root, orders.FILE).write_bytes(data)
    assert Client(project, "new", CLIENT_PID - 9).start() == {}


def test_an_order_for_a_session_that_is_gone_is_void(project: Path) -> None:
    old = ended(worked(project))
    orders.write_order(old.store, str(project), "gone", now_text())
    assert Client(project, "new", CLIENT_PID - 9).start() == {}
