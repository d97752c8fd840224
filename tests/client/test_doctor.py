"""The doctor and the cleaning up, beside the real client at work."""

import json
import os
import time
from pathlib import Path
from typing import Any

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install

from .conftest import ClientFactory
from .lab import Lab

MODEL = "claude-sonnet-4-6"
CLEARPOINT = executables_dir() / "clearpoint"
YEAR_S = 365 * 86_400


def installed(client: ClientFactory) -> Lab:
    """Open a lab whose project is watched."""
    lab = client()
    folder = executables_dir()
    install("project", lab.project, config_dir=lab.home / ".claude", executables=folder)
    return lab


def levels(lab: Lab) -> dict[str, str]:
    """What the doctor finds: the last level of each check."""
    found: Any = json.loads(lab.run(CLEARPOINT, "doctor", "--json").stdout)
    return {one["check"]: one["level"] for one in found["findings"]}


def aged(folder: Path) -> None:
    """Have everything in a folder look a year old."""
    when = time.time() - YEAR_S
    for path in folder.rglob("*"):
        os.utime(path, (when, when))


def test_a_project_that_works_is_healthy(client: ClientFactory) -> None:
    lab = installed(client)
    lab.prompt("one", "--model", MODEL)
    found = levels(lab)
    assert {level for level in found.values() if level == "error"} == set()
    assert (found["runs.last"], found["runs.faults"], "runs.slow" in found) == ("ok", "ok", True)


def test_a_hook_that_the_client_cannot_start_is_an_error(client: ClientFactory) -> None:
    lab = installed(client)
    settings = lab.project / ".claude" / "settings.json"
    moved = settings.read_text().replace(str(executables_dir()), "/moved/away")
    settings.write_text(moved)
    lab.prompt("one", "--model", MODEL)
    found = levels(lab)
    assert (found["installation.hooks"], found["runs.faults"]) == ("error", "error")


def test_what_a_live_session_continues_stays_until_it_has_ended(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("We decided to use JWT.")
    terminal.command("/clear")
    terminal.say("and on")
    sessions = lab.state / "sessions"
    aged(sessions)
    lab.run(CLEARPOINT, "gc")
    assert len(list(sessions.iterdir())) == 2
    terminal.kill()
    aged(sessions)
    lab.run(CLEARPOINT, "gc")
    assert list(sessions.iterdir()) == []
