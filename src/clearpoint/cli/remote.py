"""`clearpoint remote`: where a project's sessions go, for other machines and a team."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, for_project, project_option, told
from clearpoint.store.layout import own_folder
from clearpoint.sync import git
from clearpoint.sync import remote as remotes
from clearpoint.sync.public import PUBLIC, is_public
from clearpoint.team import database

if TYPE_CHECKING:
    from clearpoint.sync.remote import Kind, Remote


@click.group(
    invoke_without_command=True,
    short_help="Exchange sessions with other machines or a team.",
    epilog=examples("clearpoint remote", "clearpoint remote add git"),
)
@click.pass_context
def remote(ctx: click.Context) -> None:
    """Choose where this project's sessions are sent: to your other machines, or to a team.

    Nothing leaves this machine before you add a remote and push.
    """
    if ctx.invoked_subcommand is None:
        with show.make_context("show", [], parent=ctx) as inner:
            show.invoke(inner)


@remote.command(
    epilog=examples(
        "clearpoint remote add git                      the project's own remote",
        "clearpoint remote add git git@host:me/notes.git",
        "clearpoint remote add git --recipient age1… --identity ~/.age/key.txt",
        "clearpoint remote add postgres postgresql://ada@db.example/team",
    )
)
@click.argument("kind", type=click.Choice(remotes.KINDS))
@click.argument("url", required=False)
@project_option
@click.option("--user", default="", help="Whose sessions these are (default: your git e-mail).")
@click.option("--name", default="", help="The project's name there (default: its repository's).")
@click.option("--recipient", "recipients", multiple=True, help="Encrypt for this age key.")
@click.option("--identity", default="", type=click.Path(), help="File of your age private key.")
@click.option("--yes", is_flag=True, help="Accept a remote that anyone can read.")
@told
def add(place: Place, url: str | None, **given: Any) -> None:
    """Add a remote.

    git: URL, or the one that the project's repository pushes to. Snapshots become refs of their
    own there (refs/clearpoint/USER/SESSION), one small commit each; branches, tags and your
    repository stay as they are.

    postgres: your team's database, in which you have a role of your own.
    """
    origin = git.remote_url(place.project, place.env)
    address = url or (origin if given["kind"] == "git" else "")
    if not address:
        raise click.ClickException("Give the remote's URL.")
    whose = remotes.plain(given["user"] or git.identity(place.project, place.env))
    if not whose:
        raise click.ClickException("Git does not know your e-mail address. Give a name: --user")
    path = os.path.abspath(os.path.expanduser(given["identity"])) if given["identity"] else ""
    named: Remote = {
        "kind": given["kind"],
        "url": address,
        "project": given["name"] or remotes.project_name(origin, place.project),
        "user": whose,
        "recipients": list(given["recipients"]),
        "identity": path,
    }
    if given["kind"] == "git":
        ask(named, place, is_agreed=given["yes"])
    remotes.write(own_folder(place.env), remotes.key_of(place.root), named)
    click.echo(f"Added {git.without_password(address)}. Send sessions: clearpoint push")


def ask(named: Remote, place: Place, *, is_agreed: bool) -> None:
    """Note what a push need not ask again; raises ClickException for what anyone can read."""
    address = git.written_out(named["url"], place.project, place.env)
    if is_agreed:
        named["agreed"] = address
    elif not named["recipients"]:
        if is_public(address, place.env):
            raise click.ClickException(PUBLIC.format(url=git.without_password(named["url"])))
        named["asked"] = address


@remote.command()
@for_project(as_json=True)
def show(place: Place, as_json: bool) -> None:
    """Show the project's remotes.

    JSON: a list of objects with the keys kind, url, project, user, recipients, identity.
    """
    key, own = remotes.key_of(place.root), own_folder(place.env)
    found = [one for kind in remotes.KINDS if (one := remotes.read(own, key, kind))]
    if as_json:
        render.print_json([{**one, "url": git.without_password(one["url"])} for one in found])
        return
    for one in found:
        url, secret = git.without_password(one["url"]), ", encrypted" * bool(one["recipients"])
        click.echo(render.safe(f"{one['kind']} {url}: {one['project']} as {one['user']}{secret}"))
    if not found:
        click.echo("No remote. Nothing leaves this machine. To add one: clearpoint remote add git")


@remote.command()
@click.argument("kind", type=click.Choice(remotes.KINDS))
@for_project()
def remove(kind: Kind, place: Place) -> None:
    """Remove a remote from the project; what was sent stays there."""
    there = remotes.forget(own_folder(place.env), remotes.key_of(place.root), kind)
    click.echo("Removed." if there else "No such remote.")


@remote.command()
@click.argument("url")
def migrate(url: str) -> None:
    """Set up or update a team's database (for its administrator).

    Creates the schema clearpoint and the role clearpoint_users, which each member's role needs.
    """
    try:
        with database.connect(url) as connection:
            applied = database.migrate(connection)
    except database.TeamError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Applied {', '.join(applied)}." if applied else "Up to date.")
