"""What `--team` shows: the same questions, asked of the team's database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from clearpoint.cli import render
from clearpoint.store.layout import own_folder
from clearpoint.sync import remote
from clearpoint.team import database
from clearpoint.team.database import TeamError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from clearpoint.cli.options import Place

NO_TEAM = "No team database is set for this project. To add it: clearpoint remote add postgres URL"


def asked(place: Place, question: Callable[[Connection[Any], str], list[Any]]) -> list[Any]:
    """What the team's database answers; `question` is given a connection and the project."""
    found = remote.read(own_folder(place.env), remote.key_of(place.root), "postgres")
    if found is None:
        raise click.ClickException(NO_TEAM)
    try:
        with database.connect(found["url"]) as connection:
            database.check(connection)
            return answered(connection, found["project"], question)
    except TeamError as error:
        raise click.ClickException(str(error)) from None


def answered(
    connection: Connection[Any],
    project: str,
    question: Callable[[Connection[Any], str], list[Any]],
) -> list[Any]:
    """The answer to one question; raises TeamError."""
    import psycopg

    try:
        return question(connection, project)
    except psycopg.Error as error:
        raise TeamError(database.in_words(error)) from None


def show_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows for a program, or as a table."""
    if as_json:
        render.print_json(rows)
        return
    if not rows:
        click.echo("Your team has no such sessions.")
        return
    found = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for key in rows[0]:
        found.add_column(key.replace("_", " "), overflow="fold")
    for row in rows:
        found.add_row(*(render.text(shown(value)) for value in row.values()))
    render.show(render.console(), found)


def shown(value: Any) -> str:
    """A value in a cell."""
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)
