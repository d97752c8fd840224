"""The project around a folder: the nearest that looks like one, and nothing that all share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from clearpoint.session.find import MARKS, project_around

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A folder three levels below the test's own."""
    folder = tmp_path / "shared" / "project" / "src"
    folder.mkdir(parents=True)
    return folder


def found_from(folder: Path, *, mount: Path | None = None, **env: str) -> str:
    return project_around(str(folder), env, lambda place: place == str(mount))


@pytest.mark.parametrize("mark", MARKS)
def test_the_nearest_folder_with_a_mark_is_the_project(inside: Path, mark: str) -> None:
    for folder in (inside.parent, inside.parents[1]):
        (folder / mark).mkdir()
    assert found_from(inside) == str(inside.parent)


def test_without_a_mark_the_folder_itself_is_the_project(inside: Path) -> None:
    assert found_from(inside) == str(inside)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("above", [0, 1], ids=["in it", "above it"])
def test_neither_the_home_folder_nor_one_above_it_is_a_project(
    inside: Path, mark: str, above: int
) -> None:
    own = inside.parents[1]
    [own, own.parent][above].joinpath(mark).mkdir()
    assert found_from(inside, HOME=str(own)) == str(inside)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("above", [0, 1], ids=["in it", "above it"])
def test_neither_the_temporary_folder_nor_one_above_it_is_a_project(
    inside: Path, mark: str, above: int
) -> None:
    shared = inside.parents[1]
    [shared, shared.parent][above].joinpath(mark).mkdir()
    assert found_from(inside, TMPDIR=str(shared)) == str(inside)


def test_a_mount_point_may_be_a_project_and_ends_the_search(inside: Path) -> None:
    (inside.parents[1] / ".git").mkdir()
    assert found_from(inside, mount=inside.parents[1]) == str(inside.parents[1])
    assert found_from(inside, mount=inside.parent) == str(inside)


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_a_home_folder_behind_a_link_is_known(inside: Path, tmp_path: Path) -> None:
    (inside.parents[1] / ".claude").mkdir()
    (tmp_path / "link").symlink_to(inside.parents[1])
    assert found_from(inside, HOME=str(tmp_path / "link")) == str(inside)
