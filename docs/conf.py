"""The documentation as a site, built by `make docs`; a page loads nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clearpoint import __version__
from clearpoint.cli.main import GROUPS, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

HELP_COLUMNS = 88

project = "Clearpoint"
project_copyright = "The Clearpoint authors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3
default_role = "code"
highlight_language = "text"
smartquotes = False
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!clearpoint\.).*")]

add_module_names = False
autodoc_default_options = {"members": True, "undoc-members": True, "member-order": "bysource"}

html_theme = "furo"
html_title = f"Clearpoint {release}"
html_show_sphinx = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Have the page of commands end with the help of each."""
    app.connect("source-read", add_help)


def add_help(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the help behind what the page says."""
    if page == "commands":
        source[0] += "\n".join(described())


def described() -> Iterator[str]:
    """The groups of commands as Markdown, as `clearpoint --help` has them."""
    whole = click.Context(program, info_name="clearpoint", terminal_width=HELP_COLUMNS)
    for title, names in GROUPS.items():
        yield f"\n## {title}"
        for name in names:
            command = program.get_command(whole, name)
            if command is not None:
                yield from help_of(command, name, whole)


def help_of(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """One command's help as the terminal shows it, and below it its subcommands'."""
    context = click.Context(command, parent, name, terminal_width=HELP_COLUMNS)
    yield f"\n### {context.command_path}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for under in command.list_commands(context):
            found = command.get_command(context, under)
            if found is not None:
                yield from help_of(found, under, context)
