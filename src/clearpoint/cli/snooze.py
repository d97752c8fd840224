"""`clearpoint snooze`: put advice off."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from clearpoint.advice import snooze as asked
from clearpoint.cli.options import Place, examples, for_session, open_session
from clearpoint.session.stored import StoredSession
from clearpoint.text import phrases
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from clearpoint.models.state import AdviceState


@click.command(
    short_help="Silence advice for a while.",
    epilog=examples(
        "clearpoint snooze                  for this session",
        "clearpoint snooze until 150k",
        "clearpoint snooze a day            in this project",
        "clearpoint snooze off",
    ),
)
@click.argument("how_long", nargs=-1, metavar="[for this session | until 150k | a day | off]")
@for_session()
def snooze(how_long: tuple[str, ...], place: Place, session_id: str | None) -> None:
    """Put advice off: for this session, until a size, or for a day in this project.

    You are still warned when the window is almost full. A session ends with /clear.
    """
    words = " ".join(how_long)
    if (found := asked.parsed(words)) is None:
        raise click.UsageError(
            f"cannot read {words!r} as a duration: use for this session, until 150k, a day, or off."
        )
    whole, tokens, seconds = found
    if seconds:
        put_off(place, time.time() + seconds)
    else:
        session = open_session(place, session_id)
        kept = StoredSession(place.project, session.session_id, place.env)
        with kept.locked() as (update, state):
            set_for(state["advice"], whole=whole, tokens=tokens)
            kept.write(update, state)
            kept.store.journal(session.session_id, "Snooze", session=whole, tokens=tokens)
        if not whole and not tokens:
            put_off(place, 0.0)
    click.echo(answer(whole, tokens, seconds))


def set_for(said: AdviceState, *, whole: bool, tokens: int) -> None:
    """Put advice off in one session, or hear it again."""
    said["snoozed"], said["snoozed_to"] = whole, tokens


def put_off(place: Place, until: float) -> None:
    """Put advice off in the whole project until then, in seconds of the epoch."""
    place.store.write_notices({**place.store.read_notices(), "snoozed_until": until})


def answer(whole: bool, tokens: int, seconds: float) -> str:
    """What the command has done, in one line."""
    if whole:
        return "No more advice in this session. To turn it back on: clearpoint snooze off"
    if tokens:
        return f"No advice in this session until {short(tokens)} tokens are in use."
    if seconds:
        return f"No advice in this project for {phrases.span(seconds)}."
    return "Advice is on again."
