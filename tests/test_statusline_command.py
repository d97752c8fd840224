"""The status line's preview and editor: what they show, and what is written of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from clearpoint.cli import statusline as command
from clearpoint.cli import statusline_editor
from clearpoint.cli.main import main
from clearpoint.cli.statusline_draft import Draft
from clearpoint.config.defaults import DEFAULTS
from clearpoint.config.file import read_all

if TYPE_CHECKING:
    from pathlib import Path

DOWN, ENTER = "\x1b[B", "\r"
MINIMAL = ["bar", "tokens", "level", "turns_left"]


def draft(**settings: Any) -> Draft:
    """A draft of the built-in settings with these."""
    config: Any = {**DEFAULTS["statusline"], **settings}
    return Draft(config)


def edited(keys: str, **settings: Any) -> tuple[bool, dict[str, Any]]:
    """Whether these keys save, and what would be written."""
    made = draft(**settings)
    with create_pipe_input() as given:
        given.send_text(keys)
        saved = statusline_editor.run(made, given, DummyOutput())
    return saved, made.changes()


def test_in_a_low_terminal_the_list_follows_the_chosen_piece() -> None:
    made = draft()
    made.move(9)
    drawn = statusline_editor.pieces(made).content.create_content(width=40, height=5)
    assert drawn.cursor_position.y == made.cursor == 9


@pytest.mark.parametrize(
    ("keys", "changes"),
    [
        pytest.param(ENTER, {"preset": "minimal", "pieces": None}, id="nothing"),
        pytest.param(" " + ENTER, {"preset": None, "pieces": MINIMAL[1:]}, id="hidden"),
        pytest.param(
            "J" + ENTER,
            {"preset": None, "pieces": ["tokens", "bar", "level", "turns_left"]},
            id="moved down",
        ),
        pytest.param(
            DOWN + "K" + DOWN + " " + ENTER,
            {"preset": None, "pieces": ["tokens", "level", "turns_left"]},
            id="moved up, and the next one hidden",
        ),
        pytest.param("p" + ENTER, {"preset": "default", "pieces": None}, id="preset"),
        pytest.param(
            "++-" + ENTER, {"preset": "minimal", "pieces": None, "bar_cells": 11}, id="bar"
        ),
        pytest.param(
            DOWN + "cc" + ENTER,
            {
                "preset": "minimal",
                "pieces": None,
                "colours": {"tokens": "green"},
            },
            id="colour",
        ),
        pytest.param(DOWN + "c" * 17 + ENTER, {"preset": "minimal", "pieces": None},
                     id="all colours round"),
        pytest.param("c" + ENTER, {"preset": "minimal", "pieces": None}, id="a level's colour"),
    ],
)  # fmt: skip
def test_keys_edit_the_line(keys: str, changes: dict[str, Any]) -> None:
    assert edited(keys, preset="minimal") == (True, changes)


def test_leaving_saves_nothing() -> None:
    assert edited(" q")[0] is False


def test_the_last_piece_stays() -> None:
    assert edited(" " + ENTER, pieces=["cost"])[1] == {"preset": None, "pieces": ["cost"]}


def test_saving_keeps_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "made" / "config.toml"
    path.parent.mkdir()
    path.write_text(
        '# mine\n[budget]\ntokens = 90_000 # small\n\n[statusline]\npieces = ["cost"]\n'
        'wait_seconds = 1\n\n[statusline.icons]\ncost = "$"\n'
    )
    made = draft(preset="full", pieces=[])
    made.resize(2)
    command.write(str(path), made)
    assert path.read_text() == (
        "# mine\n[budget]\ntokens = 90_000 # small\n\n[statusline]\nwait_seconds = 1\n"
        'preset = "full"\nbar_cells = 12\n\n[statusline.icons]\ncost = "$"\n'
    )


def test_what_is_saved_is_in_force(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    made = draft()
    made.move(1)
    made.recolour()
    made.toggle()
    command.write(str(path), made)
    config, problems = read_all([str(path)])
    found = config["statusline"]
    assert (found["pieces"], found["colours"]["tokens"], problems) == (made.pieces, "red", [])


def test_the_preview_shows_ones_own_line_and_the_presets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".clearpoint").mkdir()
    assert main(["statusline", "preview", "--width", "80", "--project", str(tmp_path)]) == 0
    gauge = "████████░░ 150k/200k"
    usual = f"{gauge} 75% → ~152k · 6 turns left · 5h 42%"
    assert capsys.readouterr().out.splitlines() == [
        "yours:",
        usual,
        "minimal:",
        f"{gauge} budget 75% (window 1M) · 6 turns left",
        "default:",
        usual,
        "full:",
        usual,
    ]


def test_the_preview_of_one_preset_is_the_line_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--preset", "full", "--width", "300", "--project", str(tmp_path)]
    assert main(["statusline", "preview", *asked]) == 0
    assert capsys.readouterr().out.endswith(
        " · Opus 5.5 · main (3 changed) · PR #12 · $4.20 · 2 agents running"
        " · SPEC-AUTH-001 · testing · cache until 14:32\n"
    )


def test_without_a_terminal_the_editor_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statusline", "--edit"]) == 1
    assert "set statusline.pieces in config.toml" in capsys.readouterr().err
