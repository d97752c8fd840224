"""Slash commands: our files beside the settings, and what typing one of them does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from driver import Client
from hypothesis import given
from hypothesis import strategies as st
from made import answer, prompt

from clearpoint.cli.main import commands as command_line
from clearpoint.cli.main import main, program
from clearpoint.handlers import slash_commands
from clearpoint.install import commands as subject
from clearpoint.install.settings_file import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

STATE = ".clearpoint"


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder, with its text."""
    found = [path for path in folder.rglob("*") if path.is_file() and STATE not in path.parts]
    return {str(path.relative_to(folder)): path.read_text() for path in found}


# The files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".claude" / "commands" / "clearpoint"


@pytest.mark.parametrize("name", subject.ANSWERED)
def test_what_the_hook_answers_is_a_command_of_the_command_line(name: str) -> None:
    assert name in command_line()


@pytest.mark.parametrize("name", subject.COMMANDS)
def test_every_slash_command_is_one_that_only_the_user_runs(name: str) -> None:
    text = subject.packaged(name)
    assert text.startswith("---\ndescription: ")
    assert "disable-model-invocation: true" in text
    assert "$ARGUMENTS" not in text
    assert "!`" not in text


def test_what_is_put_is_found_taken_away_again(folder: Path) -> None:
    folder.parents[2].mkdir()
    put = subject.put(folder)
    assert (put.changed, put.foreign) == (subject.COMMANDS, ())
    assert {path.stem for path in folder.iterdir()} == set(subject.COMMANDS)
    assert subject.put(folder).changed == ()
    assert subject.remove(folder).changed == subject.COMMANDS
    assert [*folder.parents[2].iterdir()] == []


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    assert subject.put(folder, dry_run=True).changed == subject.COMMANDS
    assert not folder.exists()
    subject.put(folder)
    before = files(folder)
    assert subject.remove(folder, dry_run=True).changed == subject.COMMANDS
    assert files(folder) == before


def test_a_file_of_an_earlier_version_is_brought_up_to_date(folder: Path) -> None:
    subject.put(folder)
    (folder / "note.md").write_text(subject.sealed("---\ndescription: Once\n---\n"))
    assert subject.put(folder).changed == ("note",)
    assert (folder / "note.md").read_text() == subject.sealed(subject.packaged("note"))


def write_own(path: Path) -> None:
    path.write_text("Summarise $ARGUMENTS\n")


def change_ours(path: Path) -> None:
    path.write_text(path.read_text().replace("Record a note", "Write it down"))


def append_to_ours(path: Path) -> None:
    path.write_text(path.read_text() + "More.\n")


def make_empty(path: Path) -> None:
    path.write_text("")


def make_binary(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


def link_elsewhere(path: Path) -> None:
    kept = path.with_name("kept")
    path.rename(kept)
    path.symlink_to(kept)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "change",
    [write_own, change_ours, append_to_ours, make_empty, make_binary, link_elsewhere, make_folder],
)
def test_what_a_person_wrote_or_changed_stays(folder: Path, change: Callable[[Path], None]) -> None:
    subject.put(folder)
    change(folder / "note.md")
    before = (folder / "note.md").lstat()
    put, removed = subject.put(folder), subject.remove(folder)
    assert (put.foreign, removed.foreign) == (("note",), ("note",))
    assert "note" not in (*put.changed, *removed.changed)
    after = (folder / "note.md").lstat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_line_ends_that_git_has_changed_are_no_change(folder: Path) -> None:
    subject.put(folder)
    path = folder / "note.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "note" in subject.remove(folder).changed


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "commands").write_text("a file")
    with pytest.raises(SettingsError, match="cannot write it"):
        subject.put(tmp_path / "commands" / "clearpoint")


# On the command line


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
    return project


@pytest.mark.parametrize(
    ("scope", "place"),
    [
        pytest.param((), "project/.claude", id="project"),
        pytest.param(("--local",), "project/.claude", id="local"),
        pytest.param(("--user",), "config", id="user"),
    ],
)
def test_install_and_uninstall_leave_everything_as_it_was(
    tmp_path: Path, project: Path, scope: tuple[str, ...], place: str
) -> None:
    mine = tmp_path / place / "commands" / "clearpoint" / "mine.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    before = files(tmp_path)
    assert main(["install", "--commands", "--project", str(project), *scope]) == 0
    assert (mine.parent / "status.md").is_file()
    assert main(["uninstall", "--project", str(project), *scope]) == 0
    assert files(tmp_path) == before


def test_without_the_option_there_are_no_commands(project: Path) -> None:
    main(["install", "--project", str(project)])
    assert not (project / ".claude" / "commands").exists()


def test_a_dry_run_says_what_would_be(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install", "--commands", "--dry-run", "--project", str(project)]) == 0
    out, err = capsys.readouterr()
    assert "/clearpoint:status" not in out
    assert "Dry run: /clearpoint:status" in err
    assert files(project) == {}


# Typed inside the client


@pytest.fixture
def client(tmp_path: Path) -> Client:
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("begin"), answer(used=90_000))
    return client


def typed(client: Client, text: str) -> str:
    """Type a prompt that is answered in place of the turn; give what the person reads."""
    reply = client.reply("user_prompt_submit", prompt=text)
    assert reply == {"continue": False, "stopReason": reply.get("stopReason")}
    return str(reply["stopReason"])


@pytest.mark.parametrize(
    ("text", "said", "key", "value"),
    [
        pytest.param(
            "spec SPEC-AUTH-001", "Specification: SPEC-AUTH-001",
            "current_spec", "SPEC-AUTH-001", id="spec",
        ),
        pytest.param("phase testing", "Phase: testing", "phase", "testing", id="phase"),
        pytest.param(
            "step add Write it", "Added step 1: Write it",
            "pending_steps", ["Write it"], id="step add",
        ),
        pytest.param(
            "step Write it", "Added step 1: Write it",
            "pending_steps", ["Write it"], id="step",
        ),
        pytest.param(
            "step done Read it", "No open step matched; recorded as done: Read it",
            "completed_steps", ["Read it"], id="step done",
        ),
    ],
)  # fmt: skip
def test_a_command_sets_the_work_state(
    client: Client, text: str, said: str, key: str, value: object
) -> None:
    assert typed(client, f"/clearpoint:{text}") == said
    work: Any = client.state["work_state"]
    assert work[key] == value


@pytest.mark.parametrize(("name", "key"), [("decide", "decisions"), ("issue", "issues"),
                                           ("note", "notes")])  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        "don't use eval", 'it costs $HOME `id` $(id) "x" \\', "--help", "-v", "--session other",
        "'; rm -rf /; '", "!`id`", "결정: JWT를 쓴다", "*[red]bold[/]*", "add", "@file #tag",
    ],
)  # fmt: skip
def test_what_was_typed_arrives_to_the_letter(
    client: Client, name: str, key: str, text: str
) -> None:
    typed(client, f"/clearpoint:{name}   {text}  ")
    work: Any = client.state["work_state"]
    assert [noted["text"] for noted in work[key]] == [text]


def test_quotes_around_the_whole_are_the_shells(client: Client) -> None:
    typed(client, '/clearpoint:decide "Tokens live 15 minutes."')
    typed(client, '/clearpoint:decide "a" or "b"')
    said = [noted["text"] for noted in client.state["work_state"]["decisions"]]
    assert said == ["Tokens live 15 minutes.", '"a" or "b"']


@given(st.sampled_from(subject.COMMANDS), st.text(max_size=30))
def test_whatever_is_typed_is_one_argument(name: str, text: str) -> None:
    event: Any = type("Event", (), {"project_dir": "/p", "session_id": "s"})
    given = slash_commands.arguments(name, text, event)
    options = [
        word for word in given[: given.index("--") if "--" in given else None] if word[:1] == "-"
    ]
    about = ["--project"] if name in slash_commands.OF_THE_PROJECT else ["--project", "--session"]
    assert options == about
    assert len(given) <= len(["step", "add", "--project", "/p", "--session", "s", "--", "text"])


@pytest.mark.parametrize("text", ["", "a=b", "done 1", "edit 1 a=b", "--edit 1 a=b", "--remove 1"])
@pytest.mark.parametrize("name", subject.ANSWERED)
def test_every_command_has_the_options_that_it_is_given(
    tmp_path: Path, name: str, text: str
) -> None:
    event: Any = type("Event", (), {"project_dir": str(tmp_path), "session_id": "s"})
    command: click.Command | None = program
    given = slash_commands.arguments(name, text, event)
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), given.pop(0))
    assert command
    options = [word for word in given[: given.index("--") if "--" in given else None]
               if word[:1] == "-"]  # fmt: skip
    known = {option for one in command.params for option in one.opts}
    assert [option for option in options if option not in known] == []


def test_status_is_that_of_this_session(client: Client) -> None:
    other = Client(client.project, "s-2")
    other.start()
    said = typed(client, "/clearpoint:status")
    assert said.startswith("Session s-1")
    assert "90k of your 200k window (45%)" in said
    assert "\x1b" not in said


def test_a_checkpoint_is_taken(client: Client) -> None:
    assert typed(client, "/clearpoint:checkpoint here") == "Saved checkpoint here of session s-1."
    assert Path(client.store.path("s-1", "checkpoints", "here.json")).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "phase testng", "Error: unknown phase 'testng'; did you mean testing?", id="value"
        ),
        pytest.param("spec", "Error: Missing argument 'ID'.", id="no text"),
        pytest.param("status now", "Error: Got unexpected extra argument (now)", id="too much"),
        pytest.param("checkpoint ../x", "Error: ", id="no name for a file"),
    ],
)
def test_a_mistake_is_told_in_one_line(client: Client, text: str, said: str) -> None:
    told = typed(client, f"/clearpoint:{text}")
    assert told.startswith(said)
    assert "\n" not in told


def test_a_command_may_be_the_first_thing_in_a_session(tmp_path: Path) -> None:
    client = Client(tmp_path)
    assert typed(client, "/clearpoint:note Begin here.") == "Note 1: Begin here."


def test_a_command_is_one_line_in_the_journal(client: Client) -> None:
    typed(client, "/clearpoint:status")
    lines = Path(client.store.path("s-1", "journal.jsonl")).read_text().splitlines()
    last = json.loads(lines[-1])
    assert (last["event"], last["command"]) == ("UserPromptSubmit", "status")


def test_what_is_still_to_be_said_stays_due(client: Client) -> None:
    client.write(prompt("more"), answer(used=152_000, message_id="m2"))
    client.send("stop")
    typed(client, "/clearpoint:status")
    note = client.reply("user_prompt_submit", prompt="go on")
    assert "Context: " in note["hookSpecificOutput"]["additionalContext"]


def test_our_own_commands_say_nothing_of_the_phase(client: Client) -> None:
    before = client.state["work_state"]["phase"]
    for name in subject.COMMANDS:
        client.write(prompt(f"<command-name>/clearpoint:{name}</command-name>"))
    client.send("stop")
    assert client.state["work_state"]["phase"] == before


@pytest.mark.parametrize("text", ["/clearpoint:other x", "/clearpoint:", "/clearpoint: note x"])
def test_a_command_of_another_name_goes_to_claude(client: Client, text: str) -> None:
    assert client.reply("user_prompt_submit", prompt=text) == {}


@pytest.mark.parametrize("place", ["project", "user"])
def test_a_command_that_a_person_has_written_is_theirs(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
    client = Client(tmp_path)
    client.start()
    root = tmp_path / {"project": ".claude", "user": "config"}[place]
    subject.put(root.joinpath(*subject.PLACE))
    assert typed(client, "/clearpoint:note one")
    write_own(root.joinpath(*subject.PLACE, "note.md"))
    assert client.reply("user_prompt_submit", prompt="/clearpoint:note two") == {}
    assert [noted["text"] for noted in client.state["work_state"]["notes"]] == ["one"]
