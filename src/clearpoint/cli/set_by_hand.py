"""Editing the work state: `spec`, `phase`, `step`, `decide`, `issue`, `note`, `artifact`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from clearpoint.cli.options import Place, examples, for_session, open_session
from clearpoint.lowlevel.clock import now_text
from clearpoint.session import manual_edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.work import WorkState


@click.command(epilog=examples("clearpoint spec SPEC-AUTH-001"))
@click.argument("spec_id", metavar="ID")
@for_session()
def spec(spec_id: str, place: Place, session_id: str | None) -> None:
    """Set the current specification, for projects that work with specs."""
    work = open_session(place, session_id).update_work(spec=spec_id)
    click.echo(f"Specification: {work['current_spec']}")


@click.command(epilog=examples("clearpoint phase testing"))
@click.argument("name", metavar="NAME")
@for_session()
def phase(name: str, place: Place, session_id: str | None) -> None:
    """Set the phase of the work.

    The phases are initialization, planning, implementation, testing, documentation, review and
    completed.
    """
    work = open_session(place, session_id).update_work(phase=name)
    click.echo(f"Phase: {work['phase']}")


@click.group(epilog=examples('clearpoint step add "Write the migration"', "clearpoint step done"))
def step() -> None:
    """Add, list, edit or remove steps, or mark one as done."""


@step.command("add", epilog=examples('clearpoint step add "Write the migration"'))
@click.argument("text")
@for_session()
def add_step(text: str, place: Place, session_id: str | None) -> None:
    """Add a step after the open ones."""
    work = open_session(place, session_id).update_work(pending_step=text)
    opened = len(work["pending_steps"]) + bool(work["current_step"])
    click.echo(f"Added step {opened}: {work['pending_steps'][-1]}")


@step.command(
    "done", epilog=examples("clearpoint step done", 'clearpoint step done "the migration"')
)
@click.argument("text", required=False, default="")
@for_session()
def step_done(text: str, place: Place, session_id: str | None) -> None:
    """Mark a step as done: the current one, or the open one given by number or text.

    TEXT that matches no open step is recorded as a new, done step.
    """
    session = open_session(place, session_id)
    opened = manual_edits.open_steps(session.work)
    work = session.update_work(completed_step=text)
    done = work["completed_steps"][-1]
    click.echo(
        f"Done: {done}" if done in opened else f"No open step matched; recorded as done: {done}"
    )
    if following := work["current_step"] or work["next_step"]:
        click.echo(f"Next: {following}")


@step.command("list", epilog=examples("clearpoint step list"))
@for_session()
def list_steps(place: Place, session_id: str | None) -> None:
    """List the steps, open ones first."""
    work = open_session(place, session_id).work
    opened = manual_edits.open_steps(work)
    echo_list(opened)
    for number, done in enumerate(work["completed_steps"], len(opened) + 1):
        click.echo(f"{number}. {done} (done)")
    if not opened and not work["completed_steps"]:
        click.echo("No steps yet.")


@step.command("remove", epilog=examples("clearpoint step remove 2"))
@click.argument("which")
@for_session()
def remove_step(which: str, place: Place, session_id: str | None) -> None:
    """Remove a step; WHICH is its number or part of its text."""
    with open_session(place, session_id).changing_work() as work:
        click.echo(f"Removed: {manual_edits.remove_step(work, which)}")


@step.command("edit", epilog=examples('clearpoint step edit 2 "Write both migrations"'))
@click.argument("which")
@click.argument("text")
@for_session()
def edit_step(which: str, text: str, place: Place, session_id: str | None) -> None:
    """Reword an open step; WHICH is its number or part of its text."""
    with open_session(place, session_id).changing_work() as work:
        click.echo(f"Step: {manual_edits.edit_step(work, which, text)}")


def echo_list(texts: list[str]) -> None:
    """Texts with their numbers, one a line."""
    for number, text in enumerate(texts, 1):
        click.echo(f"{number}. {text}")


def kept(place: Place, session_id: str | None, key: manual_edits.NoteKey, change: Change) -> None:
    """List, add, edit or remove decisions, issues or notes, and say what was done."""
    what, session = manual_edits.KINDS[key], open_session(place, session_id)
    if change.removed:
        with session.changing_work() as work:
            click.echo(f"Removed: {manual_edits.remove(work, key, change.removed)}")
    elif change.edited:
        with session.changing_work() as work:
            said = manual_edits.edit(work, key, change.edited, change.text)
        click.echo(f"{what.capitalize()}: {said}")
    elif change.text:
        with session.changing_work() as work:
            ADDING[key](work, change.text, now_text())
        click.echo(f"{what.capitalize()} {len(work[key])}: {work[key][-1]['text']}")
    else:
        echo_list([one["text"] for one in session.work[key]])
        if not session.work[key]:
            click.echo(f"No {what}s yet.")


class Change(NamedTuple):
    """What the command line asks for."""

    text: str
    edited: str | None
    removed: str | None


ADDING: dict[manual_edits.NoteKey, Callable[[WorkState, str, str], None]] = {
    "decisions": manual_edits.decide,
    "issues": manual_edits.raise_issue,
    "notes": manual_edits.note,
}
edit_option = click.option("--edit", "edited", metavar="WHICH", help="Replace it with TEXT.")
remove_option = click.option("--remove", "removed", metavar="WHICH", help="Remove it.")
text_argument = click.argument("text", required=False, default="")


@click.command(
    epilog=examples('clearpoint decide "Tokens live 15 minutes."', "clearpoint decide --remove 2")
)
@text_argument
@edit_option
@remove_option
@for_session()
def decide(place: Place, session_id: str | None, **change: Any) -> None:
    """Record a decision; without TEXT, list them.

    For --edit and --remove, WHICH is the entry's number in the list, or part of its text.
    """
    kept(place, session_id, "decisions", Change(**change))


@click.command(
    epilog=examples(
        'clearpoint issue "The clock skew is not handled yet."', "clearpoint issue done 1"
    )
)
@click.argument("words", nargs=-1, metavar="[TEXT | done WHICH]")
@edit_option
@remove_option
@for_session()
def issue(words: tuple[str, ...], place: Place, session_id: str | None, **change: Any) -> None:
    """Record an open issue, or close one; without TEXT, list them.

    For --edit and --remove, WHICH is the entry's number in the list, or part of its text.
    """
    if words[:1] == ("done",) and len(words) > 1:
        change["removed"], words = " ".join(words[1:]), ()
    kept(place, session_id, "issues", Change(text=" ".join(words), **change))


@click.command(
    short_help="Record a note.",
    epilog=examples(
        'clearpoint note "The staging server is down until Monday."', "clearpoint note --remove 1"
    ),
)
@text_argument
@edit_option
@remove_option
@for_session()
def note(place: Place, session_id: str | None, **change: Any) -> None:
    """Record a note, which carries over like everything else; without TEXT, list them.

    For --edit and --remove, WHICH is the entry's number in the list, or part of its text.
    """
    kept(place, session_id, "notes", Change(**change))


@click.command(
    short_help="Name a file as a result of the work.",
    epilog=examples("clearpoint artifact login=src/auth.py", "clearpoint artifact --remove login"),
)
@click.argument("text", metavar="[NAME=PATH]", required=False, default="")
@click.option("--edit", "edited", metavar="WHICH", help="Replace it with NAME=PATH.")
@remove_option
@for_session()
def artifact(place: Place, session_id: str | None, **given: Any) -> None:
    """Name a file as a result of the work, for reloads and handoffs; without NAME=PATH, list them.

    For --edit and --remove, WHICH is the entry's number in the list, or part of its name.
    """
    session, change = open_session(place, session_id), Change(**given)
    if change.removed:
        with session.changing_work() as work:
            click.echo(f"Removed: {manual_edits.remove_artifact(work, change.removed)}")
    elif change.text or change.edited:
        with session.changing_work() as work:
            if change.edited:
                manual_edits.edit_artifact(work, change.edited, change.text)
            else:
                manual_edits.add_artifact(work, change.text)
        click.echo("Artifact: {}: {}".format(*list(work["named_artifacts"].items())[-1]))
    else:
        found = session.work["named_artifacts"]
        echo_list([f"{name}: {path}" for name, path in found.items()])
        if not found:
            click.echo("No artifacts yet.")


@click.command(
    short_help="Go back to detecting a value automatically.",
    epilog=examples("clearpoint unset phase"),
)
@click.argument("name", type=click.Choice(list(manual_edits.NAMES)))
@for_session()
def unset(name: str, place: Place, session_id: str | None) -> None:
    """Go back to detecting a value automatically after you have set it."""
    with open_session(place, session_id).changing_work() as work:
        was_set = manual_edits.unset(work, name)
    what = "detected automatically again" if was_set else "was not set by hand"
    click.echo(f"{name}: {what}.")
