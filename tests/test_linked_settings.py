"""A link that a repository brings has no file outside of it changed unless the user agrees."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from clearpoint.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = '{"model": "opus"}\n'


class Terminal(io.StringIO):
    """Text typed at a terminal, or shown on it."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def link_folder(project: Path, outside: Path) -> None:
    (project / ".claude").symlink_to(outside)


def link_file(project: Path, outside: Path) -> None:
    (project / ".claude").mkdir()
    (project / ".claude/settings.json").symlink_to(outside / "settings.json")


def link_from_below(project: Path, outside: Path) -> None:
    (project / "kept").mkdir()
    (project / "kept/settings.json").symlink_to(outside / "settings.json")
    (project / ".claude").symlink_to("kept")


@pytest.fixture(params=[link_folder, link_file, link_from_below])
def clone(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose settings lead to those of another project."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    project, outside = tmp_path / "clone", tmp_path / "other"
    project.mkdir()
    outside.mkdir()
    (outside / "settings.json").write_text(SETTINGS)
    request.param(project, outside)
    return project


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, through links, with its text."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def test_without_a_terminal_linked_settings_are_refused_in_one_line(
    clone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(tmp_path)
    code = main(["install", "--project", str(clone)])
    said = (
        f"Error: {clone}/.claude/settings.json is a symlink to"
        f" {tmp_path}/other/settings.json, outside the project. Nothing was changed; use --yes to"
        " follow it.\n"
    )
    assert (code, *capsys.readouterr(), contents(tmp_path)) == (1, "", said, before)


@pytest.mark.parametrize(
    ("typed", "code", "is_changed"),
    [
        pytest.param("y\n", 0, True, id="yes"),
        pytest.param("n\n", 1, False, id="no"),
        pytest.param("\n", 1, False, id="nothing"),
        pytest.param("", 1, False, id="closed"),
    ],
)
def test_in_a_terminal_the_user_decides(
    clone: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, is_changed: bool
) -> None:
    other = clone.parent / "other/settings.json"
    before = contents(clone.parent)
    shown = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", shown)
    done = main(["install", "--project", str(clone)])
    assert (done, contents(clone.parent) != before) == (code, is_changed)
    assert (
        f"is a symlink to {other}, outside the project. Change that file? [y/N]" in shown.getvalue()
    )


def test_a_script_can_agree_beforehand(clone: Path) -> None:
    assert main(["install", "--yes", "--project", str(clone)]) == 0
    assert "SessionStart" in (clone.parent / "other/settings.json").read_text()


@pytest.mark.parametrize(
    "command",
    [["uninstall"], ["autopilot", "on", "--at", "120k"], ["autopilot", "off"]],
    ids=" ".join,
)
def test_other_commands_ask_as_well(
    clone: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for earlier in (["install"], ["autopilot", "on", "--at", "130k"]):
        assert main([*earlier, "--yes", "--project", str(clone)]) == 0
    before = contents(clone.parent)
    refused = main([*command, "--project", str(clone)])
    is_same = contents(clone.parent) == before
    assert "Nothing was changed; use --yes to follow it." in capsys.readouterr().err
    agreed = main([*command, "--yes", "--project", str(clone)])
    assert (refused, is_same, agreed, contents(clone.parent) == before) == (1, True, 0, False)


@pytest.mark.parametrize("scope", [[], ["--local"]], ids=["shared", "local"])
def test_links_that_stay_in_the_project_need_no_answer(tmp_path: Path, scope: list[str]) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / ".claude").symlink_to("kept")
    assert main(["install", *scope, "--project", str(tmp_path)]) == 0


def test_slash_commands_do_not_follow_a_link_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, outside = tmp_path / "clone", tmp_path / "other"
    outside.mkdir()
    (project / ".claude").mkdir(parents=True)
    (project / ".claude/commands").symlink_to(outside)
    code = main(["install", "--commands", "--project", str(project)])
    assert (code, f"to {outside}/clearpoint, outside the" in capsys.readouterr().err) == (1, True)
    assert contents(tmp_path) == {}
