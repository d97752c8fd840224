"""`clearpoint usage`: tokens by model, day or session, from what is kept of each request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from clearpoint.cli import team
from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.cli.search import since
from clearpoint.history import keep, outlook, requests
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.session.find import SessionError
from clearpoint.team import queries
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.history.transcripts import Found
    from clearpoint.models.usage import Request
    from clearpoint.store.store import Store

TOKENS = ("input", "written", "read", "output")
LIMIT = 1_000


@click.command(
    short_help="Show tokens by model, day or session.",
    epilog=examples("clearpoint usage", "clearpoint usage --since 4w --by day --json"),
)
@project_option
@click.option("--all", "everywhere", is_flag=True, help="All projects.")
@click.option("--team", "of_team", is_flag=True, help="The team's, by user and model.")
@click.option("--since", callback=since, metavar="AGE", help="12h, 3d, 2w, 6m, 1y or a date.")
@click.option(
    "--by", type=click.Choice(("model", "day", "session")), default="model", show_default=True
)
@json_option
@told
def usage(place: Place, everywhere: bool, of_team: bool, as_json: bool, **given: Any) -> None:
    """Show how many tokens went where: sent, written to and read from the prompt cache, received.

    Counts each request once, also where a forked session repeats it. Sessions whose transcripts
    Claude Code has deleted count as long as they are archived.

    JSON: a list of objects with the keys model, day or session, requests, input, written, read,
    output; with --team also user.
    """
    if of_team:
        rows = team.asked(
            place, lambda found, project: queries.usage(found, project, given["since"], LIMIT)
        )
    else:
        rows = summed(everything(place, everywhere=everywhere), given["by"], given["since"])
    if not rows and not of_team and not as_json:
        raise SessionError("no request is recorded yet")
    team.show_rows(rows, as_json=as_json)


def everything(place: Place, *, everywhere: bool) -> Iterator[tuple[str, Request]]:
    """The requests of a project, or of all, each with its session."""
    env = place.env
    found = outlook.everywhere(env) if everywhere else outlook.of_project(place.project, env)
    present = set()
    for project, one in found:
        present.add(one.session_id)
        store = Place(project, env).store
        yield from ((one.session_id, row) for row in of_session(store, one))
    for session_id in place.store.kept_ids():
        if session_id not in present:
            rows = requests.read(place.store.session_folder(session_id)).values()
            yield from ((session_id, row) for row in rows)


def of_session(store: Store, found: Found) -> list[Request]:
    """The requests of a session: as kept where it is kept to its end, else from its transcript."""
    if keep.is_kept(store, found):
        return [*requests.read(store.session_folder(found.session_id)).values()]
    rows: dict[str, Request] = {}
    try:
        transcript = Transcript(found.path, None)
    except OSError:
        return []
    try:
        for _ in requests.collected(transcript.entries(), rows):
            pass
    finally:
        transcript.close()
    return [*rows.values()]


def summed(rows: Iterator[tuple[str, Request]], by: str, start: float) -> list[dict[str, Any]]:
    """Tokens by model, day or session: the most first, days in order."""
    sums: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for session_id, row in rows:
        if row["id"] in seen or (start and (seconds_of(row["at"]) or time.time()) < start):
            continue
        seen.add(row["id"])
        name = {"model": row["model"], "day": row["at"][:10], "session": session_id}[by]
        total = sums.setdefault(name, {by: name, "requests": 0, **dict.fromkeys(TOKENS, 0)})
        total["requests"] += 1
        for key in TOKENS:
            total[key] += row[key]  # type: ignore[literal-required]
    if by == "day":
        return [sums[day] for day in sorted(sums)]
    return sorted(sums.values(), key=lambda one: -sum(one[key] for key in TOKENS))
