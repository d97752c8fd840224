"""`clearpoint allow`: let prompts through that would be held back."""

from __future__ import annotations

import click

from clearpoint.cli.options import Place, examples, for_session, open_session
from clearpoint.session.stored import StoredSession


@click.command(
    short_help="Let prompts through where they are held back.",
    epilog=examples("clearpoint allow", "clearpoint allow --session 1f3a"),
)
@for_session()
def allow(place: Place, session_id: str | None) -> None:
    """Let the session's prompts through at emergency, until a clear or a compaction.

    Prompts are held back there only where advice.enforce is set. To let a single one through, send
    it once more.
    """
    session = open_session(place, session_id)
    kept = StoredSession(place.project, session.session_id, place.env)
    with kept.locked() as (update, state):
        state["advice"]["allowed"] = state["budget"]["level"] == "emergency"
        kept.write(update, state)
        kept.store.journal(session.session_id, "Allow", level=state["budget"]["level"])
    click.echo(answer(update.config["advice"]["enforce"], state["budget"]["level"]))


def answer(is_enforced: bool, level: str) -> str:
    """What the command has done, in one line."""
    if not is_enforced:
        return "Nothing is held back: advice.enforce is not set."
    if level != "emergency":
        return f"Nothing is held back: the context is at {level}, not at emergency."
    return "Prompts go through until a clear or a compaction."
