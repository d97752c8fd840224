"""`clearpoint install` and `clearpoint uninstall`: the hooks in the client's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.syntax import Syntax

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, project_option, user_home
from clearpoint.install import commands as slash_commands
from clearpoint.install import lane, link, own_values, registering
from clearpoint.install.client import client_version
from clearpoint.install.executables import executables_dir
from clearpoint.install.settings_file import SettingsError, led_outside
from clearpoint.lowlevel.paths import home

if TYPE_CHECKING:
    from clearpoint.install.registering import Result, Scope


user_option = click.option(
    "--user",
    "scope",
    flag_value="user",
    help="Your settings for all projects (~/.claude/settings.json).",
)
local_option = click.option(
    "--local",
    "scope",
    flag_value="local",
    help="Your settings for this project (.claude/settings.local.json).",
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would change without changing it."
)
yes_option = click.option(
    "--yes", "agreed", is_flag=True, help="Follow symlinks out of the project without asking."
)


@click.command(
    short_help="Add Clearpoint to Claude Code.",
    epilog=examples(
        "clearpoint install                  this project",
        "clearpoint install --user           all your projects",
        "clearpoint install --project ../shop --dry-run",
    ),
)
@project_option
@user_option
@local_option
@click.option(
    "--statusline/--no-statusline",
    default=None,
    help="Add the status line, below yours if you have one (default: yes).",
)
@click.option(
    "--replace-statusline", is_flag=True, help="Show only Clearpoint's status line, not yours."
)
@click.option("--commands", is_flag=True, help="Add slash commands: /clearpoint:status and more.")
@yes_option
@dry_run_option
def install(  # noqa: PLR0913, PLR0917  (one for each option)
    place: Place,
    scope: Scope | None,
    statusline: bool | None,
    replace_statusline: bool,
    commands: bool,
    agreed: bool,
    dry_run: bool,
) -> None:
    """Add Clearpoint's hooks and status line to Claude Code's settings.

    By default they go into the project's shared settings (.claude/settings.json), with the
    permissions for Claude to read what Clearpoint records and to search it. Everything else in the
    settings stays as it is, and a backup is made. Re-run to update.

    If you have a status line already, here or in your own settings, it is shown above Clearpoint's;
    uninstalling restores it exactly. If clearpoint is not on your PATH but ~/.local/bin is,
    a link is created there.

    If the settings file is a symlink to outside the project, you are asked first.
    """
    target = scope or "project"
    path = registering.settings_path(target, Path(place.project), config_dir(place))
    try:
        if target != "user" and not agreed and not dry_run:
            ask_about_links(place, [path, *([commands_folder(place, scope)] if commands else [])])
        if statusline is None:
            statusline = not registering.has_odd_statusline(path)
        result = registering.install(
            target,
            Path(place.project),
            config_dir=config_dir(place),
            executables=executables_dir(),
            statusline=statusline or replace_statusline,
            replace_statusline=replace_statusline,
            dry_run=dry_run,
            client=client_version(),
            home=home_of(place),
        )
        linked = None
        if not dry_run:
            lane.build(executables_dir())
            linked = link.link(executables_dir(), path, home_of(place), place.env)
        if commands:
            put = slash_commands.put(commands_folder(place, scope), dry_run=dry_run)
            tell_commands(put, "Added", dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if tell(result, "install", dry_run):
        if result.beside:
            click.echo(f"Your own status line stays, above it: {render.safe(result.beside)}")
        click.echo(next_steps(place, scope))
    if linked:
        click.echo(f"{linked} now runs this installation's command line.")


@click.command(
    short_help="Remove Clearpoint from Claude Code.",
    epilog=examples("clearpoint uninstall", "clearpoint uninstall --user --dry-run"),
)
@project_option
@user_option
@local_option
@yes_option
@dry_run_option
def uninstall(place: Place, scope: Scope | None, agreed: bool, dry_run: bool) -> None:
    """Remove everything that Clearpoint added to Claude Code's settings.

    Recorded data stays. If the settings file is a symlink to outside the project, you are asked
    first.
    """
    path = registering.settings_path(scope or "project", Path(place.project), config_dir(place))
    gone_link = None
    try:
        if scope != "user" and not agreed and not dry_run:
            put = commands_folder(place, scope)
            ask_about_links(place, [path, *([put] if put.exists() else [])])
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
            gone_link = link.unlink(executables_dir(), path)
        gone = slash_commands.remove(commands_folder(place, scope), dry_run=dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if gone.changed:
        tell_commands(gone, "Removed", dry_run)
    if tell(result, "uninstall", dry_run):
        click.echo("This takes effect immediately, in running sessions too.")
        if os.path.isdir(place.root):
            click.echo(f"Recorded data is still in {place.root}; delete it to remove everything.")
    if gone_link:
        click.echo(f"Removed {gone_link}.")


def ask_about_links(place: Place, paths: list[Path]) -> None:
    """Ask before a link that a repository may have brought has another project's file changed.

    Raises SettingsError if the user does not agree, or cannot be asked.
    """
    for path in paths:
        real = led_outside(path, Path(place.project))
        if real is None or not path.is_relative_to(place.project):
            continue
        told = render.safe(f"{path} is a symlink to {real}, outside the project")
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise SettingsError(f"{told}. Nothing was changed; use --yes to follow it.")
        if not click.confirm(f"{told}. Change that file?", err=True):
            raise SettingsError("Nothing was changed.")


def config_dir(place: Place) -> Path:
    """The client's own folder."""
    return registering.client_config_dir(place.env, user_home())


def home_of(place: Place) -> Path | None:
    """The home folder; None if the environment does not tell."""
    return Path(own) if (own := home(place.env)) else None


def commands_folder(place: Place, scope: Scope | None) -> Path:
    """The folder of our slash commands in a scope."""
    folder = config_dir(place)
    return slash_commands.commands_folder(scope or "project", Path(place.project), folder)


def tell_commands(
    changes: slash_commands.Changes, verb: Literal["Added", "Removed"], dry_run: bool
) -> None:
    """Say which slash commands changed, or would, and which are somebody else's and stay."""
    names = ", ".join(f"/clearpoint:{name}" for name in changes.changed)
    if names and dry_run:
        click.echo(f"Dry run: {names} in {changes.folder} would change.", err=True)
    elif names:
        click.echo(f"{verb} {names} in {changes.folder}.")
    elif not changes.foreign:
        click.echo(f"The slash commands in {changes.folder} are up to date.")
    for name in changes.foreign:
        click.echo(f"Not changed (not Clearpoint's): {changes.folder / name}.md", err=True)


def tell(result: Result, verb: Literal["install", "uninstall"], dry_run: bool) -> bool:
    """Say what changed, or would; tell whether it is time for what comes next."""
    if not result.changed:
        state = "is already installed" if verb == "install" else "is not installed"
        click.echo(f"Nothing to change: Clearpoint {state} in {result.path}.")
        return False
    if dry_run:
        show_diff(result.diff)
        click.echo(f"Dry run: nothing was changed in {result.path}.", err=True)
        return False
    done = "Added to" if verb == "install" else "Removed from"
    click.echo(f"{done} {result.path}: {', '.join(map(told_event, result.events))}.")
    if result.backup:
        click.echo(f"Backup of the previous settings: {result.backup}")
    return True


def told_event(name: str) -> str:
    """An entry of the settings in words; events keep Claude Code's own names."""
    words = {"statusLine": "status line", "permissions": "permissions to read and search"}
    return words.get(name, name)


def show_diff(diff: str) -> None:
    """The difference, coloured in a terminal and to the byte where it is piped."""
    console = render.console()
    if console.is_terminal:
        console.print(Syntax(render.safe(diff), "diff", background_color="default"))
    else:
        click.echo(diff, nl=False)


def next_steps(place: Place, scope: Scope | None) -> str:
    """That it is on, and what will happen, a line for each thing to know."""
    where = "in any project" if scope == "user" else f"in {place.project}"
    word = link.word_for(executables_dir(), place.env)
    trust = (
        ""
        if scope == "user"
        else (
            "If Claude Code asks whether you trust the folder, say yes: no hooks run until then.\n"
        )
    )
    return (
        f"Clearpoint is on. Start Claude Code {where} and work as usual: it tells you when to"
        f" /clear and carries your work over.\n{trust}"
        f"To check on a session: {word} status"
    )
