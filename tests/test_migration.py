"""State of an earlier version moves out of the project once, and nothing of it is lost."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client, context_of
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.lowlevel.files import QuickLock
from clearpoint.store import migration, tags

if TYPE_CHECKING:
    from collections.abc import Callable

TAG: Any = {"text": "port = 8080", "path": None}


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A project with the state that an earlier version kept in it: a session with work, a tag."""
    folder = tmp_path / "shop"
    folder.mkdir()
    client = Client(folder)
    client.env["CLEARPOINT_DIR"] = ".clearpoint"
    client.start()
    client.turn(prompt("We decided to use JWT.", parent=None), answer(message_id="m1"))
    client.send("session_end", reason="clear")
    tags.add(client.store.root, "CONFIG-001", TAG)
    (folder / ".clearpoint/config.toml").write_text("[reload]\nfiles = 5\n")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


def kept(client: Client) -> Path:
    return Path(client.store.root)


def test_the_next_event_moves_it_and_the_work_goes_on(earlier: Path) -> None:
    before = files(earlier / ".clearpoint/sessions/s-1")
    client = Client(earlier, "s-2")
    assert "We decided to use JWT." in context_of(client.start("clear"))
    after = files(kept(client) / "sessions/s-1")
    same = [name for name in before if name not in ("state.json", "state.lock")]
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert tags.read(client.store.root, "CONFIG-001") == TAG
    assert files(earlier / ".clearpoint") == {"config.toml": b"[reload]\nfiles = 5\n"}


def test_a_command_moves_it_too(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    transcripts = Path(os.environ["CLAUDE_CONFIG_DIR"], "projects", str(earlier).replace("/", "-"))
    transcripts = transcripts.with_name("".join(c if c.isalnum() else "-" for c in str(earlier)))
    transcripts.mkdir(parents=True)
    (transcripts / "s-1.jsonl").write_text("{}\n")
    monkeypatch.chdir(earlier)
    assert main(["show", "s-1", "--json"]) == 0
    assert "We decided to use JWT." in capsys.readouterr().out


def test_it_moves_once(earlier: Path) -> None:
    client = Client(earlier, "s-2")
    client.start()
    again = earlier / ".clearpoint/sessions/s-1"
    again.mkdir(parents=True)
    (again / "state.json").write_text("{}")
    client.start()
    assert files(again) == {"state.json": b"{}"}


def cut_copy(folder: Path, client: Client) -> None:
    """The process was killed while it copied."""
    root = kept(client)
    (root / "s-1.99999999.1.tmp").mkdir(parents=True)
    (root / "s-1.99999999.1.tmp/state.json").write_text("half")


def cut_removal(folder: Path, client: Client) -> None:
    """The process was killed while it removed what it had put in place."""
    old, new = folder / ".clearpoint/sessions/s-1", kept(client) / "sessions/s-1"
    new.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", str(old), str(new)], check=True)
    (old / "journal.jsonl").unlink()


@pytest.mark.parametrize("interrupt", [cut_copy, cut_removal])
def test_an_interruption_loses_nothing(
    earlier: Path, interrupt: Callable[[Path, Client], None]
) -> None:
    before = files(earlier / ".clearpoint/sessions/s-1")
    client = Client(earlier, "s-2")
    interrupt(earlier, client)
    client.start()
    assert files(kept(client) / "sessions/s-1").keys() >= before.keys() - {"state.lock"}
    assert not (earlier / ".clearpoint/sessions").exists()


def test_a_session_that_another_process_holds_is_moved_by_a_later_event(earlier: Path) -> None:
    client = Client(earlier, "s-2")
    with QuickLock(str(earlier / ".clearpoint/sessions/s-1/state.lock")):
        client.start()
        assert client.store.newest_ids() == ["s-2"]
    client.send("stop")
    assert set(client.store.newest_ids()) == {"s-1", "s-2"}


def test_a_session_in_both_places_is_kept_in_both(earlier: Path) -> None:
    client = Client(earlier, "s-2")
    other = kept(client) / "sessions/s-1"
    other.mkdir(parents=True)
    (other / "notes.md").write_text("mine")
    before = files(earlier / ".clearpoint/sessions/s-1")
    client.start()
    assert files(earlier / ".clearpoint/sessions/s-1") == before
    assert (other / "notes.md").read_text() == "mine"


def test_a_session_without_a_transcript_stays_where_it_is(earlier: Path) -> None:
    (earlier / "s-1.jsonl").unlink()
    client = Client(earlier, "s-2")
    client.start()
    assert client.store.newest_ids() == ["s-2"]
    assert (earlier / ".clearpoint/sessions/s-1/state.json").exists()


def test_tags_that_git_tracks_stay_where_they_are(earlier: Path) -> None:
    git = ["git", "-C", str(earlier)]
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([*git, "init", "-q"], check=True, env=env)
    subprocess.run([*git, "add", "-Af", ".clearpoint/tags"], check=True, env=env)
    client = Client(earlier, "s-2")
    client.start()
    assert set(client.store.newest_ids()) == {"s-1", "s-2"}
    assert tags.names(client.store.root) == []


@pytest.mark.parametrize("name", ["", "sessions", "sessions/s-1", "tags"])
def test_no_link_is_followed(earlier: Path, name: str) -> None:
    place, aside = earlier / ".clearpoint" / name, earlier / "aside"
    place.rename(aside)
    place.symlink_to(aside)
    before = files(aside)
    Client(earlier, "s-2").start()
    assert files(aside) == before


def test_any_number_of_foreign_sessions_takes_no_time(earlier: Path) -> None:
    for number in range(3_000):
        (earlier / f".clearpoint/sessions/p{number}").mkdir()
    client = Client(earlier, "s-2")
    client.start()
    assert set(client.store.newest_ids()) == {"s-1", "s-2"}
    assert migration.WITHIN_S < 5
