"""`clearpoint remote`: where a project's sessions go, for other machines and a team."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.search.refresh import own_folder
from clearpoint.sync import git
from clearpoint.sync import remote as remotes
from clearpoint.sync.public import is_public
from clearpoint.sync.service import key_of

if TYPE_CHECKING:
    from clearpoint.sync.remote import Remote

PUBLIC = (
    "{url} can be read by anyone. Sessions hold your prompts, Claude's answers and file names."
    " Choose another remote, encrypt with --recipient, or add it anyway with --yes."
)


@click.group(invoke_without_command=True, short_help="Exchange sessions elsewhere.")
@click.pass_context
def remote(ctx: click.Context) -> None:
    """Say where this project's sessions go: for other machines of yours, or for a team.

    Nothing leaves this machine before you add a remote and push.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


@remote.command(
    epilog=examples(
        "clearpoint remote add git                      the project's own remote",
        "clearpoint remote add git git@host:me/notes.git",
        "clearpoint remote add git --recipient age1… --identity ~/.age/key.txt",
    )
)
@click.argument("kind", type=click.Choice(("git",)))
@click.argument("url", required=False)
@project_option
@click.option("--user", default="", help="Whose sessions these are (default: your git e-mail).")
@click.option("--recipient", "recipients", multiple=True, help="Encrypt for this age key.")
@click.option("--identity", default="", type=click.Path(), help="File of your age private key.")
@click.option("--yes", is_flag=True, help="Accept a remote that anyone can read.")
@told
def add(  # noqa: PLR0913, PLR0917
    kind: str, url: str | None, place: Place, user: str, recipients: tuple[str, ...],
    identity: str, yes: bool,
) -> None:  # fmt: skip
    """Add a git remote: URL, or the one that the project's repository pushes to.

    Snapshots become refs of their own there (refs/clearpoint/USER/SESSION), one small commit
    each; branches, tags and your repository stay as they are.
    """
    del kind
    address = url or git.remote_url(place.project, place.env)
    if not address:
        raise click.ClickException("The project's repository has no remote. Name a URL.")
    whose = remotes.plain(user or git.identity(place.project, place.env))
    if not whose:
        raise click.ClickException("Git does not know your e-mail address. Name yourself: --user")
    if not recipients and not yes and is_public(address, place.env):
        raise click.ClickException(PUBLIC.format(url=git.without_password(address)))
    named: Remote = {
        "kind": "git",
        "url": address,
        "user": whose,
        "recipients": list(recipients),
        "identity": os.path.abspath(os.path.expanduser(identity)) if identity else "",
    }
    remotes.write(own_folder(place.env), key_of(place.root), named)
    click.echo(f"Added {git.without_password(address)} for {whose}.")
    click.echo("Send sessions: clearpoint push; fetch them elsewhere: clearpoint pull")


@remote.command()
@project_option
@json_option
@told
def show(place: Place, as_json: bool) -> None:
    """Show the project's remote.

    JSON keys: kind, url, user, recipients, identity; null where there is none.
    """
    found = remotes.read(own_folder(place.env), key_of(place.root))
    if as_json:
        render.print_json({**found, "url": git.without_password(found["url"])} if found else None)
    elif found:
        secret = ", encrypted" if found["recipients"] else ""
        click.echo(
            f"{found['kind']} {git.without_password(found['url'])}, as {found['user']}{secret}"
        )
    else:
        click.echo("No remote. Nothing leaves this machine. To add one: clearpoint remote add git")


@remote.command()
@project_option
@told
def remove(place: Place) -> None:
    """Forget the project's remote; what was pushed stays there."""
    there = remotes.forget(own_folder(place.env), key_of(place.root))
    click.echo("Removed." if there else "There was no remote.")
