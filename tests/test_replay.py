"""The replay: what would have been projected and said, from what was known at that moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made import MODEL, answer, boundary, call, entry, prompt, result

from clearpoint.budget.window import model_table
from clearpoint.config.defaults import DEFAULTS
from clearpoint.simulate.replay import Replay
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.transcript.entry import Entry

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
TRANSCRIPTS = sorted(CORPUS.glob("*.jsonl"))[:6]


def records(
    *entries: Entry, window: int = 0, model: str | None = None, tokens: Any = 200_000
) -> list[Any]:
    """The records of a replay of these entries."""
    budget = {**DEFAULTS["budget"], "window": window, "tokens": tokens}
    config = {**DEFAULTS, "budget": budget}
    return list(Replay(config, model_table(), model).records(entries))  # type: ignore[arg-type]


def of_kind(kind: str, found: list[Any]) -> list[Any]:
    return [record for record in found if record["kind"] == kind]


def turn(number: int, used: int) -> tuple[Entry, Entry]:
    """A prompt and its answer."""
    return (
        prompt(f"prompt {number}", parent=str(number)),
        answer(message_id=f"m{number}", used=used),
    )


def test_a_request_is_recorded_with_what_was_known_before_it_and_what_it_was() -> None:
    found = records(*turn(1, 40_000), *turn(2, 41_000))
    second = of_kind("request", found)[1]
    assert 40_000 <= second.pop("projected") < 40_100
    assert second == {
        "kind": "request",
        "index": 2,
        "message_id": "m2",
        "actual": 40_900,
        "level": "normal",
    }


def test_a_projection_does_not_know_the_response_that_follows() -> None:
    before = turn(1, 40_000)
    projections = {
        of_kind("request", records(*before, prompt("next", parent="2"), response))[1]["projected"]
        for response in (answer(message_id="m2", used=40_200), answer(message_id="m2", used=90_000))
    }
    assert len(projections) == 1


def test_the_lines_of_one_response_are_one_request() -> None:
    found = records(
        prompt("go"),
        answer("first", message_id="m1", used=30_000),
        answer("second", message_id="m1", used=30_500),
        result(),
    )
    assert [(one["index"], one["actual"]) for one in of_kind("request", found)] == [(1, 30_400)]


def test_advice_comes_at_the_end_of_a_turn_and_not_within_it() -> None:
    found = records(
        *turn(1, 30_000),
        prompt("more", parent="2"),
        call("Read", message_id="m2", file_path="/a.py"),
        result("x"),
        answer(message_id="m3", used=125_000),
        *turn(4, 126_000),
    )
    kinds = [(record["kind"], record["index"]) for record in found]
    assert kinds == [("request", 1), ("request", 2), ("request", 3), ("advice", 3), ("request", 4)]


def test_the_end_of_the_transcript_ends_the_turn() -> None:
    said = records(*turn(1, 30_000), *turn(2, 152_000))[-1]
    assert (said["kind"], said["trigger"], said["index"]) == ("advice", "level", 2)
    assert said["message"].startswith("Context: 152k of your 200k window (76%)")


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param((call("Read", file_path="/a"), result()), id="a tool's result"),
        pytest.param((prompt("[Request interrupted by user]"),), id="an interruption"),
        pytest.param((answer(used=152_000, isApiErrorMessage=True),), id="an API error"),
    ],
)
def test_nothing_is_said_where_the_client_sends_no_stop(ending: tuple[Entry, ...]) -> None:
    question = (prompt("go"), call("Read", tool_id="t9", message_id="m9", file_path="/b"))
    assert of_kind("advice", records(*turn(1, 100), *question, *ending)) == []


def test_a_compaction_is_recorded_after_what_was_said_before_it() -> None:
    found = records(*turn(1, 30_000), *turn(2, 152_000), boundary(3_000, "auto"), *turn(3, 20_000))
    assert [record["kind"] for record in found] == [
        "request",
        "request",
        "advice",
        "boundary",
        "request",
    ]
    assert found[3] == {
        "kind": "boundary",
        "index": 2,
        "trigger": "auto",
        "pre_tokens": 150_000,
        "post_tokens": 3_000,
    }


def test_a_compaction_that_tells_nothing_of_itself_is_recorded_all_the_same() -> None:
    found = records(entry("system", subtype="compact_boundary"))
    assert [found[0][key] for key in ("trigger", "pre_tokens", "post_tokens")] == [None] * 3


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        pytest.param({}, "warning", id="the transcript's model"),
        pytest.param({"window": 100_000}, "emergency", id="another window"),
        pytest.param({"model": f"{MODEL}[1m]"}, "warning", id="another model, the same budget"),
        pytest.param({"window": 1_000_000, "tokens": "window"}, "normal", id="another budget"),
    ],
)
def test_what_if_it_had_been_another_window(asked: dict[str, Any], level: str) -> None:
    assert of_kind("request", records(*turn(1, 152_000), **asked))[0]["level"] == level


def test_sidechains_leave_no_trace() -> None:
    aside: Any = {**answer(message_id="side", used=190_000), "isSidechain": True}
    assert len(records(*turn(1, 30_000), aside)) == 1


def test_a_record_is_given_before_more_is_read_than_the_next_request() -> None:
    read = 0

    def endless() -> Iterator[Entry]:
        nonlocal read
        while True:
            read += 1
            yield from turn(read, 20_000 + read)

    given = Replay(DEFAULTS, model_table()).records(endless())
    for _ in range(50):
        next(given)
    assert read <= 52


@pytest.mark.skipif(not TRANSCRIPTS, reason="no corpus of real transcripts beside the checkout")
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:8])
def test_real_transcripts_give_one_record_for_each_request_and_compaction(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    answers = [line for line in lines if counts(line)]
    source = Transcript(str(path), None)
    found = list(Replay(DEFAULTS, model_table()).records(source.entries(decode)))
    source.close()
    requests = of_kind("request", found)
    assert [one["message_id"] for one in requests] == unique(answers)
    assert len(of_kind("boundary", found)) == sum(is_compaction(line) for line in lines)
    assert all(one["actual"] == counts(last_of(answers, one["message_id"])) for one in requests)


def counts(line: dict[str, Any]) -> int:
    """The input that a line of the main chain carried, 0 for all others."""
    message = line.get("message")
    if line.get("type") != "assistant" or line.get("isSidechain") or not isinstance(message, dict):
        return 0
    usage = message.get("usage") or {}
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(usage.get(name) or 0 for name in names)


def unique(answers: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(line["message"]["id"] for line in answers))


def last_of(answers: list[dict[str, Any]], message_id: str) -> dict[str, Any]:
    return [line for line in answers if line["message"]["id"] == message_id][-1]


def is_compaction(line: dict[str, Any]) -> bool:
    return line.get("type") == "system" and line.get("subtype") == "compact_boundary"
