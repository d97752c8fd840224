"""`clearpoint config`: the settings in force, where each comes from, and a file to start from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, json_option, project_option
from clearpoint.config import origin as config_origin
from clearpoint.lowlevel.files import make_folder, write_atomically

if TYPE_CHECKING:
    from rich.console import Console

    from clearpoint.config.origin import Setting, Source


@click.group(
    invoke_without_command=True,
    short_help="Show the settings in force, and where each comes from.",
    epilog=examples(
        "clearpoint config                  every setting, and where it comes from",
        "clearpoint config --changed        only what you changed",
        "clearpoint config init             a commented file for this project",
        "clearpoint config init --private   the same, for you alone",
        "clearpoint config init --user      the same, for all your projects",
        "clearpoint config schema > .clearpoint/config.schema.json",
    ),
)
@project_option
@click.option("--changed", is_flag=True, help="Show only settings that are not at their default.")
@json_option
@click.pass_context
def config(ctx: click.Context, place: Place, changed: bool, as_json: bool) -> None:
    """Show every setting in force with its value and where that comes from.

    Your own file for this project comes first, then the repository's (which can set only harmless
    keys), then yours for all projects, then the defaults; the environment changes some. A wrong key
    or value is shown with its line and the nearest right one, and the exit code is then 1.

    JSON keys: settings (key, value, kind, place), files (kind, path, found), environment (name,
    value, meaning), problems.
    """
    if ctx.invoked_subcommand is not None:
        return
    found, problems = config_origin.settings_in_force(place.project, place.root, place.env)
    shown = [one for one in found if not changed or one.kind != "default"]
    if as_json:
        render.print_json(
            {
                "settings": [one._asdict() for one in shown],
                "files": [one._asdict() for one in sources(place)],
                "environment": environment(place),
                "problems": problems,
            }
        )
    else:
        show(render.console(), place, shown, problems)
    if problems:
        ctx.exit(1)


@config.command(
    "init",
    short_help="Write a settings file that explains every key.",
    epilog=examples("clearpoint config init", "clearpoint config init --user"),
)
@project_option
@click.option("--user", "kind", flag_value="user", help="Your own file, for all projects.")
@click.option("--private", "kind", flag_value="private", help="Your own file, for this project.")
def init(place: Place, kind: str | None) -> None:
    """Write a settings file that explains every key and sets none.

    By default, writes .clearpoint/config.toml for the repository, with the keys that a repository
    may set. An existing file is left alone.
    """
    from clearpoint.config.file import REPOSITORY_KEYS
    from clearpoint.config.schema import documented

    kind = kind or "project"
    paths = {one.kind: one for one in sources(place)}
    if kind not in paths:
        raise click.ClickException(f"cannot locate the {kind} settings here")
    if paths[kind].found:
        raise click.ClickException(f"{paths[kind].path} exists already and was left alone")
    path = paths[kind].path
    make_folder(os.path.dirname(path))
    text = documented(REPOSITORY_KEYS) if kind == "project" else documented()
    write_atomically(path, text.encode())
    click.echo(f"Wrote {path}")


@config.command(
    "schema",
    short_help="Print a JSON schema of the settings file.",
    epilog=examples("clearpoint config schema > .clearpoint/config.schema.json"),
)
def schema() -> None:
    """Print a JSON schema of the settings file, for editors that complete and check TOML.

    With the schema beside the file, the line `#:schema ./config.schema.json` at its top makes
    taplo and Even Better TOML use it.
    """
    from clearpoint.config import schema as config_schema

    render.print_json(config_schema.schema())


def sources(place: Place) -> list[Source]:
    """The files that may hold settings, the strongest first."""
    return config_origin.sources(place.project, place.root, place.env)


def environment(place: Place) -> list[dict[str, str]]:
    """The variables that are set and change what we do."""
    return [
        {"name": name, "value": place.env[name], "meaning": meaning}
        for name, meaning in config_origin.SHOWN_VARIABLES.items()
        if place.env.get(name)
    ]


def show(console: Console, place: Place, shown: list[Setting], problems: list[str]) -> None:
    """Print the settings, the files they may come from, and what is wrong in them."""
    if shown:
        render.show(console, table(shown))
    else:
        console.print("All settings are at their defaults.")
    console.print()
    for file in sources(place):
        state = "" if file.found else "  (not there)"
        line = Text.assemble((f"{file.kind:<9}", "bold"), render.safe(file.path), state)
        console.print(line, soft_wrap=True)
    for one in environment(place):
        line = Text.assemble(
            (one["name"], "bold"), f"={render.safe(one['value'])}", f"  ({one['meaning']})"
        )
        console.print(line, soft_wrap=True)
    for problem in problems:
        console.print(Text.assemble(("! ", "bold yellow"), render.safe(problem)), soft_wrap=True)


def table(shown: list[Setting]) -> Table:
    """The settings as a list; what was changed stands out."""
    found = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    found.add_column("Setting", no_wrap=True)
    found.add_column("From", no_wrap=True)
    found.add_column("Value")  # the one that gives way to the terminal's width
    for one in shown:
        style = "" if one.kind == "default" else "bold"
        value = render.text(written(one.value), style)
        value.no_wrap, value.overflow = True, "ellipsis"
        origin = render.text(origin_of(one), style or "bright_black")
        found.add_row(render.text(one.key, style), origin, value)
    return found


def origin_of(setting: Setting) -> str:
    """`default`, `project:12` with the line of the file, or the variable's name."""
    if setting.kind == "environment":
        return setting.place
    line = setting.place.rpartition(":")[2]
    return f"{setting.kind}:{line}" if line else setting.kind


def written(value: Any) -> str:
    """A value as the settings file has it."""
    from clearpoint.config.schema import toml

    return toml(value)
