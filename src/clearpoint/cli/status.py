"""`clearpoint status`: how full, how long, where the work stands, and whether all is well."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from clearpoint import config as settings
from clearpoint import quickjson
from clearpoint.cli import overview, render
from clearpoint.cli.place import (
    Place,
    examples,
    json_option,
    open_session,
    project_option,
    session_option,
    told,
)
from clearpoint.clock import seconds_of
from clearpoint.files import read_bytes
from clearpoint.lookup import NoSessionError

FAULTS_SHOWN = 3
FAULT_DAYS = 7
LISTED = 3


@click.command(epilog=examples("clearpoint status", "clearpoint status --session 1f3a --json"))
@project_option
@session_option
@json_option
@told
def status(place: Place, session_id: str | None, as_json: bool) -> None:
    """Show how full the newest session is and where its work stands.

    Below it, one line for each thing that is wrong with the installation, with the command that
    mends it, for each wrong setting, and for the newest faults of the hooks.

    JSON keys: project, state_folder, session (null where none is recorded), installation,
    settings, faults. The keys of session are those of clearpoint show --json.
    """
    try:
        session = open_session(place, session_id)
    except NoSessionError:
        session = None
    troubles, faults = installation(place), recent_faults(place.root)
    _, problems = settings.load(place.root, place.env)
    if as_json:
        render.print_json(
            {
                "project": place.project,
                "state_folder": place.root,
                "session": overview.described(session) if session else None,
                "installation": troubles,
                "settings": problems,
                "faults": faults,
            }
        )
        return
    console = render.console()
    if session:
        overview.show(console, session, LISTED)
    else:
        line = f"No session is recorded in {place.project} yet."
        console.print(render.text(line, "bold"), soft_wrap=True)
    if troubles or problems or faults:
        console.print()
    for line in [*troubles, *problems]:
        console.print(Text.assemble(("! ", "bold yellow"), render.safe(line)), soft_wrap=True)
    for fault in faults:
        line = f"{fault.get('fault')} ({render.age(fault.get('at'))})"
        console.print(Text.assemble(("! ", "bold red"), render.safe(line)), soft_wrap=True)
    if not session and not troubles:
        console.print("The hooks are registered: start Claude Code in it.")


def installation(place: Place) -> list[str]:
    """What keeps the hooks from running, with what to type; empty where all is well."""
    from clearpoint import install
    from clearpoint.install import check as install_check

    project = Path(place.project)
    config_dir = install.client_config_dir(place.env, Path.home())
    checks = install_check.check(project, config_dir=config_dir)
    return [*install_check.explain(checks, project)]


def recent_faults(root: str, now: float | None = None) -> list[dict[str, Any]]:
    """The newest faults of the last days, the oldest first."""
    try:
        lines = read_bytes(os.path.join(root, "faults.jsonl")).splitlines()
    except OSError:
        return []
    since = (time.time() if now is None else now) - FAULT_DAYS * 86_400
    found = [fault for fault in map(parsed, lines[-FAULTS_SHOWN:]) if fault]
    return [fault for fault in found if (seconds_of(str(fault.get("at"))) or 0.0) >= since]


def parsed(line: bytes) -> dict[str, Any]:
    """One line of the journal of faults; empty where it is torn."""
    try:
        fault = quickjson.loads(line)
    except quickjson.MalformedJSONError:
        return {}
    return fault if isinstance(fault, dict) else {}
