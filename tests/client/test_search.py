"""Claude searches past sessions in the real client: unasked, within its limit, plugin or not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from clearpoint.install.executables import executables_dir
from clearpoint.search.answer import CLAUDE_HEAD, CLAUDE_TOKENS
from clearpoint.tokens.sizes import estimated

from .lab import PATH
from .test_lineage import as_by_default, results, watched
from .test_plugin import MODEL, be_set_up, checkout

if TYPE_CHECKING:
    from pathlib import Path

    from .answers import ToolCall
    from .conftest import ClientFactory
    from .lab import Lab

__all__ = ["checkout"]
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


def test_with_the_plugin_alone_claude_searches_unasked(
    client: ClientFactory, checkout: Path
) -> None:
    lab = client()
    arguments = ("--model", MODEL, "--plugin-dir", str(checkout))
    be_set_up(lab, checkout)
    as_by_default(lab)
    skill: ToolCall = {"name": "Skill", "input": {"skill": "clearpoint:search"}}
    tools: dict[str, list[list[ToolCall]]] = {"Look it up": [[skill]], SKILL: [[SEARCH]]}
    found = searched(lab, *arguments, tools=tools)
    assert (CLAUDE_HEAD in found, SAID in found) == (True, True)
