"""`clearpoint keep`: archive transcripts before Claude Code deletes them."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from rich.filesize import decimal

from clearpoint.cli import render
from clearpoint.cli.options import Place, examples, json_option, project_option, told
from clearpoint.config import load as settings
from clearpoint.history import keep as keeping
from clearpoint.history.outlook import everywhere, of_project, outlook
from clearpoint.lowlevel.clock import DAY_S, now_text
from clearpoint.store import processes
from clearpoint.store.store import Store
from clearpoint.text import phrases

if TYPE_CHECKING:
    from clearpoint.history.transcripts import Found

ALONE_BYTES = 32 << 20
"""Fewer bytes are read before more processes have started."""
ACTIVE_S = 600.0
"""A transcript written so lately may belong to a session that goes on; its end keeps it."""


@click.command(
    short_help="Archive sessions before Claude Code deletes them.",
    epilog=examples("clearpoint keep", "clearpoint keep --all-projects", "clearpoint keep --json"),
)
@project_option
@click.option("--all-projects", is_flag=True, help="Archive the sessions of all projects.")
@json_option
@told
def keep(place: Place, all_projects: bool, as_json: bool) -> None:
    """Archive sessions that are not archived yet, including those from before Clearpoint.

    Claude Code deletes a transcript when it has not changed for cleanupPeriodDays (30). An archive
    holds the conversation as Markdown (secrets masked, no tool output) and each request's usage,
    and stays as long as [retention] allows. Open sessions are archived when they end. If
    interrupted, it resumes where it stopped.

    JSON keys: sessions (how many were archived), bytes (of their transcripts), skipped (open, or
    older than retention.days), deleted_after_days, next_deletion.
    """
    found = everywhere(place.env) if all_projects else of_project(place.project, place.env)
    done = Kept(place)
    tasks = [task for project, one in found if (task := done.task(project, one))]
    done.run(tasks)
    left = outlook(place.project, place.env)
    if as_json:
        next_at = left.next_at
        render.print_json(
            {
                "sessions": done.sessions,
                "bytes": done.bytes,
                "skipped": done.skipped,
                "deleted_after_days": left.days,
                "next_deletion": None if next_at is None else now_text(next_at),
            }
        )
        return
    said = f"Archived {phrases.counted(done.sessions, 'session')} ({decimal(done.bytes)})."
    click.echo(said if done.sessions else "Everything is archived already.")
    if done.skipped:
        click.echo(f"Skipped {phrases.counted(done.skipped, 'session')}: open, or past retention.")


class Task(NamedTuple):
    """One session to keep."""

    root: str
    project: str
    found: Found
    env: dict[str, str]


def carried_out(task: Task) -> int:
    """Keep one session; return the bytes of its transcript that were new."""
    return keeping.keep(Store(task.root), task.found, task.project, task.env)


class Kept:
    """What was kept so far."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.now = time.time()
        self.places: dict[str, Any] = {}
        self.sessions = self.bytes = self.skipped = 0

    def task(self, project: str, found: Found) -> Task | None:
        """What there is to do for a session; None if it is kept, open or past its retention."""
        if project not in self.places:
            place = Place(project, self.place.env)
            days = settings.load(project, place.root, place.env)[0]["retention"]["days"]
            self.places[project] = (place.store, processes.holders(place.store), days)
        store, held, days = self.places[project]
        age = self.now - found.changed
        if found.session_id in held or age < ACTIVE_S or (days and age > days * DAY_S):
            self.skipped += 1
            return None
        if keeping.is_kept(store, found):
            return None
        return Task(store.root, project, found, {**self.place.env})

    def run(self, tasks: list[Task]) -> None:
        """Keep the sessions: a few here, many in a process for each processor."""
        if sum(task.found.bytes for task in tasks) < ALONE_BYTES:
            sizes = list(map(carried_out, tasks))
        else:
            with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
                sizes = list(pool.map(carried_out, tasks))
        self.sessions = sum(map(bool, sizes))
        self.bytes = sum(sizes)
