"""`clearpoint tag`: texts and files that `@CONFIG-001` in a prompt brings in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, for_project
from clearpoint.store import tags

if TYPE_CHECKING:
    from clearpoint.models.state import Tag

SHOWN_CHARS = 70

name_argument = click.argument("name", metavar="NAME")


@click.group(
    short_help="Manage texts and files that @NAME brings into a prompt.",
    epilog=examples("clearpoint tag add CONFIG-001 config/app.toml", "clearpoint tag list"),
)
def tag() -> None:
    """Manage texts and files that @NAME brings into a prompt (tag add, list, show, remove)."""


@tag.command(
    epilog=examples(
        "clearpoint tag add CONFIG-001 config/app.toml",
        'clearpoint tag add STYLE-1 "Answer in British English."',
    )
)
@name_argument
@click.argument("content", metavar="FILE_OR_TEXT")
@for_project()
def add(name: str, content: str, place: Place) -> None:
    """Add a tag: NAME stands for a text, or for a file of the project.

    A name is capitals and digits joined by hyphens, as CONFIG-001 or API-SCHEMA. A file is read
    when the tag is used, so its content is always current.
    """
    tags.refuse_reserved(name)
    new = tag_of(content, place.project)
    tags.add(place.root, name, new)
    what = new["path"] or f"a text of {len(content):,} characters"
    missing = f" (there is no file {content})" if not new["path"] and is_like_path(content) else ""
    click.echo(f"@{name} stands for {what}{missing}.")


def is_like_path(text: str) -> bool:
    """Whether a text is probably meant as the path of a file."""
    return len(text.split()) == 1 and ("/" in text or "." in text[1:-1])


@tag.command("list", epilog=examples("clearpoint tag list", "clearpoint tag list --json"))
@for_project(as_json=True)
def list_tags(place: Place, as_json: bool) -> None:
    """List the tags. JSON: objects with the keys name, text and path."""
    kept = {name: tags.read(place.root, name) for name in tags.names(place.root)}
    if as_json:
        render.print_json([{"name": name, **one} for name, one in kept.items()])
        return
    if not kept:
        click.echo("No tags yet. To add one: clearpoint tag add CONFIG-001 FILE_OR_TEXT")
        return
    rows = [(f"@{name}", _short(one)) for name, one in kept.items()]
    render.show(render.console(), render.facts(rows))


@tag.command(epilog=examples("clearpoint tag show CONFIG-001"))
@name_argument
@for_project()
def show(name: str, place: Place) -> None:
    """Print what a tag stands for."""
    click.echo(render.safe(tags.content(tags.read(place.root, name), place.project)))


@tag.command(epilog=examples("clearpoint tag remove CONFIG-001"))
@name_argument
@for_project()
def remove(name: str, place: Place) -> None:
    """Remove a tag, but not the file that it names."""
    tags.remove(place.root, name)
    click.echo(f"Removed @{name}.")


def tag_of(content: str, project: str) -> Tag:
    """A tag for a file where the content names one, else for the text itself."""
    places = [os.path.abspath(content), os.path.join(project, content)]
    path = next((place for place in places if is_file(place)), None)
    if path is None:
        return {"text": content, "path": None}
    inside = os.path.relpath(path, project)
    return {"text": None, "path": path if inside.startswith("..") else inside}


def is_file(path: str) -> bool:
    """Whether this is a file; a text that no system takes for a path is none."""
    try:
        return os.path.isfile(path)
    except ValueError:
        return False


def _short(one: Tag) -> str:
    text = " ".join((one["text"] or "").split())
    if one["path"]:
        return one["path"]
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
