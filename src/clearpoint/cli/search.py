"""`clearpoint search`: find what was said and done in past sessions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.client import sanitize
from clearpoint.search import answer, arguments
from clearpoint.search.find import Wanted, find
from clearpoint.search.passages import KINDS
from clearpoint.search.refresh import DAMAGE, used
from clearpoint.search.whole import NotFoundError, whole_turn
from clearpoint.store.layout import own_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from clearpoint.search.index import Index

    Answer = TypeVar("Answer")


def since(_ctx: click.Context, _param: click.Parameter, given: str | None) -> float:
    """The time that `2w` or `2026-01-31` means, in seconds; 0 if nothing is given."""
    if given is None:
        return 0.0
    try:
        return arguments.since(given, time.time())
    except ValueError:
        raise click.BadParameter(f"{given!r}; use 12h, 3d, 2w, 6m, 1y or 2026-01-31") from None


@click.command(
    short_help="Search past sessions.",
    epilog=examples(
        "clearpoint search refresh token",
        "clearpoint search --all --since 2w --kind decision database",
        "clearpoint search --file src/login.py",
        "clearpoint search --open 3f2a1b9c:5   read the whole turn",
    ),
)
@click.argument("words", nargs=-1)
@project_option
@click.option("--all", "everywhere", is_flag=True, help="Search all projects.")
@click.option("--team", "of_team", is_flag=True, help="Search the team's sessions.")
@click.option(
    "--since", callback=since, metavar="AGE", help="12h, 3d, 2w, 6m (months), 1y or a date."
)
@click.option(
    "--file", "file", default="", metavar="PATH", help="Only turns that touched this file."
)
@click.option(
    "--kind", type=click.Choice(KINDS), multiple=True, help="Only results of these kinds."
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, arguments.MOST),
    default=arguments.LIMIT,
    show_default=True,
)
@click.option("--open", "opening", metavar="SESSION:TURN", help="Print a whole turn instead.")
@json_option
@told
def search(words: Sequence[str], place: Place, as_json: bool, **given: Any) -> None:
    """Find what was said and done in past sessions, best match first.

    Searches your prompts, Claude's answers, decisions, commands, changes and errors in the
    transcripts of this project, and in the archives of those that Claude Code has deleted. Quote
    a phrase: '"refresh token"'. The first search indexes what is new.

    JSON: a list of objects with the keys score, kind, at, project, session_id, turn, prompt,
    snippet, and the commands open, resume and continue.
    """
    if not words and not given["file"] and not given["opening"]:
        raise click.UsageError("no words to search for")
    if given["of_team"]:
        search_team(" ".join(words), place, as_json, given)
        return
    if given["opening"]:
        turn = asked(place, lambda index: whole_turn(index.db, given["opening"]))
        click.echo(sanitize.lines(turn))
        return
    wanted = Wanted(
        " ".join(words),
        "" if given["everywhere"] else place.root,
        given["since"], given["file"], given["kind"] or KINDS, given["limit"],
    )  # fmt: skip
    found = asked(place, lambda index: find(index, wanted, time.time()))
    click.echo(answer.told(found, place.env, as_json=as_json), color=True)


def asked(place: Place, use: Callable[[Index], Answer]) -> Answer:
    """What the index says; raises ClickException in words."""
    try:
        return used(own_folder(place.env), place.env, use, answer.tell)
    except NotFoundError as error:
        raise click.ClickException(str(error)) from None
    except DAMAGE as error:
        raise click.ClickException(f"the search index cannot be used: {error}") from None


def search_team(words: str, place: Place, as_json: bool, narrowed: Mapping[str, Any]) -> None:
    """Search the passages in the team's database."""
    from clearpoint.cli import team
    from clearpoint.team import queries

    kinds = tuple(narrowed["kind"] or KINDS)
    rows = team.asked(
        place,
        lambda found, project: queries.search(
            found, project, words, narrowed["since"], kinds, narrowed["limit"]
        ),
    )
    if place.env.get(answer.BY_CLAUDE):
        rows = [{key: sanitize.line(str(value)) for key, value in row.items()} for row in rows]
    team.show_rows(rows, as_json=as_json)
