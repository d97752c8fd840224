"""The examples run and print what they say, in the documents, the docstrings and the scripts."""

from __future__ import annotations

import doctest
import importlib
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import clearpoint

if TYPE_CHECKING:
    from types import ModuleType

DOCS = Path(__file__).parents[1] / "docs"
SCRIPTS = sorted((DOCS / "examples").glob("*.py"))
PAGES = [page for page in sorted(DOCS.glob("*.md")) if "```pycon\n" in page.read_text("utf-8")]
SOURCES = Path(clearpoint.__file__).parent


def modules() -> list[str]:
    """The modules whose docstrings hold an example."""
    found = [path for path in SOURCES.rglob("*.py") if ">>> " in path.read_text("utf-8")]
    names = [path.relative_to(SOURCES.parent).with_suffix("").parts for path in sorted(found)]
    return [".".join(parts) for parts in names]


def wrong(examples: list[doctest.DocTest]) -> str:
    """What the examples give that they do not say."""
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for example in examples:
        runner.run(example, out=said.append)
    return "".join(said)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_prints_what_it_says(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = runpy.run_path(str(script), run_name="__main__")["PRINTS"]
    assert "\n" + capsys.readouterr().out == said


def test_there_is_a_script_for_each_part() -> None:
    assert {script.stem for script in SCRIPTS} == {
        "budget", "clear_strategy", "handoff", "session", "summarizer", "tags_and_tiers",
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_shows_what_its_code_gives(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```pycon\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    parser = doctest.DocTestParser()
    example = parser.get_doctest("\n".join(blocks), {"project": tmp_path}, page.name, str(page), 0)
    assert wrong([example]) == ""


@pytest.mark.parametrize("name", modules())
def test_a_docstring_shows_what_its_code_gives(name: str) -> None:
    module: ModuleType = importlib.import_module(name)
    assert wrong(doctest.DocTestFinder().find(module)) == ""
