"""`clearpoint demo`: the whole story on a sample session, told by the real hooks."""

from __future__ import annotations

import os
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from clearpoint.cli import render
from clearpoint.cli.options import examples
from clearpoint.demo.stage import Stage, StageError
from clearpoint.demo.story import AFTER, story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from clearpoint.demo.stage import Answer, Conversation, Turn

SHOWN_CALLS = 5


@click.command(
    short_help="Play a sample session with the real hooks.",
    epilog=examples("clearpoint demo", "clearpoint demo --keep /tmp/clearpoint-demo"),
)
@click.option(
    "--keep",
    "kept",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Keep the sample project in this new or empty folder.",
)
def demo(kept: str | None) -> None:
    """Play a sample session, and show everything the hooks say and do.

    Claude Code is simulated, the hooks are real: this installation's executables, each started
    as a process for each event. Nothing outside the sample project is touched.
    """
    try:
        with folder(kept) as project:
            Play(render.console(), Stage(project, os.environ)).run()
    except StageError as error:
        raise click.ClickException(str(error)) from None
    if kept:
        variable = f"CLAUDE_CONFIG_DIR={kept}/.claude"
        click.echo(f"To explore it: {variable} clearpoint status --project {kept}")
    else:
        click.echo("The sample project was removed; --keep DIR keeps one.")


@contextmanager
def folder(kept: str | None) -> Iterator[Path]:
    """An empty project folder, which goes at the end unless it is to be kept."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="clearpoint-demo-") as name:
            yield Path(name).resolve()
        return
    path = Path(kept).resolve()
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise click.ClickException(f"{path} is not empty; name a new folder with --keep")
    yield path


class Play:
    """The story on the stage, as it is printed."""

    def __init__(self, console: Console, stage: Stage) -> None:
        self._console = console
        self._stage = stage

    def run(self) -> None:
        """All of it, from the first prompt to the files that are left."""
        self._title("A session in Claude Code, with Clearpoint")
        first = self._stage.begin()
        self._stage.send("SessionStart", first, source="startup", model="claude-sonnet-4-6")
        for turn in story(str(self._stage.project)):
            self._turn(turn, first)
        self._title("If Claude Code compacted now, the summarizer would be told")
        told = self._stage.send("PreCompact", first, trigger="manual", custom_instructions=None)
        self._framed(told.text, "yellow")
        self._title("You type /clear")
        self._stage.send("SessionEnd", first, reason="clear")
        second = self._stage.begin()
        started = self._stage.send("SessionStart", second, source="clear")
        self._said("SessionStart", started)
        self._console.print("\nWhat Claude finds in the new session:", style="bold")
        self._framed(started.context, "green")
        self._turn(AFTER, second)
        self._title("What is left on disk")
        self._files()

    def _turn(self, turn: Turn, about: Conversation) -> None:
        """One turn: the prompt's event, what Claude does, Stop, and the status line."""
        self._prompt(turn.prompt)
        noted = self._stage.send("UserPromptSubmit", about, prompt=turn.prompt)
        if noted.context:
            self._line("→ ", f"Claude is told: {noted.context}", "yellow")
        about.prompt(turn.prompt)
        for call in turn.calls:
            about.call(call)
        about.say(turn.answer)
        shown = [call.shown for call in turn.calls[:SHOWN_CALLS]]
        more = len(turn.calls) - len(shown)
        self._line("⏺ ", ", ".join(shown) + (f" and {more} more" if more else ""), "bright_black")
        self._line("⏺ ", turn.answer)
        self._said("Stop", self._stage.send("Stop", about, last_assistant_message=turn.answer))
        line = Text.from_ansi(self._stage.status_line(about), no_wrap=True, overflow="ellipsis")
        self._show(Padding(line, (0, 0, 0, 2)))

    def _prompt(self, text: str) -> None:
        self._console.print()
        self._line("❯ ", text, "bold")

    def _said(self, event: str, answer: Answer) -> None:
        """What the client shows of a hook's answer."""
        if answer.message:
            self._line("  ⎿  ", f"{event} says: {answer.message}", "bold cyan")

    def _line(self, mark: str, text: str, style: str = "") -> None:
        """A text with a mark before it, whose further lines hang below its first."""
        grid = Table.grid(padding=0)
        grid.add_row(Text(mark, style), Text(text, style))
        self._show(grid)

    def _show(self, thing: RenderableType) -> None:
        render.show(self._console, thing)

    def _title(self, text: str) -> None:
        self._console.print()
        self._console.print(Rule(Text(text, "bold"), align="left"))

    def _framed(self, text: str, style: str) -> None:
        self._show(Panel(Text(text), border_style=style, padding=(0, 1)))

    def _files(self) -> None:
        """The state folder, and how long the hooks took."""
        root = Path(self._stage.root)
        self._show(branch(root, Tree(Text(str(root), "bold"))))
        times = [f"{event} {1_000 * statistics.median(spans):.0f}"
                 for event, spans in self._stage.times_s.items()]  # fmt: skip
        self._show(Text(f"\nMedian time of each hook in ms: {', '.join(times)}"))


def branch(path: Path, tree: Tree) -> Tree:
    """The files below a folder."""
    for child in sorted(path.iterdir()):
        if child.is_dir():
            branch(child, tree.add(Text(child.name, "bold")))
        elif not child.name.endswith(".lock"):
            tree.add(
                Text.assemble(child.name, (f"  {child.stat().st_size:,} bytes", "bright_black"))
            )
    return tree
