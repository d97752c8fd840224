"""The timeline: what the hooks noted of a session, in words and in order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.store.journal import occurrences, parsed

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-01-31T12:00:00Z"
FIRST = "1111aaaa-0000-4000-8000-000000000001"
SECOND = "2222bbbb-0000-4000-8000-000000000002"


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client that has worked, and was cleared."""
    made = Client(tmp_path, FIRST)
    made.start(model="claude-sonnet-4-6")
    made.turn(prompt("We decided to use JWT.", parent="0"), answer("Fine.", used=155_000))
    made.send("pre_compact", trigger="manual")
    made.clear(SECOND)
    return made


def told(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What the command prints."""
    assert main(["timeline", *args]) == 0
    return capsys.readouterr().out


def words(facts: dict[str, Any]) -> str:
    """A line of the journal in words."""
    found = parsed(json.dumps({"at": AT, **facts}).encode())
    assert found is not None
    return f"{found.title}: {found.words}"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"event": "SessionStart", "source": "startup", "parent": None},
                     "start: startup", id="start"),
        pytest.param({"event": "SessionStart", "source": "clear", "parent": FIRST,
                      "confidence": "exact", "reload_tokens": 589},
                     "start: clear; continued from 1111aaaa (exact); 589 tokens reloaded",
                     id="clear"),
        pytest.param({"event": "UserPromptSubmit", "level": "warning", "told": True},
                     "prompt: Claude was told how full the window is", id="prompt"),
        pytest.param({"event": "UserPromptSubmit", "level": "emergency", "held": 191_000},
                     "prompt: held and saved", id="held"),
        pytest.param({"event": "UserPromptSubmit", "level": "normal", "command": "status"},
                     "prompt: status", id="command"),
        pytest.param({"event": "Stop", "used": 84_760, "level": "normal", "advice": "tests_green"},
                     "answer: 85k in use; you were told: tests green", id="advice"),
        pytest.param({"event": "Stop", "used": 150_000, "level": "warning", "advice": "level"},
                     "answer: 150k in use; you were told: how full it is", id="level"),
        pytest.param({"event": "PreCompact", "trigger": "auto", "used": 166_000, "archive": "a.md"},
                     "compaction: auto at 166k in use; archived in a.md", id="compaction"),
        pytest.param({"event": "SessionEnd", "reason": "clear", "used": 1_000},
                     "end: clear; 1k in use", id="end"),
        pytest.param({"event": "Set", "by_hand": ["spec", "phase"]},
                     "set by hand: by hand spec, phase", id="set"),
        pytest.param({"event": "Later", "some_fact": 3, "none": None},
                     "Later: some fact 3", id="an event without words of its own"),
        pytest.param({"event": "Stop", "used": "many", "level": 3}, "answer: ", id="damaged facts"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_words(facts: dict[str, Any], expected: str) -> None:
    assert words(facts) == expected


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'{"at": "2026-01-31T12:00:00Z", "eve', id="torn"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"at": "yesterday", "event": "Stop"}', id="no time"),
        pytest.param(b'{"at": 7, "event": "Stop"}', id="a number for a time"),
        pytest.param(b'{"at": "2026-01-31T12:00:00Z", "event": {}}', id="no event"),
    ],
)
def test_a_damaged_line_is_left_out(line: bytes) -> None:
    assert parsed(line) is None


def test_the_events_of_a_session_stand_in_order(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, "1111", "--project", str(client.project)).splitlines()
    assert lines[0] == f"Session {FIRST}"
    events = [line.split()[1] for line in lines[3:] if line[:1].isdigit()]
    assert events == ["start", "prompt", "answer", "compaction", "end"]
    assert "155k in use; you were told: how full it is" in lines[5]


def test_the_newest_events_can_be_had_alone(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, "1111", "--last", "1", "--project", str(client.project)).splitlines()
    assert [line.split()[1:3] for line in lines[3:]] == [["end", "clear;"]]


def test_programs_get_what_was_noted(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "--json", "--project", str(client.project)))
    assert [(one["event"], one["source"], one["parent"]) for one in found] == [
        ("SessionStart", "clear", FIRST)
    ]
    assert found[0]["at"].endswith("Z")


def test_no_fact_is_a_command_for_the_terminal(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.store.journal(SECOND, "Stop", used=1, level="\x1b]0;gone\x07", advice="\x9b2J")
    assert not set(told(capsys, "--project", str(client.project))) & {"\x1b", "\x07", "\x9b"}


def test_a_session_without_a_journal_says_so(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    (state_folder(client.project) / "sessions" / SECOND / "journal.jsonl").unlink()
    assert [*occurrences(client.store, SECOND)] == []
    assert "Nothing recorded yet." in told(capsys, "--project", str(client.project))
