"""`clearpoint handoff`: packages from one agent to the next, for users and pipelines."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from clearpoint.cli import render
from clearpoint.cli.handoff_view import show_all, show_course
from clearpoint.cli.options import (
    Command,
    Place,
    examples,
    json_option,
    open_session,
    project_option,
    session_option,
    session_option_saying,
    told,
)
from clearpoint.handoffs import HandoffError
from clearpoint.handoffs.history import summary
from clearpoint.handoffs.pipeline import HandoffService
from clearpoint.handoffs.validate import FILE_BYTES
from clearpoint.lowlevel.files import read_bytes

if TYPE_CHECKING:
    from clearpoint.handoffs.package import Package

STDIN = "-"

yes_option = click.option(
    "--yes", "agreed", is_flag=True, help="Approve a handoff that needs confirmation."
)
context_option = click.option(
    "--context", "as_context", is_flag=True, help="Print only what the next agent reads."
)


def telling(command: Command) -> Command:
    """Make a command report a bad handoff in one line."""

    @functools.wraps(command)
    def run(*args: Any, **given: Any) -> Any:
        try:
            return command(*args, **given)
        except HandoffError as error:
            kind = "" if type(error) is HandoffError else f"{type(error).__name__}: "
            raise click.ClickException(f"{kind}{error}") from None

    return told(run)  # type: ignore[return-value]


@click.group(
    short_help="Hand work over from one agent to the next.",
    epilog=examples(
        "clearpoint handoff list",
        "clearpoint handoff create --from planner --to implementer",
        "clearpoint handoff export plan.json",
    ),
)
def handoff() -> None:
    """Hand work over from one agent to the next.

    Claude's own subagents get their packages automatically; use these commands in pipelines, or
    to see what happened.
    """


@handoff.command(
    "create",
    short_help="Make a package of a session's work.",
    epilog=examples(
        'clearpoint handoff create --from planner --to implementer --next "Write the tests"',
    ),
)
@click.option(
    "--from", "from_agent", metavar="AGENT", required=True, help="The agent that hands over."
)
@click.option("--to", "to_agent", metavar="AGENT", required=True, help="The agent that takes over.")
@click.option("--next", "next_step", metavar="TEXT", help="The next step.")
@yes_option
@context_option
@json_option
@project_option
@session_option
@telling
def create(  # noqa: PLR0913, PLR0917  (one for each option)
    from_agent: str,
    to_agent: str,
    next_step: str | None,
    agreed: bool,
    as_context: bool,
    as_json: bool,
    place: Place,
    session_id: str | None,
) -> None:
    """Make a package of a session's work, record it and print its id.

    If few tokens are left the package is compressed, and what it leaves out is kept under tags.
    """
    session = open_session(place, session_id)
    desk = desk_of(place)
    package, warning = desk.create(
        session.session_id, from_agent, to_agent, next_step=next_step, agreed=agreed
    )
    warn(warning)
    show_package(desk, package, as_context, as_json, lambda: click.echo(package.handoff_id))


@handoff.command(
    "validate",
    short_help="Check a package.",
    epilog=examples(
        "clearpoint handoff validate plan.json", "clearpoint handoff validate 3f2a9c1d"
    ),
)
@click.argument("what", metavar="FILE|ID")
@yes_option
@project_option
@telling
def validate(what: str, agreed: bool, place: Place) -> None:
    """Check a package: its shape, size, paths, checksum, agents and tokens.

    Nothing is written.
    """
    desk = desk_of(place)
    data = bytes_of(what) if what == STDIN or os.path.exists(what) else recorded(desk, what)
    package, warning = desk.check(data, agreed=agreed)
    warn(warning)
    click.echo(f"{package.handoff_id} is valid: {package.from_agent} → {package.to_agent}.")


@handoff.command(
    "show",
    short_help="Show a package.",
    epilog=examples("clearpoint handoff show", "clearpoint handoff show 3f2a9c1d --context"),
)
@click.argument("handoff_id", metavar="[ID]", required=False)
@context_option
@json_option
@project_option
@telling
def show(handoff_id: str | None, as_context: bool, as_json: bool, place: Place) -> None:
    """Show a package and what became of it, by ID prefix (default: newest)."""
    desk = desk_of(place)
    package, record = desk.package(handoff_id)
    found = {one["handoff_id"]: one for one in desk.handoffs(record.session_id)}
    one = found[package.handoff_id]
    show_package(desk, package, as_context, as_json, lambda: show_course(desk, package, one))


@handoff.command(
    "list",
    short_help="List handoffs and their outcomes.",
    epilog=examples("clearpoint handoff list", "clearpoint handoff list --json"),
)
@json_option
@project_option
@session_option_saying("Only handoffs of this session and of those it continues.")
@telling
def list_handoffs(as_json: bool, place: Place, session_id: str | None) -> None:
    """List the project's handoffs, newest first, with what became of each."""
    named = open_session(place, session_id).session_id if session_id else None
    found = desk_of(place).handoffs(named)
    if as_json:
        render.print_json({"handoffs": found, "summary": summary(found)})
        return
    if not found:
        click.echo("No handoffs yet.")
        return
    show_all(found)


@handoff.command(
    "export",
    short_help="Write a package to a file.",
    epilog=examples(
        "clearpoint handoff export plan.json", "clearpoint handoff export plan.json 3f2a"
    ),
)
@click.argument("path", metavar="FILE")
@click.argument("handoff_id", metavar="[ID]", required=False)
@project_option
@telling
def export(path: str, handoff_id: str | None, place: Place) -> None:
    """Write a package (default: the newest) to a file for another process or machine."""
    package = desk_of(place).send(handoff_id, os.path.abspath(path))
    click.echo(f"Wrote {package.handoff_id} to {path}.")


@handoff.command(
    "import",
    short_help="Import a package from a file.",
    epilog=examples(
        "clearpoint handoff import plan.json",
        "clearpoint handoff import plan.json --context | claude -p 'Take the next step.'",
    ),
)
@click.argument("path", metavar="FILE")
@yes_option
@context_option
@json_option
@project_option
@telling
def take_in(path: str, agreed: bool, as_context: bool, as_json: bool, place: Place) -> None:
    """Import a package from a file, or from standard input with -, and record it.

    It is checked before anything is written: shape, size and paths, checksum, agents, tokens.
    """
    desk = desk_of(place)
    package, warning, is_new = desk.take(bytes_of(path), agreed=agreed)
    warn(warning)
    said = "is recorded" if is_new else "was recorded already"
    line = f"{package.handoff_id} {said}: {package.from_agent} → {package.to_agent}."
    show_package(desk, package, as_context, as_json, lambda: click.echo(line))


def desk_of(place: Place) -> HandoffService:
    """The project's handoffs."""
    return HandoffService(place.project, place.root, place.env)


def bytes_of(path: str) -> bytes:
    """A file's bytes, or those on standard input; raises OSError for one that is too long."""
    if path == STDIN:
        return sys.stdin.buffer.read(FILE_BYTES + 1)
    return read_bytes(path, FILE_BYTES, follow=True)


def recorded(desk: HandoffService, beginning: str) -> bytes:
    """The bytes of a recorded package."""
    from clearpoint.handoffs.record import find

    record, identifier = find(desk.store, beginning)
    return record.bytes_of(identifier)


def warn(warning: str) -> None:
    """Print a warning on standard error, if there is one."""
    if warning:
        click.echo(f"Warning: {warning}", err=True)


def show_package(
    desk: HandoffService, package: Package, as_context: bool, as_json: bool, otherwise: Any
) -> None:
    """A package as it was asked for."""
    if as_json:
        render.print_json(package.plain)
    elif as_context:
        click.echo(desk.context(package))
    else:
        otherwise()
