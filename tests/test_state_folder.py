"""Where the state of a project is: one folder for each repository, where no project reaches."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from builders import payload, send, store_of
from driver import Client

from clearpoint.cli.main import main
from clearpoint.lowlevel.files import FOREIGN
from clearpoint.store import layout

if TYPE_CHECKING:
    from pathlib import Path

GIT = [
    "git",
    "-c",
    "user.name=n",
    "-c",
    "user.email=e@example.org",
    "-c",
    "init.defaultBranch=main",
]
GIT_ENV = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, env=GIT_ENV, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with one commit."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return folder


def root(project: Path | str, **env: str) -> str:
    return layout.state_root(str(project), {"HOME": "/home/me", **env})


@pytest.mark.parametrize(
    ("env", "folder"),
    [
        pytest.param({}, "/home/me/.claude/clearpoint/projects", id="the client's folder"),
        pytest.param({"CLAUDE_CONFIG_DIR": "/c"}, "/c/clearpoint/projects", id="moved"),
        pytest.param(
            {"CLAUDE_CONFIG_DIR": "~/c"}, "/home/me/c/clearpoint/projects", id="from the home"
        ),
        pytest.param(
            {"CLAUDE_CONFIG_DIR": "c"}, "/home/me/.claude/clearpoint/projects", id="from nowhere"
        ),
    ],
)
def test_the_state_is_in_the_clients_own_folder(env: dict[str, str], folder: str) -> None:
    parent, name = os.path.split(root("/work/my shop", **env))
    assert (parent, name[:8]) == (folder, "my-shop-")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        pytest.param("state", "/work/shop/state", id="counted from the project"),
        pytest.param("/state", "/state", id="absolute"),
        pytest.param("~/state", "/home/me/state", id="from the home folder"),
        pytest.param("~", "/home/me", id="the home folder"),
        pytest.param("~x/state", "/work/shop/~x/state", id="a name that begins like it"),
    ],
)
def test_the_environment_can_name_another_folder(named: str, found: str) -> None:
    assert root("/work/shop", CLEARPOINT_DIR=named) == found


@pytest.mark.parametrize(
    ("text", "is_in_project"),
    [
        pytest.param('[state]\nlocation = "project"\n', True, id="in the project"),
        pytest.param('state.location = "project"\n', True, id="a dotted key"),
        pytest.param('[state]\nlocation = "user"\n', False, id="with the client"),
        pytest.param('[other]\nlocation = "project"\n', False, id="of another table"),
        pytest.param("[state\nlocation", False, id="no TOML"),
    ],
)
def test_the_users_settings_can_put_it_into_the_project(
    tmp_path: Path, text: str, is_in_project: bool
) -> None:
    (tmp_path / "clearpoint").mkdir()
    (tmp_path / "clearpoint/config.toml").write_text(text)
    found = root("/work/shop", XDG_CONFIG_HOME=str(tmp_path))
    assert (found == "/work/shop/.clearpoint") is is_in_project


def test_a_repository_cannot_put_it_into_the_project(tmp_path: Path) -> None:
    (tmp_path / ".clearpoint").mkdir()
    (tmp_path / ".clearpoint/config.toml").write_text('[state]\nlocation = "project"\n')
    assert not root(tmp_path).startswith(str(tmp_path))


def test_without_a_home_no_folder_is_made_up() -> None:
    with pytest.raises(FileNotFoundError, match="cannot find your home folder"):
        layout.state_root("/work/shop", {})


def test_projects_of_one_name_have_folders_of_their_own() -> None:
    assert root("/a/shop") != root("/b/shop")


def test_worktrees_share_the_folder_of_their_repository(shop: Path) -> None:
    inside, beside = shop / ".claude/worktrees/one", shop.parent / "two"
    git(shop, "worktree", "add", "-q", str(inside), "-b", "one")
    git(shop, "worktree", "add", "-q", str(beside), "-b", "two")
    (shop / "src").mkdir()
    places = (shop, inside, beside, shop / "src")
    assert {root(place) for place in places} == {root(shop)}


def test_a_worktree_of_a_bare_repository_has_the_folder_of_the_repository(shop: Path) -> None:
    bare, tree = shop.parent / "shop.git", shop.parent / "tree"
    git(shop, "clone", "-q", "--bare", str(shop), str(bare))
    git(bare, "worktree", "add", "-q", str(tree))
    assert root(tree) == layout.own_root(str(bare), {"HOME": "/home/me"})


def test_a_removed_worktree_leaves_the_folder(shop: Path) -> None:
    tree = shop / "tree"
    git(shop, "worktree", "add", "-q", str(tree))
    client = Client(tree)
    client.start()
    git(shop, "worktree", "remove", "--force", str(tree))
    assert Client(shop).store.newest_ids() == ["s-1"]


def test_a_git_file_alone_leads_into_no_other_repository(shop: Path, tmp_path: Path) -> None:
    git(shop, "worktree", "add", "-q", str(tmp_path / "tree"))
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / ".git").write_text(f"gitdir: {shop}/.git/worktrees/tree\n")
    assert root(planted) not in (root(shop), root(tmp_path / "tree"))


def test_a_submodule_has_a_folder_of_its_own(shop: Path) -> None:
    inner = shop / "inner"
    inner.mkdir()
    (shop / ".git/modules/inner").mkdir(parents=True)
    (inner / ".git").write_text("gitdir: ../.git/modules/inner\n")
    assert root(inner) != root(shop)


def test_a_home_folder_that_is_a_repository_holds_no_projects(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shop").mkdir()
    places = (tmp_path, tmp_path / "shop")
    assert len({layout.repository(str(place), str(tmp_path)) for place in places}) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("hook", ["session_start", "stop", "user_prompt_submit", "session_end"])
def test_a_folder_of_another_user_is_refused(tmp_path: Path, hook: str) -> None:
    client = Client(tmp_path)
    client.start()
    os.chown(client.store.root, 12345, 12345)
    replied = send(hook, payload(tmp_path, session_id="s-1", prompt="go"), client.env)
    assert (replied.code, replied.out, FOREIGN in replied.err) == (1, "", True)


def test_a_folder_that_was_opened_to_others_is_closed(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    os.chmod(client.store.root, 0o755)  # noqa: S103
    client.send("stop")
    assert os.stat(client.store.root).st_mode & 0o777 == 0o700


def test_what_a_repository_brings_is_not_read(tmp_path: Path) -> None:
    planted = Client(tmp_path)
    planted.env["CLEARPOINT_DIR"] = ".clearpoint"
    planted.start()
    client = Client(tmp_path, "s-2")
    client.start("clear")
    assert client.store.newest_ids() == ["s-2"]


def test_the_command_names_the_folder_and_a_sessions_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Client(tmp_path).start()
    told = [main(["path", *words, "--project", str(tmp_path)]) for words in ([], ["s"])]
    folder = store_of(tmp_path).root
    assert told == [0, 0]
    assert capsys.readouterr().out.splitlines() == [folder, f"{folder}/sessions/s-1"]
