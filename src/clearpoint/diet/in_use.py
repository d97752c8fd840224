"""What sessions have used: tools, skills, agents and MCP servers, their subagents' calls too."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from clearpoint.hygiene.listings import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CALL = b'"tool_use"'
SUBAGENTS = "subagents"


class InUse:
    """What was called in some sessions."""

    def __init__(self) -> None:
        self.sessions = 0
        self.tools: set[str] = set()
        self.skills: set[str] = set()
        self.agents: set[str] = set()
        self.servers: set[str] = set()
        """By the name that stands in the names of their tools."""

    def add(self, name: str, given: dict[str, Any]) -> None:
        """Take one call into account."""
        self.tools.add(name)
        if name.startswith("mcp__"):
            self.servers.add(plain(name.split("__")[1]))
        for key, found in (("skill", self.skills), ("command", self.skills)):
            if name == "Skill" and isinstance(given.get(key), str):
                found.add(given[key])
        if name in ("Agent", "Task") and isinstance(given.get("subagent_type"), str):
            self.agents.add(given["subagent_type"])


def in_use(paths: Iterable[str]) -> InUse:
    """What the sessions in these transcripts have used; one that cannot be read counts for none."""
    found = InUse()
    for path in paths:
        try:
            calls = [*_calls(path)]
            for beside in _subagents(path):
                calls += _calls(beside)
        except OSError:
            continue
        found.sessions += 1
        for name, given in calls:
            found.add(name, given)
    return found


def _subagents(path: str) -> list[str]:
    """The transcripts of a session's subagents."""
    folder = os.path.join(path.removesuffix(".jsonl"), SUBAGENTS)
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if name.endswith(".jsonl")]


def _calls(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and input of each call in a transcript."""
    with open(path, "rb") as stream:
        for line in stream:
            if CALL not in line:
                continue
            try:
                message = json.loads(line).get("message")
            except (ValueError, AttributeError):
                continue
            content = message.get("content") if isinstance(message, dict) else None
            for block in content if isinstance(content, list) else ():
                if isinstance(block, dict) and block.get("type") == "tool_use":
                    given = block.get("input")
                    yield str(block.get("name")), given if isinstance(given, dict) else {}
