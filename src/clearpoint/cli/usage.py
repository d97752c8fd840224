"""`clearpoint usage`: tokens and money by day, week, project, model or session."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from clearpoint.cli import render, team
from clearpoint.cli.options import examples, find_place, json_option, told
from clearpoint.cli.search import since
from clearpoint.report.usage import TOKENS, requests_of, summed, tokens_of
from clearpoint.team import queries
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from clearpoint.report.usage import By

LIMIT = 1_000
PROJECT = click.Option(["--project"])
BY = ("model", "day", "week", "project", "session")
BARS_FROM = 100
UNBOUND_CELLS = 1_000
"""As wide as no table is."""
BAR_CELLS = 12
KINDS = {"input": "Input", "written": "Cache writes", "read": "Cache reads", "output": "Output"}


BY_PROJECT = "\0"
"""What `--project` is without a folder."""


def flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--day`, `--week`, `--model` and `--session`: the same as `--by` with that name."""
    for name in ("session", "model", "week", "day"):
        command = click.option(f"--{name}", "by", flag_value=name, help=f"By {name}.")(command)
    return command


@click.command(
    short_help="Show tokens and cost over time.",
    epilog=examples(
        "clearpoint usage --day",
        "clearpoint usage --project --since 4w    all projects, one line each",
        "clearpoint usage --week --json",
    ),
)
@click.option(
    "--project",
    "named",
    metavar="[DIR]",
    is_flag=False,
    flag_value=BY_PROJECT,
    help="By project; with DIR, only that project.",
)
@flags
@click.option("--by", type=click.Choice(BY), help="What to group by (default: model).")
@click.option("--all", "everywhere", is_flag=True, help="All projects.")
@click.option("--team", "of_team", is_flag=True, help="The team's, by user and model.")
@click.option(
    "--since", callback=since, metavar="AGE", help="12h, 3d, 2w, 6m (months), 1y or a date."
)
@json_option
@told
def usage(named: str | None, by: By | None, of_team: bool, as_json: bool, **given: Any) -> None:
    """Show tokens and cost by day, week, project, model or session.

    Each request counts once, even if a forked session repeats it; requests of subagents are
    included. Sessions whose transcripts Claude Code has deleted still count if they were archived.
    Costs are what the API would charge at the prices shipped with Clearpoint; days are in UTC.

    JSON: a list of objects with the keys model (or day, week, project, session), requests, input,
    written, read, output, cost (dollars; null without a price); with --team also user.
    """
    place = find_place(click.get_current_context(), PROJECT, None if named == BY_PROJECT else named)
    if of_team:
        rows = team.asked(
            place, lambda found, project: queries.usage(found, project, given["since"], LIMIT)
        )
        team.show_rows(rows, as_json=as_json)
        return
    by = "project" if named == BY_PROJECT else by or "model"
    everywhere = given["everywhere"] or named == BY_PROJECT
    found = summed(requests_of(place.project, place.env, everywhere=everywhere), by, given["since"])
    if as_json:
        render.print_json(found)
    elif found:
        console = render.console()
        render.show(console, fitting(console, found, by))
    else:
        raise click.ClickException("no requests are recorded yet")


def fitting(console: Console, rows: list[dict[str, Any]], by: str) -> Table:
    """The widest table that fits: the bars go first, then the kinds of tokens.

    Where the last one is too wide too, names are cut, and no figure.
    """
    freely = console.options.update_width(UNBOUND_CELLS)
    for has_bars in (console.width >= BARS_FROM, False):
        found = table(rows, by, KINDS, has_bars=has_bars)
        if console.measure(found, options=freely).maximum <= console.width:
            return found
    return table(rows, by, {})


def table(
    rows: list[dict[str, Any]], by: str, kinds: dict[str, str], *, has_bars: bool = False
) -> Table:
    """The rows and their sum."""
    found = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    found.add_column(by.capitalize(), overflow="ellipsis")
    for title in ("Requests", *(kinds.values() or ("Tokens",)), "Cost"):
        found.add_column(title, justify="right", no_wrap=True)
    if has_bars:
        found.add_column("")
    most = max(size(row) for row in rows)
    for row in rows:
        bar = render.bar(size(row), most, "monitor", BAR_CELLS) if has_bars else Text()
        name = render.text(shown_name(row[by], by))
        found.add_row(name, *cells(row, kinds), *([bar] if has_bars else []))
    if len(rows) > 1:
        found.add_row("All", *cells(added(rows), kinds), style="bold")
    return found


def cells(row: dict[str, Any], kinds: dict[str, str]) -> list[str]:
    """The figures of a row."""
    tokens = [short(row[key]) for key in kinds] or [short(tokens_of(row))]
    return [f"{row['requests']:,}", *tokens, dollars(row["cost"])]


def dollars(cost: float | None) -> str:
    """`$1.25`; a dash without a price."""
    return "–" if cost is None else f"${cost:,.2f}"


def size(row: dict[str, Any]) -> int:
    """What a bar shows: the cost in hundredths of a cent."""
    return round(10_000 * row["cost"]) if row["cost"] else 0


def added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of all rows; of their costs those that are known."""
    numbers = {key: sum(row[key] for row in rows) for key in ("requests", *TOKENS)}
    return {**numbers, "cost": sum(row["cost"] or 0 for row in rows)}


def shown_name(name: str, by: str) -> str:
    """A project by its folder's name, a session by the beginning of its id."""
    if by == "project":
        return os.path.basename(name) or name
    return name[:8] if by == "session" else name or "unknown"
