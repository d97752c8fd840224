"""`clearpoint sessions`, `show` and `reload`: what is kept of each session."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from clearpoint.cli import render, session_view
from clearpoint.cli.options import (
    Place,
    examples,
    for_project,
    json_option,
    known_sessions,
    open_session,
    project_option,
    told,
)
from clearpoint.cli.projects import watched_projects
from clearpoint.client.endings import ENDINGS
from clearpoint.client.settings import config_dir
from clearpoint.reload.compose import limit_of
from clearpoint.session.find import NoSessionError
from clearpoint.session.load import read
from clearpoint.session.recovery import is_newer, whole_state
from clearpoint.statusline.facts import told_phase
from clearpoint.store import processes
from clearpoint.store.checksummed import DamagedStateError

if TYPE_CHECKING:
    from clearpoint.api.clearing import Reason
    from clearpoint.models.state import State
    from clearpoint.store.store import Store

REASONS = ("clear", "compact", "crash", "fork", "resume")
ID_CHARS = 8
TEAM_LIMIT = 200
BAR_CELLS = 6
BARS_FROM = 70
"""Narrower terminals show the figures without the bars."""
PROJECT_CELLS = 16

session_argument = click.argument(
    "session_id", metavar="[SESSION]", required=False, shell_complete=known_sessions
)


@click.command(
    epilog=examples(
        "clearpoint sessions",
        "clearpoint sessions --all       of all your projects",
        "clearpoint sessions --json",
    )
)
@project_option
@click.option("--all", "everywhere", is_flag=True, help="List the sessions of all projects.")
@click.option("--team", "of_team", is_flag=True, help="List the team's sessions.")
@json_option
@told
def sessions(place: Place, everywhere: bool, of_team: bool, as_json: bool) -> None:
    """List the project's sessions, newest first.

    The Use column shows the size of the next request out of your budget, the Work column spec and
    phase. A session is open while Claude Code runs it.

    JSON: a list of objects with the keys project, session_id, last_updated, model, used,
    projected, total (the window), budget, level, spec, phase, parent_id, reason, confidence,
    ended, pid (of the Claude Code process that runs it now) and damaged; newer, if a newer
    Clearpoint wrote it.
    """
    if of_team:
        from clearpoint.cli import team
        from clearpoint.team import queries

        found = team.asked(place, lambda link, name: queries.sessions(link, name, 0.0, TEAM_LIMIT))
        team.show_rows(found, as_json=as_json)
        return
    rows = rows_of(place)
    if everywhere:
        others = watched_projects(config_dir(place.env), place.env)
        for other in others:
            if other != place.project:
                rows += rows_of(Place(other, place.env))
        rows.sort(key=lambda one: str(one.get("last_updated", "")), reverse=True)
    if as_json:
        render.print_json(rows)
        return
    if not rows:
        raise NoSessionError(f"nothing is recorded in {place.root} yet")
    console = render.console()
    if not everywhere:
        console.print(render.text(f"Sessions of {place.project}", "bold"), soft_wrap=True)
    bar_cells = BAR_CELLS if console.width >= BARS_FROM else 0
    render.show(console, table(rows, everywhere=everywhere, bar_cells=bar_cells))


def rows_of(place: Place) -> list[dict[str, Any]]:
    """The sessions of one project, the newest first; those that no hook has seen come last."""
    store = place.store
    held = processes.holders(store)
    return [
        {"project": place.project, **row(store, session_id, held)}
        for session_id in [*store.newest_ids(), *store.unseen_ids()]
    ]


@click.command(
    short_help="Show one session in detail.",
    epilog=examples("clearpoint show", "clearpoint show 1f3a"),
)
@session_argument
@for_project(as_json=True)
def show(session_id: str | None, place: Place, as_json: bool) -> None:
    """Show one session in detail; SESSION is an ID prefix (default: newest).

    JSON keys: session_id, model, created_at, last_updated, ended, context_window, budget,
    level_starts, level_reason, advice_pending, freed_by_clear, prompt_cache, attribution (null
    without a transcript), work_state, user_context, lineage, system, checkpoints, archives,
    folder. The parts of the state are those of state.json, brought up to date with the
    transcript.
    """
    session = open_session(place, session_id)
    if as_json:
        render.print_json(session_view.described(session, config_dir(place.env)))
    else:
        session_view.show(render.console(), session, config_dir(place.env))


@click.command(
    "reload",
    short_help="Print what Claude would be given after /clear.",
    epilog=examples("clearpoint reload", "clearpoint reload 1f3a --reason compact --json"),
)
@session_argument
@project_option
@click.option(
    "--reason",
    type=click.Choice(REASONS),
    default="clear",
    show_default=True,
    help="How the next session starts.",
)
@json_option
@told
def reload(session_id: str | None, place: Place, reason: Reason, as_json: bool) -> None:
    """Print what Claude would be given in a session that continues SESSION.

    The text goes to standard output, its size to standard error. The session ID in the first line
    will differ.

    JSON keys: session_id, reason, context, tokens (by cl100k_base), units (UTF-16
    code units; Claude Code accepts 10,000).
    """
    from clearpoint.client import replies
    from clearpoint.tokens import encoder

    session = open_session(place, session_id)
    context = session.resumption_context(reason)
    tokens = encoder.count(context)
    if as_json:
        render.print_json(
            {
                "session_id": session.session_id,
                "reason": reason,
                "context": context,
                "tokens": tokens,
                "units": replies.units(context),
            }
        )
        return
    if context:
        click.echo(render.safe(context) if sys.stdout.isatty() else context)
    limit = limit_of(reason, session.config)
    about = f"{tokens} of at most {limit} tokens" if context else "nothing to carry over"
    render.console(err=True).print(Text(about, "bright_black"))


def row(store: Store, session_id: str, held: dict[str, int]) -> dict[str, Any]:
    """One session of the list, as JSON."""
    path = store.state_path(session_id)
    try:
        state = read(store, session_id)
    except (DamagedStateError, OSError):
        state = whole_state(path, session_id)
    known = {"session_id": session_id, "pid": held.get(session_id), "damaged": state is None}
    if state is None and is_newer(path):
        known |= {"damaged": False, "newer": True}
    return {**known, **facts(state)} if state else known


def facts(state: State) -> dict[str, Any]:
    """What the list tells of a session that can be read."""
    window, lineage = state["context_window"], state["lineage"]
    return {
        "last_updated": state["last_updated"],
        "model": state["model"],
        "used": window["used"],
        "projected": window["projected"],
        "total": window["total"],
        "budget": state["budget"]["tokens"] or window["total"],
        "level": state["budget"]["level"],
        "spec": state["work_state"]["current_spec"],
        "phase": state["work_state"]["phase"],
        "parent_id": lineage["parent_id"],
        "reason": lineage["reason"],
        "confidence": lineage["confidence"],
        "ended": state["ended"],
    }


def table(
    rows: list[dict[str, Any]], *, everywhere: bool = False, bar_cells: int = BAR_CELLS
) -> Table:
    """The list for people."""
    found = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    first = ("Project",) if everywhere else ()
    for title in (*first, "Session", "Age", "Use", "Work", "Continued from", "Ended"):
        found.add_column(title, no_wrap=title != "Work")
    shown = shown_ids([one["session_id"] for one in rows])
    for one in rows:
        name = Text(shown[one["session_id"]], "bold" if one["pid"] else "")
        project = (render.text(folder_name(one["project"])),) if everywhere else ()
        if "used" not in one:
            unread = Text("newer", "yellow") if one.get("newer") else Text("damaged", "red")
            found.add_row(*project, name, "", unread, "", "", "")
            continue
        tokens, limit = one["projected"], one["budget"]
        use = Text.assemble(
            render.bar(tokens, limit, one["level"], bar_cells),
            f" {render.tokens(tokens):>4}/{render.tokens(limit)}",
        )
        parent, ended = one["parent_id"], one["ended"]
        found.add_row(
            *project,
            name,
            render.short_age(one["last_updated"]),
            use,
            render.text(" ".join(filter(None, (one["spec"], told_phase(one["phase"]))))),
            Text(f"{parent[:ID_CHARS]} (after {one['reason']})" if parent else ""),
            render.text(ENDINGS.get(ended, ended) or ("open" if one["pid"] else "")),
        )
    return found


def folder_name(project: str) -> str:
    """A project by the end of its path, short enough for a column."""
    return render.end_of(os.path.basename(project), PROJECT_CELLS)


def shown_ids(session_ids: list[str]) -> dict[str, str]:
    """Each id as short as it is still its own."""
    length = ID_CHARS
    while len({one[:length] for one in session_ids}) < len(session_ids):
        length += 1
    return {one: one[:length] for one in session_ids}
