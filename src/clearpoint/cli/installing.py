"""`clearpoint install` and `clearpoint uninstall`: the hooks in the client's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.syntax import Syntax

from clearpoint import install as registering
from clearpoint.cli import render
from clearpoint.cli.place import Place, examples, project_option
from clearpoint.install.executables import executables_dir
from clearpoint.install.settings_file import SettingsError

if TYPE_CHECKING:
    from clearpoint.install import Result, Scope

EVENTS_OF_THE_LINE = ("statusLine",)

user_option = click.option(
    "--user", "scope", flag_value="user", help="In your own settings, for all projects."
)
local_option = click.option(
    "--local", "scope", flag_value="local", help="In the project's settings that git ignores."
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would change, and change nothing."
)


@click.command(
    short_help="Register the hooks.",
    epilog=examples(
        "clearpoint install --statusline",
        "clearpoint install --project ../shop --dry-run",
        "clearpoint install --user",
    ),
)
@project_option
@user_option
@local_option
@click.option("--statusline", is_flag=True, help="Set the status line too.")
@click.option(
    "--replace-statusline", is_flag=True, help="Set it even where another one is set already."
)
@dry_run_option
def install(
    place: Place,
    scope: Scope | None,
    statusline: bool,
    replace_statusline: bool,
    dry_run: bool,
) -> None:
    """Register the hooks, by default in the project's shared settings (.claude/settings.json).

    Everything that is in the settings already stays as it is; a backup is kept. Doing it again
    brings the entries up to date.
    """
    try:
        result = registering.install(
            scope or "project",
            Path(place.project),
            config_dir=config_dir(place),
            executables=executables_dir(),
            statusline=statusline or replace_statusline,
            replace_statusline=replace_statusline,
            dry_run=dry_run,
        )
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if tell(result, "install", dry_run):
        click.echo(next_steps(place, scope, has_line=statusline or replace_statusline))


@click.command(
    short_help="Take the hooks out of the settings again.",
    epilog=examples("clearpoint uninstall", "clearpoint uninstall --user --dry-run"),
)
@project_option
@user_option
@local_option
@dry_run_option
def uninstall(place: Place, scope: Scope | None, dry_run: bool) -> None:
    """Take exactly our entries out of the settings again; the state folder stays."""
    try:
        result = registering.uninstall(
            scope or "project",
            Path(place.project),
            config_dir=config_dir(place),
            dry_run=dry_run,
        )
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if tell(result, "uninstall", dry_run):
        click.echo("Running sessions notice it at once. What was recorded is still there:")
        click.echo(f"delete {place.root} to forget it.")


def config_dir(place: Place) -> Path:
    """The client's own folder."""
    return registering.client_config_dir(place.env, Path.home())


def tell(result: Result, verb: Literal["install", "uninstall"], dry_run: bool) -> bool:
    """Say what changed, or would; tell whether it is time for what comes next."""
    if not result.changed:
        state = "registered already" if verb == "install" else "not registered"
        click.echo(f"Nothing to change: the hooks are {state} in {result.path}.")
        return False
    if dry_run:
        show_diff(result.diff)
        click.echo(f"Nothing was changed. {result.path} would be.", err=True)
        return False
    done = "Registered" if verb == "install" else "Removed"
    click.echo(f"{done} {', '.join(result.events)} in {result.path}.")
    if result.backup:
        click.echo(f"The settings as they were: {result.backup}")
    return True


def show_diff(diff: str) -> None:
    """The difference, coloured in a terminal and to the byte where it is piped."""
    console = render.console()
    if console.is_terminal:
        console.print(Syntax(render.safe(diff), "diff", background_color="default"))
    else:
        click.echo(diff, nl=False)


def next_steps(place: Place, scope: Scope | None, *, has_line: bool) -> str:
    """What to do after installing, in two lines."""
    where = "in any project" if scope == "user" else f"in {place.project}"
    line = "" if has_line else "; clearpoint install --statusline keeps that in view"
    return (
        f"Next: start Claude Code {where} and work as always; it advises when to /clear.\n"
        f"clearpoint status shows how full the session is{line}."
    )
