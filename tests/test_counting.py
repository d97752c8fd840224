"""Counts of what a long transcript holds, told before it is read: the same as a fold tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import event, payload, send, state_of, transcript_of, written
from made import MODEL, answer, blocks, boundary, entry, prompt, result

from clearpoint.session import backlog, counting, update
from clearpoint.session.update import update_for
from clearpoint.tokens import usage
from clearpoint.transcript import reader
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.state import State
    from clearpoint.models.usage import Stretch
    from clearpoint.transcript.entry import Entry

TOOL = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": 'echo "usage":{'}}
SEEN: Any = [{"type": "text", "text": "See"}, {"type": "image"}]
CALL = blocks([TOOL], "m7", 30_000, 10, MODEL, "a7")
ONE_ID = [answer(message_id="", used=20_000), prompt("Go on"), answer(message_id="", used=22_000)]
PASSES = answer(message_id="m8", used=31_000)
PASSES["message"]["usage"]["iterations"] = [
    {"type": "message", "input_tokens": 9_000, "output_tokens": 5},
    {"type": "message", "input_tokens": 20_000, "output_tokens": 7},
]
KINDS: dict[str, list[Entry]] = {
    "a turn": [prompt("Go"), CALL, result('{"usage":{"input_tokens":1}}', tool_id="t1"),
               answer(message_id="m9", used=33_000)],
    "a response of several lines": [CALL, CALL, answer(message_id="m7", used=30_000)],
    "a response of several passes": [PASSES],
    "a gateway with one id for all": ONE_ID,
    "a subagent": [{**CALL, "isSidechain": True}, {**prompt("Look"), "isSidechain": True}],
    "the client in a model's place": [answer(message_id="m1", model="<synthetic>"),
                                      {**answer(message_id="m2"), "isApiErrorMessage": True}],
    "words of the client": [{**prompt("Caveat"), "isMeta": True},
                            prompt("<bash-stdout></bash-stdout>"),
                            prompt("[Request interrupted by user]")],
    "a text and a picture": [prompt(SEEN),
                             prompt(SEEN[::-1])],
    "a compaction by itself": [CALL, boundary(9_000, "auto"), answer(message_id="m3", used=10_000)],
    "one by hand behind it": [boundary(9_000, "auto"), boundary(8_000, "manual"), prompt("Go on")],
    "another model": [CALL, answer(message_id="m4", model="claude-opus-4-6", used=50_000)],
    "no usage": [{**CALL, "message": {"role": "assistant", "content": "x", "id": "m5"}}],
    "progress of an agent": [entry("progress", data={"message": CALL})],
}  # fmt: skip


def turn(number: int) -> list[Entry]:
    """A prompt and its answer."""
    said = answer(message_id=f"n{number}", used=10_000 + 1_000 * number)
    return [prompt(f"Prompt {number}"), said]


def folded(path: Path) -> dict[str, Any]:
    """What a fold tells of the same."""
    found = usage.new_usage()
    transcript = Transcript(str(path), None)
    for one in transcript.entries():
        usage.fold(found, one)
    transcript.close()
    peaks = {**found["peaks"], found["model"] or "": found["peak"]}
    return {
        "requests": found["requests"],
        "prompts": found["prompts"],
        "compactions": found["compactions"],
        "compacted_at": found["compacted_at"],
        "last": found["message_id"] or "",
        "peaks": {name: peak for name, peak in peaks.items() if peak},
    }


def counted(path: Path) -> dict[str, Any]:
    """What the counts alone tell."""
    stretch: Stretch = {"start": 0, "end": path.stat().st_size, "older": "", "newer": ""}
    with path.open("rb") as stream:
        found = counting.count_stretch(stream.fileno(), stretch, float("inf"))
    names = ("requests", "prompts", "compactions", "compacted_at", "last", "peaks")
    return {name: getattr(found, name) for name in names}


@pytest.mark.parametrize("chunk", [1, 1_500, 1 << 20])
@pytest.mark.parametrize("kind", KINDS)
def test_counts_are_those_of_a_fold(
    kind: str, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "CHUNK_BYTES", chunk)
    path = tmp_path / "t.jsonl"
    path.write_bytes(written(*turn(1), *turn(2), *KINDS[kind], *turn(3)))
    assert counted(path) == folded(path)


TURNS = 30


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose transcript is longer than what is read at once."""
    monkeypatch.setattr(backlog, "SLICE_S", 0.0)
    monkeypatch.setattr(backlog, "LEAST_S", 0.0)
    monkeypatch.setattr(reader, "NEWEST_BYTES", 2_000)
    monkeypatch.setattr(update, "NEWEST_BYTES", 2_000)
    transcript_of(tmp_path).write_bytes(written(*(line for n in range(TURNS) for line in turn(n))))
    return tmp_path


def counts_of(state: State) -> tuple[int, int]:
    """Responses and prompts."""
    return state["usage"]["requests"], state["usage"]["prompts"]


def test_the_first_event_on_a_long_transcript_tells_its_counts(long: Path) -> None:
    send("stop", payload(long))
    state = state_of(long)
    assert (state["backlog"] > 0, counts_of(state)) == (True, (TURNS, TURNS))


def test_what_there_was_no_time_to_count_is_counted_at_the_next_events(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "CHUNK_BYTES", 500)
    ticks = iter(range(100_000))
    monkeypatch.setattr(counting, "now", lambda: next(ticks) * counting.COUNT_S / 4)
    found = []
    for _ in range(12):
        send("stop", payload(long))
        found.append(counts_of(state_of(long)))
    assert (found[0] < (TURNS, TURNS), sorted(found) == found, found[-1]) == (
        True,
        True,
        (TURNS, TURNS),
    )


def test_a_session_that_had_been_read_counts_on(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = transcript_of(long)
    lines = path.read_bytes()
    path.write_bytes(b"".join(lines.splitlines(keepends=True)[:9]))
    with monkeypatch.context() as patched:
        patched.setattr(update, "NEWEST_BYTES", 1 << 20)
        send("stop", payload(long))
    path.write_bytes(lines)
    send("stop", payload(long))
    state = state_of(long)
    assert (state["backlog"] > 0, counts_of(state)) == (True, (TURNS, TURNS))


def test_counts_are_given_up_for_what_a_whole_reading_tells(long: Path) -> None:
    send("stop", payload(long))
    change = update_for(event(long))
    with change.store.lock(change.session_id):
        state = change.load()
        state["usage"]["requests"] = 1_000
        change.catch_up(state, None)
    assert (counts_of(state), state["to_count"]) == ((TURNS, TURNS), [])
