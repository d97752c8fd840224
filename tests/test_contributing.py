"""The contributors' page is true: what its recipes name is there, and so is every package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import clearpoint

ROOT = Path(__file__).parents[1]
PACKAGE = Path(clearpoint.__file__).parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
WORKFLOWS = ROOT / ".github" / "workflows"
WANTED = {
    "An event", "A piece of the status line", "A trigger for /clear", "A section of the reload",
    "A command", "A setting", "A model's window", "A field of the state",
    "A kind of transcript entry", "A to-do or editing tool",
}  # fmt: skip
MADE = ("config.toml", "state.json")
"""Files that a user's project has, not this one."""


def place_of(name: str) -> Path:
    """A file as the page names it: from the package, or from the top."""
    inside = PACKAGE / name
    return inside if inside.exists() else ROOT / name


def test_there_is_a_recipe_for_every_everyday_change() -> None:
    assert set(RECIPES) >= WANTED


@pytest.mark.parametrize("title", RECIPES)
def test_every_file_of_a_recipe_is_there(title: str) -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|json|md|toml))`", RECIPES[title])
    assert [name for name in named if name not in MADE and not place_of(name).exists()] == []


@pytest.mark.parametrize("title", RECIPES)
def test_every_name_of_a_recipe_is_in_its_file(title: str) -> None:
    named = re.findall(r"`(\w+)`\s+in\s+`([\w./-]+\.py)`", RECIPES[title])
    assert [
        (name, file)
        for name, file in named
        if not re.search(rf"\b{name}\b", place_of(file).read_text(encoding="utf-8"))
    ] == []


def test_every_package_is_in_the_map() -> None:
    packages = {f"`{path.parent.name}/`" for path in PACKAGE.glob("*/__init__.py")}
    assert {name for name in packages if f"| {name} |" not in PAGE} == set()


def test_the_map_goes_from_the_top_as_the_layers_do() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers"
    )
    layer = {
        name.strip(): number
        for number, row in enumerate(contract["layers"])
        for name in row.split("|")
    }
    shown = [layer[name] for name in re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)]
    assert shown == sorted(shown)


def test_the_workflow_runs_every_python_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = re.findall(r"Python :: (3\.\d+)", " ".join(project["project"]["classifiers"]))
    run = (WORKFLOWS / "tests.yml").read_text(encoding="utf-8")
    assert [f'"{version}"' in run for version in declared] == [True] * len(declared)
