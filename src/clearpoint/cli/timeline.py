"""`clearpoint timeline`: what the hooks noted of a session, in order."""

from __future__ import annotations

import itertools
import time
from collections import deque
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, for_project, open_session
from clearpoint.lowlevel.clock import now_text
from clearpoint.store.journal import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.store.journal import Occurrence

BAR_CELLS = 6
BARS_FROM = 60
"""Narrower terminals show the figures without the bars."""


@click.command(
    short_help="List what happened in a session, in order.",
    epilog=examples("clearpoint timeline", "clearpoint timeline 1f3a --last 20 --json"),
)
@click.argument("session_id", metavar="[SESSION]", required=False)
@click.option("--last", type=click.IntRange(1), metavar="N", help="Show only the newest N events.")
@for_project(as_json=True)
def timeline(session_id: str | None, last: int | None, place: Place, as_json: bool) -> None:
    """List what happened in a session, in order; SESSION is an ID prefix (default: newest).

    Events are session starts, prompts, ends of turns (with context size, level and advice),
    compactions, and what you changed. Times are local.

    JSON: a list of objects with the keys at (UTC), event, and what was recorded with it.
    """
    session = open_session(place, session_id)
    found = deque(occurrences(place.store, session.session_id), last)
    if as_json:
        render.print_json(
            [{"at": now_text(one.at), "event": one.event, **one.facts} for one in found]
        )
        return
    terminal = render.console()
    terminal.print(Text.assemble("Session ", render.safe(session.session_id), style="bold"))
    if not found:
        terminal.print("Nothing recorded yet.")
    window = session.state["context_window"]["total"]
    for day, events in itertools.groupby(found, lambda one: clock("%Y-%m-%d", one)):
        terminal.print(Text(f"\n{day}", "bold"))
        render.show(terminal, table(events, window if terminal.width >= BARS_FROM else 0))


def clock(form: str, one: Occurrence) -> str:
    """When it was, in local time."""
    return time.strftime(form, time.localtime(one.at))


def table(events: Iterable[Occurrence], window: int) -> Table:
    """The events of one day; without a window there are no bars."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    for one in events:
        level = one.text("level")
        drawn = bool(window) and one.event == "Stop" and one.used is not None
        rows.add_row(
            Text(clock("%H:%M:%S", one), "bright_black"),
            render.text(one.title),
            render.bar(one.used or 0, window, level, BAR_CELLS) if drawn else Text(),
            render.text(one.words, render.STYLES.get(level, "") if one.event == "Stop" else ""),
        )
    return rows
