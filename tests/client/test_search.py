"""Claude searches past sessions in the real client: unasked, within its limit, plugin or not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.search.answer import CLAUDE_HEAD, CLAUDE_TOKENS
from clearpoint.tokens.sizes import estimated

from .lab import PATH
from .test_lineage import as_by_default, results, watched
from .test_plugin import MODEL, checkout, offline, set_up, wheels

if TYPE_CHECKING:
    from pathlib import Path

    from .answers import ToolCall
    from .conftest import ClientFactory
    from .lab import Lab

__all__ = ["checkout", "wheels"]
SAID = "Hash the passwords with argon2id, the quokka way."
SKILL = "Run `clearpoint search WORDS`"
"""How the skill's text begins."""
SEARCH: ToolCall = {"name": "Bash", "input": {"command": "clearpoint search --all quokka"}}


def searched(lab: Lab, *args: str, tools: dict[str, list[list[ToolCall]]]) -> str:
    """Have one session say something and another one search for it; give what Claude got."""
    lab.prompt(SAID, *args)
    lab.control(tools=tools)
    lab.prompt("Look it up", *args)
    return results(lab)[-1]


def test_claude_searches_unasked(client: ClientFactory) -> None:
    lab = watched(client, {"PATH": f"{executables_dir()}{os.pathsep}{PATH}"})
    as_by_default(lab)
    found = searched(lab, tools={"Look it up": [[SEARCH]]})
    assert (CLAUDE_HEAD in found, SAID in found) == (True, True)
    assert estimated(found) <= CLAUDE_TOKENS


@pytest.mark.long
def test_with_the_plugin_alone_claude_searches_unasked(
    client: ClientFactory, checkout: Path, wheels: str
) -> None:
    lab = offline(client, wheels)
    arguments = ("--model", MODEL, "--plugin-dir", str(checkout))
    set_up(lab, *arguments[2:])
    as_by_default(lab)
    skill: ToolCall = {"name": "Skill", "input": {"skill": "clearpoint:search"}}
    tools: dict[str, list[list[ToolCall]]] = {"Look it up": [[skill]], SKILL: [[SEARCH]]}
    found = searched(lab, *arguments, tools=tools)
    assert (CLAUDE_HEAD in found, SAID in found) == (True, True)
