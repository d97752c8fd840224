"""`clearpoint simulate`: real sessions as they would have gone with clears in other places."""

from __future__ import annotations

import math
import os
import statistics
from typing import TYPE_CHECKING

import click
from rich.table import Table

from clearpoint.cli import render
from clearpoint.cli.install import config_dir
from clearpoint.cli.options import Place, examples, project_option
from clearpoint.cli.replay import config_of
from clearpoint.history import transcripts as client_transcripts
from clearpoint.simulate import runs, strategies
from clearpoint.simulate.bill import price_table
from clearpoint.simulate.course import total
from clearpoint.simulate.simulation import ASSUMPTIONS
from clearpoint.text import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.simulate.course import Figures
    from clearpoint.simulate.strategies import Plan, Strategy

ROWS = (
    "input tokens",
    "saved",
    "uncached",
    "cost",
    "saved",
    "largest context",
    "requests",
    "requests above 80%",
    "compactions",
    "messages",
    "clears",
    "prompts per clear",
    "freed per clear",
    "least freed",
    "files re-read",
    "recall",
)
LABEL_CELLS, COLUMN_CELLS = 20, 15
"""What a table takes for its labels, and for a strategy."""
NEWEST = 40
"""How many of the newest sessions are taken where none are named."""


@click.command(
    short_help="Estimate what clearing at other points would have saved.",
    epilog=examples(
        "clearpoint simulate                    your sessions in this project",
        "clearpoint simulate --all              in all projects",
        "clearpoint simulate t.jsonl --every 5 --above 100000",
        "clearpoint simulate --json | jq '.strategies[\"all together\"].input'",
    ),
)
@click.argument("transcripts", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@click.option("--all", "everywhere", is_flag=True, help="Use the sessions of all projects.")
@click.option(
    "--every", type=click.IntRange(1), multiple=True, help="Also simulate a clear every N prompts."
)
@click.option(
    "--above", type=click.IntRange(1), multiple=True, help="Also simulate a clear above N tokens."
)
@click.option("--window", type=click.IntRange(1), help="Assume this window size.")
@click.option("--model", help="Assume the window of this model.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@project_option
def simulate(  # noqa: PLR0913, PLR0917
    transcripts: tuple[str, ...],
    everywhere: bool,
    every: tuple[int, ...],
    above: tuple[int, ...],
    window: int | None,
    model: str | None,
    as_json: bool,
    place: Place,
) -> None:
    """Estimate what your sessions would have cost under different strategies.

    TRANSCRIPTS are the newest 40 of this project unless you name some. The project's settings
    apply.

    "fixed rules" clears at 150k, after 50 prompts, and at a new spec, phase or model; "advice
    followed" at each message that offers it. Autopilot compacts at a size; a diet leaves out tools
    that a session never used; "all together" combines advice, autopilot and diet, with a clear
    whenever you return to a cold cache. Recall: of the files that Claude reads or edits again soon
    after a clear or a compaction, the share named in the reload context.

    Prices come from a table shipped with Clearpoint; nothing is fetched.

    JSON keys: assumptions, prices (source, date), strategies (figures by name, where "never" is as
    it was, "specification" the fixed rules, and "ours" the advice; cost in dollars, unpriced
    requests of models without a price), sessions (the same by transcript).
    """
    paths = [*transcripts] or own_transcripts(place, everywhere=everywhere)
    if not paths:
        raise click.ClickException("no transcripts in this project yet; pass some, or use --all")
    chosen: dict[str, Strategy | Plan] = {
        **strategies.STRATEGIES,
        **{f"every {number} prompts": strategies.every(number) for number in every},
        **{f"above {render.tokens(limit)}": strategies.above(limit) for limit in above},
    }
    found = runs.simulated(paths, chosen, config_of(place, window), model)
    totals = {name: total([figures[name] for figures in found.values()]) for name in chosen}
    prices = price_table()
    if as_json:
        render.print_json(
            {
                "assumptions": list(ASSUMPTIONS),
                "prices": {name: prices[name] for name in ("source", "date")},
                "strategies": totals,
                "sessions": found,
            }
        )
        return
    terminal = render.console()
    click.echo(f"{phrases.counted(len(found), 'session')}\n")
    for part in split(totals, terminal.width):
        render.show(terminal, table(part, next(iter(totals.values()))))
        click.echo()
    click.echo("Messages:")
    for line in spoken(list(found.values())):
        click.echo(f"- {line}")
    click.echo("\nAssumed:")
    for assumption in ASSUMPTIONS:
        click.echo(f"- {assumption}")
    click.echo(f"- Prices as of {prices['date']} ({prices['source']}).")


def own_transcripts(place: Place, *, everywhere: bool) -> list[str]:
    """The newest transcripts of this project, or of all."""
    folder = str(config_dir(place))
    folders = client_transcripts.project_folders(folder)
    if not everywhere:
        name = client_transcripts.folder_name(place.project)
        folders = [one for one in folders if os.path.basename(one) == name]
    found = [one for folder in folders for one in client_transcripts.transcripts(folder)]
    return [one.path for one in sorted(found, key=lambda one: -one.changed)[:NEWEST]]


def split(totals: dict[str, Figures], width: int) -> Iterator[dict[str, Figures]]:
    """The strategies in as many tables as the width of the terminal asks for."""
    each, names = max(2, (width - LABEL_CELLS) // COLUMN_CELLS), list(totals)
    for start in range(0, len(names), each):
        yield {name: totals[name] for name in names[start : start + each]}


def table(totals: dict[str, Figures], base: Figures) -> Table:
    """The figures, a column for each strategy; the first is what the others are measured by."""
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    grid.add_column("", no_wrap=True)
    for name in totals:
        grid.add_column(TITLES.get(name, name), justify="right", vertical="bottom")
    columns = [cells(figures, base) for figures in totals.values()]
    for label, *row in zip(ROWS, *columns, strict=True):
        grid.add_row(label, *row)
    return grid


def cells(figures: Figures, base: Figures) -> list[str]:
    """The figures of one strategy, in the order of the rows."""
    clears, shares = figures["clears"], figures["freed"]
    less = 100 - 100 * figures["input"] / max(1, base["input"])
    cheaper = 100 - 100 * figures["cost"] / base["cost"] if base["cost"] else 0.0
    is_priced = bool(figures["cost"]) and not figures["unpriced"]
    return [
        millions(figures["input"]),
        f"{less:.1f}%" if figures is not base else "",
        millions(figures["uncached"]),
        f"${figures['cost']:,.2f}" if is_priced else "not known",
        f"{cheaper:.1f}%" if figures is not base and is_priced else "",
        render.tokens(figures["peak"]),
        str(figures["requests"]),
        str(figures["full"]),
        str(figures["compactions"]),
        str(figures["messages"]),
        str(clears),
        f"{figures['prompts'] / clears:.1f}" if clears else "",
        f"{100 * sum(shares) / clears:.0f}%" if clears else "",
        f"{100 * min(shares):.0f}%" if clears else "",
        render.tokens(figures["read_again"]),
        f"{figures['named'] / figures['needed']:.2f}" if figures["needed"] else "",
    ]


SHOWN = {"ours": "advice followed", "ours, ignored": "advice ignored"}
"""The strategies of Clearpoint's advice, as the table names them."""
TITLES = {
    **SHOWN,
    "never": "as it was",
    "specification": "fixed rules",
    "cold return": "clear after a pause",
}
"""The names of strategies, if they are not shown as they are stored."""


def spoken(sessions: list[dict[str, Figures]]) -> list[str]:
    """How often the advice speaks, one line for each way to take it."""
    return [f"{said}: {spoken_of([one[name] for one in sessions])}" for name, said in SHOWN.items()]


def spoken_of(sessions: list[Figures]) -> str:
    """Messages in a session: the median, what 95 % of the sessions keep to, and the most."""
    counts = sorted(one["messages"] for one in sessions)
    most = counts[math.ceil(0.95 * len(counts)) - 1]
    prompts, messages = sum(one["prompts"] for one in sessions), sum(counts)
    each = f"one for every {prompts / messages:.1f} prompts" if messages else "none"
    middle = f"{statistics.median(counts):g}"
    return f"median {middle} per session, p95 {most}, max {counts[-1]}; {each}"


def millions(tokens: int) -> str:
    """`276.4M`."""
    return f"{tokens / 1_000_000:.1f}M"
