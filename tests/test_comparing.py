"""Two sessions can be told apart, and one be branched off from another by hand."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003

import pytest
from driver import Client, client_folder, context_of
from made import answer, done, prompt, state_after

from clearpoint import Session
from clearpoint.cli.main import main
from clearpoint.report import comparison
from clearpoint.report.comparison import Difference
from clearpoint.store import tags

FIRST = state_after(
    prompt("We decided to use JWT.", parent="0"),
    *done("TodoWrite", todos=[{"content": "build", "status": "in_progress"}]),
    *done("Edit", file_path="/p/a.py", old_string="a", new_string="b"),
)
SECOND = state_after(
    prompt("We decided to use JWT.", parent="0"),
    prompt("Let's go with RS256 for the keys."),
    *done("Edit", file_path="/p/b.py", old_string="a", new_string="b"),
    *done("TodoWrite", todos=[{"content": "build", "status": "completed"}]),
)


@pytest.mark.parametrize(
    ("kind", "difference"),
    [
        ("facts", Difference([], [], ["phase: implementation | completed"])),
        ("decisions", Difference([], ["Let's go with RS256 for the keys."], [])),
        ("steps", Difference([], [], ["build: current | done"])),
        ("issues", Difference([], [], [])),
        ("files", Difference(["a.py: +1 -1"], ["b.py: +1 -1"], [])),
    ],
)
def test_two_sessions_differ_by_kind(kind: str, difference: Difference) -> None:
    assert comparison.compare(FIRST, SECOND, "/p")[kind] == difference


def test_a_session_does_not_differ_from_itself() -> None:
    assert all(one.is_empty for one in comparison.compare(FIRST, FIRST).values())


@pytest.fixture
def client(tmp_path: Path) -> Client:
    client = Client(tmp_path, "parent")
    client.start()
    client.turn(prompt("We decided to use JWT.", parent="0"), answer(used=30_000))
    return client


def run(client: Client, *args: str) -> int:
    return main([*args, "--project", str(client.project)])


def test_a_fork_has_the_work_and_the_conversation_and_goes_its_own_way(client: Client) -> None:
    parent = Session.load(client.project, env=client_folder())
    child = parent.fork("child")
    child.update_work(decision="Use RS256.")
    assert [one["text"] for one in child.work["decisions"]] == [
        "We decided to use JWT.",
        "Use RS256.",
    ]
    assert len(parent.work["decisions"]) == 1
    assert child.state["context_window"]["used"] == 30_000
    assert child.state["lineage"]["parent_id"] == "parent"


def test_the_client_takes_up_a_fork_that_was_made_by_hand(client: Client) -> None:
    Session.load(client.project, env=client_folder()).fork("child")
    client.session = "child"
    assert "branched off from session parent" in context_of(client.start("fork"))
    client.transcript.write_bytes((client.project / "parent.jsonl").read_bytes())
    told = client.turn(
        prompt("Let's go with RS256.", parent="1"), answer(message_id="f", used=31_000)
    )
    decisions = [one["text"] for one in client.state["work_state"]["decisions"]]
    assert (decisions, "transcript" in told) == (
        ["We decided to use JWT.", "Let's go with RS256."],
        False,
    )


def test_the_command_line_forks_and_compares(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(client, "fork") == 0
    printed = capsys.readouterr().out.splitlines()
    child = printed[-1].split()[-1]
    resume = f"claude --resume parent --fork-session --session-id {child}"
    assert printed[-1].strip() == resume
    assert main(["decide", "Use RS256.", "--session", child, "--project", str(client.project)]) == 0
    capsys.readouterr()
    assert run(client, "diff", "parent", child) == 0
    assert capsys.readouterr().out.splitlines() == ["Decisions", f"  {child[:8]}  Use RS256."]
    assert run(client, "diff", "parent", child, "--json") == 0
    assert json.loads(capsys.readouterr().out)["decisions"]["second"] == ["Use RS256."]


def test_sessions_that_are_alike_are_said_to_be(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(client, "diff", "parent", "parent") == 0
    assert capsys.readouterr().out.startswith("Both have the same facts")


def test_tags_are_added_listed_shown_and_removed_by_hand(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    (client.project / "app.toml").write_text("port = 8080\n")
    assert run(client, "tag", "add", "CONFIG-001", "app.toml") == 0
    assert run(client, "tag", "add", "STYLE-1", "Be brief.") == 0
    assert capsys.readouterr().out.splitlines() == [
        "@CONFIG-001 stands for app.toml.",
        "@STYLE-1 stands for a text of 9 characters.",
    ]
    assert run(client, "tag", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "CONFIG-001", "text": None, "path": "app.toml"},
        {"name": "STYLE-1", "text": "Be brief.", "path": None},
    ]
    assert run(client, "tag", "show", "CONFIG-001") == 0
    assert capsys.readouterr().out == "port = 8080\n\n"
    assert run(client, "tag", "remove", "STYLE-1") == 0
    assert tags.names(client.store.root) == ["CONFIG-001"]
    assert "@CONFIG-001" in context_of(client.clear("s-2"))


def test_a_bad_tag_is_told_in_one_line(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(client, "tag", "add", "config", "x") == 1
    said = capsys.readouterr().err
    assert said == "Error: invalid tag name 'config'; did you mean CONFIG-001?\n"
