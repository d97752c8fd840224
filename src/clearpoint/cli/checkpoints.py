"""`clearpoint checkpoint` and `clearpoint restore`."""

from __future__ import annotations

import click

from clearpoint.cli.options import Place, examples, for_session, open_session


@click.command(
    short_help="Keep a copy of the session's present state.",
    epilog=examples("clearpoint checkpoint", "clearpoint checkpoint before-refactoring"),
)
@click.argument("name", required=False)
@for_session()
def checkpoint(name: str | None, place: Place, session_id: str | None) -> None:
    """Keep a copy of the session's present state, under NAME or the time.

    The hooks take copies too: at critical, before a compaction and at the end of a session. Of
    those under a time, the newest ten are kept; those under a NAME stay.
    """
    session = open_session(place, session_id)
    click.echo(f"Checkpoint {session.checkpoint(name)} of session {session.session_id}.")


@click.command(epilog=examples("clearpoint restore before-refactoring"))
@click.argument("name")
@for_session()
def restore(name: str, place: Place, session_id: str | None) -> None:
    """Take the work state back from the checkpoint NAME.

    That is spec, phase, steps, decisions, issues, files and preferences; what was measured of the
    conversation stays. The present state is kept as a checkpoint first. clearpoint status and
    show list the names.
    """
    session = open_session(place, session_id)
    kept = session.restore(name)
    click.echo(f"Session {session.session_id} has the work state of {name} again.")
    click.echo(f"To undo this: clearpoint restore {kept} --session {session.session_id}")
