"""`clearpoint autopilot`: have Claude Code compact by itself at the size that suits you."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clearpoint.advice.catalogue import words_in
from clearpoint.advice.snooze import size
from clearpoint.cli.install import (
    ask_about_links,
    config_dir,
    dry_run_option,
    local_option,
    show_diff,
    user_option,
    yes_option,
)
from clearpoint.cli.options import Place, examples, json_option, project_option
from clearpoint.cli.render import print_json
from clearpoint.cli.simulate import own_transcripts
from clearpoint.client.settings import WINDOW_VARIABLE, with_settings
from clearpoint.config import load as settings
from clearpoint.diet.first_request import usual_beginning
from clearpoint.hygiene import autopilot as pilot
from clearpoint.install import own_values
from clearpoint.install.registering import SCOPES, settings_path
from clearpoint.install.settings_file import SettingsError
from clearpoint.simulate import best_point as best
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from clearpoint.install.own_values import Outcome
    from clearpoint.install.registering import Scope


@click.group(
    short_help="Compact automatically at a size of your choice.",
    epilog=examples(
        "clearpoint autopilot on                at 85% of your budget",
        "clearpoint autopilot on --at auto      where your sessions save the most",
        "clearpoint autopilot on --at 120k --user",
        "clearpoint autopilot off",
    ),
)
def autopilot() -> None:
    """Have Claude Code compact automatically, at a size of your choice, on every model.

    Clearpoint tells the summarizer what to keep, and gives Claude the work state afterwards. Off by
    default.
    """


AUTO = "auto"
SESSIONS = 10
"""How many of the newest sessions tell what sessions here begin with."""


@autopilot.command("on", epilog=examples("clearpoint autopilot on --at 120k"))
@click.option(
    "--at",
    "wanted",
    metavar="TOKENS|auto",
    help="Size at which to compact, such as 120k, or auto; default: 85% of your budget.",
)
@project_option
@user_option
@local_option
@yes_option
@dry_run_option
def turn_on(
    place: Place, scope: Scope | None, wanted: str | None, agreed: bool, dry_run: bool
) -> None:
    """Set Claude Code's autoCompactWindow, in the project's settings by default.

    Other settings stay as they are, and clearpoint autopilot off restores them exactly.
    """
    point = point_wanted(place, wanted)
    path = settings_path(scope or "project", Path(place.project), config_dir(place))
    try:
        if scope != "user" and not agreed and not dry_run:
            ask_about_links(place, [path])
        done = own_values.put(path, pilot.FEATURE, pilot.edits(point), dry_run=dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if dry_run:
        show_diff(done.diff)
        click.echo(f"Dry run: {path} would change.", err=True)
        return
    click.echo(words_of(place)["autopilot_on"].format(used=short(point), fact=path))
    if place.env.get(WINDOW_VARIABLE):
        click.echo(f"{WINDOW_VARIABLE} is set and takes precedence.", err=True)


@autopilot.command("off", epilog=examples("clearpoint autopilot off"))
@project_option
@yes_option
@dry_run_option
def turn_off(place: Place, agreed: bool, dry_run: bool) -> None:
    """Restore Claude Code's settings as they were before autopilot."""
    found = own_values.recorded_in(paths_of(place), pilot.FEATURE)
    if not found:
        click.echo(words_of(place)["autopilot_was_off"])
    try:
        if not agreed and not dry_run:
            ask_about_links(place, found)
        for path in found:
            done = own_values.take_back(path, pilot.FEATURE, dry_run=dry_run)
            tell_off(place, done, dry_run)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def words_of(place: Place) -> dict[str, str]:
    """The messages in the language that is set."""
    config, _ = settings.load(place.project, place.root, place.env)
    return words_in(config["advice"]["language"], config)


def tell_off(place: Place, done: Outcome, dry_run: bool) -> None:
    """Say what was restored, or would be."""
    if dry_run:
        show_diff(done.diff)
        click.echo(f"Dry run: {done.path} would change.", err=True)
    else:
        click.echo(words_of(place)["autopilot_off"].format(fact=done.path))


@autopilot.command("status", epilog=examples("clearpoint autopilot status --json"))
@project_option
@json_option
def tell_status(place: Place, as_json: bool) -> None:
    """Show whether autopilot is on, and where Claude Code compacts.

    JSON keys: on, files (those that autopilot has set), compacts_at (tokens; null if nothing is
    set), from (if that is set: autopilot, settings, environment; null if not set).
    """
    files = own_values.recorded_in(paths_of(place), pilot.FEATURE)
    found = with_settings(place.env, place.project).get(WINDOW_VARIABLE)
    point = pilot.point_of(int(found)) if found and found.isdecimal() else None
    source = "environment" if place.env.get(WINDOW_VARIABLE) else "settings"
    source = pilot.FEATURE if files and source == "settings" else source
    if as_json:
        print_json(
            {
                "on": bool(files),
                "files": [str(path) for path in files],
                "compacts_at": point,
                "from": source if point else None,
            }
        )
        return
    where = f" ({', '.join(map(str, files))})" if files else ""
    click.echo(f"Autopilot is {'on' if files else 'off'}{where}.")
    at = (
        f"at {short(point)} tokens, set by {source}"
        if point
        else "at its own default for the model"
    )
    click.echo(f"Claude Code compacts {at}.")


def paths_of(place: Place) -> list[Path]:
    """The client's settings files of all scopes."""
    project, folder = Path(place.project), config_dir(place)
    return [settings_path(scope, project, folder) for scope in SCOPES]


def point_wanted(place: Place, wanted: str | None) -> int:
    """The size to compact at; raises ClickException for one that cannot be."""
    begins = usual_beginning(own_transcripts(place, everywhere=False)[:SESSIONS])
    if wanted == AUTO:
        return best_point(place, begins)
    if wanted is not None:
        return size_asked_for(wanted, begins)
    config, _ = settings.load(place.project, place.root, place.env)
    point = pilot.critical_point(config["budget"])
    roomy = pilot.with_room(point, begins)
    if roomy > point:
        click.echo(f"Sessions here begin with {short(begins)} tokens: {short(roomy)} leaves room.")
    return roomy


def size_asked_for(wanted: str, begins: int) -> int:
    """The size that the user has named, for sessions that begin with so many tokens."""
    point = size(wanted.lower())
    if not pilot.LEAST_TOKENS <= point <= pilot.MOST_TOKENS:
        least, most = short(pilot.LEAST_TOKENS), short(pilot.MOST_TOKENS)
        raise click.UsageError(f"--at takes a size from {least} to {most}, such as 120k, or auto.")
    roomy = pilot.with_room(point, begins)
    if begins and roomy > point:
        click.echo(
            f"Sessions here begin with {short(begins)} tokens, so Claude Code will compact often;"
            f" --at {short(roomy)} leaves room.",
            err=True,
        )
    return point


def best_point(place: Place, begins: int) -> int:
    """The size at which the user's own newest sessions would have saved the most, and its price.

    `begins` is what sessions of this project begin with, in tokens.
    """
    paths = own_transcripts(place, everywhere=True)
    if not paths:
        raise click.ClickException(
            "there are no sessions yet to learn from; give a size, such as --at 120k"
        )
    config, _ = settings.load(place.project, place.root, place.env)
    found = best.best_point(paths, config, begins)
    if found is None:
        raise click.ClickException(
            "auto would have saved nothing in your sessions; give a size, such as --at 120k"
        )
    click.echo(best.in_words(found))
    return found.point
