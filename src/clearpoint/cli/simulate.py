"""`clearpoint simulate`: real sessions as they would have gone with clears in other places."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import click
from rich.table import Table

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, project_option
from clearpoint.cli.replay import config_of
from clearpoint.text import phrases

if TYPE_CHECKING:
    from clearpoint.simulate.course import Figures

ROWS = (
    "input tokens",
    "less than it was",
    "of them not cached",
    "largest context",
    "requests",
    "above 80 % full",
    "compactions",
    "messages",
    "clears",
    "prompts for each",
    "a clear frees",
    "at the least",
    "recall",
)


@click.command(
    short_help="Tell what clears in other places would have saved.",
    epilog=examples(
        "clearpoint simulate ~/.claude/projects/-work-shop/*.jsonl",
        "clearpoint simulate t.jsonl --every 5 --above 100000",
        "clearpoint simulate t.jsonl --json | jq '.strategies.ours.input'",
    ),
)
@click.argument(
    "transcripts", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False)
)
@click.option("--every", type=click.IntRange(1), multiple=True, help="Also: every N prompts.")
@click.option("--above", type=click.IntRange(1), multiple=True, help="Also: above N tokens.")
@click.option("--window", type=click.IntRange(1), help="The window in tokens, for what if.")
@click.option("--model", help="The model to take the window from, for what if.")
@click.option("--json", "as_json", is_flag=True, help="JSON for programs.")
@project_option
def simulate(  # noqa: PLR0913, PLR0917
    transcripts: tuple[str, ...],
    every: tuple[int, ...],
    above: tuple[int, ...],
    window: int | None,
    model: str | None,
    as_json: bool,
    place: Place,
) -> None:
    """Read TRANSCRIPTS, and tell how their sessions would have gone under several strategies.

    The project's settings apply. Messages are those that the person would have seen; a clear is
    made at each one that offers it. What a clear frees is a share of the use at that time.
    Recall: of the known files among the next 20 touches after a clear, the share that the reload
    names. With --json: {"assumptions", "strategies": {name: figures}, "sessions": {transcript:
    {name: figures}}}.
    """
    from clearpoint.budget.window import model_table
    from clearpoint.simulate import strategies
    from clearpoint.simulate.course import total
    from clearpoint.simulate.simulation import ASSUMPTIONS, Simulation
    from clearpoint.transcript.fast_decoder import decode
    from clearpoint.transcript.reader import Transcript

    chosen = {
        **strategies.STRATEGIES,
        **{f"every {number} prompts": strategies.every(number) for number in every},
        **{f"above {render.tokens(limit)}": strategies.above(limit) for limit in above},
    }
    config, models = config_of(place, window), model_table()
    found: dict[str, dict[str, Figures]] = {}
    for path in transcripts:
        source = Transcript(path, None)
        try:
            found[path] = Simulation(chosen, config, models, model).run(source.entries(decode))
        finally:
            source.close()
    totals = {name: total([figures[name] for figures in found.values()]) for name in chosen}
    if as_json:
        render.print_json(
            {"assumptions": list(ASSUMPTIONS), "strategies": totals, "sessions": found}
        )
        return
    terminal = render.console()
    click.echo(f"{phrases.counted(len(found), 'session')}\n")
    render.show(terminal, table(totals))
    click.echo("\nMessages:")
    for line in spoken(list(found.values())):
        click.echo(f"- {line}")
    click.echo("\nAssumed:")
    for assumption in ASSUMPTIONS:
        click.echo(f"- {assumption}")


def table(totals: dict[str, Figures]) -> Table:
    """The figures, a column for each strategy; the first is what the others are measured by."""
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    grid.add_column("", no_wrap=True)
    for name in totals:
        grid.add_column(name, justify="right", vertical="bottom")
    base = next(iter(totals.values()))
    columns = [cells(figures, base) for figures in totals.values()]
    for label, *row in zip(ROWS, *columns, strict=True):
        grid.add_row(label, *row)
    return grid


def cells(figures: Figures, base: Figures) -> list[str]:
    """The figures of one strategy, in the order of the rows."""
    clears, shares = figures["clears"], figures["freed"]
    less = 100 - 100 * figures["input"] / max(1, base["input"])
    return [
        millions(figures["input"]),
        f"{less:.1f} %" if figures is not base else "",
        millions(figures["uncached"]),
        render.tokens(figures["peak"]),
        str(figures["requests"]),
        str(figures["full"]),
        str(figures["compactions"]),
        str(figures["messages"]),
        str(clears),
        f"{figures['prompts'] / clears:.1f}" if clears else "",
        f"{100 * sum(shares) / clears:.0f} %" if clears else "",
        f"{100 * min(shares):.0f} %" if clears else "",
        f"{figures['named'] / figures['needed']:.2f}" if figures["needed"] else "",
    ]


ADVISED = ("ours", "ours, ignored")


def spoken(sessions: list[dict[str, Figures]]) -> list[str]:
    """How often the advice speaks, one line for each way to take it."""
    return [f"{name}: {spoken_of([one[name] for one in sessions])}" for name in ADVISED]


def spoken_of(sessions: list[Figures]) -> str:
    """Messages in a session: the median, what 95 % of the sessions keep to, and the most."""
    counts = sorted(one["messages"] for one in sessions)
    most = counts[math.ceil(0.95 * len(counts)) - 1]
    prompts, messages = sum(one["prompts"] for one in sessions), sum(counts)
    each = f"one for every {prompts / messages:.1f} prompts" if messages else "none"
    middle = f"{statistics.median(counts):g}"
    return f"{middle} in the median session, {most} in 95 % at most, {counts[-1]} at most; {each}"


def millions(tokens: int) -> str:
    """`276.4M`."""
    return f"{tokens / 1_000_000:.1f}M"
