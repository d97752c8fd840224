"""The documents are true: what they name is there, and what is there they name."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from clearpoint.config import DEFAULTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOOKS = sorted((ROOT / "hooks").glob("*.py"))
EXECUTABLE_LINES = 15
README_LINES = 150


def keys(table: Any, prefix: str = "") -> list[str]:
    """The dotted names of all settings; open tables and categories as one."""
    found = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        nested = isinstance(value, dict) and not name.startswith(
            ("budget.allocation.", "work.", "handoffs.")
        )
        found += keys(value, name + ".") if nested else [name]
    return found


@pytest.mark.parametrize("hook", HOOKS, ids=lambda path: path.name)
def test_every_hook_is_short_executable_and_in_the_readme(hook: Path) -> None:
    assert len(hook.read_text(encoding="utf-8").splitlines()) < EXECUTABLE_LINES
    assert os.access(hook, os.X_OK)
    assert f"`hooks/{hook.name}`" in README


def test_every_hook_ships_as_an_executable_of_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    scripts = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-scripts"]
    named = {f"hooks/{hook.name}": f"clearpoint-{hook.stem.replace('_', '-')}" for hook in HOOKS}
    assert scripts == named


def test_our_own_repository_has_our_own_hooks() -> None:
    settings = json.loads((ROOT / ".claude/settings.json").read_text(encoding="utf-8"))
    commands = [
        hook["command"].rpartition("/")[2]
        for entries in settings["hooks"].values()
        for entry in entries
        for hook in entry["hooks"]
    ]
    expected = {f"clearpoint-{hook.stem.replace('_', '-')}" for hook in HOOKS}
    assert set(commands) == expected - {"clearpoint-statusline"}


@pytest.mark.parametrize("key", keys(DEFAULTS))
def test_every_setting_is_documented(key: str) -> None:
    assert f"`{key}`" in (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


def test_no_setting_is_documented_that_is_not_there() -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    assert set(rows) <= set(keys(DEFAULTS))


def test_every_command_is_in_the_readme() -> None:
    from clearpoint.cli import commands

    missing = [name for name in commands() if f"`{name}`" not in README and
               f"`clearpoint {name}" not in README]  # fmt: skip
    assert missing == []


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= README_LINES
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_in_the_documents_runs(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    code = "".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert code
    exec(compile(code, page, "exec"), {"project": tmp_path})  # noqa: S102
