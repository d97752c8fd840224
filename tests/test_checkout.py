"""Branch and head are read as git has written them: loose, packed, detached, in a worktree."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from clearpoint.project.git import checkout, place_shown

if TYPE_CHECKING:
    from pathlib import Path

ENV = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *args: str) -> str:
    who = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    command = ["git", "-C", str(folder), *who, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENV)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "feature/login")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def head_of(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")[:10]


def test_a_branch_and_its_head(repository: Path) -> None:
    assert checkout(str(repository)) == ("feature/login", head_of(repository))


def test_a_folder_inside_is_of_the_repository(repository: Path) -> None:
    inside = repository / "src" / "deep"
    inside.mkdir(parents=True)
    assert checkout(str(inside)) == ("feature/login", head_of(repository))


def test_a_packed_head(repository: Path) -> None:
    git(repository, "pack-refs", "--all")
    assert checkout(str(repository)) == ("feature/login", head_of(repository))


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    assert checkout(str(repository)) == (None, head_of(repository))


def test_a_worktree_has_its_own(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(repository, "worktree", "add", "-q", "-b", "side", str(other))
    git(other, "commit", "-q", "--allow-empty", "-m", "second")
    assert checkout(str(other)) == ("side", head_of(other))
    assert checkout(str(repository)) == ("feature/login", head_of(repository))


def test_a_branch_without_a_commit_has_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    assert checkout(str(tmp_path)) == ("main", None)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"ref: ", b"gitdir: /nowhere", b"x" * 9_000])
def test_what_git_did_not_write_tells_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_bytes(content)
    assert checkout(str(tmp_path)) == (None, None)


def test_a_git_folder_without_a_head_is_none_as_for_git(repository: Path) -> None:
    (repository / "inside" / ".git").mkdir(parents=True)
    assert checkout(str(repository / "inside")) == ("feature/login", head_of(repository))


def test_a_submodule_has_its_own_branch(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(repository), str(other))
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
    git(repository / "sub", "checkout", "-q", "-b", "inner")
    assert checkout(str(repository / "sub")) == ("inner", head_of(repository / "sub"))


def test_a_repository_with_reftables_tells_no_branch(tmp_path: Path) -> None:
    (tmp_path / ".git" / "reftable").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
    assert (checkout(str(tmp_path)), place_shown(str(tmp_path))) == ((None, None), "")


@pytest.mark.parametrize(
    ("move", "shown"),
    [
        pytest.param(("checkout", "-q", "-b", "next"), "next", id="on a branch"),
        pytest.param(("checkout", "-q", "--detach"), "{head:.8}", id="on a commit"),
    ],
)
def test_what_is_shown_is_the_same_in_every_folder_of_a_repository(
    repository: Path, move: tuple[str, ...], shown: str
) -> None:
    inside = repository / "src" / "deep"
    inside.mkdir(parents=True)
    git(repository, *move)
    found = {place_shown(str(folder)) for folder in (repository, inside)}
    assert found == {shown.format(head=head_of(repository))}
