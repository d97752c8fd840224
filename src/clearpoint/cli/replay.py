"""`clearpoint replay`: what would have been said when, on a transcript from its beginning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.padding import Padding
from rich.text import Text

from clearpoint.budget.window import model_table
from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, project_option
from clearpoint.client.events import ENVIRONMENT
from clearpoint.config import load as settings
from clearpoint.text import phrases
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from clearpoint.models.config import Config
    from clearpoint.simulate.replay import Boundary, Record, Replay, Request, Said

BAR_CELLS = 20


@click.command(
    short_help="Show what Clearpoint would have said during a transcript.",
    epilog=examples(
        "clearpoint replay ~/.claude/projects/-work-shop/1f3a….jsonl",
        "clearpoint replay t.jsonl --window 1000000",
        "clearpoint replay t.jsonl --format jsonl | jq 'select(.kind == \"advice\")'",
    ),
)
@click.argument("transcript", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--format",
    "style",
    type=click.Choice(("text", "jsonl")),
    default="text",
    show_default=True,
    help="Readable text, or one JSON object per line.",
)
@click.option("--window", type=click.IntRange(1), help="Assume this window size.")
@click.option("--model", help="Assume the window of this model.")
@project_option
def replay(
    transcript: str, style: str, window: int | None, model: str | None, place: Place
) -> None:
    """Read TRANSCRIPT from its beginning, and show what Clearpoint would have said.

    The project's settings apply.

    With --format jsonl, in the order of the transcript: for each request {"kind": "request",
    "index", "message_id", "projected", "actual", "level"}, where projected was known before the
    request and actual is its input as Claude Code counted it; for each compaction {"kind":
    "boundary", "index", "trigger", "pre_tokens", "post_tokens"}; for each piece of advice
    {"kind": "advice", "index", "trigger", "message"}. The index is the number of requests so far.
    """
    from clearpoint.simulate.replay import Replay
    from clearpoint.transcript.fast_decoder import decode

    config = config_of(place, window)
    pass_ = Replay(config, model_table(), model)
    source = Transcript(transcript, None)
    try:
        records = pass_.records(source.entries(decode))
        if style == "jsonl":
            for record in records:
                click.echo(json.dumps(record, ensure_ascii=False))
        else:
            Story(render.console(), pass_).tell(records)
    finally:
        source.close()


def config_of(place: Place, window: int | None) -> Config:
    """The project's settings, with the window that was asked for."""
    env = {name: place.env[name] for name in ENVIRONMENT if place.env.get(name)}
    config, _ = settings.load(place.project, place.root, env)
    budget = {**config["budget"], "window": window} if window else config["budget"]
    return {**config, "budget": budget}


class Story:
    """The replay for people: stretches of requests, and what happened between them."""

    def __init__(self, console: Console, source: Replay) -> None:
        self._console = console
        self._source = source
        self._first: Request | None = None
        self._last: Request | None = None
        self._budget = 0
        self._counts = {"request": 0, "boundary": 0, "advice": 0}
        self._errors = 0.0
        self._foretold = 0
        self._is_counted = False

    def tell(self, records: Iterator[Record]) -> None:
        """Print all of it, as it is read."""
        for record in records:
            self._counts[record["kind"]] += 1
            if record["kind"] == "request":
                self._request(record)
                continue
            self._end_stretch()
            if record["kind"] == "boundary":
                self._boundary(record)
            else:
                self._advice(record)
        self._end_stretch()
        self._summary()

    def _request(self, record: Request) -> None:
        budget = self._source.state["budget"]["tokens"]  # as it was when the level was judged
        if self._first and (self._first["level"], self._budget) != (record["level"], budget):
            self._end_stretch()
        self._budget = budget
        self._first = self._first or record
        self._last = record
        if self._is_counted and record["actual"]:
            self._errors += abs(record["projected"] - record["actual"]) / record["actual"]
            self._foretold += 1
        self._is_counted = True

    def _end_stretch(self) -> None:
        """A line for the requests since the last line."""
        first, last = self._first, self._last
        self._first = self._last = None
        if not first or not last:
            return
        tokens, total = last["actual"], self._budget
        numbers = f"{first['index']}–{last['index']}" if first is not last else f"{last['index']}"
        drawn = render.bar(tokens, total, last["level"], BAR_CELLS)
        size = (
            f"  {render.tokens(tokens):>5}/{render.tokens(total)} {render.percent(tokens, total)}"
        )
        self._console.print(Text.assemble(f"{numbers:>11}  ", drawn, size))

    def _boundary(self, record: Boundary) -> None:
        self._is_counted = False
        before, after = record["pre_tokens"], record["post_tokens"]
        sizes = f"at {render.tokens(before)}" if before else "at an unknown size"
        sizes += f", {render.tokens(after)} of the conversation left" if after else ""
        line = f"compaction ({record['trigger'] or 'unknown'}) {sizes}"
        self._console.print(Text.assemble(" " * 13, (render.safe(line), "bold magenta")))

    def _advice(self, record: Said) -> None:
        title = f"advice ({record['trigger']})"
        self._console.print(Text.assemble(" " * 13, (title, "bold")))
        render.show(self._console, Padding(render.text(record["message"]), (0, 0, 0, 13)))

    def _summary(self) -> None:
        """The last lines: how much there was, how well sizes were predicted, on what window."""
        window, model = self._source.state["context_window"], self._source.state["model"]
        if not self._counts["request"]:
            self._console.print("No requests in this transcript.")
            return
        named = ("request", "compaction", "piece")
        counts = [
            phrases.counted(n, what) for n, what in zip(self._counts.values(), named, strict=True)
        ]
        self._console.print()
        self._console.print(f"{counts[0]}, {counts[1]}, {counts[2]} of advice")
        if self._foretold:
            error = 100 * self._errors / self._foretold
            self._console.print(f"sizes predicted within {error:.2f}% on average")
        total = render.tokens(window["total"])
        self._console.print(render.text(f"window {total} (source: {window['source']}), {model}"))
