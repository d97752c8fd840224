"""`clearpoint report`: one session or all of them as a page for a browser."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from pathlib import Path

import click

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, for_project, open_session
from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.text import phrases

FOLDER = "reports"
NAME_CHARS = 8
STANDARD_OUTPUT = "-"


@click.command(
    short_help="Write an HTML report.",
    epilog=examples(
        "clearpoint report --open",
        "clearpoint report 1f3a -o session.html",
        "clearpoint report --all",
    ),
)
@click.argument("session_id", metavar="[SESSION]", required=False)
@click.option("--all", "is_whole", is_flag=True, help="Report on all sessions of the project.")
@click.option("--open", "is_opened", is_flag=True, help="Open the page in the browser.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Output file; - for standard output (default: in the state folder).",
)
@for_project()
def report(
    session_id: str | None, place: Place, is_whole: bool, is_opened: bool, output: str | None
) -> None:
    """Write an HTML report about a session; SESSION is an ID prefix (default: newest).

    It shows the context over time, compactions, clears and advice, where the tokens went, the work
    that was done, which sessions continue which, and how they compare. The page loads nothing from
    elsewhere. It quotes file names, prompts and decisions, so read it before you share it.
    """
    if session_id and is_whole:
        raise click.UsageError("give a session or --all, not both")
    from clearpoint.report import gather as reporting
    from clearpoint.report.assets import AssetError

    began = time.monotonic()
    session = open_session(place, session_id)
    chosen = None if is_whole else session.session_id
    try:
        page = reporting.render(reporting.gather(place.project, chosen, place.env)).encode()
    except AssetError as error:
        raise click.ClickException(str(error)) from None
    if output == STANDARD_OUTPUT:
        sys.stdout.buffer.write(page)
        return
    path = written(page, output, place.root, chosen[:NAME_CHARS] if chosen else "all")
    size, seconds = phrases.counted(len(page) >> 10, "kilobyte"), time.monotonic() - began
    click.echo(f"{render.safe(path)} ({size}, {seconds:.1f} s)")
    if is_opened and not webbrowser.open(Path(path).as_uri()):
        raise click.ClickException(f"could not start a browser; open {render.safe(path)} yourself")


def written(page: bytes, output: str | None, root: str, name: str) -> str:
    """Write the page for its owner alone; return its path."""
    folder = os.path.join(root, FOLDER)
    if output is None:
        make_folder(folder)
    path = os.path.abspath(output or os.path.join(folder, f"{name}.html"))
    if os.path.lexists(path) and not Path(path).is_file():
        raise click.ClickException(f"{path} is not a regular file")
    write_atomically(path, page)
    return path
