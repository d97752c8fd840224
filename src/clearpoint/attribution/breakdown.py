"""An attribution as people read it: rows of a table, and what is heavy. Pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.attribution.allocation import ALLOCATION
from clearpoint.attribution.parts import (
    AGENTS,
    COMMANDS,
    MCP_INSTRUCTIONS,
    MCP_TOOLS,
    MEMORY,
    SKILLS,
    SYSTEM_PROMPT,
)
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.attribution.allocation import Use
    from clearpoint.attribution.attribution import Attribution, Part
    from clearpoint.attribution.shares import Basis

METADATA = frozenset(
    (SYSTEM_PROMPT, MEMORY, SKILLS, COMMANDS, AGENTS, MCP_TOOLS, MCP_INSTRUCTIONS)
)  # fmt: skip
METADATA_TOKENS = 15_000
"""System and skill metadata beyond this are worth a word."""
HEAVY_NAMED = 5
NAMES_SHOWN = 5
BASES: tuple[Basis, ...] = ("exact", "shared", "estimated")
LABELS = {"claude_md": "CLAUDE.md", "client": "system prompt"}
FREE = ("reserve", "free")
"""What is kept free is no use: the table's last rows show it."""


class Row(NamedTuple):
    """One line of a table; its label is indented by two spaces per level."""

    label: str
    tokens: int
    percent: float
    """Of the window."""
    allocated: int | None
    note: str


def rows(attribution: Attribution, names: int = NAMES_SHOWN) -> list[Row]:
    """The table: categories of the budget, their parts, groups, and the largest names of each.

    The rows without indentation add up to the window. A group's note says how it is known.
    """
    window = attribution["window"]
    lines: list[Row] = []
    for category, use in attribution["categories"].items():
        lines.append(_row(category.capitalize(), use["used"], window, use))
        for part, share in use["parts"].items():
            if (category, part) != FREE:
                label = "  " + LABELS.get(part, part.replace("_", " "))
                lines.append(_row(label, share["used"], window, share))
                lines += _group_rows(_paid_from(attribution, category, part), window, names)
    rest = attribution["free"] - attribution["buffer"]
    beyond = min(rest, window - attribution["budget"])
    lines.append(_row("Free in the budget" if beyond else "Free space", rest - beyond, window))
    if beyond:
        lines.append(_row("Beyond the budget", beyond, window))
    if attribution["buffer"]:
        lines.append(_row("Auto-compaction buffer", attribution["buffer"], window))
    return lines


def _paid_from(attribution: Attribution, category: str, part: str) -> list[list[Part]]:
    """The groups of one part of the budget, the largest first."""
    paid = (one for one in attribution["parts"] if ALLOCATION[one["group"]] == (category, part))
    ordered = sorted(paid, key=lambda one: one["group"])
    groups = (list(found) for _, found in groupby(ordered, key=lambda one: one["group"]))
    return sorted(groups, key=_sum, reverse=True)


def _group_rows(groups: list[list[Part]], window: int, names: int) -> Iterator[Row]:
    """Each group with its largest names."""
    for group in groups:
        yield _row("    " + group[0]["group"], _sum(group), window, note=basis_of(group))
        named = sorted((part for part in group if part["name"]), key=lambda part: -part["tokens"])
        for part in named[:names]:
            yield _row("      " + part["name"], part["tokens"], window)
        if rest := named[names:]:
            yield _row(f"      and {len(rest)} more", _sum(rest), window)


def basis_of(parts: list[Part]) -> str:
    """How a group as a whole is known: as most of its tokens are, and exact only where all are."""
    tokens = dict.fromkeys(BASES, 0)
    for part in parts:
        tokens[part["basis"]] += part["tokens"]
    if tokens["estimated"] > _sum(parts) / 2:
        return "estimated"
    return "shared" if tokens["shared"] or tokens["estimated"] else "exact"


def _row(label: str, tokens: int, window: int, use: Use | None = None, note: str = "") -> Row:
    percent = round(100 * tokens / window, 1) if window else 0.0
    allocated = use["allocated"] if use else 0
    if use and allocated:
        over = use["over"]
        note = f"{short(over)} over" if over > 0 else f"{short(-over)} left"
    return Row(label, tokens, percent, allocated or None, note)


def heavy_parts(attribution: Attribution) -> list[Part]:
    """The largest parts of the system and skill metadata, where they are over 15,000 tokens."""
    found = [part for part in attribution["parts"] if part["group"] in METADATA]
    return found[:HEAVY_NAMED] if _sum(found) > METADATA_TOKENS else []


def heavy_note(attribution: Attribution) -> str:
    """One line on heavy metadata for a user; empty if they are not."""
    heavy = heavy_parts(attribution)
    found = [part for part in attribution["parts"] if part["group"] in METADATA]
    named = ", ".join(f"{part['name'] or part['group']} {short(part['tokens'])}" for part in heavy)
    whole = f"{short(_sum(found))} tokens per request (largest: {named})"
    return f"{whole}; clearpoint diet shows what would shrink it" if heavy else ""


def _sum(parts: list[Part]) -> int:
    return sum(part["tokens"] for part in parts)
