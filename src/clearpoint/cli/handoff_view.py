"""Handoffs as people see them: one with what became of it, or all of them in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table

from clearpoint.cli import render
from clearpoint.handoffs.history import summary
from clearpoint.handoffs.render import short
from clearpoint.text import phrases

if TYPE_CHECKING:
    from clearpoint.handoffs.package import Package
    from clearpoint.handoffs.pipeline import HandoffService
    from clearpoint.handoffs.shapes import Handoff

ROWS = 30
UNSAID = ("handoffs", "context_tokens", "agent_tokens")


def show_course(desk: HandoffService, package: Package, one: Handoff) -> None:
    """A package for a user: what the next agent reads, and what became of it."""
    task = f"“{one['task']}”" if one["task"] else ""
    rows: list[tuple[str, str | list[str]]] = [
        ("Created", f"{package.created_at} in session {package.session_context.session_id}"),
        ("Agent", " ".join(filter(None, (one["to_agent"], task, one["agent_id"] or "")))),
        ("Outcome", outcome(one)),
        ("Changed", list(one["files"])),
        ("Reported", one["result"]),
        ("Note", one["note"]),
    ]
    click.echo(render.safe(desk.context(package)))
    click.echo()
    render.show(render.console(), render.facts([row for row in rows if row[1]]))


def show_all(found: list[Handoff]) -> None:
    """The newest handoffs in rows, and how many there are in all."""
    render.show(render.console(), table_of(found[:ROWS]))
    click.echo(totals(found))


def outcome(one: Handoff) -> str:
    """`completed, 21,035 tokens of context, 3 requests`."""
    parts: list[str] = [one["status"]]
    if one["tokens"]:
        parts += [
            f"{one['tokens']:,} tokens of context",
            phrases.counted(one["requests"], "request"),
        ]
    if one["rounds"] > 1:
        parts.append(f"resumed {one['rounds']} times")
    return ", ".join(parts)


def table_of(found: list[Handoff]) -> Table:
    """The handoffs in rows."""
    table = Table(box=None, pad_edge=False)
    for title in ("Handoff", "From", "To", "Age", "Outcome", "Context", "Used", "Task"):
        table.add_column(title, justify="right" if title in ("Context", "Used") else "left")
    for one in found:
        table.add_row(
            *map(
                render.text,
                (
                    short(one["handoff_id"]),
                    one["from_agent"],
                    one["to_agent"],
                    render.short_age(one["created_at"]),
                    one["status"],
                    one["size"] or "–",
                    render.tokens(one["tokens"] or None),
                    one["task"],
                ),
            )
        )
    return table


def totals(found: list[Handoff]) -> str:
    """How many there are, by what became of them, with their sizes."""
    counted = summary(found)
    by_status = ", ".join(
        f"{number} {status}" for status, number in counted.items() if status not in UNSAID
    )
    return (
        f"{phrases.counted(len(found), 'handoff')}: {by_status}. "
        f"{counted['context_tokens']:,} tokens of context given, "
        f"{counted['agent_tokens']:,} used."
    )
