"""`clearpoint status`: how full, how long, where the work stands, and whether all is well."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from clearpoint.cli import render, session_view
from clearpoint.cli.options import (
    Place,
    examples,
    json_option,
    open_session,
    project_option,
    session_option,
    told,
    user_home,
)
from clearpoint.client.settings import config_dir
from clearpoint.config import load as settings
from clearpoint.history.outlook import outlook
from clearpoint.lowlevel.clock import DAY_S, now_text
from clearpoint.session.find import NoSessionError
from clearpoint.store import faults
from clearpoint.text.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from clearpoint.api.session import Session

FAULTS_SHOWN = 3
SOON_DAYS = 7
LISTED = 3
WATCH_S = 2.0
SHORTEST_WATCH_S = 0.5


@click.command(
    epilog=examples(
        "clearpoint status                  the newest session of this project",
        "clearpoint status --by-part        what each tool and file takes",
        "clearpoint status --watch          every 2 seconds (--watch 10: every 10)",
        "clearpoint status --session 1f3a --json",
    )
)
@project_option
@session_option
@click.option("--by-part", is_flag=True, help="Show where the tokens go.")
@click.option(
    "-w",
    "--watch",
    "every_s",
    is_flag=False,
    flag_value=WATCH_S,
    type=click.FloatRange(min=SHORTEST_WATCH_S),
    metavar="[SECONDS]",
    help="Keep it on screen and up to date; Ctrl-C quits.",
)
@json_option
@told
def status(
    place: Place, session_id: str | None, by_part: bool, every_s: float | None, as_json: bool
) -> None:
    """Show how full the newest session is, what to do about it, and where the work stands.

    The tokens are Claude Code's own count; ~ marks an estimate of what was written since.
    --by-part shows what takes how much of window and budget; clearpoint show has everything else.

    The output ends with any problems in the installation, settings or hooks, and how to fix them.

    JSON keys: project, state_folder, session (null if none is recorded), installation,
    settings, faults, transcripts (deleted_after_days, next_deletion, not_kept). The keys of
    session are those of clearpoint show --json.
    """
    if as_json:
        render.print_json(as_data(place, session_id))
    elif every_s is not None:
        watch(lambda console: show(console, place, session_id, by_part), every_s)
    else:
        show(render.console(), place, session_id, by_part)


def newest(place: Place, session_id: str | None) -> Session | None:
    """The session that is meant, None if the project has none."""
    try:
        return open_session(place, session_id)
    except NoSessionError:
        return None


def as_data(place: Place, session_id: str | None) -> dict[str, Any]:
    """The status for programs."""
    session = newest(place, session_id)
    return {
        "project": place.project,
        "state_folder": place.root,
        "session": session_view.described(session, config_dir(place.env)) if session else None,
        "installation": installation(place),
        "settings": settings.load(place.project, place.root, place.env)[1],
        "faults": recent_faults(place.root),
        "transcripts": transcripts(place),
    }


def transcripts(place: Place) -> dict[str, Any]:
    """When Claude Code deletes the project's transcripts, and how many are not archived."""
    seen = outlook(place.project, place.env)
    next_at = seen.next_at
    return {
        "deleted_after_days": seen.days,
        "next_deletion": None if next_at is None else now_text(next_at),
        "not_kept": len(seen.not_kept),
    }


def deletion_note(place: Place) -> list[str]:
    """That transcripts will be deleted soon which are not archived, and what to type."""
    seen = outlook(place.project, place.env)
    at = seen.next_lost_at
    if at is None or at - time.time() > SOON_DAYS * DAY_S:
        return []
    number, day = counted(len(seen.not_kept), "session"), now_text(at)[:10]
    return [
        f"Claude Code will delete {number} from {day} on. To keep an archive, run: clearpoint keep"
    ]


def show(console: Console, place: Place, session_id: str | None, by_part: bool) -> None:
    """Print the status for a user."""
    session = newest(place, session_id)
    if session and by_part:
        session_view.show_parts(console, session, config_dir(place.env))
        return
    if session:
        session_view.show_answer(console, session, config_dir(place.env), LISTED)
    else:
        line = f"No session of {place.project} is recorded yet."
        console.print(render.text(line, "bold"), soft_wrap=True)
    troubles, failed = installation(place), recent_faults(place.root)
    notes = deletion_note(place)
    _, problems = settings.load(place.project, place.root, place.env)
    if troubles or problems or failed or notes:
        console.print()
    for line in [*troubles, *problems, *notes]:
        console.print(Text.assemble(("! ", "bold yellow"), render.safe(line)), soft_wrap=True)
    for fault in failed:
        line = f"{fault.get('fault')} ({render.age(fault.get('at'))})"
        console.print(Text.assemble(("! ", "bold red"), render.safe(line)), soft_wrap=True)
    if not session and not troubles:
        console.print("Clearpoint is on: start Claude Code there.")


def watch(print_on: Callable[[Console], None], every_s: float) -> None:
    """Keep what is printed on a screen of its own until Ctrl-C; raises UsageError without one."""
    console = render.console()
    if not console.is_terminal:
        raise click.UsageError("--watch needs a terminal; for programs there is --json.")
    try:
        with console.screen() as screen:
            while True:
                with console.capture() as printed:
                    print_on(console)
                screen.update(Text.from_ansi(printed.get(), no_wrap=True, overflow="ellipsis"))
                time.sleep(every_s)
    except KeyboardInterrupt:
        return


def installation(place: Place) -> list[str]:
    """What keeps the hooks from running, with what to type; empty if all is well.

    A hook of the plugin's that asks is proof enough that they run.
    """
    if place.env.get("CLAUDE_PLUGIN_ROOT"):
        return []
    from clearpoint.install import check as install_check
    from clearpoint.install import registering

    project = Path(place.project)
    config_dir = registering.client_config_dir(place.env, user_home())
    checks = install_check.check(project, config_dir=config_dir, env=place.env)
    return [*install_check.explain(checks, project)]


def recent_faults(root: str, now: float | None = None) -> list[dict[str, Any]]:
    """The newest faults of the last days, the oldest first."""
    return faults.recent(root, time.time() if now is None else now)[-FAULTS_SHOWN:]
