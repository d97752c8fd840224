"""Advice is true, once, and rare."""

from __future__ import annotations

import pytest
from made import answer, command, prompt, state_after

from clearpoint import advice, session, should_clear
from clearpoint.config import DEFAULTS
from clearpoint.models import State  # noqa: TC001
from clearpoint.window import model_table

TABLE = model_table()


def judged(state: State, used: int) -> list[str]:
    """Set the use; give what is said: the trigger, and the note for Claude."""
    state["usage"]["used"], state["usage"]["since_boundary"] = used, 1
    starts = session.judge(state, DEFAULTS, TABLE, 0, {})
    said = advice.advise(state, starts, DEFAULTS)
    return [said.trigger] if said else []


def fresh() -> State:
    return state_after(prompt("hi"), answer())


def test_each_level_is_said_once() -> None:
    state = fresh()
    said = [judged(state, used) for used in (90_000, 121_000, 123_000, 151_000, 152_000, 166_000)]
    assert said == [[], ["level"], [], ["level"], [], ["level"]]


def test_a_level_is_said_again_only_after_a_clear_fall() -> None:
    state = fresh()
    said = [judged(state, used) for used in (151_000, 149_000, 151_000, 120_500, 151_000)]
    assert said == [["level"], [], [], [], ["level"]]


def test_the_message_names_its_denominator_and_what_is_carried() -> None:
    state = state_after(prompt("we decided to use JWT."), answer())
    judged(state, 151_000)
    assert advice.level_message(state) == (
        "Context warning: 151k of 200k tokens (76 %).\n"
        "At the next natural break, /clear frees most of it. Carried across: 1 decision."
    )


def test_claude_is_told_from_warning_on_and_that_the_work_goes_on() -> None:
    state = fresh()
    judged(state, 125_000)
    assert advice.claude_note(state) == ""
    judged(state, 151_000)
    assert "the work can go on as usual" in advice.claude_note(state)
    state["advice"]["level_told"] = "warning"
    assert advice.claude_note(state) == ""


def test_a_new_stage_of_the_work_is_a_natural_break_once() -> None:
    state = state_after(command("/moai:1-plan", "SPEC-A-1"), answer())
    assert judged(state, 90_000) == []
    state["work_state"]["phase"] = "implementation"
    assert (judged(state, 90_000), judged(state, 90_000)) == (["phase_transition"], [])


def test_testing_and_implementing_pass_into_each_other_in_silence() -> None:
    state = state_after(command("/moai:2-run", "SPEC-A-1"), answer())
    judged(state, 90_000)
    state["work_state"]["phase"] = "testing"
    assert judged(state, 90_000) == []


@pytest.mark.parametrize("used", [10_000, 59_000])
def test_a_break_with_little_in_use_is_not_worth_a_word(used: int) -> None:
    state = state_after(command("/moai:1-plan", "SPEC-A-1"), answer())
    judged(state, used)
    state["work_state"]["phase"] = "implementation"
    assert judged(state, used) == []


def test_a_written_spec_is_a_natural_break() -> None:
    state = state_after(command("/moai:1-plan", "SPEC-A-1"), answer())
    judged(state, 90_000)
    state["work_state"]["artifacts"] = ["/p/.moai/specs/SPEC-A-1/spec.md"]
    assert judged(state, 90_000) == ["spec_created"]


def test_fifty_prompts_are_a_natural_break() -> None:
    state = fresh()
    judged(state, 90_000)
    state["usage"]["prompts"] = 50
    assert judged(state, 90_000) == ["message_count"]


def test_a_switch_of_model_is_a_natural_break() -> None:
    state = fresh()
    judged(state, 90_000)
    state["usage"]["model"] = "claude-opus-4-6"
    assert judged(state, 90_000) == ["model_switch"]


def test_each_trigger_has_its_switch() -> None:
    state = fresh()
    judged(state, 90_000)
    state["usage"]["prompts"] = 50
    config = {**DEFAULTS, "advice": {**DEFAULTS["advice"], "message_count": False}}
    assert should_clear(state, config) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tokens", "text"), [(950, "950"), (84_400, "84k"), (1_000_000, "1M"), (966_970, "967k")]
)
def test_tokens_are_said_short(tokens: int, text: str) -> None:
    assert advice.short(tokens) == text
