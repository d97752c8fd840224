"""What the next request holds after each way on: the right facts, once, and nobody else's."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .polling import wait_until
from .test_product import MARK, MODEL, faults, installed, last_request, state_of
from .test_window import switch

if TYPE_CHECKING:
    from .conftest import ClientFactory
    from .lab import Lab

DECISION = "For SPEC-AUTH-001 we decided to use JWT."
CLEARPOINT = Path(sys.executable).with_name("clearpoint")


def call(tool: str, **given: str) -> str:
    """The marker that has the stub call a tool."""
    return f"TOOL:{tool} {json.dumps(given)}@@"


def clearpoint(lab: Lab, *args: str) -> str:
    """Run the command line in the project."""
    done = lab.run(CLEARPOINT, *args, "--project", lab.project)
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(lab: Lab, name: str, text: str) -> Path:
    path = lab.project / name
    path.write_text(text)
    return path


def test_a_resume_after_which_nothing_changed_says_nothing(client: ClientFactory) -> None:
    lab = installed(client)
    path = lab.project / "made.py"
    write = call("Write", file_path=str(path), content="x = 1\n")
    first = lab.prompt(f"{write} {DECISION}", "--model", MODEL)
    assert path.read_text() == "x = 1\n"
    lab.prompt("go on", "--model", MODEL, "--resume", first.session_id)
    assert MARK not in last_request(lab).text


def test_a_resume_tells_once_what_others_changed(client: ClientFactory) -> None:
    lab = installed(client)
    mine, theirs = lab.project / "mine.py", written(lab, "theirs.py", "y = 1\n")
    tools = call("Write", file_path=str(mine), content="x = 1\n")
    tools += call("Read", file_path=str(theirs))
    first = lab.prompt(f"{tools} {DECISION}", "--model", MODEL)
    theirs.write_text("y = 2\n")
    for prompt in ("go on", "and on"):
        lab.prompt(prompt, "--model", MODEL, "--resume", first.session_id)
        text = last_request(lab).text
        assert text.count(MARK) == 1
        block = text[text.index(MARK) :].partition("</system-reminder>")[0]
        assert "- theirs.py" in block
        assert "mine.py" not in block


def test_a_fork_is_told_where_it_is_from_and_goes_its_own_way(client: ClientFactory) -> None:
    lab = installed(client)
    first = lab.prompt(DECISION, "--model", MODEL)
    args = ("--model", MODEL, "--resume", first.session_id, "--fork-session")
    fork = lab.prompt("Let's go with RS256 for the keys.", *args)
    text = last_request(lab).text
    assert text.count(f"branched off from session {first.session_id}") == 1
    lab.prompt("We decided to use HS512.", "--model", MODEL, "--resume", first.session_id)
    told = clearpoint(lab, "diff", first.session_id, fork.session_id)
    assert [
        line.split(maxsplit=1) for line in told.splitlines() if "go" in line or "HS" in line
    ] == [
        [first.session_id[:8], "We decided to use HS512."],
        [fork.session_id[:8], "Let's go with RS256 for the keys."],
    ]


def test_the_command_that_fork_prints_goes_on_with_the_fork(client: ClientFactory) -> None:
    lab = installed(client)
    first = lab.prompt(DECISION, "--model", MODEL)
    printed = clearpoint(lab, "fork", first.session_id)
    _, *args = shlex.split(printed.splitlines()[-1])
    reply = lab.prompt("go on", "--model", MODEL, *args)
    assert reply.session_id == args[-1]
    assert state_of(lab, reply.session_id)["lineage"]["parent_id"] == first.session_id
    assert last_request(lab).text.count(MARK) == 1
    assert faults(lab) == ""


def test_a_crash_is_offered_once_and_without_a_neighbours_facts(client: ClientFactory) -> None:
    lab = installed(client)
    neighbour, crashed = (lab.start("--model", MODEL) for _ in range(2))
    neighbour.say("We decided on colour-blue.")
    crashed.say(DECISION)
    crashed.kill()
    neighbour.say("go on")
    terminal = lab.start("--model", MODEL)
    for prompt in ("hello again", "and on"):
        terminal.say(prompt)
        text = lab.requests(session_id=terminal.session_id)[-1].text
        assert text.count(MARK) == 1
        assert text.count("we decided to use JWT") >= 1
        assert "colour-blue" not in text


def test_a_session_that_was_left_with_open_steps_is_offered_in_short(
    client: ClientFactory,
) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say(call("TaskCreate", subject="Rotate the keys", description="all") + " begin")
    terminal.stop()
    other = lab.start("--model", MODEL)
    other.say("something else")
    text = last_request(lab).text
    assert MARK not in text  # whether the new session is about that is the user's to say
    other.wait_for_text("with 1 open step")
    other.wait_for_text("Rotate the keys. To continue it")
    other.wait_for_text(f"continue {terminal.session_id[:8]}")
    assert state_of(lab, other.session_id)["work_state"]["pending_steps"] == []


def test_a_switch_of_the_model_loses_nothing_and_repeats_nothing(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say(DECISION)
    switch(terminal, "claude-opus-4-6")
    terminal.say("go on")
    assert MARK not in last_request(lab).text
    terminal.command("/clear")
    terminal.say("and on")
    text = last_request(lab).text
    assert (text.count(MARK), "Spec: SPEC-AUTH-001" in text) == (1, True)
    state = state_of(lab, terminal.session_id)
    assert (state["model"], state["context_window"]["total"]) == ("claude-opus-4-6", 200_000)


def test_work_is_carried_over_several_clears_and_each_fact_once(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say(DECISION)
    for prompt in ("go on", "and on", "further"):
        terminal.command("/clear")
        terminal.say(prompt)
    text = last_request(lab).text
    block = text[text.index(MARK) :].partition("</system-reminder>")[0]
    assert text.count(MARK) == 1
    assert block.count("- For SPEC-AUTH-001 we decided to use JWT.") == 1
    assert "“go on” — Reply number" in block


def test_a_compaction_after_a_clear_has_a_context_of_its_own(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say(DECISION)
    terminal.command("/clear")
    terminal.say("Let's go with RS256 for the keys.")
    terminal.say("more")
    written(lab, "keys.toml", "kind = 'RS256'\n")
    terminal.command("/compact")
    asked = lab.requests("summary")[-1].text
    assert "decided" in asked[asked.rindex("Additional Instructions") :]
    terminal.say("go on")
    text = last_request(lab).text
    assert text.count(MARK) == 1
    block = text[text.index(MARK) :].partition("</system-reminder>")[0]
    assert "before /clear" not in block
    assert "keys.toml" in block


@pytest.mark.parametrize("kind", ["text", "file"])
def test_a_tag_in_a_prompt_brings_its_content_into_the_request(
    client: ClientFactory, kind: str
) -> None:
    lab = installed(client)
    path = written(lab, "app.toml", "port = 8081\n")
    value = str(path) if kind == "file" else "port = 8081"
    clearpoint(lab, "tag", "add", "CONFIG-001", value)
    terminal = lab.start("--model", MODEL)
    terminal.say("what is in @CONFIG-001 and in @NOBODY-9?")
    text = last_request(lab).text
    assert text.count("port = 8081") == 1
    assert "@NOBODY-9 " not in text.replace("in @NOBODY-9?", "")
    assert terminal.session_id in clearpoint(lab, "sessions", "--json")


def test_an_agent_is_named_after_a_clear_with_its_own_transcript(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    given = {"description": "Look around", "prompt": "look", "subagent_type": "general-purpose"}
    terminal.say(call("Agent", **given) + " ask somebody")
    terminal.say("thanks")
    old = terminal.session_id
    terminal.command("/clear")
    terminal.say("go on")
    text = last_request(lab).text
    assert "- general-purpose “Look around”, id " in text
    assert f"{old}/subagents/agent-ID.jsonl" in text
    name = text.partition("“Look around”, id ")[2].split()[0]
    folder = text.partition("start again by type; ")[2].partition("/agent-ID")[0]
    assert Path(folder, f"agent-{name}.jsonl").exists()


def test_a_turn_that_a_crash_broke_off_is_not_lost(client: ClientFactory) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.say(DECISION)
    terminal.submit("SLOW:30@@ Let's go with RS256 for the keys.")
    written_down = "the prompt in the client's transcript"
    wait_until(lambda: "RS256" in str(lab.entries(terminal.session_id)), written_down)
    terminal.kill()
    lab.start("--model", MODEL).say("hello again")
    text = last_request(lab).text
    block = text[text.index(MARK) :].partition("</system-reminder>")[0]
    assert "- SLOW:30@@ Let's go with RS256 for the keys." in block
    assert "- For SPEC-AUTH-001 we decided to use JWT." in block
