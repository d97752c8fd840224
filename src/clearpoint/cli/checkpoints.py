"""`clearpoint checkpoint` and `clearpoint restore`."""

from __future__ import annotations

import click

from clearpoint.cli.options import Place, examples, for_session, open_session


@click.command(
    short_help="Save a copy of the session's state.",
    epilog=examples("clearpoint checkpoint", "clearpoint checkpoint before-refactoring"),
)
@click.argument("name", required=False)
@for_session()
def checkpoint(name: str | None, place: Place, session_id: str | None) -> None:
    """Save a copy of the session's state, under NAME or the current time.

    The hooks save copies too: at the critical level, before a compaction and at the end of a
    session. The newest ten of those are kept; copies with a NAME stay.
    """
    session = open_session(place, session_id)
    click.echo(f"Saved checkpoint {session.checkpoint(name)} of session {session.session_id}.")


@click.command(epilog=examples("clearpoint restore before-refactoring"))
@click.argument("name")
@for_session()
def restore(name: str, place: Place, session_id: str | None) -> None:
    """Restore the work state from a checkpoint.

    Steps, decisions, issues, files and preferences go back; token counts stay. The current state is
    saved as a checkpoint first. clearpoint show lists the names.
    """
    session = open_session(place, session_id)
    kept = session.restore(name)
    click.echo(f"Restored {name} in session {session.session_id}.")
    click.echo(f"To undo: clearpoint restore {kept} --session {session.session_id}")
