"""`clearpoint path`: where a project's state is stored."""

from __future__ import annotations

import click

from clearpoint.cli.options import Place, examples, for_project, known_sessions, open_session


@click.command(
    short_help="Print the folder that holds the project's state.",
    epilog=examples(
        "clearpoint path", "clearpoint path 1f3a", 'grep -rn "word" "$(clearpoint path)"'
    ),
)
@click.argument("session_id", metavar="[SESSION]", required=False, shell_complete=known_sessions)
@for_project()
def path(session_id: str | None, place: Place) -> None:
    """Print the folder of the project's state, or of one session.

    The folder may not exist yet. All worktrees of a repository share one folder.
    """
    click.echo(open_session(place, session_id).folder if session_id else place.root)
