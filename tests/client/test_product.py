"""Clearpoint in the real client: watched, advised, carried across, and never in the way."""

import os
import sys
from pathlib import Path

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import State
from clearpoint.session import summaries
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .conftest import ClientFactory
from .lab import Lab
from .record import Json, Request

MODEL = "claude-sonnet-4-6"
MARK = "Clearpoint reload"
SIDE_BY_SIDE_ROUNDS = 20


def installed(client: ClientFactory, statusline: bool = False) -> Lab:
    """Open a lab whose project is watched, as `clearpoint install` does it."""
    lab = client()
    config = lab.home / ".claude"
    folder = executables_dir()
    install("project", lab.project, config_dir=config, executables=folder, statusline=statusline)
    return lab


def store_of(lab: Lab) -> Store:
    return Store(str(lab.state))


def state_of(lab: Lab, session_id: str) -> State:
    state = read(store_of(lab), session_id)
    assert state is not None
    return state


def last_request(lab: Lab) -> Request:
    return lab.requests()[-1]


def faults(lab: Lab) -> str:
    path = lab.state / "faults.jsonl"
    return path.read_text() if path.exists() else ""


def test_a_headless_session_is_watched(client: ClientFactory) -> None:
    lab = installed(client)
    reply = lab.prompt("USAGE:90000@@ We decided to use JWT.", "--model", MODEL)
    state = state_of(lab, reply.session_id)
    assert state["context_window"]["used"] == 90_000
    assert state["context_window"]["total"] == 200_000
    assert [one["text"] for one in state["work_state"]["decisions"]]
    assert faults(lab) == ""


@pytest.mark.parametrize("model", [MODEL, "claude-opus-5-5"])
def test_our_figure_is_the_clients_at_resume_and_fork(client: ClientFactory, model: str) -> None:
    lab = installed(client)
    first = lab.prompt("USAGE:70000@@ one", "--model", model)
    lab.prompt("two", "--model", model, "--resume", first.session_id)
    used = state_of(lab, first.session_id)["context_window"]["used"]
    fork = lab.prompt("three", "--resume", first.session_id, "--fork-session", "--model", model)
    said = [
        (event.payload["source"], event.payload["context_tokens"])
        for event in lab.events("SessionStart")
        if "context_tokens" in event.payload
    ]
    assert said == [("resume", 70_000), ("fork", used)]
    assert state_of(lab, fork.session_id)["lineage"]["parent_id"] == first.session_id


def test_each_level_is_said_on_the_screen_and_told_to_claude(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    for used in (125_000, 152_000, 166_000):
        terminal.say(f"USAGE:{used}@@ go on at {used}")
        terminal.wait_for_text(f"Stop says: Context: {used // 1000}k of your 200k window")
    terminal.say("and now")
    text = last_request(lab).text
    assert "Context: ~152k of 200k tokens (76%) is in use." in text
    assert "carry on as usual" in text
    assert faults(lab) == ""


def test_a_clear_carries_the_work_into_the_next_request(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    terminal.command("/clear")
    terminal.wait_for_text("Picked up SPEC-AUTH-001")
    terminal.say("please go on")
    text = last_request(lab).text
    assert text.count(MARK) == 1
    assert "Spec: SPEC-AUTH-001" in text
    assert "we decided to use JWT" in text
    terminal.say("and again")
    assert last_request(lab).text.count(MARK) == 1
    state = state_of(lab, terminal.session_id)
    assert state["lineage"]["confidence"] == "exact"


def test_a_manual_compaction_is_steered_by_what_is_known(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    terminal.say("Let's go with RS256 for the keys.")
    terminal.command("/compact")
    (summary,) = lab.requests(kind="summary")
    instructions = summary.text.rpartition("Additional Instructions:")[2]
    assert "- the specification: SPEC-AUTH-001" in instructions
    assert "Let's go with RS256 for the keys." in instructions
    terminal.say("and on")
    assert f"{MARK}" in last_request(lab).text


def test_an_automatic_compaction_is_steered_and_followed_up(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    terminal.say("USAGE:168000@@ fill it up")
    terminal.say("one more")
    (summary,) = lab.requests(kind="summary")
    assert "we decided to use JWT" in summary.text.rpartition("Additional Instructions:")[2]
    assert "facts that the summary leaves out" in last_request(lab).text
    assert summaries.kept(store_of(lab), terminal.session_id)
    state = state_of(lab, terminal.session_id)
    assert state["usage"]["compactions"] == 1
    assert state["context_window"]["used"] < 168_000


def test_a_crash_is_carried_into_the_next_start(client: ClientFactory) -> None:
    lab = installed(client)
    first = lab.start("--model", MODEL)
    first.say("For SPEC-AUTH-001 we decided to use JWT.")
    first.kill()
    second = lab.start("--model", MODEL)
    second.say("hello again")
    text = last_request(lab).text
    assert "which ended unexpectedly" in text
    assert "we decided to use JWT" in text


def test_an_interrupted_turn_is_noticed_at_the_next_prompt(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:30000@@ first")
    terminal.submit("USAGE:60000@@ SLOW:20@@ a long one")
    terminal.interrupt()
    terminal.say("USAGE:65000@@ after it")
    journal = (lab.state / "sessions" / terminal.session_id / "journal.jsonl").read_text()
    assert '"interrupted": true' in journal
    assert state_of(lab, terminal.session_id)["context_window"]["used"] == 65_000


@pytest.mark.long
def test_sessions_side_by_side_never_swap(client: ClientFactory) -> None:
    lab = installed(client)
    pair = [lab.start("--model", MODEL) for _ in range(2)]
    for number, terminal in enumerate(pair):
        terminal.say(f"We decided on colour-{number}.")
    for turn in range(SIDE_BY_SIDE_ROUNDS):
        order = pair if turn % 2 else pair[::-1]
        for terminal in order:
            terminal.command("/clear")
        for terminal in order:
            number = pair.index(terminal)
            terminal.say(f"turn {turn} of {number}")
            text = lab.requests(session_id=terminal.session_id)[-1].text
            assert f"We decided on colour-{number}." in text
            assert f"colour-{1 - number}" not in text


def broken_hooks(lab: Lab, program: Path) -> None:
    """Register this program for every event of ours, in place of the executables."""
    settings = (lab.project / ".claude" / "settings.json").read_text()
    for name in os.listdir(executables_dir()):
        if name.startswith("clearpoint-"):
            settings = settings.replace(f'"{executables_dir() / name}"', f'"{program}"')
    (lab.project / ".claude" / "settings.json").write_text(settings)


CRASH = f"#!{sys.executable}\nfrom clearpoint.door import run\nraise SystemExit(run('no.such'))\n"


@pytest.mark.parametrize("fault", ["crashes", "is missing", "cannot write"])
def test_a_hook_that_fails_never_keeps_a_prompt_from_the_model(
    client: ClientFactory, fault: str
) -> None:
    lab = installed(client)
    program = lab.root / "hook"
    if fault == "crashes":
        program.write_text(CRASH)
        program.chmod(0o755)
    if fault == "cannot write":
        lab.state.parent.mkdir(parents=True)
        lab.state.write_text("a file where the folder should be")
    else:
        broken_hooks(lab, program)
    reply = lab.prompt("hello there", "--model", MODEL)
    assert [request.prompt for request in lab.requests()] == ["hello there"]
    assert reply.process.returncode == 0


def test_the_status_line_is_on_the_screen_and_tells_the_window(client: ClientFactory) -> None:
    lab = installed(client, statusline=True)
    terminal = lab.start("--model", "claude-sonnet-4-5-20250929[1m]")
    terminal.say("USAGE:84000@@ hello")
    terminal.wait_for_text("84k/200k budget 42% (window 1M)")
    terminal.say("USAGE:85000@@ on")
    window = state_of(lab, terminal.session_id)["context_window"]
    assert (window["total"], window["source"]) == (1_000_000, "status line")


def test_nothing_is_printed_that_the_client_would_complain_of(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:152000@@ hello")
    terminal.command("/compact")
    terminal.say("on")
    terminal.command("/clear")
    terminal.say("on")
    kinds = [
        entry["attachment"]["type"]
        for path in lab.transcripts()
        for entry in entries_of(lab, path)
        if isinstance(entry.get("attachment"), dict)
    ]
    assert not {"hook_non_blocking_error", "hook_blocking_error", "hook_cancelled"} & set(kinds)


def entries_of(lab: Lab, path: Path) -> list[Json]:
    return lab.entries(path.stem)
