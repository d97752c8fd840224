"""The work state set by hand: `spec`, `phase`, `step`, `decide`, `issue`, `note`, `unset`."""

from __future__ import annotations

import click

from clearpoint.cli.options import (
    Place,
    examples,
    open_session,
    project_option,
    session_option,
    told,
)
from clearpoint.session import manual_edits


@click.command(epilog=examples("clearpoint spec SPEC-AUTH-001"))
@click.argument("spec_id", metavar="ID")
@project_option
@session_option
@told
def spec(spec_id: str, place: Place, session_id: str | None) -> None:
    """Set the specification at hand."""
    work = open_session(place, session_id).update_work(spec=spec_id)
    click.echo(f"The specification is {work['current_spec']}.")


@click.command(epilog=examples("clearpoint phase testing"))
@click.argument("name", metavar="NAME")
@project_option
@session_option
@told
def phase(name: str, place: Place, session_id: str | None) -> None:
    """Set the phase of the work.

    The phases are initialization, planning, implementation, testing, documentation, review and
    completed.
    """
    work = open_session(place, session_id).update_work(phase=name)
    click.echo(f"The phase is {work['phase']}.")


@click.group(epilog=examples('clearpoint step add "Write the migration"', "clearpoint step done"))
def step() -> None:
    """Add a step, or take one as done (step add, step done)."""


@step.command("add", epilog=examples('clearpoint step add "Write the migration"'))
@click.argument("text")
@project_option
@session_option
@told
def add_step(text: str, place: Place, session_id: str | None) -> None:
    """Add an open step, the last."""
    work = open_session(place, session_id).update_work(pending_step=text)
    opened = len(work["pending_steps"]) + bool(work["current_step"])
    click.echo(f"Step {opened} of the open ones: {work['pending_steps'][-1]}")


@step.command(
    "done", epilog=examples("clearpoint step done", 'clearpoint step done "the migration"')
)
@click.argument("text", required=False, default="")
@project_option
@session_option
@told
def step_done(text: str, place: Place, session_id: str | None) -> None:
    """Take a step as done: the one at hand, or the open one that TEXT is a part of."""
    work = open_session(place, session_id).update_work(completed_step=text)
    click.echo(f"Done: {work['completed_steps'][-1]}")
    if following := work["current_step"] or work["next_step"]:
        click.echo(f"Next: {following}")


@click.command(epilog=examples('clearpoint decide "Tokens live 15 minutes."'))
@click.argument("text")
@project_option
@session_option
@told
def decide(text: str, place: Place, session_id: str | None) -> None:
    """Record a decision."""
    work = open_session(place, session_id).update_work(decision=text)
    click.echo(f"Decision {len(work['decisions'])}: {work['decisions'][-1]['text']}")


@click.command(epilog=examples('clearpoint issue "The clock skew is not handled yet."'))
@click.argument("text")
@project_option
@session_option
@told
def issue(text: str, place: Place, session_id: str | None) -> None:
    """Record an open issue."""
    work = open_session(place, session_id).update_work(issue=text)
    click.echo(f"Issue {len(work['issues'])}: {work['issues'][-1]['text']}")


@click.command(
    short_help="Record a note.",
    epilog=examples('clearpoint note "The staging server is down until Monday."'),
)
@click.argument("text")
@project_option
@session_option
@told
def note(text: str, place: Place, session_id: str | None) -> None:
    """Record a note, which is carried across like everything else."""
    work = open_session(place, session_id).update_work(note=text)
    click.echo(f"Note {len(work['notes'])}: {work['notes'][-1]['text']}")


@click.command(
    short_help="Leave a value to the transcript again.", epilog=examples("clearpoint unset phase")
)
@click.argument("name", type=click.Choice(list(manual_edits.NAMES)))
@project_option
@session_option
@told
def unset(name: str, place: Place, session_id: str | None) -> None:
    """Leave a value that was set by hand to the transcript again."""
    with open_session(place, session_id).changing_work() as work:
        was_set = manual_edits.unset(work, name)
    what = "follows the transcript again" if was_set else "was not set by hand"
    click.echo(f"{name}: {what}.")
