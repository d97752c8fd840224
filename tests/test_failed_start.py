"""What a start that failed was to give is given by the next prompt, once, and to nobody else."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client, context_of, running
from made import answer, prompt

from clearpoint import door
from clearpoint.client.events import Event
from clearpoint.handlers import session_start
from clearpoint.store import held_prompts, processes

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.store.processes import Link

DECIDED = "We decided to use JWT."


class Gone(io.BytesIO):
    """The standard output of a client that does not listen any more."""

    def write(self, _data: Any) -> int:
        """Refuse."""
        raise BrokenPipeError


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client in a session that has decided something."""
    client = Client(tmp_path)
    client.start()
    client.turn(prompt(DECIDED), answer("Done.", message_id="m1"))
    return client


def clear(client: Client, moment: str) -> None:
    """`/clear`, whose SessionStart fails at this moment."""
    client.send("session_end", reason="clear")
    client.session = "s-2"
    payload = {
        "session_id": client.session, "transcript_path": str(client.transcript),
        "cwd": str(client.project), "source": "clear",
    }  # fmt: skip
    if moment == "before its answer":
        with running(client.env):
            session_start.handle(Event(payload, client.env))
    elif moment == "as it answers":
        source = io.BytesIO(json.dumps(payload).encode())
        with running(client.env):
            door.run("clearpoint.handlers.session_start", source, Gone(), None, client.env)


def said_to(client: Client, text: str = "go on") -> dict[str, Any]:
    return client.reply("user_prompt_submit", prompt=text)


MOMENTS = ["before it begins", "before its answer", "as it answers"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_prompt_gives_what_a_killed_start_did_not(client: Client, moment: str) -> None:
    clear(client, moment)
    assert DECIDED in context_of(said_to(client))
    lineage = client.state["lineage"]
    assert (lineage["parent_id"], lineage["confidence"]) == ("s-1", "exact")


@pytest.mark.parametrize("is_in_transcript", [True, False])
@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_given_once(client: Client, moment: str, is_in_transcript: bool) -> None:
    clear(client, moment)
    text = context_of(said_to(client))
    given = [prompt(text, uuid="c", parent=None, isMeta=True)] if is_in_transcript else []
    client.write(*given, prompt("go on", uuid="u2"), answer("Yes.", message_id="n1"))
    client.send("stop")
    assert [said_to(client), said_to(client), client.state["system"]["awaiting"]] == [{}, {}, ""]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_prompt_leaves_it_to_the_next_one(client: Client, moment: str) -> None:
    from clearpoint.handlers import user_prompt_submit

    clear(client, moment)
    payload = {"session_id": "s-2", "cwd": str(client.project), "prompt": "go on"}
    with running(client.env):
        user_prompt_submit.handle(Event(payload, client.env))
    assert DECIDED in context_of(said_to(client))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("hook", "fields"),
    [
        ("stop", {}),
        ("pre_compact", {"trigger": "manual"}),
        ("user_prompt_submit", {"prompt": "/clearpoint:status"}),
    ],
)
def test_an_event_that_cannot_give_it_leaves_it_to_the_next_prompt(
    client: Client, moment: str, hook: str, fields: dict[str, str]
) -> None:
    clear(client, moment)
    client.write(prompt("go on", uuid="u2"), answer("Yes.", message_id="n1"))
    client.send(hook, **fields)
    assert DECIDED in context_of(said_to(client))


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_clear_takes_the_session_that_was_cleared(client: Client, moment: str) -> None:
    clear(client, moment)
    said_to(client)
    client.write(prompt("Let's go with RS256.", uuid="u2"), answer("Yes.", message_id="n1"))
    client.send("stop")
    text = context_of(client.clear("s-3"))
    assert ("RS256" in text, client.state["lineage"]["parent_id"]) == (True, "s-2")


def test_the_user_is_told_as_well(client: Client) -> None:
    clear(client, "before it begins")
    assert said_to(client)["systemMessage"].startswith("Picked up the work")


def test_a_prompt_that_was_held_back_waits_in_the_new_session(client: Client) -> None:
    held_prompts.hold(client.store, "s-1", "one more thing")
    clear(client, "before it begins")
    assert "one more thing" in context_of(said_to(client))


def test_a_session_that_was_left_otherwise_gives_nothing(client: Client) -> None:
    client.send("session_end", reason="resume")
    client.session = "s-2"
    assert said_to(client) == {}


def test_a_session_that_was_there_before_gets_no_others_work(client: Client) -> None:
    earlier = "2020-01-01T00:00:00.000Z"
    client.send("session_end", reason="clear")
    client.session = "s-0"
    client.write(prompt("Mine.", timestamp=earlier), answer("Yes.", message_id="n1"))
    assert said_to(client) == {}


# Which process it is


def link(client: Client) -> Link:
    (found,) = processes.recorded(client.store)
    return found


EVENTS = [
    ("user_prompt_submit", {"prompt": "go on"}),
    ("stop", {}),
    ("pre_compact", {"trigger": "auto"}),
    ("pre_tool_use", {"tool_name": "Bash", "tool_input": {}}),
    ("pre_tool_use", {"tool_name": "Agent", "tool_input": {"prompt": "look"}}),
    ("subagent_start", {"agent_id": "a1", "agent_type": "Explore"}),
    ("subagent_stop", {"agent_id": "a1", "agent_type": ""}),
    ("permission_request", {"tool_name": "Read", "tool_input": {"file_path": "/etc/passwd"}}),
]


@pytest.mark.parametrize(("hook", "fields"), EVENTS)
def test_every_event_says_which_session_the_process_holds(
    client: Client, hook: str, fields: dict[str, Any]
) -> None:
    clear(client, "before it begins")
    client.send(hook, **fields)
    assert (link(client).session_id, link(client).before) == ("s-2", "s-1")


@pytest.mark.parametrize(("hook", "fields"), [*EVENTS[3:], ("session_end", {"reason": "clear"})])
def test_an_event_that_comes_late_does_not_lead_back(
    client: Client, hook: str, fields: dict[str, Any]
) -> None:
    client.clear("s-2")
    client.session = "s-1"
    client.send(hook, **fields)
    assert (link(client).session_id, link(client).before) == ("s-2", "s-1")


def test_the_end_of_a_session_that_nobody_knew_moves_nothing(client: Client) -> None:
    client.clear("s-2")
    client.session = "s-0"  # its start had failed, and its end comes late
    client.send("session_end", reason="clear")
    assert (link(client).session_id, link(client).before) == ("s-2", "s-1")


def test_a_session_that_its_process_went_on_from_is_no_crash(client: Client) -> None:
    client.session = "s-2"  # resumed within the client; nobody heard of the end of the first
    client.start("resume")
    client.send("session_end", reason="prompt_input_exit")
    fresh = Client(client.project, "fresh", os.getpid())  # the first process has ended
    assert (fresh.start(), fresh.state["lineage"]["confidence"]) == ({}, "unknown")
