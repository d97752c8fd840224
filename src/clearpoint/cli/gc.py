"""`clearpoint gc`: remove what is too old or too large, and never what is in use."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.filesize import decimal
from rich.text import Text

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.config import load as settings
from clearpoint.retention import plan
from clearpoint.text import phrases

if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.retention.plan import Plan, Removal

SHOWN = 5
ID_CHARS = 8


@click.command(
    short_help="Remove old sessions and leftovers.",
    epilog=examples("clearpoint gc --dry-run", "clearpoint gc --days 30", "clearpoint gc --json"),
)
@project_option
@click.option("--days", type=click.IntRange(0), help="Override retention.days; 0: no age limit.")
@click.option(
    "--megabytes", type=click.IntRange(0), help="Override retention.megabytes; 0: no size limit."
)
@click.option("--unclosed", is_flag=True, help="Also remove sessions that may be open elsewhere.")
@click.option("--dry-run", is_flag=True, help="Show what would be removed.")
@json_option
@told
def gc(  # noqa: PLR0913, PLR0917  (one for each option)
    place: Place,
    days: int | None,
    megabytes: int | None,
    unclosed: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove old data from the project's state folder.

    Removes what was not written for retention.days, then the oldest until the folder is within
    retention.megabytes. Temporary files and records of ended processes always go. A session stays
    if it is open or continued by an open one, was written within a day, or can still be carried
    over after a crash. One that was never closed may be open in a container or on another machine,
    and stays too, unless you give --unclosed. Claude Code's transcripts are never touched.

    JSON keys: state_folder, dry_run, bytes_before, bytes_freed, removed and failed (lists of
    objects with the keys kind, name, bytes, reason), kept (why each session over the limit
    stays). Exit code 1: something could not be removed.
    """
    config, _ = settings.load(place.project, place.root, place.env)
    planned = plan.plan(
        place.store, chosen(config, days, megabytes), time.time(), unclosed=unclosed
    )
    failed = [] if dry_run else plan.carry_out(place.store, planned)
    stayed = {removal for removal, _ in failed}
    removed = [removal for removal in planned.removals if removal not in stayed]
    freed = sum(removal.item.bytes for removal in removed)
    if as_json:
        render.print_json(
            {
                "state_folder": place.root,
                "dry_run": dry_run,
                "bytes_before": planned.bytes_before,
                "bytes_freed": freed,
                "removed": [described(one, one.reason) for one in removed],
                "failed": [described(one, reason) for one, reason in failed],
                "kept": planned.kept,
            }
        )
    else:
        tell(place.root, planned, removed, freed, dry_run)
        for one, reason in failed:
            click.echo(f"Error: {one.item.path}: {reason}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def chosen(config: Config, days: int | None, megabytes: int | None) -> Config:
    """The settings, with what was asked for in place of theirs."""
    kept = config["retention"]
    return {
        **config,
        "retention": {
            "days": kept["days"] if days is None else days,
            "megabytes": kept["megabytes"] if megabytes is None else megabytes,
        },
    }


def described(removal: Removal, reason: str) -> dict[str, Any]:
    """A removal as JSON."""
    item = removal.item
    return {"kind": item.kind, "name": item.name, "bytes": item.bytes, "reason": reason}


def tell(root: str, planned: Plan, removed: list[Removal], freed: int, dry_run: bool) -> None:
    """Say what went, of which kind and why, and what stays all the same."""
    console = render.console()
    rest = decimal(planned.bytes_before - freed)
    if removed:
        verb = "Would free" if dry_run else "Freed"
        line = f"{verb} {decimal(freed)} of {decimal(planned.bytes_before)} in {root}:"
    else:
        line = f"Nothing to remove: {rest} in {root}."
    console.print(render.text(line, "bold"), soft_wrap=True)
    ordered = sorted(removed, key=lambda one: (one.item.kind, one.reason))
    for (kind, reason), group in groupby(ordered, key=lambda one: (one.item.kind, one.reason)):
        found = [one.item for one in group]
        size = decimal(sum(item.bytes for item in found))
        console.print(Text(f"  {phrases.counted(len(found), kind)}, {size}: {reason}"))
        if kind == "session":
            console.print(Text(f"    {some([item.name for item in found])}", "bright_black"))
    for session_id, reason in planned.kept.items():
        console.print(render.text(f"  {session_id[:ID_CHARS]} stays: {reason}"), soft_wrap=True)


def some(names: list[str]) -> str:
    """The beginnings of the first ids, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(render.safe(name[:ID_CHARS]) for name in names[:SHOWN]) + more
