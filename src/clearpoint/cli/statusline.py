"""`clearpoint statusline`: the line with sample figures, and an editor for it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, get_args

import click
from rich.text import Text

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, project_option
from clearpoint.config import load as settings
from clearpoint.lowlevel.files import make_folder, read_bytes, write_atomically
from clearpoint.models.config import StatusPreset
from clearpoint.statusline.line import line
from clearpoint.statusline.sample import SAMPLE
from clearpoint.store.layout import user_settings

if TYPE_CHECKING:
    from clearpoint.cli.statusline_draft import Draft
    from clearpoint.models.config import StatuslineConfig

FILE_BYTES = 64 << 10
PRESETS = get_args(StatusPreset)


@click.group(
    invoke_without_command=True,
    short_help="Preview or edit the status line.",
    epilog=examples(
        "clearpoint statusline preview",
        "clearpoint statusline preview --preset full --width 80",
        "clearpoint statusline --edit",
    ),
)
@click.option("--edit", is_flag=True, help="Choose pieces, order and colours in the terminal.")
@project_option
@click.pass_context
def statusline(ctx: click.Context, place: Place, edit: bool) -> None:
    """Preview the status line with sample figures, or edit what it shows.

    The editor changes only [statusline] in your config.toml for all projects. To show the line in
    Claude Code, run clearpoint install.
    """
    if edit:
        edited(place)
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@statusline.command(epilog=examples("clearpoint statusline preview --preset minimal"))
@project_option
@click.option("--preset", type=click.Choice(PRESETS), help="Show only this preset.")
@click.option("--width", type=click.IntRange(1), help="Width in columns (default: the terminal's).")
def preview(place: Place, preset: StatusPreset | None, width: int | None) -> None:
    """Show the status line with sample figures: as you have set it, and in each preset."""
    config = settings.load(place.project, place.root, place.env)[0]["statusline"]
    room = width or shutil.get_terminal_size().columns
    shown = (
        {preset: with_preset(config, preset)}
        if preset
        else {"yours": config} | {name: with_preset(config, name) for name in PRESETS}
    )
    terminal = render.console()
    for name, one in shown.items():
        if not preset:
            terminal.print(Text(f"{name}:", "bold"))
        print_line(line(SAMPLE, one, room, coloured=config["colour"]), coloured=config["colour"])


def with_preset(config: StatuslineConfig, preset: StatusPreset) -> StatuslineConfig:
    """These settings with the pieces of a preset."""
    return {**config, "preset": preset, "pieces": []}


def print_line(text: str, *, coloured: bool) -> None:
    """Print the line as it is, in colour only where colours are seen."""
    is_seen = coloured and render.is_coloured(render.console())
    click.echo(text if is_seen else click.unstyle(text))


def edited(place: Place) -> None:
    """Open the editor on the user's own settings, and write them if they are saved."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "--edit needs a terminal. Without one, set statusline.pieces in config.toml."
        )
    path = user_settings(place.env)
    if not path:
        raise click.ClickException("cannot find your home folder; set HOME")
    from clearpoint.cli.statusline_draft import Draft
    from clearpoint.cli.statusline_editor import run

    draft = Draft(settings.load(place.project, place.root, place.env)[0]["statusline"])
    if not run(draft):
        click.echo("Nothing changed.")
        return
    write(path, draft)
    click.echo(f"Saved in {path}. Claude Code shows it with the next message.")


def write(path: str, draft: Draft) -> None:
    """Write the draft into a settings file, and leave everything else in it as it is."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        before = read_bytes(path, FILE_BYTES, follow=True).decode() if os.path.exists(path) else ""
        document = tomlkit.parse(before)
    except (UnicodeDecodeError, TOMLKitError) as error:
        raise click.ClickException(f"{path} cannot be read as TOML: {error}") from None
    table = document.setdefault("statusline", tomlkit.table())
    for key, value in draft.changes().items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    make_folder(os.path.dirname(path))
    write_atomically(path, tomlkit.dumps(document).lstrip("\n").encode())
