"""`clearpoint diet`: what every session begins with, and what of it nobody uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from clearpoint.cli import render
from clearpoint.cli.install import (
    ask_about_links,
    config_dir,
    local_option,
    show_diff,
    user_option,
    yes_option,
)
from clearpoint.cli.options import Place, examples, json_option, project_option
from clearpoint.config import load as settings
from clearpoint.diet import proposals as wanted
from clearpoint.diet.first_request import FirstRequest, first_request
from clearpoint.diet.in_use import in_use
from clearpoint.diet.nested import long_files
from clearpoint.diet.verdict import standing
from clearpoint.history import transcripts
from clearpoint.hygiene import memory
from clearpoint.install import own_values
from clearpoint.install.registering import SCOPES, settings_path
from clearpoint.install.settings_file import SettingsError
from clearpoint.lowlevel.clock import now_text
from clearpoint.project.paths import below
from clearpoint.text.phrases import counted, short
from clearpoint.tokens import encoder
from clearpoint.tokens.sizes import estimated

if TYPE_CHECKING:
    from clearpoint.diet.proposals import Proposal
    from clearpoint.install.registering import Scope

FEATURE = "diet"
SESSIONS = 10
PARTS_SHOWN = 12


@click.command(
    short_help="Make the start of every session smaller.",
    epilog=examples(
        "clearpoint diet                    measure, and propose",
        "clearpoint diet --apply            apply what is proposed",
        "clearpoint diet --undo",
    ),
)
@click.option("--apply", "is_applied", is_flag=True, help="Apply what is proposed.")
@click.option("--undo", "is_undone", is_flag=True, help="Restore the previous settings.")
@click.option(
    "--sessions",
    "number",
    type=click.IntRange(wanted.SESSIONS_AT_LEAST),
    default=SESSIONS,
    show_default=True,
    help="How many recent sessions to check.",
)
@project_option
@user_option
@local_option
@yes_option
@json_option
def diet(  # noqa: PLR0913, PLR0917  (one for each option)
    place: Place,
    scope: Scope | None,
    is_applied: bool,
    is_undone: bool,
    number: int,
    agreed: bool,
    as_json: bool,
) -> None:
    """Measure what every session starts with, and propose what to leave out.

    All of it is re-sent with every request. Unused tools and built-in skills can be turned off with
    --apply, which keeps a copy of the settings and measures the next session; memory files, MCP
    servers and agents are listed for you to decide.

    JSON keys: tokens, parts, sessions (looked through), proposals (what, name, tokens, how),
    memory (path, lines).
    """
    try:
        if is_undone:
            undo(place, agreed=agreed)
            return
        paths = [one.path for one in own_transcripts(place)[:number]]
        first = newest_first_request(paths)
        if first is None:
            raise click.ClickException(
                "nothing to measure yet: finish a session here in a current Claude Code, then run"
                " this again."
            )
        used = in_use(paths)
        found = wanted.proposals(first, used)
        if as_json:
            render.print_json(as_data(place, first, found, used.sessions))
        else:
            show(place, first, found, used.sessions)
        if is_applied:
            if scope != "user" and not agreed:
                ask_about_links(place, [path_of(place, scope)])
            apply(place, scope, first, found)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def own_transcripts(place: Place) -> list[transcripts.Found]:
    """The client's transcripts of this project, the newest first."""
    folder = config_dir(place) / "projects" / transcripts.folder_name(place.project)
    return transcripts.transcripts(str(folder))


def newest_first_request(paths: list[str]) -> FirstRequest | None:
    """The first request of the newest session that shows it; attended ones go before."""
    found = []
    for path in paths:
        try:
            if first := first_request(path, encoder.count):
                found.append(first)
        except OSError:
            continue
        if found and found[-1].is_attended:
            return found[-1]
    return found[0] if found else None


def as_data(
    place: Place, first: FirstRequest, found: list[Proposal], sessions: int
) -> dict[str, Any]:
    """The same for programs."""
    return {
        "tokens": standing(first),
        "parts": [part._asdict() for part in first.parts],
        "sessions": sessions,
        "proposals": [
            {"what": one.what, "name": one.name, "tokens": one.tokens, "how": one.how or "--apply"}
            for one in found
        ],
        "memory": [{"path": path, "lines": lines} for path, lines in nested(place)],
    }


def nested(place: Place) -> list[tuple[str, int]]:
    """The long memory files in folders of the project."""
    limit = settings.load(place.project, place.root, place.env)[0]["hygiene"]["memory_lines"]
    return [*long_files(place.project, limit)]


def show(place: Place, first: FirstRequest, found: list[Proposal], sessions: int) -> None:
    """Print what a session begins with and what is proposed."""
    terminal = render.console()
    click.echo(f"Every session begins with {short(standing(first))} tokens ({first.model}):")
    grid = Table.grid(padding=(0, 2))
    for part in first.parts[:PARTS_SHOWN]:
        grid.add_row("", render.text(f"{part.group} {part.name}".strip()), f"{part.tokens:,}")
    if rest := first.parts[PARTS_SHOWN:]:
        grid.add_row("", f"… and {len(rest)} more", f"{sum(part.tokens for part in rest):,}")
    render.show(terminal, grid)
    if sessions < wanted.SESSIONS_AT_LEAST:
        click.echo(f"\nOnly {counted(sessions, 'session')} so far: too few to tell what is unused.")
    elif not found:
        click.echo(f"\nAll of it was used in the last {sessions} sessions.")
    else:
        click.echo(f"\nNot used in the last {counted(sessions, 'session')}:")
        for one in found:
            how = f" ({one.how})" if one.how else ""
            click.echo(f"- {one.what} {render.safe(one.name)}: {short(one.tokens)} tokens{how}")
        if any(one.edit for one in found):
            saved = sum(one.tokens for one in found if one.edit)
            click.echo(f"clearpoint diet --apply saves about {short(saved)} tokens per request.")
    tell_memory(place, first)


def tell_memory(place: Place, first: FirstRequest) -> None:
    """Name memory files that are too long."""
    config = settings.load(place.project, place.root, place.env)[0]
    for saving in memory.look(place.project, str(config_dir(place)), config, first.model):
        click.echo(f"- {render.safe(saving.text)}")
    for path, lines in nested(place):
        click.echo(f"- {render.safe(below(path, place.project))} has {lines:,} lines")


def apply(place: Place, scope: Scope | None, first: FirstRequest, found: list[Proposal]) -> None:
    """Set what is proposed, and have the next session measured."""
    changes = wanted.edits(found)
    if not changes:
        click.echo("Nothing to apply.", err=True)
        return
    path = path_of(place, scope)
    done = own_values.put(path, FEATURE, changes)
    measured = first_request(first.path, estimated) or first  # as the next session will be
    place.store.write_notices(
        {
            **place.store.read_notices(),
            "diet": {
                "at": now_text(),
                "model": first.model,
                "attended": first.is_attended,
                "tokens": standing(measured),
            },
        }
    )
    show_diff(done.diff)
    click.echo(f"Set in {path}; the previous settings are in", nl=False, err=True)
    click.echo(f" {own_values.record_path(path, FEATURE)}.", err=True)
    click.echo("The next session is measured, and you will be told the result.", err=True)


def path_of(place: Place, scope: Scope | None) -> Path:
    """The client's settings file of a scope; the project's unless told otherwise."""
    return settings_path(scope or "project", Path(place.project), config_dir(place))


def undo(place: Place, *, agreed: bool) -> None:
    """Restore the settings from before the diet."""
    project, folder = Path(place.project), config_dir(place)
    paths = [settings_path(scope, project, folder) for scope in SCOPES]
    found = own_values.recorded_in(paths, FEATURE)
    if not found:
        click.echo("Nothing to undo.")
    if not agreed:
        ask_about_links(place, found)
    for path in found:
        own_values.take_back(path, FEATURE)
        click.echo(f"{path} is as it was before the diet.")
    place.store.write_notices({**place.store.read_notices(), "diet": None})
