"""`clearpoint snooze`: put advice off."""

from __future__ import annotations

import time

import click

from clearpoint.advice import snooze as asked
from clearpoint.advice.catalogue import words, words_in
from clearpoint.cli.options import Place, examples, for_session, open_session
from clearpoint.config import load as settings
from clearpoint.session.stored import StoredSession
from clearpoint.text.phrases import short


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
    """Silence advice: for this session, up to a size, or for a day in this project.

    You are still warned when the window is almost full. /clear ends the session, and the snooze
    with it.
    """
    typed = " ".join(how_long)
    if (found := asked.parsed(typed)) is None:
        raise click.UsageError(
            f"cannot read {typed!r} as a duration: use for this session, until 150k, a day, or off."
        )
    whole, tokens, seconds = found
    if seconds:
        put_off(place, time.time() + seconds)
        config, _ = settings.load(place.project, place.root, place.env)
        click.echo(words_in(config["advice"]["language"], config)["snoozed_day"])
        return
    session = open_session(place, session_id)
    kept = StoredSession(place.project, session.session_id, place.env)
    with kept.locked() as (update, state):
        state["advice"]["snoozed"], state["advice"]["snoozed_to"] = whole, tokens
        kept.write(update, state)
        kept.store.journal(session.session_id, "Snooze", session=whole, tokens=tokens)
        said = words(state, update.config)
    if not whole and not tokens:
        put_off(place, 0.0)
    which = "snoozed" if whole else "snoozed_to" if tokens else "snoozed_off"
    click.echo(said[which].format(used=short(tokens)))


def put_off(place: Place, until: float) -> None:
    """Put advice off in the whole project until then, in seconds of the epoch."""
    place.store.write_notices({**place.store.read_notices(), "snoozed_until": until})
