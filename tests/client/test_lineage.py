"""The right session in the real client: in worktrees, namespaces, and after a start that failed."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.session.load import read
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

from .polling import wait_until
from .record import as_blocks, block_text

if TYPE_CHECKING:
    from clearpoint.models.state import State

    from .conftest import ClientFactory
    from .lab import Lab

MARK = "Clearpoint reload"
BLUE, RED = "We decided on colour-blue.", "We decided on colour-red."
CLEARPOINT = executables_dir() / "clearpoint"


def watched(client: ClientFactory, env: dict[str, str] | None = None) -> Lab:
    """Open a lab in which every project is watched, the client's defaults otherwise as they are."""
    lab = client(env=env)
    done = lab.run(CLEARPOINT, "install", "--user", "--commands")
    assert done.returncode == 0, done.stderr
    return lab


def state_of(lab: Lab, session_id: str) -> State:
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    return state


def lineage_of(lab: Lab, session_id: str) -> tuple[str | None, str, str]:
    """Whom a session goes on from, why, and how sure that is."""
    lineage = state_of(lab, session_id)["lineage"]
    return lineage["parent_id"], lineage["reason"], lineage["confidence"]


def given(lab: Lab) -> str:
    """All that the newest request holds."""
    return lab.requests()[-1].text


# Worktrees


def test_a_session_of_a_removed_worktree_goes_on_in_the_main_checkout(
    client: ClientFactory,
) -> None:
    lab = watched(client)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")
    (lab.project / "app.py").write_text("x = 1\n")
    for words in (("add", "."), ("commit", "--quiet", "-m", "one")):
        subprocess.run([*git, *words], cwd=lab.project, env=lab.env, check=True)
    terminal = lab.start("-w", "side")
    old, tree = terminal.session_id, Path(terminal.events("SessionStart")[0].payload["cwd"])
    edit = json.dumps({"file_path": str(tree / "new.py"), "content": "y = 2\n"})
    terminal.say(f"TOOL:Write {edit}@@ {BLUE}")
    assert state_root(str(tree), lab.env) == str(lab.state)
    terminal.submit("/exit")
    terminal.wait_for_text("2. Remove worktree")
    terminal.keys("Down", "Enter")
    terminal.wait_for(terminal.has_exited, "the client's end")
    assert not tree.exists()
    wait_until(lambda: state_of(lab, old)["ended"], "the session's end")
    fresh = lab.start()
    fresh.submit(f"/clearpoint:continue {old[:8]}")
    fresh.wait_for_text("This session continues session")
    fresh.say("go on")
    text = given(lab)[given(lab).index(MARK) :]
    assert (BLUE in text, "- new.py (new, +1 -0" in text) == (True, True)
    assert lineage_of(lab, fresh.session_id) == (old, "continue", "exact")


# Namespaces


def test_clients_in_two_process_namespaces_keep_to_themselves(client: ClientFactory) -> None:
    lab = watched(client)
    pair = [lab.start(apart=True) for _ in range(2)]
    for terminal, said in zip(pair, (BLUE, RED), strict=True):
        terminal.say(said)
    third = lab.start()
    third.say("hello")
    assert "colour" not in given(lab)
    before = [terminal.session_id for terminal in pair]
    for terminal, own, other in zip(pair, (BLUE, RED), (RED, BLUE), strict=True):
        terminal.command("/clear")
        terminal.say("go on")
        assert (own in given(lab), other in given(lab)) == (True, False)
    found = [lineage_of(lab, terminal.session_id) for terminal in pair]
    assert found == [(one, "clear", "exact") for one in before]
    assert swept(lab) == []


def swept(lab: Lab) -> list[str]:
    """Make all that is kept look a year old; give the sessions that `gc` would remove then."""
    then = time.time() - 365 * 86_400
    for path in lab.state.rglob("*"):
        os.utime(path, (then, then))
    told = lab.run(CLEARPOINT, "gc", "--dry-run", "--json", "--project", lab.project).stdout
    return [one["name"] for one in json.loads(told)["removed"] if one["kind"] == "session"]


# A start that fails


def failing_start(lab: Lab) -> Path:
    """Put the hook of SessionStart behind a switch; give the file that says how it fails.

    `before`: killed before it has done anything. `after`: with all done, and nobody listening.
    """
    switch, path = lab.root / "failing", lab.home / ".claude" / "settings.json"
    hook = executables_dir() / "clearpoint-session-start"
    program = lab.root / "start"
    program.write_text(
        f"#!/bin/sh\ncase $(cat {switch} 2>/dev/null) in\n"
        f"before) kill -9 $$;;\nafter) {hook} | :; kill -9 $$;;\nesac\nexec {hook}\n"
    )
    program.chmod(0o755)
    path.write_text(path.read_text().replace(f'"{hook}"', f'"{program}"'))
    return switch


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_start_is_made_good_by_the_next_prompt(client: ClientFactory, moment: str) -> None:
    lab = watched(client)
    switch = failing_start(lab)
    terminal = lab.start()
    terminal.say(BLUE)
    sessions = [terminal.session_id]
    switch.write_text(moment)
    terminal.command("/clear")
    switch.unlink()
    for prompt in ("go on", "and on"):
        terminal.say(prompt)
        assert (given(lab).count(MARK), BLUE in given(lab)) == (1, True)
    sessions.append(terminal.session_id)
    terminal.command("/clear")
    terminal.say("further")
    assert (given(lab).count(MARK), BLUE in given(lab)) == (1, True)
    sessions.append(terminal.session_id)
    found = [lineage_of(lab, one) for one in sessions[1:]]
    assert found == [(one, "clear", "exact") for one in sessions[:-1]]


# Reading what was archived


def as_by_default(lab: Lab) -> None:
    """Take out what this lab's settings allow; our own rule stays."""
    path = Path(lab.env.get("CLAUDE_CONFIG_DIR", lab.home / ".claude")) / "settings.json"
    settings = json.loads(path.read_text())
    rules = [rule for rule in settings["permissions"].pop("allow", []) if rule != "Bash"]
    settings["permissions"] = {"allow": rules}
    path.write_text(json.dumps(settings))


def results(lab: Lab) -> list[str]:
    """The results of tools in the newest request."""
    return [
        block_text(block)
        for message in lab.requests()[-1].body["messages"]
        for block in as_blocks(message["content"])
        if isinstance(block, dict) and block.get("type") == "tool_result"
    ]


def read_archive(lab: Lab, *args: str) -> list[str]:
    """Have Claude read and search a file of the state folder; give what it got."""
    path = lab.state / "sessions" / "s" / "archive" / "1.md"
    path.parent.mkdir(parents=True)
    path.write_text("the needle of the archive\n")
    calls = [
        ("Read", {"file_path": str(path)}),
        ("Bash", {"command": f"grep needle {shlex.quote(str(path))}"}),
        ("Bash", {"command": f"grep -rn needle {shlex.quote(str(lab.state))}"}),
    ]
    prompt = "".join(f"TOOL:{name} {json.dumps(what)}@@" for name, what in calls)
    lab.prompt(prompt, *args)
    return results(lab)


@pytest.mark.parametrize("folder", ["", "moved claude"])
def test_claude_reads_and_searches_the_archive_unasked(
    client: ClientFactory, folder: str, tmp_path: Path
) -> None:
    env = {"CLAUDE_CONFIG_DIR": str(tmp_path / folder)} if folder else None
    lab = watched(client, env)
    as_by_default(lab)
    found = read_archive(lab)
    assert ["the needle of the archive" in one for one in found] == [True] * 3
