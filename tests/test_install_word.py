"""The bare word after installing: made where that is possible, taken back, never in the way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from clearpoint.install.link import RECORD, link, unlink, word_for

if TYPE_CHECKING:
    from pathlib import Path


class Made(NamedTuple):
    """An installation, a home folder, and the PATH that commands are looked for in."""

    bin: Path
    home: Path
    env: dict[str, str]

    @property
    def place(self) -> Path:
        """Where the link would be."""
        return self.home / ".local" / "bin" / "clearpoint"

    def settings(self, name: str) -> Path:
        """A settings file that is there."""
        path = self.home / name
        path.touch()
        return path


@pytest.fixture
def made(tmp_path: Path) -> Made:
    for folder in ("venv", "home"):
        (tmp_path / folder).mkdir()
    program = tmp_path / "venv" / "clearpoint"
    program.touch(0o755)
    path = os.pathsep.join(["/usr/bin", str(tmp_path / "home" / ".local" / "bin")])
    return Made(program.parent, tmp_path / "home", {"PATH": path})


def test_the_word_works_until_the_last_uninstall(made: Made) -> None:
    one, two = made.settings("one"), made.settings("two")
    assert link(made.bin, one, made.home, made.env) == made.place
    assert word_for(made.bin, made.env) == "clearpoint"
    assert link(made.bin, two, made.home, made.env) is None
    assert unlink(made.bin, one) is None
    assert word_for(made.bin, made.env) == "clearpoint"
    assert unlink(made.bin, two) == made.place
    assert not os.path.lexists(made.place)
    assert word_for(made.bin, made.env) == str(made.bin / "clearpoint")
    assert sorted(os.listdir(made.bin)) == ["clearpoint"]


def test_settings_that_have_gone_keep_no_link(made: Made) -> None:
    gone, kept = made.settings("gone"), made.settings("kept")
    for one in (gone, kept):
        link(made.bin, one, made.home, made.env)
    gone.unlink()
    assert unlink(made.bin, kept) == made.place


@pytest.mark.parametrize("kind", ["file", "link", "dangling"])
def test_what_stands_there_is_never_touched(kind: str, made: Made) -> None:
    made.place.parent.mkdir(parents=True)
    other = made.home / "other"
    if kind == "file":
        made.place.write_text("mine")
    else:
        made.place.symlink_to(other)
    if kind == "link":
        other.touch()
    assert link(made.bin, made.settings("one"), made.home, made.env) is None
    assert unlink(made.bin, made.settings("one")) is None
    assert made.place.is_symlink() is (kind != "file")
    assert not (made.bin / RECORD).exists()


def test_no_link_where_it_would_serve_nobody(made: Made) -> None:
    one = made.settings("one")
    assert link(made.bin, one, made.home, {"PATH": "/usr/bin"}) is None
    assert link(made.bin, one, made.home, {"PATH": f"{made.bin}:{made.env['PATH']}"}) is None
    assert not made.place.parent.exists()


def test_a_link_that_leads_elsewhere_by_now_stays(made: Made) -> None:
    one = made.settings("one")
    link(made.bin, one, made.home, made.env)
    made.place.unlink()
    made.place.symlink_to("/usr/bin/env")
    assert unlink(made.bin, one) is None
    assert os.readlink(made.place) == "/usr/bin/env"
