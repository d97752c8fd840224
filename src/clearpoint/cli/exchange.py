"""`clearpoint push` and `clearpoint pull`: sessions to and from the project's remote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clearpoint.cli import render
from clearpoint.cli.options import (
    Place,
    examples,
    json_option,
    known_sessions,
    project_option,
    told,
)
from clearpoint.config import load as settings
from clearpoint.session.find import find_session
from clearpoint.store.layout import own_folder
from clearpoint.sync import remote
from clearpoint.sync.git import GitError
from clearpoint.sync.service import Exchange, NoRemoteError
from clearpoint.sync.snapshot import SnapshotError
from clearpoint.team.database import TeamError
from clearpoint.team.service import TeamProject
from clearpoint.text.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clearpoint.sync.service import Outcome

quiet_option = click.option("--quiet", is_flag=True, help="Print nothing, even on failure.")


@click.command(
    short_help="Send sessions to the remote.",
    epilog=examples("clearpoint push", "clearpoint push 3f2a"),
)
@click.argument("sessions", nargs=-1, shell_complete=known_sessions)
@project_option
@quiet_option
@json_option
@told
def push(sessions: Sequence[str], place: Place, quiet: bool, as_json: bool) -> None:
    """Send this project's sessions to its remote: all that changed, or those named.

    A snapshot is the session's state with secrets masked and paths relative to the project, its
    reload context, its usage, and its archive unless remote.archive is off.

    JSON keys: done (session ids), failed (a reason by id). Exit code 1: something failed.
    """
    named = [find_session(place.store, one) for one in sessions]
    own, key = own_folder(place.env), remote.key_of(place.root)
    team = remote.read(own, key, "postgres")
    if team is None or remote.read(own, key):
        config, _ = settings.load(place.project, place.root, place.env)
        with_archive = config["remote"]["archive"]
        tell("Pushed", quiet, as_json, lambda: opened(place).push(named, with_archive=with_archive))
    if team is not None:
        push_to_team(place, named, quiet)


def push_to_team(place: Place, named: Sequence[str], quiet: bool) -> None:
    """Send the sessions to the team's database; what cannot go waits in the outbox."""
    try:
        sent = TeamProject(place.project, place.root, own_folder(place.env), place.env).push(
            named, by_itself=quiet
        )
    except (TeamError, TimeoutError) as error:
        if quiet:
            raise click.exceptions.Exit(1) from None
        raise click.ClickException(f"{error}. Nothing is lost: the next push sends it.") from None
    if not quiet:
        click.echo(f"Sent {counted(sent, 'snapshot')} to the team.", err=True)


@click.command(
    short_help="Fetch sessions from the remote.",
    epilog=examples("clearpoint pull", "clearpoint pull 3f2a", "clearpoint pull --user bob"),
)
@click.argument("sessions", nargs=-1)
@project_option
@click.option("--user", default="", help="Whose sessions (default: yours).")
@quiet_option
@json_option
@told
def pull(sessions: Sequence[str], place: Place, user: str, quiet: bool, as_json: bool) -> None:
    """Fetch your sessions from the project's remote: all that are new, or those named.

    A pulled session stays apart from this machine's own and is never continued automatically. In
    Claude Code, /clearpoint:continue SESSION picks its work up.

    JSON keys: done (session ids), failed (a reason by id). Exit code 1: something failed.
    """
    tell("Pulled", quiet, as_json, lambda: opened(place).pull(sessions, user))


def opened(place: Place) -> Exchange:
    """The project with its remote."""
    return Exchange(place.project, place.root, own_folder(place.env), place.env)


def tell(verb: str, quiet: bool, as_json: bool, deed: Callable[[], Outcome]) -> None:
    """Do it, and say what came of it."""
    try:
        outcome = deed()
    except (GitError, NoRemoteError, SnapshotError, TimeoutError) as error:
        if quiet:
            raise click.exceptions.Exit(1) from None
        raise click.ClickException(str(error)) from None
    if as_json:
        render.print_json(outcome._asdict())
    elif not quiet:
        click.echo(f"{verb} {counted(len(outcome.done), 'session')}.")
        for session_id, reason in outcome.failed.items():
            click.echo(f"Error: {session_id[:8]}: {reason}", err=True)
    if outcome.failed:
        raise click.exceptions.Exit(1)
