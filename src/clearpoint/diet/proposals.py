"""What would make the first request smaller. Pure.

Only whole tools that no session has used are denied: a rule for a whole tool takes its definition
out of every request. What Claude cannot do without, and tools that are loaded on demand and so take
no room, are left alone. Source: measured on Claude Code 2.1.329 to 2.1.332.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.attribution.parts import AGENTS, MCP_INSTRUCTIONS, MCP_TOOLS, SKILLS, TOOLS
from clearpoint.hygiene.listings import plain
from clearpoint.install.own_values import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.diet.first_request import FirstRequest
    from clearpoint.diet.in_use import InUse

NEEDED = frozenset(
    (
        "Agent", "AskUserQuestion", "Bash", "BashOutput", "Edit", "EnterPlanMode", "ExitPlanMode",
        "Glob", "Grep", "KillShell", "MultiEdit", "PowerShell", "Read", "SendMessage", "Skill",
        "SlashCommand", "Task", "TaskCreate", "TaskGet", "TaskList", "TaskOutput", "TaskStop",
        "TaskUpdate", "TodoWrite", "ToolSearch", "Write",
    )
)  # fmt: skip
"""Tools that are never denied, used or not."""
SESSIONS_AT_LEAST = 3
"""Fewer sessions tell nothing about what is in use."""
LISTING_TOKENS = 1_000
"""A listing smaller than this is not worth a word."""
SKILLS_OFF = "disableBundledSkills"


class Proposal(NamedTuple):
    """One change: what it is about, what it saves, and the edit or what to do by hand."""

    what: str
    name: str
    tokens: int
    edit: Edit | None
    how: str = ""


def proposals(first: FirstRequest, used: InUse) -> list[Proposal]:
    """What was not used, the largest first; nothing if too few sessions tell."""
    if used.sessions < SESSIONS_AT_LEAST:
        return []
    found = [*_tools(first, used), *_servers(first, used), *_listings(first, used)]
    return sorted(found, key=lambda one: -one.tokens)


def edits(found: Iterable[Proposal]) -> list[Edit]:
    """The changes to the client's settings."""
    return [one.edit for one in found if one.edit]


def unused_tokens(first: FirstRequest, used: InUse) -> int:
    """What the first request would carry less without the tools that were not used."""
    return sum(one.tokens for one in _tools(first, used))


def _tools(first: FirstRequest, used: InUse) -> Iterator[Proposal]:
    for part in first.parts:
        if part.group == TOOLS and part.name and part.name not in NEEDED | used.tools:
            edit = Edit(("permissions", "deny"), part.name, appended=True)
            yield Proposal("tool", part.name, part.tokens, edit)


def _servers(first: FirstRequest, used: InUse) -> Iterator[Proposal]:
    sizes: dict[str, int] = {}
    for part in first.parts:
        if part.group in (MCP_TOOLS, MCP_INSTRUCTIONS) and part.name:
            sizes[part.name] = sizes.get(part.name, 0) + part.tokens
    for name, tokens in sizes.items():
        if plain(name) not in used.servers:
            yield Proposal("MCP server", name, tokens, None, "switch it off with /mcp")


def _listings(first: FirstRequest, used: InUse) -> Iterator[Proposal]:
    """Skills and agents that were not used."""
    skills = [part for part in first.parts if part.group == SKILLS]
    tokens = sum(part.tokens for part in skills)
    if tokens >= LISTING_TOKENS and not used.skills:
        edit = Edit((SKILLS_OFF,), value=True)
        yield Proposal("skills", "that come with Claude Code", tokens, edit)
    for part in first.parts:
        if part.group == AGENTS and part.name and part.name not in used.agents:
            how = "remove it, or shorten its description"
            if part.tokens >= LISTING_TOKENS:
                yield Proposal("agent", part.name, part.tokens, None, how)
