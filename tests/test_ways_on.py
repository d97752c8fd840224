"""What is said after each way on: only what changed, once, and with how old it is."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from builders import state_folder
from driver import Client, context_of
from made import answer, call, done, prompt, result

from clearpoint import Session
from clearpoint.store import tags
from clearpoint.tokens import encoder
from clearpoint.tokens.sizes import estimated

if TYPE_CHECKING:
    from pathlib import Path

LONG = "Please build the login. " + "It has to be safe in every way we know of. " * 40


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def edit(client: Client, name: str = "auth.py", *, tool_id: str = "t1") -> None:
    """A turn in which Claude changes a file."""
    path = client.project / name
    client.write(
        prompt("We decided to use JWT.", parent="0"),
        call("Edit", file_path=str(path), old_string="a", new_string="b", tool_id=tool_id),
    )
    path.write_text("b\n")
    client.write(result(tool_id=tool_id), answer("Done.", message_id="m" + tool_id))


def resumed(client: Client) -> str:
    return context_of(client.start("resume", context_tokens=20_000))


def test_a_sessions_own_edits_are_not_somebody_elses(client: Client) -> None:
    client.start()
    edit(client)
    client.send("stop")
    assert resumed(client) == ""


def test_edits_of_a_turn_that_no_stop_has_seen_are_its_own_too(client: Client) -> None:
    client.start()
    edit(client, "first.py")
    client.send("stop")
    edit(client, "second.py", tool_id="t2")
    assert resumed(client) == ""


def test_what_others_changed_since_the_last_turn_is_told_at_a_resume(client: Client) -> None:
    client.start()
    edit(client)
    client.send("stop")
    (client.project / "auth.py").write_text("theirs\n")
    client.send("session_end", reason="other")
    assert resumed(client).splitlines()[1:] == ["Changed on disk meanwhile:", "- auth.py"]


def test_a_commit_of_somebody_else_is_told_at_a_resume(client: Client) -> None:
    heads = [commit(client.project)]
    client.start()
    edit(client)
    client.write({"type": "user", "gitBranch": "main", "message": {"content": []}})
    client.send("stop")
    heads.append(commit(client.project))
    said = f"HEAD is {heads[1]} now; it was {heads[0]} at the end of the work."
    assert said in resumed(client).splitlines()
    assert client.state["system"]["head"] == heads[1]


def commit(folder: Path) -> str:
    git = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    for args in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *args], check=True, env=env)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, env=env, capture_output=True)
    return head.stdout.decode()[:10]


@pytest.mark.parametrize(
    ("hours", "said"),
    [(23, ""), (25, "This was recorded 25 hours ago."), (80, "This was recorded 3 days ago.")],
)
def test_old_work_says_how_old_it_is(client: Client, hours: int, said: str) -> None:
    client.start()
    edit(client)
    client.send("stop")
    state = client.state
    state["system"]["left_at"] = time.time() - hours * 3_600
    os.utime(client.project / "auth.py", (0, 0))
    client.store.write_state(state)
    assert resumed(client).splitlines()[1:] == ([said] if said else [])


def test_a_fork_is_told_where_it_is_from(client: Client) -> None:
    client.start()
    edit(client)
    client.send("stop")
    client.session = "s-2"
    told = context_of(client.start("fork", context_tokens=20_000))
    assert told.endswith(
        ": this session branched off from session s-1, which continues separately."
    )


@pytest.mark.parametrize("awaited", ["resume", "compact"])
def test_a_reload_within_a_session_is_not_missed_before_its_first_request(
    client: Client, awaited: str
) -> None:
    client.start()
    edit(client)
    client.send("stop")
    (client.project / "auth.py").write_text("theirs\n")
    client.send("pre_compact", trigger="auto")
    text = context_of(client.start(awaited))
    assert text
    assert client.reply("user_prompt_submit", prompt="go on") == {}
    client.write(prompt("go on", parent="1"), answer("Yes.", message_id="m8"))
    client.send("stop")
    assert context_of(client.reply("user_prompt_submit", prompt="and?")) == text
    assert client.reply("user_prompt_submit", prompt="and?") == {}


def test_an_earlier_reload_of_the_session_is_not_taken_for_the_newest(client: Client) -> None:
    client.start()
    edit(client)
    client.send("stop")
    client.send("pre_compact", trigger="auto")
    first = context_of(client.start("compact"))
    client.write(prompt(first, isMeta=True), prompt("x", parent="1"), answer("y", message_id="m8"))
    client.send("stop")
    client.write(prompt("Let's go with RS256."), answer("Yes.", message_id="m9"))
    client.send("stop")
    client.send("pre_compact", trigger="auto")
    second = context_of(client.start("compact"))
    client.write(prompt("z", parent="1"), answer("y", message_id="m10"))
    assert context_of(client.reply("user_prompt_submit", prompt="and?")) == second != first


def test_a_prompt_that_is_too_long_says_where_the_whole_is(client: Client) -> None:
    client.start()
    client.turn(prompt(LONG, parent="0"), answer("Done.", message_id="m1"))
    lines = context_of(client.clear("s-2")).splitlines()
    assert lines[lines.index("Task, in part; the whole: [A:3]:") + 1].startswith(
        "  Please build the login. It has to be safe"
    )


def test_a_crash_is_offered_in_short(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    old.start()
    old.turn(
        prompt("We decided to use JWT.", parent="0"),
        answer(" ".join(f"name_of_{'abcdefghij'[n % 10] * (n // 10 + 2)}" for n in range(90))),
        prompt("Go on.", uuid="u2"),
        answer(" ".join(f"Part {n} is done." for n in range(300)), message_id="m2"),
    )
    carried = str(Session.load(tmp_path, env=old.env).resumption_context("clear"))
    offered = context_of(Client(tmp_path, "new", os.getpid()).start())
    assert "unexpectedly. For reference; the user has not said whether to continue it" in offered
    assert "We decided to use JWT." in offered
    assert len(offered) < len(carried)


def test_the_files_of_the_project_are_kept_by_tier(client: Client) -> None:
    (client.project / "CLAUDE.md").write_text(
        "Write the test before the code that makes it pass.\n" * 40
    )
    (client.project / "test_auth.py").write_text("import auth\n")
    client.start()
    edit(client)
    texts = {path.name: path.read_text() for path in client.project.glob("*.*") if path.is_file()}
    client.send("stop")
    text = context_of(client.clear("s-2"))
    kept = {one["path"]: one for one in client.state["disclosure"]}
    assert {path: one["tier"] for path, one in kept.items()} == {
        "CLAUDE.md": 1, "auth.py": 2, "test_auth.py": 3,
    }  # fmt: skip
    assert all(one["tokens"] == estimated(texts[path]) for path, one in kept.items())
    assert kept["CLAUDE.md"]["tokens"] == pytest.approx(encoder.count(texts["CLAUDE.md"]), rel=0.35)
    assert "- test_auth.py (belongs to auth.py)" in text.splitlines()
    assert "CLAUDE.md" not in text


def test_nested_instructions_are_named_because_the_client_does_not_give_them_back(
    client: Client,
) -> None:
    (client.project / "api").mkdir()
    (client.project / "api" / "CLAUDE.md").write_text("Use British English.\n")
    client.start()
    edit(client, "api/auth.py")
    client.send("stop")
    said = (
        "Instructions that Claude Code loads only when a file next to them is read: api/CLAUDE.md"
    )
    assert said in context_of(client.clear("s-2")).splitlines()


@pytest.mark.parametrize(
    ("amount", "sections"),
    [
        ("none", []),
        ("critical_only", ["Decided, newest first:", "Open steps:"]),
        ("balanced", ["Decided, newest first:", "Open steps:", "Done, newest first:"]),
    ],
)
def test_what_is_kept_of_the_work_can_be_chosen(
    client: Client, amount: str, sections: list[str]
) -> None:
    root = state_folder(client.project)
    root.mkdir()
    (root / "config.toml").write_text(f'[persistence]\ncontext_preservation = "{amount}"\n')
    client.start()
    todos = [
        {"content": "schema", "status": "completed"},
        {"content": "login", "status": "pending"},
    ]
    client.write(*done("TodoWrite", todos=todos, tool_id="t0"))
    edit(client)
    client.send("stop")
    lines = context_of(client.clear("s-2")).splitlines()
    titles = ("Open steps:", "Done, newest first:", "Decided, newest first:")
    assert [one for one in lines if one in titles] == sections


def test_a_tag_in_a_machines_prompt_brings_in_nothing(client: Client) -> None:
    client.start()
    tags.add(client.store.root, "KEY-1", {"text": "port = 8080", "path": None})
    machine = "<task-notification>read @KEY-1</task-notification>"
    assert client.reply("user_prompt_submit", prompt=machine) == {}
    told = context_of(client.reply("user_prompt_submit", prompt="read @KEY-1"))
    assert told == f"@KEY-1 ({client.store.root}/tags/KEY-1.json):\nport = 8080"


def test_the_tags_of_a_prompt_keep_to_their_limit(client: Client) -> None:
    client.start()
    tags.add(client.store.root, "ONE-1", {"text": "word " * 1_500, "path": None})
    tags.add(client.store.root, "TWO-2", {"text": "word " * 1_500, "path": None})
    told = context_of(client.reply("user_prompt_submit", prompt="@ONE-1 @TWO-2"))
    assert told.startswith(f"@ONE-1 ({client.store.root}/tags/ONE-1.json):\nword word")
    assert told.endswith(
        f"@TWO-2 stands for {client.store.root}/tags/TWO-2.json,"
        " too long to include: 7,499 characters"
    )


def test_archives_have_a_summary_with_pointers(client: Client) -> None:
    client.start()
    for number in range(20):
        edit(client, f"f{number}.py", tool_id=f"t{number}")
    client.send("stop")
    client.clear("s-2")
    folder = state_folder(client.project) / "sessions" / "s-1" / "archive"
    summary = (folder / "0001.summary.md").read_text()
    pointers = [
        line.partition("]")[0].strip("[") for line in summary.splitlines() if line.startswith("[")
    ]
    lines = (folder / "0001.md").read_text().splitlines()
    assert pointers
    assert all(lines[int(pointer) - 1] for pointer in pointers)
    assert client.state["archives"] == ["sessions/s-1/archive/0001.md"]


def test_a_turn_that_a_crash_broke_off_is_carried_too(tmp_path: Path) -> None:
    old = Client(tmp_path, "old")
    old.start()
    edit(old)
    old.send("stop")
    old.write(prompt("Let's go with RS256 for the keys.", parent="1"))
    old.write(call("Read", file_path=str(old.project / "auth.py"), tool_id="t7"))
    old.write(result(tool_id="t7"))
    offered = context_of(Client(tmp_path, "new", os.getpid()).start())
    assert "- Let's go with RS256 for the keys." in offered
    assert "- auth.py (+1 -1)" in offered


@pytest.mark.parametrize(
    "layer",
    ["context_window", "budget", "persistence", "work_state", "user_context", "lineage", "system"],
)
def test_every_layer_is_a_part_of_the_state(client: Client, layer: str) -> None:
    client.start()
    assert layer in client.state
