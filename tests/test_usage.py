"""Usage is the client's own figure, whatever stands between the responses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made import answer, blocks, boundary, entry, prompt, result, used_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.tokens import usage
from clearpoint.tokens.restored_files import UNKNOWN_TOKENS

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
