"""Usage is the client's own figure, whatever stands between the responses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made import answer, blocks, boundary, entry, prompt, result, state_after, used_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.tokens import usage
from clearpoint.tokens.restored_files import UNKNOWN_TOKENS
from clearpoint.transcript import decoder

if TYPE_CHECKING:
    from clearpoint.transcript.entry import Entry

CONTRACT = Path(__file__).parents[2] / "shared/contract/transcripts"


def test_use_is_all_four_counts_of_the_newest_response() -> None:
    counted = used_after(answer(used=21_035), answer(used=30_000, message_id="m2"))
    assert (counted["used"], counted["requests"]) == (30_000, 2)


def test_a_response_on_several_lines_counts_once() -> None:
    counted = used_after(answer(used=21_000), answer(used=21_000), answer(used=21_035))
    assert (counted["used"], counted["requests"]) == (21_035, 1)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(answer(used=99_000, message_id="x", isSidechain=True), id="sidechain"),
        pytest.param(answer(used=99_000, message_id="x", model="<synthetic>"), id="synthetic"),
        pytest.param(answer(used=99_000, message_id="x", isApiErrorMessage=True), id="api error"),
        pytest.param(entry("assistant", message={"id": "x", "usage": "?"}), id="broken usage"),
        pytest.param(entry("assistant"), id="no message"),
        pytest.param(entry("progress", message={"usage": {"input_tokens": 5}}), id="progress"),
        pytest.param(
            blocks([], "x", 0, 0, "m", "u") | {"message": {"usage": {"input_tokens": 0}}},
            id="zeros",
        ),
    ],
)
def test_a_line_without_usage_of_its_own_changes_nothing(line: dict[str, object]) -> None:
    counted = used_after(answer(used=21_000), line)  # type: ignore[arg-type]
    assert (counted["used"], counted["requests"]) == (21_000, 1)


def counts(given: int, written: int, read: int, output: int) -> dict[str, Any]:
    """What the API counts for a request."""
    return {"input_tokens": given, "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read, "output_tokens": output}  # fmt: skip


def with_usage(found: Any, **fields: Any) -> Entry:
    """A response line with this usage, whatever it holds."""
    line: Any = answer(**fields)
    line["message"]["usage"] = found
    return decoder.entry(line)


PASSES = [
    {"type": "message", **counts(2, 3_000, 80_000, 50)},
    {"type": "advisor_message", "model": "claude-opus-5", **counts(70_000, 0, 0, 900)},
    {"type": "message", **counts(2, 1_200, 83_000, 300)},
]


def test_of_several_passes_the_last_one_tells_the_context() -> None:
    summed = {**counts(4, 4_200, 163_000, 350), "iterations": PASSES}
    counted = used_after(with_usage(summed))
    assert (counted["used"], counted["input"]) == (84_502, 83_002)
    assert usage.projected(counted) == (84_502, False)


@pytest.mark.parametrize("passes", [None, [], PASSES[:1], PASSES[1:2] * 2, "?", [5, None]], ids=str)
def test_one_pass_or_none_of_the_conversation_leaves_the_counts(passes: Any) -> None:
    counted = used_after(with_usage({**counts(10, 1_000, 20_000, 90), "iterations": passes}))
    assert counted["used"] == 21_100


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(counts(0, 0, 0, 0), id="zeros"),
        pytest.param(dict.fromkeys(counts(0, 0, 0, 0), 0.0), id="floats"),
        pytest.param(dict.fromkeys(counts(0, 0, 0, 0), "21000"), id="texts"),
        pytest.param(None, id="none"),
    ],
)
def test_without_usage_the_content_is_estimated_and_the_model_known(found: Any) -> None:
    said = "some words that were said " * 2_000
    counted = used_after(prompt("go"), with_usage(found, text=said, model="glm-5"))
    tokens, estimated = usage.projected(counted)
    assert (counted["model"], counted["used"], counted["uncounted"], estimated) == (
        "glm-5", (len("go") + len(said)) // 4, 1, True)  # fmt: skip
    assert 8_000 < tokens - usage.UNSEEN_TOKENS < 16_000


def test_counts_with_a_point_are_counts() -> None:
    found = {**counts(0, 0, 0, 25), "input_tokens": 21_000.0}
    assert used_after(with_usage(found))["used"] == 21_025


@pytest.mark.parametrize("name", ["m1", None])
def test_responses_of_one_id_or_none_are_told_apart_by_what_they_carry(name: Any) -> None:
    lines = [answer(used=20_000, message_id=name), result("x" * 400),
             answer(used=21_000, message_id=name)]  # fmt: skip
    counted = used_after(*lines)
    assert (counted["requests"], counted["used"]) == (2, 21_000)


def test_each_model_has_a_peak_of_its_own_and_a_compaction_voids_them() -> None:
    long, short = "claude-opus-5", "claude-sonnet-4-6"
    lines = [answer(used=400_100, model=long), prompt("on"),
             answer(used=90_100, model=short, message_id="m2"), prompt("back", parent="x"),
             answer(used=95_100, model=long, message_id="m3"), boundary()]  # fmt: skip
    peaks = [used_after(*lines[:end])["peak"] for end in (1, 3, 5, 6)]
    assert peaks == [400_000, 90_000, 400_000, 0]


def test_a_subagents_request_promotes_no_window() -> None:
    counted = used_after(
        answer(used=50_100), answer(used=300_000, message_id="x", isSidechain=True)
    )
    assert counted["peak"] == 50_000


def test_the_first_request_since_a_compaction_corrects_the_beginning() -> None:
    summary = prompt("What was done. " * 200, isCompactSummary=True)
    lines = (prompt("go"), answer(used=76_000), boundary(None), summary,
             answer(used=52_100, message_id="m2"))  # fmt: skip
    state = state_after(*lines)
    assert state["usage"]["overhead"] == pytest.approx(51_300, abs=400)
    assert state["advice"]["begins"] == 52_000


def test_a_larger_request_since_a_compaction_corrects_nothing() -> None:
    lines = (
        prompt("go"),
        answer(used=30_000),
        boundary(None),
        answer(used=52_100, message_id="m2"),
    )
    state = state_after(*lines)
    assert state["usage"]["overhead"] == state_after(*lines[:2])["usage"]["overhead"]


def test_what_was_written_since_is_projected_on_top() -> None:
    counted = used_after(answer(used=21_000), result("x" * 4_000))
    tokens, estimated = usage.projected(counted)
    assert 21_500 < tokens < 23_500
    assert estimated


def test_nothing_written_since_is_exact() -> None:
    assert usage.projected(used_after(answer(used=21_000))) == (21_000, False)


def test_a_tool_result_between_the_lines_of_its_response_still_counts() -> None:
    lines = (answer(used=21_000), result("x" * 4_000), answer(used=21_000))
    assert usage.projected(used_after(*lines))[0] > 21_500


@pytest.mark.parametrize("between", [(), (entry("system", uuid="s", parentUuid="a"),)])
def test_what_a_request_carried_is_not_pending_where_it_is_written_after_the_response(
    between: tuple[Entry, ...],
) -> None:
    rendered = [{"role": "user", "content": "A listing. " * 800}]
    listing = entry("attachment", uuid="l", attachment={"type": "x"}, rendered=rendered)
    response = answer(used=21_000, parentUuid="l")
    in_order = used_after(prompt("hi"), listing, response)
    late = used_after(prompt("hi"), response, *between, listing)
    assert usage.projected(late) == usage.projected(in_order) == (21_000, False)
    assert late["overhead"] == pytest.approx(in_order["overhead"], abs=50)
    more = result("x" * 4_000)
    assert usage.projected(used_after(prompt("hi"), response, listing, more))[0] > 21_500


def test_a_compaction_voids_what_came_before() -> None:
    counted = used_after(prompt("hi"), answer(used=150_000), boundary(3_000))
    tokens, estimated = usage.projected(counted)
    assert counted["used"] == 0
    assert tokens == counted["overhead"] + 3_000
    assert estimated


def test_before_the_boundary_is_written_what_it_will_leave_is_guessed() -> None:
    counted = used_after(prompt("hi"), answer(used=150_000))
    usage.expect_boundary(counted, counted["overhead"] + 6_000)
    guessed, estimated = usage.projected(counted)
    assert guessed == counted["overhead"] + 6_000 + usage.SUMMARY_TOKENS + UNKNOWN_TOKENS
    assert estimated
    usage.fold(counted, boundary(3_000))
    assert usage.projected(counted)[0] == counted["overhead"] + 3_000


def test_the_first_response_after_a_compaction_is_exact_again() -> None:
    lines = (answer(used=150_000), boundary(), answer(used=24_000, message_id="m2"))
    assert usage.projected(used_after(*lines)) == (24_000, False)


def test_a_rewind_takes_the_use_back_to_where_the_prompt_hangs() -> None:
    counted = used_after(
        prompt("one", parent=None),
        answer(used=21_000, message_id="m1"),
        prompt("two", parent="turn-1"),
        answer(used=30_000, message_id="m2"),
        prompt("three", parent="turn-2"),
        answer(used=60_000, message_id="m3"),
        prompt("another two", parent="turn-1"),
    )
    assert counted["used"] == 21_000


def test_growth_is_counted_per_turn() -> None:
    counted = used_after(
        prompt("one", parent="0"),
        answer(used=21_000, message_id="m1"),
        prompt("two", parent="1"),
        answer(used=25_000, message_id="m2"),
        prompt("three", parent="2"),
        answer(used=32_000, message_id="m3"),
        prompt("four", parent="3"),
    )
    assert counted["growth"][-2:] == [4_000, 7_000]


def test_the_long_window_of_a_legacy_model_is_kept_with_its_name() -> None:
    counted = used_after(answer(requestedModel="claude-sonnet-4-5-20250929[1m]"))
    assert counted["model"] == "claude-sonnet-4-5-20250929[1m]"


def chosen(model: str) -> Entry:
    """What the client writes where a model was chosen."""
    return entry("attachment", attachment={"type": "model", "identity": {"modelId": model}},
                 rendered=[])  # fmt: skip


def test_the_long_window_is_kept_where_only_the_choice_of_the_model_names_it() -> None:
    plain, opus = "claude-sonnet-4-5-20250929", "claude-opus-5-5"
    lines = [
        chosen(f"{plain}[1m]"),
        answer(model=plain, message_id="m1"),
        prompt("on"),
        answer(model=plain, message_id="m2"),
        chosen(plain),
        answer(model=plain, message_id="m3"),
        chosen(f"{plain}[1m]"),
        answer(model=opus, message_id="m4"),
    ]
    models = [used_after(*lines[:end])["model"] for end in (2, 4, 6, 8)]
    assert models == [f"{plain}[1m]", f"{plain}[1m]", plain, opus]


def test_an_interrupted_turn_is_noticed_until_the_next_prompt() -> None:
    lines = [answer(), prompt("[Request interrupted by user]")]
    assert used_after(*lines)["interrupted"]
    assert not used_after(*lines, prompt("go on", parent="z"))["interrupted"]


@pytest.mark.skipif(not CONTRACT.is_dir(), reason="the measured transcripts are not here")
@pytest.mark.parametrize("name", ["plain", "resume", "fork", "branch", "tools", "interrupted"])
def test_our_figure_is_the_clients_on_its_own_transcripts(name: str) -> None:
    lines = (CONTRACT / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    state = session.new_state("s", "", DEFAULTS)
    session.fold(state, [json.loads(line) for line in lines], DEFAULTS)
    assert state["usage"]["used"] == 21_035
