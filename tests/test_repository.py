"""Git is asked once, only where there is a repository, and again once anything has changed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from clearpoint.project import files, repository, trailers, worktree
from clearpoint.project.git_command import git_output
from clearpoint.project.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path


def git(project: Path, *arguments: str) -> str:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", "-C", str(project), *who, *arguments], check=True,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with two commits, changes of every kind, and new files at several depths."""
    project = tmp_path / "shop"
    for name in ("src/a.py", "src/b.py", "docs/one.md", "README.md"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(f"text of {name}\n" * 9)
    git(tmp_path, "init", "-q", "-b", "main", "shop")
    (project / ".gitignore").write_text("ignored\n*.log\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "First")
    (project / "src/a.py").write_text("changed\n")
    git(project, "commit", "-qam", "Second")
    (project / "src/b.py").write_text("changed too\n")
    git(project, "mv", "README.md", "READ ME.md")
    for name in ("new/deep/one.py", "new/two.py", "src/three.py", "docs/inner/four.py", "five.py",
                 "ignored/six.py", "new/seven.log", "only-ignored/eight.log"):  # fmt: skip
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("new\n")
    return project


def test_new_files_are_told_as_git_tells_them_by_itself(shop: Path) -> None:
    rows = git(shop, "status", "--porcelain=v2", "-z").split("\0")
    asked = Repository(str(shop))
    told = worktree.folded(worktree.untracked(asked.status()), asked.tracked())
    assert told == [row[2:] for row in rows if row.startswith("? ")]


def test_a_trailer_that_an_amend_has_lost_is_found(shop: Path) -> None:
    git(shop, "commit", "-qam", "Third\n\nWhy.\n\nReviewed-by: Ann\nRun: 12")
    before = git(shop, "rev-parse", "--short", "HEAD").strip()
    git(shop, "commit", "-q", "--amend", "-m", "Third again\n\nRun: 12")
    now = git(shop, "rev-parse", "--short", "HEAD").strip()
    repository = Repository(str(shop))
    found = [trailers.lost(repository, *pair) for pair in ((before, now), ("0" * 7, now))]
    assert found == [["Reviewed-by: Ann"], []]


def test_the_new_files_of_a_small_folder_are_named(shop: Path) -> None:
    for name in ("one", "two", "three", "four"):
        (shop / "many").mkdir(exist_ok=True)
        (shop / "many" / name).write_text("new\n")
    seen = worktree.look(str(shop), str(shop), "")
    assert seen
    new = ["docs/inner/four.py", "five.py", "many/", "new/deep/one.py", "new/two.py",
           "src/three.py"]  # fmt: skip
    assert (seen["changed"][-len(new) :], seen["changed_number"]) == (new, 2 + len(new))


def test_the_files_of_a_folder_in_a_repository_are_those_that_git_lists_there(shop: Path) -> None:
    listed = git(shop / "src", "ls-files", "--cached", "--others", "--exclude-standard")
    assert sorted(files.listed(str(shop / "src"))) == sorted(listed.splitlines())


def test_commits_have_their_subjects_and_files(shop: Path) -> None:
    found = [(one.subject, sorted(one.files)) for one in Repository(str(shop)).commits()]
    first = [".gitignore", "README.md", "docs/one.md", "src/a.py", "src/b.py"]
    assert found == [("Second", ["src/a.py"]), ("First", first)]


def changed(shop: Path, what: str) -> None:
    """Change something that is kept."""
    if what == "a commit":
        git(shop, "commit", "-qam", "Third")
    elif what == "another branch":
        git(shop, "checkout", "-qf", "-b", "side", "HEAD~1")
    elif what == "a file added":
        git(shop, "add", "five.py")


@pytest.mark.parametrize("what", ["nothing", "a commit", "another branch", "a file added"])
def test_what_is_kept_is_never_older_than_head_and_index(
    shop: Path, tmp_path: Path, what: str
) -> None:
    root = tmp_path / "state"
    root.mkdir()
    before = Repository(str(shop), str(root))
    before.tracked()
    before.newest(1)
    before.commits()
    changed(shop, what)
    kept, fresh = Repository(str(shop), str(root)), Repository(str(shop))
    assert (kept.tracked(), kept.newest(1), kept.commits()) == (
        fresh.tracked(),
        fresh.newest(1),
        fresh.commits(),
    )


def test_what_has_not_changed_is_not_asked_again(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(tmp_path)
    before = Repository(str(shop), root)
    known = before.tracked(), before.commits()
    monkeypatch.setattr(repository, "git_output", None)
    again = Repository(str(shop), root)
    assert (again.tracked(), again.commits()) == known


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"log": 1}'])
def test_damage_of_what_is_kept_costs_a_question(shop: Path, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / repository.KEPT_NAME).write_bytes(damage)
    asked = Repository(str(shop), str(tmp_path)).commits()
    assert asked == Repository(str(shop)).commits()


def test_without_a_repository_git_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "git_output", None)
    alone = Repository(str(tmp_path))
    assert (alone.status(), alone.tracked(), alone.commits()) == ("", [], [])


@pytest.mark.parametrize("program", ["exit 3", "sleep 60 >&- &", "kill $$"])
def test_git_that_fails_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\n{program}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert git_output(str(tmp_path), "status") == ""


def test_no_git_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_output(str(tmp_path), "status") == ""
