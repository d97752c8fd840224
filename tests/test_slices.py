"""A transcript read in slices, across compactions and rewinds, tells what one read at once does."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send, state_of, transcript_lines, transcript_of
from made import answer, boundary, call, done, entry, failed, prompt, result

from clearpoint.lineage.takeover import unread_bytes
from clearpoint.session import update

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.transcript.entry import Entry

TEST = "go test ./reader -run TestLastRow"
EVENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("stop", {"stop_hook_active": False}),
    ("pre_compact", {"trigger": "auto", "custom_instructions": None}),
    ("session_start", {"source": "compact"}),
    ("session_end", {"reason": "other"}),
)
AGENT = {"subagent_type": "planner", "description": "Plan it"}
SUMMARY = "Summary.\n\n7. Pending Tasks:\n- the changelog\n"


def lines() -> list[Entry]:
    """A session with every kind of thing that the fold remembers."""
    return [
        prompt("Fix the reader", uuid="u1", parent="s", cwd="/p"),
        answer("Stage 1 of 3 is in place. Remaining:\n1. Tests\n2. Docs", uuid="a1"),
        *done("Edit", file_path="/p/reader.go", old_string="a", new_string="b"),
        *failed("Bash", "Exit code 1\n--- FAIL: TestLastRow (0.1s)", tool_id="t2", command=TEST),
        *failed("Bash", "Exit code 1\na.go:1:2: bad", tool_id="t3", command="make lint"),
        entry("queue-operation", operation="enqueue", content="leave --fresh in"),
        entry("queue-operation", operation="remove"),
        answer("Which format do you want?\n\nA. JSON\nB. CSV", uuid="a2", message_id="m2"),
        prompt("A", uuid="u2", parent="a2"),
        boundary(),
        entry("user", uuid="k", isCompactSummary=True, message={"role": "user",
                                                                "content": SUMMARY}),
        *done("Edit", tool_id="t4", file_path="/p/reader.go", old_string="b", new_string="c"),
        *done("Bash", "ok  \tp/reader", tool_id="t5", command="go test ./..."),
        *done("Bash", "ok", tool_id="t6", command="make lint"),
        *done("Agent", "Async agent launched\nagentId: a1", tool_id="t7", **AGENT),
        answer("Once the planner is done, I'll run the checker.", uuid="a3", message_id="m3"),
        prompt("No, that is wrong", uuid="u3", parent="a3"),
        answer("I see.", uuid="a4", message_id="m4"),
        prompt("Commit it", uuid="u4", parent="a3"),
        *done("Bash", "[main 1a2b3c4] Fix it", tool_id="t8", command='git commit -m "Fix it"'),
        call("Bash", tool_id="t9", command="make test"),
        result("3 passed", tool_id="t9"),
        answer("Committed. Shall I push?", uuid="a5", message_id="m5"),
    ]  # fmt: skip


def told(project: Path) -> dict[str, Any]:
    """The work state, without what events look up and where the archive has it."""
    work: Any = state_of(project)["work_state"]
    left_out = ("git", "spans")
    rows = {name: value for name, value in work.items() if name not in left_out}
    return _without_pointers(rows)  # type: ignore[no-any-return]


def _without_pointers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_pointers(one) for key, one in value.items() if "pointer" not in key}
    return [_without_pointers(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(8))
def test_slices_make_the_work_state_that_reading_at_once_makes(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    drawn, rest = random.Random(seed), lines()  # noqa: S311  (nothing secret)
    while rest:
        number = drawn.randint(1, 7)
        with transcript_of(tmp_path).open("ab") as file:
            file.write(transcript_lines(*rest[:number]))
        rest = rest[number:]
        name, fields = EVENTS[0] if not rest else drawn.choice(EVENTS)
        send(name, payload(tmp_path, **fields))
    whole = tmp_path_factory.mktemp("whole")
    transcript_of(whole).write_bytes(transcript_lines(*lines()))
    send("stop", payload(whole, stop_hook_active=False))
    assert told(tmp_path) == told(whole)


def test_after_a_compaction_nothing_is_told_from_the_middle_of_a_transcript(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript_of(tmp_path).write_bytes(transcript_lines(*lines() * 20))
    told_at = []
    for within_s in (0.0, None):
        monkeypatch.setattr(update.SessionUpdate.catch_up, "__defaults__", (within_s, 0.3))
        said = send("session_start", payload(tmp_path, source="compact")).out
        told_at.append("additionalContext" in said)
    assert told_at == [False, True]


def test_how_much_is_unread_is_known_by_the_size(tmp_path: Path) -> None:
    transcript_of(tmp_path).write_bytes(transcript_lines(*lines()))
    send("stop", payload(tmp_path, stop_hook_active=False))
    with transcript_of(tmp_path).open("ab") as file:
        file.write(b"12345")
    assert unread_bytes(state_of(tmp_path)) == 5
