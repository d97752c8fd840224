"""`clearpoint allow`: stop holding prompts back."""

from __future__ import annotations

import click

from clearpoint.cli.options import Place, examples, for_session, open_session
from clearpoint.session.stored import StoredSession


@click.command(
    short_help="Stop holding prompts back.",
    epilog=examples("clearpoint allow", "clearpoint allow --session 1f3a"),
)
@for_session()
def allow(place: Place, session_id: str | None) -> None:
    """Stop holding this session's prompts back, until a clear or a compaction.

    Prompts are held back only if advice.enforce is set, when the budget is nearly used up. To let a
    single one through, send it once more.
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
        return "Nothing to allow: advice.enforce is not set, so no prompt is held back."
    if level != "emergency":
        return (
            f"Nothing to allow: the context is at {level}, and prompts are held back at emergency."
        )
    return "Prompts go through until you clear or compact."
