"""`clearpoint install` and `clearpoint uninstall`: the hooks in the client's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.syntax import Syntax

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, project_option, user_home
from clearpoint.install import commands as slash_commands
from clearpoint.install import lane, own_values, registering
from clearpoint.install.client import client_version
from clearpoint.install.executables import executables_dir
from clearpoint.install.settings_file import SettingsError
from clearpoint.lowlevel.paths import home

if TYPE_CHECKING:
    from clearpoint.install.registering import Result, Scope


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
        "clearpoint install --statusline --commands",
        "clearpoint install --project ../shop --dry-run",
        "clearpoint install --user",
    ),
)
@project_option
@user_option
@local_option
@click.option(
    "--statusline",
    is_flag=True,
    help="Set the status line too; one that is set already is shown above ours.",
)
@click.option(
    "--replace-statusline", is_flag=True, help="Set it without the one that is set already."
)
@click.option(
    "--commands", is_flag=True, help="Add slash commands too: /clearpoint:status and so on."
)
@dry_run_option
def install(  # noqa: PLR0913, PLR0917  (one for each option)
    place: Place,
    scope: Scope | None,
    statusline: bool,
    replace_statusline: bool,
    commands: bool,
    dry_run: bool,
) -> None:
    """Register the hooks, by default in the project's shared settings (.claude/settings.json).

    With them goes the permission for Claude to read what Clearpoint keeps, and nothing else.
    Everything that is in the settings already stays as it is; a backup is kept. Doing it again
    brings the entries up to date. A status line that you have already, here or in your own
    settings, is run beside ours, and comes back to the byte when ours is uninstalled.
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
            client=client_version(),
            home=home_of(place),
        )
        if not dry_run:
            lane.build(executables_dir())
        if commands:
            put = slash_commands.put(commands_folder(place, scope), dry_run=dry_run)
            tell_commands(put, "Put", dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if tell(result, "install", dry_run):
        if result.beside:
            click.echo(f"Your status line stays, above ours: {render.safe(result.beside)}")
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
    """Take exactly our entries out of the settings again, our slash commands and our values.

    The state folder stays.
    """
    path = registering.settings_path(scope or "project", Path(place.project), config_dir(place))
    try:
        if not dry_run:  # values set after the hooks go before them, the others after
            own_values.take_untouched_back(path)
        result = registering.uninstall(
            scope or "project",
            Path(place.project),
            config_dir=config_dir(place),
            dry_run=dry_run,
            home=home_of(place),
        )
        if not dry_run:
            own_values.take_untouched_back(path)
            for feature in own_values.features(path):
                own_values.take_back(path, feature)
        gone = slash_commands.remove(commands_folder(place, scope), dry_run=dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if gone.changed:
        tell_commands(gone, "Removed", dry_run)
    if tell(result, "uninstall", dry_run):
        click.echo("Running sessions notice it at once. What was recorded is still there:")
        click.echo(f"delete {place.root} to forget it.")


def config_dir(place: Place) -> Path:
    """The client's own folder."""
    return registering.client_config_dir(place.env, user_home())


def home_of(place: Place) -> Path | None:
    """The home folder; None where the environment does not tell."""
    return Path(own) if (own := home(place.env)) else None


def commands_folder(place: Place, scope: Scope | None) -> Path:
    """The folder of our slash commands in a scope."""
    folder = config_dir(place)
    return slash_commands.commands_folder(scope or "project", Path(place.project), folder)


def tell_commands(
    changes: slash_commands.Changes, verb: Literal["Put", "Removed"], dry_run: bool
) -> None:
    """Say which slash commands changed, or would, and which are somebody else's and stay."""
    names = ", ".join(f"/clearpoint:{name}" for name in changes.changed)
    if names and dry_run:
        click.echo(f"Nothing was changed. In {changes.folder} would be: {names}.", err=True)
    elif names:
        click.echo(f"{verb} {names} in {changes.folder}.")
    elif not changes.foreign:
        click.echo(f"Nothing to change: the slash commands are in {changes.folder} already.")
    for name in changes.foreign:
        click.echo(f"Not ours, and left as it is: {changes.folder / name}.md", err=True)


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
