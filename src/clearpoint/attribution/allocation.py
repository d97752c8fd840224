"""What the budget allocates to each part of the context, and what that uses of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from clearpoint.attribution.parts import (
    AGENTS,
    ANSWERS,
    CALLS,
    COMMANDS,
    ENVIRONMENT,
    FILES,
    HOOKS,
    IN_USE,
    MCP_INSTRUCTIONS,
    MCP_TOOLS,
    MEMORY,
    OVERHEAD,
    PROMPTS,
    RELOAD,
    REMINDERS,
    RESULTS,
    SKILLS,
    SUMMARY,
    SYSTEM_PROMPT,
    THINKING,
    TOOL_LISTING,
    TOOLS,
)
from clearpoint.budget import levels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.models.config import Config

ALLOCATION: dict[str, tuple[str, str]] = {
    SYSTEM_PROMPT: ("system", "client"),
    MEMORY: ("system", "claude_md"),
    COMMANDS: ("system", "commands"),
    SKILLS: ("system", "skills"),
    AGENTS: ("system", "skills"),
    PROMPTS: ("conversation", "recent"),
    ANSWERS: ("conversation", "recent"),
    THINKING: ("conversation", "recent"),
    CALLS: ("conversation", "recent"),
    HOOKS: ("conversation", "recent"),
    REMINDERS: ("conversation", "recent"),
    RESULTS: ("conversation", "cache"),
    SUMMARY: ("conversation", "cache"),
    FILES: ("conversation", "active_references"),
    ENVIRONMENT: ("reference", "project_structure"),
    IN_USE: ("reference", "skills"),
    TOOLS: ("reference", "tool_definitions"),
    OVERHEAD: ("reference", "tool_definitions"),
    MCP_TOOLS: ("reference", "tool_definitions"),
    MCP_INSTRUCTIONS: ("reference", "tool_definitions"),
    TOOL_LISTING: ("reference", "tool_definitions"),
    RELOAD: ("reserve", "state_snapshot"),
}
"""Category and part of the budget that each group is paid from.

`cache` is what could be got again: results of tools, and what a compaction left. The client's own
system prompt, `client`, is given nothing by the default allocation.
"""


class Use(TypedDict):
    """What a part of the budget has and uses."""

    used: int
    allocated: int
    over: int
    """Tokens above the allocation; negative below it."""


class Category(Use):
    """A category of the budget with its parts."""

    parts: dict[str, Use]


def categories_of(
    groups: Iterable[tuple[str, int]], config: Config, window: int
) -> dict[str, Category]:
    """The budget's categories with what the groups use of them, for a window of this size."""
    uses: dict[str, dict[str, int]] = {}
    for group, tokens in groups:
        category, paid_from = ALLOCATION[group]
        spent = uses.setdefault(category, {})
        spent[paid_from] = spent.get(paid_from, 0) + tokens
    categories: dict[str, Category] = {}
    for category, allocated in levels.scaled_allocation(config["budget"], window).items():
        used = uses.get(category, {})
        names = dict.fromkeys([*allocated, *used])
        each = {name: _use(used.get(name, 0), allocated.get(name, 0)) for name in names}
        whole = _use(sum(used.values()), sum(allocated.values()))
        categories[category] = {**whole, "parts": each}
    return categories


def _use(used: int, allocated: int) -> Use:
    return {"used": used, "allocated": allocated, "over": used - allocated}
