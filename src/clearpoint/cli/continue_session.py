"""`clearpoint continue`: take over the work of any session of the project."""

from __future__ import annotations

import click

from clearpoint.cli.options import (
    Place,
    examples,
    known_sessions,
    project_option,
    session_option_saying,
    told,
)
from clearpoint.lineage.continuing import take_up
from clearpoint.lowlevel.clock import now_text
from clearpoint.session.find import NoSessionError, SessionError, find_session, newest_own
from clearpoint.session.stored import StoredSession
from clearpoint.store.orders import write_order

ID_CHARS = 8


@click.command(
    "continue",
    short_help="Take over the work of an earlier session.",
    epilog=examples("clearpoint continue", "clearpoint continue 1f3a"),
)
@click.argument("wanted", metavar="[SESSION]", required=False, shell_complete=known_sessions)
@project_option
@session_option_saying("The session that takes it over (default: the running one).")
@told
def continue_session(wanted: str | None, place: Place, session_id: str | None) -> None:
    """Take over the work of SESSION (default: the newest other session of this machine).

    It may be from today or last week, from another worktree, and may have ended in any way. Inside
    a session (or with /clearpoint:continue) Claude is told with your next prompt. Elsewhere, the
    next session that starts here within an hour takes the work over.
    """
    own = session_id or place.own_session
    found = find_session(place.store, wanted) if wanted else newest_other(place, own)
    if found == own:
        raise SessionError("a session cannot continue itself; name another one")
    about = found[:ID_CHARS]
    if own is None:
        write_order(place.store, place.project, found, now_text())
        click.echo(f"Start claude here within an hour: the new session will continue {about}.")
        return
    kept = StoredSession(place.project, find_session(place.store, own), place.env)
    parent = StoredSession(place.project, found, place.env).current()
    with kept.locked() as (update, state):
        update.transcript_path = state["system"]["transcript_path"]
        text = take_up(update, state, parent)
        kept.write(update, state)
        kept.store.journal(kept.session_id, "Continue", parent=found)
    carried = "Claude is told with your next prompt" if text else "there was nothing to carry over"
    click.echo(f"This session continues session {about}: {carried}.")


def newest_other(place: Place, own: str | None) -> str:
    """The newest session of this machine that is not this one; raises NoSessionError."""
    others = [one for one in place.store.newest_ids() if one != own]
    if not others:
        raise NoSessionError(f"no other session is recorded in {place.root}")
    return newest_own(place.store, others)
