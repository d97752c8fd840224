"""The documents are true: what they name is there, and what is there they name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import made
import pytest
from driver import Client, client_folder
from markdown_it import MarkdownIt

import clearpoint
from clearpoint.cli.main import commands
from clearpoint.client.events import ENVIRONMENT
from clearpoint.client.registered import kebab
from clearpoint.config import load
from clearpoint.config.defaults import DEFAULTS
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.install.registration import HOOKS as HOOKS_REGISTERED
from clearpoint.install.registration import Hook

if TYPE_CHECKING:
    from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOOKS = sorted((ROOT / "hooks").glob("*.py"))
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
PICTURES = sorted((DOCS / "pictures").glob("*.svg"))
EXECUTABLE_LINES = 15
README_LINES = 150
PICTURE_CHARS = 50_000


def with_code(language: str) -> list[Path]:
    """The pages that hold code in this language."""
    return [page for page in PAGES if f"\n```{language}\n" in page.read_text(encoding="utf-8")]


WITH_SETTINGS = with_code("toml")
WITH_COMMANDS = with_code("sh")


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
    named["hooks/start"] = "clearpoint-start"
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
    missing = [name for name in commands() if f"`{name}`" not in README and
               f"`clearpoint {name}" not in README]  # fmt: skip
    assert missing == []


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= README_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_every_room_is_in_the_architecture() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    package = Path(clearpoint.__file__).parent
    modules = {path.stem for path in package.glob("[a-z]*.py")}
    packages = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert {name for name in modules | packages if f"`{name}`" not in text} == set()


def test_every_variable_that_is_read_is_in_the_privacy_page() -> None:
    text = (DOCS / "privacy.md").read_text(encoding="utf-8")
    assert {name for name in ENVIRONMENT if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("hook", HOOKS_REGISTERED, ids=lambda hook: hook.event)
def test_every_hook_takes_the_input_that_is_documented(hook: Hook, tmp_path: Path) -> None:
    section = hook_section(hook.event)
    name = kebab(hook.event).replace("-", "_")
    payload = {**json.loads(blocks(section, "json")[0]), "cwd": str(tmp_path)}
    assert f"`hooks/{name}.py`, {hook.timeout} seconds" in section
    assert payload["hook_event_name"] == hook.event
    Client(tmp_path).send(name, **payload)  # it must end with 0 and without a word of complaint


@pytest.mark.parametrize("hook", HOOKS_REGISTERED, ids=lambda hook: hook.event)
def test_the_documented_answers_are_those_that_are_made(hook: Hook) -> None:
    for block in blocks(hook_section(hook.event), "json")[1:]:
        answer = json.loads(block)
        specific = answer.get("hookSpecificOutput", {})
        assert set(answer) <= {"systemMessage", "hookSpecificOutput", "decision", "reason"}
        assert specific.get("hookEventName", hook.event) == hook.event


@pytest.mark.parametrize("page", ["README.md"])
def test_the_python_in_the_documents_runs(page: str, tmp_path: Path) -> None:
    code = "".join(blocks((ROOT / page).read_text(encoding="utf-8"), "python"))
    assert code
    exec(compile(code, page, "exec"), {"project": tmp_path})  # noqa: S102


@pytest.mark.parametrize("page", WITH_SETTINGS, ids=lambda path: path.name)
def test_the_settings_in_the_documents_are_right(page: Path, tmp_path: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8"), "toml"):
        (tmp_path / "config.toml").write_text(block, encoding="utf-8")
        assert load.load("/p", str(tmp_path), {})[1] == []


@pytest.mark.processes
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda path: path.name)
def test_the_commands_in_the_documents_run(page: Path, shop: Path) -> None:
    script = "\n".join(blocks(page.read_text(encoding="utf-8"), "sh"))
    path = os.pathsep.join((sysconfig.get_path("scripts"), str(shop / "bin"), os.defpath))
    env = {"PATH": path, "HOME": str(shop / "home"), **client_folder()}
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=shop, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with the hooks, a session of some work, and a client that only listens."""
    for folder in ("bin", "home", "config", ".git"):
        (tmp_path / folder).mkdir()
    (tmp_path / "config/app.toml").write_text("port = 80\n")
    listener = tmp_path / "bin/claude"
    listener.write_text("#!/bin/sh\n[ -t 0 ] || cat >/dev/null\n")
    listener.chmod(0o755)
    install("project", tmp_path, config_dir=tmp_path / "home", executables=executables_dir())
    client = Client(tmp_path)
    client.start()
    client.turn(made.prompt("Plan SPEC-AUTH-001."), made.answer("We decided to use JWT."))
    return tmp_path


@pytest.mark.long
@pytest.mark.processes
def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    pytest.importorskip("furo", reason="the documentation's tools are not installed")
    site = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", str(DOCS), str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    pages = "".join(page.read_text(encoding="utf-8") for page in site.glob("*.html"))
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//", pages) == []
    assert all(f"clearpoint {name}<a" in pages for name in commands())


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_light_and_complete_in_itself(picture: Path) -> None:
    svg = picture.read_text(encoding="utf-8")
    assert len(svg) < PICTURE_CHARS
    assert re.findall(r"url\((?!#)|href=\"http|<script", svg) == []


def blocks(text: str, language: str) -> list[str]:
    """The code of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def hook_section(event: str) -> str:
    """What the page of hooks says of one event."""
    text = (DOCS / "hooks.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {event}\n")[2].partition("\n## ")[0]


def parsed(page: Path) -> list[Token]:
    """A page of Markdown, token by token."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where a page's links and pictures lead, within the project."""
    inline = [child for token in parsed(page) for child in token.children or ()]
    found = [str(one.attrs.get("href") or one.attrs.get("src") or "") for one in inline]
    return [link for link in found if link and "://" not in link]


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as links call them."""
    tokens = parsed(page)
    said = [after.content for one, after in pairwise(tokens) if one.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in said}
