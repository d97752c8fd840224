"""A session that no hook has seen is kept with its state, and counts where it is named alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client
from made import answer, prompt
from test_keep import AT, SESSION, TURN, env_of, kept, project, store_of, written

from clearpoint.api.session import Session
from clearpoint.cli.main import main
from clearpoint.session.find import NoSessionError, find_session
from clearpoint.session.load import read

if TYPE_CHECKING:
    from clearpoint.history.transcripts import Found

__all__ = ["project"]
SEEN = "22222222-bbbb"


@pytest.fixture
def found(project: Path) -> Found:
    """A transcript that is kept, and that the client has deleted since."""
    found = written(project, *TURN)
    kept(project, found)
    Path(found.path).unlink()
    return found


def ran(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    code = main([*args, "--json"])
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    return json.loads(said.out)


@pytest.mark.usefixtures("found")
def test_it_is_listed_shown_and_counted(
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = ("--project", str(project))
    (row,) = ran(capsys, "sessions", *where)
    shown = ran(capsys, "show", SESSION[:4], *where)
    (used,) = ran(capsys, "usage", "--by", "session", *where)
    assert (row["session_id"], row["used"], row["pid"], shown["context_window"]["used"]) == (
        SESSION, 20_000, None, 20_000,
    )  # fmt: skip
    assert (used["output"], shown["ended"]) == (100, "other")


@pytest.mark.usefixtures("found")
def test_what_it_worked_on_can_be_continued(project: Path) -> None:
    assert "Hash it" in Session.load(project, SESSION, env=env_of(project)).resumption_context(
        "clear"
    )
    assert main(["continue", SESSION, "--project", str(project)]) == 0
    client = Client(project, SEEN)
    client.env |= env_of(project)
    assert "Hash it" in json.dumps(client.reply("session_start", source="startup"))


@pytest.mark.usefixtures("found")
def test_it_is_pushed_by_name_alone(
    project: Path,
    tmp_path: Path,
) -> None:
    where = ("--project", str(project))
    git = ("git", "-C", str(project))
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "r.git")], check=True)
    subprocess.run([*git, "init", "-q"], check=True)
    assert (
        main(["remote", "add", "git", (tmp_path / "r.git").as_uri(), "--user", "ada", *where]) == 0
    )
    refs = ["git", "-C", str(tmp_path / "r.git"), "for-each-ref", "--format=%(refname)"]
    assert main(["push", *where]) == 0
    before = subprocess.check_output(refs, text=True)
    assert main(["push", SESSION, *where]) == 0
    assert (before, subprocess.check_output(refs, text=True)) == (
        "", f"refs/clearpoint/ada/{SESSION}\n",
    )  # fmt: skip


@pytest.mark.usefixtures("found")
def test_it_is_never_the_newest(project: Path) -> None:
    store = store_of(project)
    with pytest.raises(NoSessionError):
        find_session(store)
    assert (store.newest_ids(), store.newest(5), store.unseen_ids()) == ([], [], [SESSION])
    assert Session.list(project, env=env_of(project)) == []


@pytest.mark.usefixtures("found")
def test_no_session_continues_it_by_itself(project: Path) -> None:
    client = Client(project, SEEN)
    client.env |= env_of(project)
    for source in ("startup", "clear", "compact"):
        assert "Hash it" not in json.dumps(client.reply("session_start", source=source))
    state = read(store_of(project), SEEN)
    assert state
    assert state["lineage"]["parent_id"] is None


def test_a_hook_that_sees_it_later_goes_on_from_it(project: Path) -> None:
    kept(project, written(project, *TURN))
    found = written(project, prompt("And salt it", timestamp=AT), answer("Salted.", used=21_000))
    client = Client(project, SESSION)
    client.env |= env_of(project)
    client.send("stop", transcript_path=found.path)
    state = read(store_of(project), SESSION)
    assert state
    assert (state["context_window"]["used"], state["usage"]["requests"], state["ended"]) == (
        21_000, 2, None,
    )  # fmt: skip
    assert (store_of(project).newest_ids(), store_of(project).unseen_ids()) == ([SESSION], [])


@pytest.mark.parametrize("content", [b"", b"{}", b"\0" * 99], ids=["empty", "unsealed", "zeros"])
def test_a_damaged_one_is_made_again(project: Path, content: bytes) -> None:
    kept(project, written(project, *TURN))
    path = Path(store_of(project).kept_state_path(SESSION))
    path.write_bytes(content)
    assert read(store_of(project), SESSION) is None
    kept(project, written(project, prompt("And now?")))
    state = read(store_of(project), SESSION)
    assert state
    assert state["usage"]["requests"] == 1
