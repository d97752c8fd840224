"""How things look in a terminal: bars, levels, ages, tables. Plain where output is piped."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from clearpoint.client import sanitize
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.text.phrases import ago, short

if TYPE_CHECKING:
    from collections.abc import Iterable

    Row = tuple[str, str | list[str]]

STYLES = {
    "normal": "green",
    "monitor": "cyan",
    "warning": "yellow",
    "critical": "red",
    "emergency": "bold magenta",
}
FULL, EMPTY = "█", "░"
BAR_CELLS = 36


def console(*, err: bool = False) -> Console:
    """The terminal, or the plain stream if there is none; `NO_COLOR` is honoured."""
    return Console(stderr=err, highlight=False, markup=False, emoji=False, soft_wrap=False)


def is_coloured(terminal: Console) -> bool:
    """Whether colours are seen there."""
    return terminal.color_system is not None and not terminal.no_color


def safe(text: object) -> str:
    """A text that neither a terminal nor Claude, who may read it there, takes for more."""
    return sanitize.lines(str(text))


def text(value: object, style: str = "") -> Text:
    """A safe text for the terminal."""
    return Text(safe(value), style)


def bar(tokens: int, total: int, level: str, cells: int = BAR_CELLS) -> Text:
    """How full the window is, in the level's colour."""
    filled = min(cells, round(cells * tokens / total)) if total else 0
    return Text.assemble(
        (FULL * filled, STYLES.get(level, "")), (EMPTY * (cells - filled), "bright_black")
    )


def percent(tokens: int, total: int) -> str:
    """`42%`."""
    return f"{100 * tokens / total:.0f}%" if total else "?%"


def age(at: str | None, now: float | None = None) -> str:
    """`3 minutes ago`, of a time as it is written."""
    then = seconds_of(at)
    if then is None:
        return "at an unknown time"
    return ago((time.time() if now is None else now) - then)


def short_age(at: str | None, now: float | None = None) -> str:
    """`3m`, `5h`, `2d`: the same in a column."""
    words = age(at, now).split()
    return words[0] + words[1][0] if words[-1] == "ago" else "now" if words[0] == "just" else "?"


def tokens(number: int | None) -> str:
    """`84k`, or a dash for what is not known."""
    return "–" if number is None else short(number)


def end_of(name: str, room: int) -> str:
    """A name or path, of which the end is kept where it is too long."""
    return name if len(name) <= room else "…" + name[1 - room :]


def facts(rows: Iterable[Row], *, brief: bool = False) -> Table:
    """Labelled rows; an empty one is left out, a list has a line for each item.

    Brief is one line for an item, however long it is.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        items = [value] if isinstance(value, str) else value
        for place, item in enumerate(filter(None, items)):
            shown = text(item)
            if brief and not isinstance(value, str):
                shown.no_wrap, shown.overflow = True, "ellipsis"
            grid.add_row("" if place else label, shown)
    return grid


def show(terminal: Console, thing: RenderableType) -> None:
    """Print something laid out; where it is piped, without the blanks at the ends of lines."""
    if terminal.is_terminal:
        terminal.print(thing)
        return
    with terminal.capture() as printed:
        terminal.print(thing)
    click.echo("\n".join(line.rstrip() for line in printed.get().split("\n")), nl=False)


def print_json(value: Any) -> None:
    """A value for programs: UTF-8 JSON, one space deep."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))
