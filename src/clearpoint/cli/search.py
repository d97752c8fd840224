"""`clearpoint search`: find what was said and done in past sessions."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.client import sanitize
from clearpoint.lowlevel.clock import DAY_S, HOUR_S
from clearpoint.search import answer
from clearpoint.search.find import Wanted, find
from clearpoint.search.passages import KINDS
from clearpoint.search.refresh import opened
from clearpoint.search.whole import NotFoundError, whole_turn
from clearpoint.store.layout import own_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.search.find import Result

BY_CLAUDE = "CLAUDECODE"
"""The client sets it where Claude itself runs a command."""
SPAN = re.compile(r"(\d{1,5})([hdwmy])")
UNITS = {"h": HOUR_S, "d": DAY_S, "w": 7 * DAY_S, "m": 30 * DAY_S, "y": 365 * DAY_S}
TOLD_BYTES = 50_000_000
"""Reading less than this takes about a second: nobody need be told."""


def since(_ctx: click.Context, _param: click.Parameter, given: str | None) -> float:
    """The time that `2w` or `2026-01-31` means, in seconds; 0 if nothing is given."""
    if given is None:
        return 0.0
    if found := SPAN.fullmatch(given):
        return time.time() - int(found[1]) * UNITS[found[2]]
    try:
        return time.mktime(time.strptime(given, "%Y-%m-%d"))
    except (ValueError, OverflowError):
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
@click.option("--since", callback=since, metavar="AGE", help="12h, 3d, 2w, 6m, 1y or a date.")
@click.option("--file", "file", default="", metavar="PATH", help="Turns that touched this file.")
@click.option("--kind", type=click.Choice(KINDS), multiple=True, help="Only these.")
@click.option("-n", "--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--open", "opening", metavar="SESSION:TURN", help="Print a whole turn instead.")
@json_option
@told
def search(words: Sequence[str], place: Place, as_json: bool, **given: Any) -> None:
    """Find what was said and done in past sessions, best match first.

    Searches your prompts, Claude's answers, decisions, commands, changes and errors in the
    transcripts of this project, and in the archives of those that Claude Code has deleted. A
    phrase stands in quotes: '"refresh token"'. The first search indexes what is new.

    JSON: a list of objects with the keys score, kind, at, project, session_id, turn, prompt,
    snippet, and the commands open, resume and continue.
    """
    if not words and not given["file"] and not given["opening"]:
        raise click.UsageError("Nothing to search for.")
    if given["of_team"]:
        search_team(" ".join(words), place, as_json, given)
        return
    index = opened(own_folder(place.env), place.env, tell)
    if given["opening"]:
        try:
            click.echo(sanitize.lines(whole_turn(index.db, given["opening"])))
        except NotFoundError as error:
            raise click.ClickException(str(error)) from None
        return
    wanted = Wanted(
        " ".join(words),
        "" if given["everywhere"] else place.root,
        given["since"], given["file"], given["kind"] or KINDS, given["limit"],
    )  # fmt: skip
    show(find(index.db, wanted, time.time()), place.env, as_json)


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
    if place.env.get(BY_CLAUDE):
        rows = [{key: sanitize.line(str(value)) for key, value in row.items()} for row in rows]
    team.show_rows(rows, as_json=as_json)


def show(results: Sequence[Result], env: Mapping[str, str], as_json: bool) -> None:
    """Print results for a program, for Claude or for a user."""
    if as_json:
        import json

        found = [answer.as_json(one) for one in results]
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    elif env.get(BY_CLAUDE):
        click.echo(answer.for_claude(results))
    elif results:
        from clearpoint.cli.search_view import show_results

        show_results(results)
    else:
        click.echo(f"{answer.NOTHING}. Other words may; --all searches all projects.")


def tell(done: int, total: int) -> None:
    """Say on standard error how far the indexing is."""
    if total > TOLD_BYTES:
        end = "\r" if sys.stderr.isatty() and done < total else "\n"
        if sys.stderr.isatty() or done >= total:
            click.echo(f"Indexed {done // 1_000_000} of {total // 1_000_000} MB{end}", err=True,
                       nl=False)  # fmt: skip
