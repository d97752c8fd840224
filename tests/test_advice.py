"""Advice is true, once, rare, and worth its while."""

from __future__ import annotations

from typing import Any

import pytest
from made import answer, call, command, prompt, result, state_after

from clearpoint import advice, session, should_clear
from clearpoint.advice import messages
from clearpoint.advice.breaks import watch
from clearpoint.config import DEFAULTS
from clearpoint.models import Config, Level, State  # noqa: TC001
from clearpoint.window import model_table

TABLE = model_table()
TODO = {"content": "build it", "status": "in_progress"}
DONE = {"content": "build it", "status": "completed"}


def settings(**switches: Any) -> Config:
    """The built-in settings without the offers that need no break, with these switches."""
    changed: Any = {**DEFAULTS["advice"], "between_tasks": False, **switches}
    return {**DEFAULTS, "advice": changed}


def judge(state: State, used: int, config: Config = DEFAULTS) -> dict[Level, int]:
    """Set the use and have it judged."""
    state["usage"]["used"], state["usage"]["since_boundary"] = used, 1
    return session.judge(state, config, TABLE, 0, {})


def judged(state: State, used: int, **switches: Any) -> list[str]:
    """Set the use; give what triggers a message."""
    config = settings(**switches)
    said = advice.advise(state, judge(state, used, config), config)
    return [said.trigger] if said else []


def told(state: State, used: int, **switches: Any) -> advice.Advice:
    """Set the use; give the message."""
    config = settings(**switches)
    said = advice.advise(state, judge(state, used, config), config)
    assert said is not None
    return said


def fresh() -> State:
    return state_after(prompt("hi"), answer())


def later(*entries: Any) -> State:
    """The state after these entries, of which only the last turn has not been advised on."""
    state = state_after(prompt("hi"), answer(), prompt("more", parent="q"))
    judged(state, 90_000)
    session.fold(state, entries, DEFAULTS)
    return state


def commit(command: str = "git commit -m done", *, failed: bool = False) -> list[Any]:
    """A command and its result."""
    return [call("Bash", command=command), result(failed=failed)]


def test_each_level_is_said_once() -> None:
    state = fresh()
    said = [judged(state, used) for used in (90_000, 121_000, 123_000, 151_000, 152_000, 166_000)]
    assert said == [[], ["level"], [], ["level"], [], ["level"]]


def test_a_level_is_said_again_only_after_a_clear_fall() -> None:
    state = fresh()
    said = [judged(state, used) for used in (151_000, 149_000, 151_000, 120_500, 151_000)]
    assert said == [["level"], [], [], [], ["level"]]


def test_the_message_names_its_denominator_what_is_freed_and_what_is_carried() -> None:
    state = state_after(prompt("we decided to use JWT."), answer())
    assert told(state, 151_000).message == (
        "Context warning: 151k of 200k tokens (76 %).\n"
        "At the next natural break, /clear frees about 129k (86 %). Carried across: 1 decision."
    )


def test_the_message_is_in_the_language_of_the_person() -> None:
    state = fresh()
    state["user_context"]["language"] = "ko"
    assert told(state, 151_000).message == (
        "컨텍스트 warning: 200k 토큰 중 151k (76 %).\n"
        "다음 작업 구분점에서 /clear 하면 약 129k (86 %)가 비워집니다. "
        "작업 상태는 그대로 이어집니다."
    )


@pytest.mark.parametrize("language", ["en", "ko", "de"])
@pytest.mark.parametrize("used", [90_000, 121_000, 151_000, 168_000, 195_000])
def test_every_message_is_one_or_two_short_lines(language: str, used: int) -> None:
    state = fresh()
    state["user_context"]["language"] = language
    lines = told(state, used, between_tasks=True).message.splitlines()
    assert len(lines) <= 2
    assert max(map(len, lines)) < 200


def test_the_catalogues_say_the_same_things() -> None:
    assert {tuple(sorted(one)) for one in messages.CATALOGUES.values()} == {
        tuple(sorted(messages.ENGLISH))
    }


def test_where_a_clear_frees_little_the_level_tells_what_takes_the_room() -> None:
    state = state_after(prompt("hi"), answer(used=100_000))
    said = told(state, 121_000)
    assert "are system prompt, tools and memory" in said.message
    assert not said.offers


def test_a_long_last_turn_can_be_taken_back_which_is_cheaper() -> None:
    state = fresh()
    state["usage"]["prompts"], state["usage"]["turn_start"] = 2, 60_000
    assert "The last turn alone added 61k: /rewind takes it back." in told(state, 121_000).message


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


@pytest.mark.parametrize(
    ("begins", "used"),
    [(20_000, 10_000), (20_000, 60_000), (45_000, 110_000)],
    ids=["almost empty", "too few tokens", "too small a share"],
)
def test_a_clear_that_frees_little_is_not_worth_a_word(begins: int, used: int) -> None:
    state = state_after(prompt("hi"), answer(used=begins), *commit())
    assert judged(state, used, between_tasks=True) == []


def test_a_written_spec_is_a_natural_break() -> None:
    state = later()
    state["work_state"]["current_spec"] = "SPEC-A-1"
    state["work_state"]["artifacts"] = ["/p/.moai/specs/SPEC-A-1/spec.md"]
    assert judged(state, 90_000) == ["spec_created"]


def test_fifty_prompts_are_a_natural_break() -> None:
    state = later()
    state["usage"]["prompts"] = 50
    assert judged(state, 90_000) == ["message_count"]


def test_a_switch_of_model_is_a_natural_break() -> None:
    state = later()
    state["usage"]["model"] = "claude-opus-4-6"
    assert judged(state, 90_000) == ["model_switch"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (commit(), ["commit_made"]),
        (commit("cd /p && git merge topic"), ["commit_made"]),
        (commit(failed=True), []),
        (commit("git commit --dry-run"), []),
        (commit("pytest"), []),
        ([call("Edit", file_path="/p/a.py"), result(), *commit("pytest")], ["tests_green"]),
        ([call("Edit", file_path="/p/a.py"), result(), *commit("pytest", failed=True)], []),
        ([call("TodoWrite", todos=[DONE]), result()], ["steps_done"]),
        ([call("TodoWrite", todos=[TODO]), result()], []),
    ],
    ids=["commit", "merge", "failed commit", "dry run", "tests without a change", "tests green",
         "tests red", "steps done", "step open"],
)  # fmt: skip
def test_finished_work_is_a_natural_break(made: list[Any], expected: list[str]) -> None:
    assert judged(later(*made), 90_000, phase_transition=False) == expected


def test_what_the_first_turn_finishes_counts_too() -> None:
    state = state_after(prompt("hi"), answer(), *commit())
    assert judged(state, 90_000) == ["commit_made"]


def test_reading_the_same_entries_again_finds_no_new_break() -> None:
    state = later(*commit())
    judged(state, 50_000)
    session.fold(state, commit(), DEFAULTS)
    assert judged(state, 90_000) == []


def test_another_topic_is_a_break_only_where_it_is_asked_for() -> None:
    names = [prompt("about load_state, SessionStore and read_all in store.py", parent="r"),
             prompt("now parse_price, PriceList and next_page of shop.py", parent="s")]  # fmt: skip
    assert judged(later(*names), 90_000) == []
    assert judged(later(*names), 90_000, topic_change=True) == ["topic_change"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], ["between_tasks"]),
        ([call("TodoWrite", todos=[TODO]), result()], []),
        (commit("pytest", failed=True), []),
    ],
    ids=["nothing open", "a step open", "a check failing"],
)
def test_between_tasks_a_clear_is_offered_once_it_pays(
    made: list[Any], expected: list[str]
) -> None:
    state = state_after(prompt("hi"), answer(), prompt("more", parent="q"), *made)
    assert judged(state, 90_000, between_tasks=True, phase_transition=False) == expected


def test_who_goes_on_hears_nothing_of_the_kind_until_the_next_level() -> None:
    state = fresh()
    said = [
        judged(state, used, between_tasks=True)
        for used in (80_000, 85_000, 119_000, 121_000, 130_000, 142_000)
    ]
    assert said == [["between_tasks"], [], [], ["level"], [], ["between_tasks"]]


def test_another_kind_of_break_waits_until_use_has_grown() -> None:
    state = fresh()
    judged(state, 80_000, between_tasks=True)
    session.fold(state, commit(), DEFAULTS)
    assert judged(state, 85_000) == []
    session.fold(state, [call("Bash", tool_id="t9", command="git commit"), result(tool_id="t9")],
                 DEFAULTS)  # fmt: skip
    assert judged(state, 101_000) == ["commit_made"]


def test_a_session_that_continues_another_does_not_hear_the_same_again() -> None:
    state = later(*commit())
    assert judged(state, 90_000) == ["commit_made"]
    said = advice.inherited(state["advice"])
    assert said["fired"]["commit_made"]
    state["advice"] = said
    assert judged(state, 95_000) == []


@pytest.mark.parametrize(
    "switch", ["message_count", "commit_made", "between_tasks", "model_switch", "level"]
)
def test_each_trigger_has_its_switch(switch: str) -> None:
    state = later(*commit())
    state["usage"]["prompts"], state["usage"]["model"] = 50, "claude-opus-4-6"
    judge(state, 121_000)
    for is_on in (True, False):
        config = settings(**{"between_tasks": True, switch: is_on})
        assert (switch in [name for name, _, _ in should_clear(state, config)]) is is_on


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("git commit -am x", "commit"),
        ("cd /p && git add -A && git commit -m \"$(cat <<'EOF'\npytest; ls\nEOF\n)\"", "commit"),
        ("git -C /p -c user.name=x --no-pager merge topic | tail", "commit"),
        ("gh pr merge 12 --squash", "commit"),
        ("git merge --abort", ""),
        ("git log --oneline merge", ""),
        ("echo git commit", ""),
        ("git", ""),
        ("git status", ""),
        ("make test", "green"),
        ("ls", ""),
    ],
)
def test_commands_are_watched_for_what_they_finish(line: str, kind: str) -> None:
    assert watch(line) == kind


@pytest.mark.parametrize(
    ("tokens", "text"), [(950, "950"), (84_400, "84k"), (1_000_000, "1M"), (966_970, "967k")]
)
def test_tokens_are_said_short(tokens: int, text: str) -> None:
    assert advice.short(tokens) == text
