"""`clearpoint fork` and `clearpoint diff`: branch a session, and compare two."""

from __future__ import annotations

import shlex

import click
from rich.text import Text

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, for_project, open_session
from clearpoint.report import comparison

ID_CHARS = 8


@click.command(
    short_help="Branch a session.",
    epilog=examples("clearpoint fork", "clearpoint fork 1f3a"),
)
@click.argument("session_id", metavar="[SESSION]", required=False)
@for_project()
def fork(session_id: str | None, place: Place) -> None:
    """Branch a session and print the command that starts Claude Code on the branch.

    The two sessions are independent from here on; clearpoint diff shows how they differ.
    """
    parent = open_session(place, session_id)
    child = parent.fork()
    click.echo(f"Session {child.session_id} is a fork of {parent.session_id}. To continue it:")
    arguments = ["--resume", parent.session_id, "--fork-session", "--session-id", child.session_id]
    click.echo(f"  {shlex.join(['claude', *arguments])}")


@click.command(
    short_help="Show how the work of two sessions differs.",
    epilog=examples("clearpoint diff 1f3a 9c2e", "clearpoint diff 1f3a 9c2e --json"),
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@for_project(as_json=True)
def diff(first: str, second: str, place: Place, as_json: bool) -> None:
    """Show how the work of sessions A and B differs: facts, decisions, steps, issues, files.

    JSON: for each kind an object with the keys first, second (what only that one has) and unlike.
    """
    one, other = open_session(place, first), open_session(place, second)
    found = comparison.compare(one.current(), other.current(), place.project)
    if as_json:
        render.print_json({kind: found[kind]._asdict() for kind in found})
        return
    names = [session.session_id[:ID_CHARS] for session in (one, other)]
    console = render.console()
    for kind, difference in found.items():
        if difference.is_empty:
            continue
        console.print(Text(kind.capitalize(), "bold"))
        for label, items in zip((*names, "both"), difference, strict=True):
            for item in items:
                console.print(Text(f"  {label:<{ID_CHARS}}  {render.safe(item)}"), soft_wrap=True)
    if all(difference.is_empty for difference in found.values()):
        click.echo("Both have the same facts, decisions, steps, issues and changed files.")
