"""Advice is true, once, rare, and worth its while."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client
from made import answer, call, command, prompt, result, state_after

from clearpoint import Session, should_clear
from clearpoint.advice import catalogue, messages, snooze, strategy
from clearpoint.advice.breaks import watch
from clearpoint.advice.readiness import hindrance
from clearpoint.advice.translations import TRANSLATIONS
from clearpoint.budget.window import model_table
from clearpoint.cli.main import main
from clearpoint.config.defaults import DEFAULTS
from clearpoint.config.file import read_all
from clearpoint.models.config import Config  # noqa: TC001
from clearpoint.models.state import Level, State  # noqa: TC001
from clearpoint.session import state as session
from clearpoint.store import checkpoints
from clearpoint.text.phrases import short
from clearpoint.transcript import decoder, fast_decoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clearpoint.transcript.entry import Entry

TABLE = model_table()
BACK = "To turn it back on: clearpoint snooze off"
UNTIL = f"No advice in this session until 160k tokens are in use. {BACK}"
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
    said = strategy.advise(state, judge(state, used, config), config)
    return [said.trigger] if said else []


def told(state: State, used: int, **switches: Any) -> strategy.Advice:
    """Set the use; give the message."""
    config = settings(**switches)
    said = strategy.advise(state, judge(state, used, config), config)
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


@pytest.mark.parametrize(
    ("window", "said"),
    [
        pytest.param(200_000, [161_000, 172_000, 191_000], id="of the window"),
        pytest.param(1_000_000, [161_000, 181_000, 204_000], id="of a budget in a larger window"),
    ],
)
def test_levels_close_to_an_offer_are_said_where_the_window_ends(
    window: int, said: list[int]
) -> None:
    config: Any = {**DEFAULTS, "budget": {**DEFAULTS["budget"], "window": window}}
    state, sizes = fresh(), (161_000, 172_000, 181_000, 191_000, 199_000, 204_000)
    heard = [used for used in sizes if strategy.advise(state, judge(state, used, config), config)]
    assert heard == said


def test_a_level_is_said_again_only_after_a_clear_fall() -> None:
    state = fresh()
    said = [judged(state, used) for used in (151_000, 149_000, 151_000, 120_500, 151_000)]
    assert said == [["level"], [], [], [], ["level"]]


def test_the_message_names_its_denominator_what_is_freed_and_what_is_carried() -> None:
    state = state_after(prompt("we decided to use JWT."), answer())
    assert told(state, 151_000).message == (
        "Context: 151k of your 200k window (76%).\n"
        "Each request now re-sends 151k tokens; after /clear it would be about 22k and keep your "
        "1 decision."
    )


def test_the_message_is_in_the_language_of_the_person() -> None:
    state = fresh()
    state["user_context"]["language"] = "ko"
    assert told(state, 151_000).message == (
        "컨텍스트: 200k 창 중 151k (76%).\n"
        "요청마다 151k 토큰을 다시 보냅니다. /clear 후에는 약 22k로 줄어듭니다."
    )


@pytest.mark.parametrize("language", ["de-DE", "de_AT", "DE"])
def test_a_country_does_not_change_the_language(language: str) -> None:
    assert catalogue.words_in(language, DEFAULTS) == catalogue.words_in("de", DEFAULTS)


@pytest.mark.parametrize("language", ["en", *TRANSLATIONS])
@pytest.mark.parametrize("used", [90_000, 121_000, 151_000, 168_000, 195_000])
def test_every_message_is_one_or_two_short_lines(language: str, used: int) -> None:
    state = fresh()
    state["user_context"]["language"] = language
    lines = told(state, used, between_tasks=True).message.splitlines()
    assert len(lines) <= 2
    assert max(map(len, lines)) < 240


def test_the_catalogues_say_the_same_things() -> None:
    assert {tuple(sorted(one)) for one in TRANSLATIONS.values()} == {
        tuple(sorted(catalogue.ENGLISH))
    }


@pytest.mark.parametrize("language", list(TRANSLATIONS))
def test_each_message_holds_the_places_of_the_english_one(language: str) -> None:
    english, texts = catalogue.ENGLISH, TRANSLATIONS[language]
    places = {name: sorted(re.findall(r"\{\w+\}", texts[name])) for name in texts}
    assert places == {name: sorted(re.findall(r"\{\w+\}", english[name])) for name in english}


@pytest.mark.parametrize("language", list(TRANSLATIONS))
def test_the_catalogues_can_be_filled_in(language: str) -> None:
    texts = TRANSLATIONS[language]
    assert {name: catalogue.wrong(name, texts[name]) for name in texts} == dict.fromkeys(texts, "")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("commit_made", "Änderungen committet", ""),
        ("almost_full", "{freed} weniger", ""),
        ("freees", "weniger", "unknown message"),
        ("resend", "{tokens}", "only {used}, {left} can be used as placeholders"),
        ("resend", "{used", "only {used}, {left} can be used as placeholders"),
        ("resend", "{}", "only {used}, {left} can be used as placeholders"),
        ("commit_made", "{freed}", "takes no placeholders"),
    ],
)
def test_a_persons_own_wording_is_checked(name: str, text: str, expected: str) -> None:
    assert catalogue.wrong(name, text) == expected


def test_a_language_of_the_persons_own_is_spoken_and_the_rest_is_english() -> None:
    state = fresh()
    own = {"es": {"level_reached": "Contexto: {full}."}}
    config: Config = {**settings(language="es"), "messages": own}
    judge(state, 151_000, config)
    assert messages.level_message(state, config).startswith(
        "Contexto: 151k of your 200k window (76%).\nEach request now re-sends 151k tokens"
    )


def test_one_text_of_the_users_own_goes_before_that_of_the_shipped_language() -> None:
    state = fresh()
    config: Config = {**settings(language="de"), "messages": {"de": {"saved": "Gesichert."}}}
    said = catalogue.words(state, config)
    assert (said["saved"], said["turn"]) == ("Gesichert.", "Runde")


def test_wording_that_cannot_be_filled_in_is_named_and_stays_english(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[messages.de]\nresend = "{tokens}"\ncommit_made = "Fertig"\n')
    config, problems = read_all([str(path)])
    assert config["messages"] == {"de": {"commit_made": "Fertig"}}
    assert problems == [
        f"{path}: messages.de.resend: only {{used}}, {{left}} can be used as placeholders"
    ]


def test_the_language_that_is_set_goes_before_that_of_the_prompts() -> None:
    state = fresh()
    state["user_context"]["language"] = "ko"
    assert told(state, 151_000, language="en").message.startswith("Context: ")


def test_where_a_clear_frees_little_the_level_tells_what_takes_the_room() -> None:
    state = state_after(prompt("hi"), answer(used=90_000))
    said = told(state, 121_000)
    assert "of that is system prompt, tools and memory" in said.message
    assert not said.offers


def test_a_long_last_turn_can_be_taken_back_which_is_cheaper() -> None:
    state = fresh()
    state["usage"]["prompts"], state["usage"]["turn_start"] = 2, 60_000
    assert "The last turn added 61k; /rewind undoes it." in told(state, 121_000).message


def test_claude_is_told_from_warning_on_and_to_carry_on() -> None:
    state = fresh()
    judged(state, 125_000)
    assert strategy.claude_note(state) == ""
    judged(state, 151_000)
    assert strategy.claude_note(state) == (
        "Context: 151k of 200k tokens (76%) is in use. Work state is saved separately, so carry on "
        "as usual; avoid large outputs."
    )
    state["advice"]["level_told"] = "warning"
    assert strategy.claude_note(state) == ""


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
        ([*commit(), call("Edit", tool_id="t2", file_path="/p/a.py"), result(tool_id="t2")], []),
        ([call("Edit", file_path="/p/a.py"), result(), *commit("pytest"),
          call("Edit", tool_id="t2", file_path="/p/a.py"), result(tool_id="t2")], []),
        ([call("TodoWrite", todos=[DONE]), result()], ["steps_done"]),
        ([call("TodoWrite", todos=[TODO]), result()], []),
    ],
    ids=["commit", "merge", "failed commit", "dry run", "tests without a change", "tests green",
         "tests red", "changed after a commit", "changed after tests", "steps done", "step open"],
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
    said = strategy.inherited(state["advice"])
    assert said["fired"]["commit_made"]
    assert said["cleared"]
    state["advice"] = said
    assert judged(state, 95_000) == []


TRIGGERS = [name for name, value in DEFAULTS["advice"].items()
            if isinstance(value, bool) and name != "enforce"]  # fmt: skip


def everything() -> State:
    """A state in which every trigger holds."""
    named = "now parse_price, PriceList and next_page of shop.py"
    state = later(
        call("TodoWrite", todos=[DONE]),
        result(),
        call("Edit", tool_id="t2", file_path="/p/a.py"),
        result(tool_id="t2"),
        call("Write", tool_id="t5", file_path="/p/.moai/specs/SPEC-A-1/spec.md", content="x"),
        result(tool_id="t5"),
        call("Bash", tool_id="t3", command="pytest"),
        result(tool_id="t3"),
        call("Bash", tool_id="t4", command="git commit -m x"),
        result(tool_id="t4"),
        prompt(named, parent="s", uuid="v"),
    )
    state["usage"]["prompts"], state["usage"]["model"] = 50, "claude-opus-4-6"
    judge(state, 151_000)
    state["advice"]["warned_at"] = 121_000
    return state


@pytest.mark.parametrize("switch", TRIGGERS)
def test_each_trigger_has_its_switch(switch: str) -> None:
    for is_on in (True, False):
        config = settings(**{"between_tasks": True, switch: is_on})
        found = [one.name for one in should_clear(everything(), config)]
        assert (switch in found) is is_on


@pytest.mark.parametrize(
    ("context", "reasons"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(
            {
                "token_usage": 120_000,
                "message_count": 50,
                "phase_changed": False,
                "spec_created": False,
                "model_changed": False,
            },
            [],
            id="nothing that speaks for it",
        ),
        pytest.param(
            {"token_usage": 160_000},
            [("token_usage", "160k tokens are in use, more than 150k")],
            id="tokens",
        ),
        pytest.param(
            {"token_usage": 90_000, "window": 100_000},
            [("token_usage", "90k tokens are in use, more than 75k")],
            id="tokens of a small window",
        ),
        pytest.param(
            {"message_count": 51},
            [("message_count", "51 messages in this conversation, more than 50")],
            id="messages",
        ),
        pytest.param(
            {"phase_changed": True},
            [("phase_changed", "the work moved on to another phase")],
            id="a phase",
        ),
        pytest.param(
            {"spec_created": True},
            [("spec_created", "a specification was written")],
            id="a specification",
        ),
        pytest.param(
            {"model_changed": True}, [("model_changed", "the model was switched")], id="a model"
        ),
        pytest.param(
            {"token_usage": 151_000, "message_count": 51, "phase_changed": True},
            [
                ("token_usage", "151k tokens are in use, more than 150k"),
                ("message_count", "51 messages in this conversation, more than 50"),
                ("phase_changed", "the work moved on to another phase"),
            ],
            id="together",
        ),
        pytest.param(
            {"phase_changed": True, "spec_created": True, "model_changed": True},
            [
                ("phase_changed", "the work moved on to another phase"),
                ("spec_created", "a specification was written"),
                ("model_changed", "the model was switched"),
            ],
            id="changes",
        ),
    ],
)
def test_a_program_that_keeps_its_own_figures_is_given_reasons(
    context: dict[str, Any], reasons: list[tuple[str, str]]
) -> None:
    assert should_clear(context) == reasons


@pytest.mark.parametrize("value", [-1, "151000", True, float("nan"), float("inf")])
def test_figures_that_cannot_be_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="token_usage must be 0 or more"):
        should_clear({"token_usage": value})


def test_a_session_is_given_reasons_by_its_own_settings(tmp_path: Path) -> None:
    client = watched(tmp_path)
    assert should_clear(Session.load(tmp_path)) == []
    client.turn(prompt("more", uuid="u1", parent="a"), answer(message_id="m1", used=30_500))
    client.write(prompt("on", uuid="u2", parent="p"), answer(message_id="m2", used=152_000))
    client.reply("user_prompt_submit", prompt="go on")
    assert [one.name for one in should_clear(Session.load(tmp_path))] == ["level", "between_tasks"]


@pytest.mark.parametrize(
    ("words", "said", "heard"),
    [
        (
            ("until", "160k"),
            UNTIL,
            False,
        ),
        ((), f"No more advice in this session. {BACK}", False),
        (("a", "day"), f"No advice in this project for a day. {BACK}", False),
        (("off",), "Advice is on again.", True),
    ],
    ids=["until", "session", "day", "off"],
)
def test_the_command_puts_advice_off(
    tmp_path: Path, words: tuple[str, ...], said: str, heard: bool, capsys: Any
) -> None:
    client = watched(tmp_path)
    assert main(["snooze", "--project", str(tmp_path), *words]) == 0
    assert capsys.readouterr().out.strip() == said
    client.write(prompt("more", uuid="u1", parent="a"), answer(message_id="m1", used=152_000))
    assert ("systemMessage" in client.reply("stop")) is heard


def test_what_cannot_be_told_is_asked_for_again(tmp_path: Path, capsys: Any) -> None:
    watched(tmp_path)
    assert main(["snooze", "--project", str(tmp_path), "until", "tomorrow"]) == 1
    assert "use for this session, until 150k, a day, or off" in capsys.readouterr().err


def test_the_setting_for_long_contexts_is_remembered_as_named(tmp_path: Path) -> None:
    client = watched(tmp_path)
    (state_folder(tmp_path) / "config.toml").write_text("[budget]\nwindow = 1000000\n")
    for number, used in enumerate((152_000, 172_000)):
        entries = (prompt("more", uuid=f"u{used}", parent=f"p{used}"),
                   answer(message_id=f"m{used}", used=used))  # fmt: skip
        client.write(*entries)
        named = "budget.tokens" in client.reply("stop")["systemMessage"]
        assert named is (number == 0)


def in_a_million(tokens: Any = "window") -> Config:
    """The settings for a window of 1M, with this budget."""
    return {**settings(), "budget": {**DEFAULTS["budget"], "window": 1_000_000, "tokens": tokens}}


def test_a_warning_that_is_passed_over_is_repeated_once_in_earnest() -> None:
    state = fresh()
    said = [judged(state, used) for used in (151_000, 160_000)]
    config = in_a_million()

    def at(used: int) -> list[str]:
        found = strategy.advise(state, judge(state, used, config), config)
        return [found.trigger] if found else []

    assert said == [["level"], []]
    state["advice"] = strategy.new_said()
    steps = (510_000, 560_000, 611_000, 650_000, 690_000, 710_000)
    assert [at(used) for used in steps] == [["level"], [], ["passed_over"], [], [], ["level"]]


@pytest.mark.parametrize("used", [611_000, 710_000], ids=["in earnest", "at critical"])
def test_a_warning_that_was_repeated_is_not_repeated_again(used: int) -> None:
    state, config = fresh(), in_a_million()
    for size in (510_000, used):
        strategy.advise(state, judge(state, size, config), config)
    assert state["advice"]["warned_at"] == 0


def test_the_second_notice_names_the_warning_and_what_was_made_ready() -> None:
    state = fresh()
    config = in_a_million()
    strategy.advise(state, judge(state, 510_000, config), config)
    said = strategy.advise(state, judge(state, 611_000, config), config)
    assert said is not None
    assert said.message == (
        "Still growing, up from 510k at the last warning. Context: 611k of your 1M window (61%).\n"
        "Each request now re-sends 611k tokens; after /clear it would be about 22k. A checkpoint "
        "was saved."
    )


def test_a_fall_below_the_warning_settles_it() -> None:
    state = fresh()
    assert [judged(state, used) for used in (151_000, 120_000)] == [["level"], []]
    assert state["advice"]["warned_at"] == 0


def test_right_after_a_clear_only_what_another_clear_would_mend_is_said() -> None:
    heavy = state_after(prompt("hi"), answer(used=110_000))
    light = state_after(prompt("hi"), answer())
    for state in (heavy, light):
        state["advice"]["cleared"] = True
    assert (judged(heavy, 125_000), judged(heavy, 168_000)) == ([], ["level"])
    assert judged(light, 125_000) == ["level"]


@pytest.mark.parametrize("decode", [fast_decoder.decode, decoder.decode], ids=["fast", "standard"])
@pytest.mark.parametrize(
    ("written", "lifetime"),
    [
        ({"ephemeral_5m_input_tokens": 9, "ephemeral_1h_input_tokens": 0}, 300),
        ({"ephemeral_5m_input_tokens": 9, "ephemeral_1h_input_tokens": 9}, 3_600),
        ({"ephemeral_5m_input_tokens": 0}, False),
        ({"ephemeral_5m_input_tokens": "x"}, False),
        ("x", False),
    ],
)
def test_the_lifetime_of_the_prompt_cache_is_that_of_what_was_written(
    decode: Callable[[bytes], Entry], written: Any, lifetime: int
) -> None:
    made: Any = answer()
    made["message"]["usage"]["cache_creation"] = written
    state = state_after(decode(json.dumps(made).encode()))
    assert state["usage"]["cache_seconds"] == lifetime


RED: Any = {"kind": "lint", "passed": False, "turn": 1, "order": 1, "entry": "e", "failed": []}
OPEN: dict[str, Any] = {
    "a question": {"last_words": "Two ways. Which one do you want?"},
    "a known question": {"waiting": {"text": "Which?", "entry": "e", "options": []}},
    "a failing check": {"failing": {"pytest": "e"}},
    "a red check": {"checks": {"make lint": RED}},
    "a current step": {"current_step": "build it"},
    "an open step": {"pending_steps": ["build it"]},
    "a list of what remains": {"remaining": ["write the docs"]},
}


@pytest.mark.parametrize("change", OPEN.values(), ids=OPEN)
def test_no_clear_is_offered_while_something_is_open(change: Any) -> None:
    state = later(*commit())
    state["work_state"].update(change)
    assert judged(state, 95_000, between_tasks=True) == []
    assert judged(state, 125_000, between_tasks=True) == []
    at_warning = told(state, 151_000)
    assert not at_warning.offers
    assert at_warning.message == (
        "Context: ~151k of your 200k window (76%).\n"
        "Each request now re-sends 151k tokens. In the middle of something? Use /compact."
    )


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("All of it is done.", False),
        ("The script is ready: it builds, runs and cleans up.", False),
        ("Shall I go on with stage 2?", True),
        ("Want me to fix it here, or open an issue? It needs:\n1. a flag\n2. a helper", True),
        ("Would you like me to:\n1. **keep it**\n2. **move it**", True),
        ("**Question:** Do you want it based on:\n- A) all of it\n- B) the highlights", True),
        ("We'd need to either:\n1. detect amends\n2. warn about them", True),
        ("Let me know which one you prefer.", True),
        ("どちらにしますか？", True),
        ("It prints `really?` and ends.", False),
        ("It falls back: `model ?? other`, then stops.", False),
        ("The build is fixed. You can run it with:\n```\nmake all\n```", False),
        ("You can:\n1. keep it\n2. move it", True),
        ("Should I keep `a ?? b` there?", True),
        ("Please rebuild and test it on your machine.", True),
        ("It is done. Please note that the flag is gone.", False),
        ("The flag is read now. Try it again:\n```\nmake run\n```", True),
        ("There are two names for it. I’d go with the shorter one.", True),
        ("Both fit, but the second is my favorite.", True),
        ("It is committed, and ready for you to look at by hand.", True),
        ("You can push it when you're ready.", True),
        ("```\n" + "x = 1  # why?\n" * 200 + "```\nDone.", False),
        ("```\n" + "x = 1\n" * 400 + "```\nWant me to start? I'll begin with:\n1. it", True),
    ],
    ids=["done", "a colon", "a question", "reasons below", "options below", "a marked question",
         "either", "let me know", "another script", "quoted", "an operator", "how to run it",
         "a choice", "a question about code", "a request", "a note", "a trial", "a recommendation",
         "a preference", "a look", "a go-ahead", "in code", "after code"],
)  # fmt: skip
def test_a_question_is_open_whatever_stands_below_it(text: str, is_open: bool) -> None:
    state = fresh()
    state["work_state"]["answer"] = {"text": text, "is_cut": False, "entry": "e", "turn": 1}
    assert (hindrance(state) == "question") is is_open


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("The reviewer is still working on it. I'll let you know.", True),
        ("The build is running in the background.", True),
        ("Two gaps.\n\n### Recommendations\n1. Name the flag\n2. Test it", True),
        ("Two gaps.\n\n**Suggested changes:**\n- name the flag", True),
        ("The page on recommendations is done.\n- It has a test.", False),
        ("Nobody empties the list. This is the bug: the second call is lost.", True),
        ("The sum leaves out the last row. A correct fix would count it.", True),
        ("It was a real bug in the sum; the last row is counted now.", False),
        ("Three tests ran, and nothing is left.", False),
    ],
    ids=[
        "an agent",
        "a build",
        "a list",
        "points",
        "the subject",
        "a fault",
        "a remedy",
        "repaired",
        "done",
    ],
)
def test_work_that_goes_on_and_proposals_are_open(text: str, is_open: bool) -> None:
    state = fresh()
    state["work_state"]["answer"] = {"text": text, "is_cut": False, "entry": "e", "turn": 1}
    assert (hindrance(state) == "steps") is is_open


def test_what_was_held_up_is_offered_once_nothing_is_open() -> None:
    state = later()
    state["work_state"]["last_words"] = "Shall I go on with stage 2?"
    assert judged(state, 125_000) == []
    state["work_state"]["last_words"] = "Done."
    assert judged(state, 126_000) == ["level"]


@pytest.mark.parametrize(
    ("source", "head"),
    [
        pytest.param(
            "todo", "Natural stopping point. Context: 90k of your 200k window (45%).", id="told"
        ),
        pytest.param(None, "Context: 90k of your 200k window (45%).", id="nothing tells of them"),
    ],
)
def test_that_no_step_is_open_is_said_only_where_steps_are_known(source: Any, head: str) -> None:
    state = fresh()
    state["work_state"]["steps_source"] = source
    assert told(state, 90_000, between_tasks=True).message.splitlines()[0] == head


def at_budget(state: State, used: int, tokens: Any = 200_000, **given: Any) -> Any:
    """What is said at this use of a window of 1M with this budget."""
    config = in_a_million(tokens)
    return strategy.advise(state, judge(state, used, config), config, **given)


def test_on_a_window_of_a_million_the_levels_are_those_of_the_budget() -> None:
    state = fresh()
    steps = (119_000, 121_000, 151_000, 171_000, 191_000, 260_000, 381_000, 383_000)
    said = [(at_budget(state, used) or strategy.Advice("", "", offers=False)).trigger
            for used in steps]  # fmt: skip
    assert said == ["", "level", "level", "level", "level", "", "", "passed_over"]


def test_the_message_names_budget_and_window() -> None:
    state = fresh()
    assert at_budget(state, 152_000).message == (
        "Context: 152k of your 200k budget (window 1M).\n"
        "Each request now re-sends 152k tokens; after /clear it would be about 22k. "
        '(Prefer long contexts? Set budget.tokens to "window".)'
    )


def test_the_setting_for_long_contexts_is_named_once_in_a_project() -> None:
    named = {"snoozed_until": 0.0, "named": [strategy.LONG_CONTEXT]}
    first, again = at_budget(fresh(), 152_000), at_budget(fresh(), 152_000, notices=named)
    assert (first.named, again.named) == (strategy.LONG_CONTEXT, "")
    assert "budget.tokens" not in again.message


def test_whoever_sets_the_whole_window_hears_of_it_alone() -> None:
    assert at_budget(fresh(), 152_000, "window") is None
    assert at_budget(fresh(), 511_000, "window").message.startswith(
        "Context: 511k of your 1M window (51%)."
    )


@pytest.mark.parametrize(
    ("used", "is_said"),
    [
        pytest.param(899_000, False, id="room left"),
        pytest.param(951_000, True, id="almost full"),
    ],
)
def test_only_the_end_of_a_window_that_nothing_compacts_may_not_fit(
    used: int, is_said: bool
) -> None:
    state = fresh()
    config = in_a_million()
    for size in (410_000, 510_000, 710_000, 900_000, used):
        starts = judge(state, size, config)
        state["context_window"]["compaction_at"] = None
        found = strategy.advise(state, starts, config)
    assert (found is not None and "Almost full" in found.message) is is_said


def test_while_auto_compaction_is_on_nothing_is_said_to_be_almost_full() -> None:
    state, config = fresh(), in_a_million()
    state["usage"]["model"] = "claude-opus-5-5"
    texts = []
    for size in (410_000, 510_000, 710_000, 910_000, 960_000, 966_000):
        starts = judge(state, size, config)
        assert state["context_window"]["compaction_at"] == 967_000
        found = strategy.advise(state, starts, config)
        texts.append(found.message if found else "")
    assert "full" not in " ".join(texts)


def with_autopilot(state: State, used: int) -> list[str]:
    """What is said where the client was told to compact at 100k."""
    config = settings(between_tasks=True)
    state["usage"]["used"], state["usage"]["since_boundary"] = used, 1
    env = {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "133000"}
    said = strategy.advise(state, session.judge(state, config, TABLE, 0, env), config)
    return [said.trigger] if said else []


@pytest.mark.parametrize("tokens", [200_000, "window"])
def test_an_early_compaction_moves_the_levels_and_leaves_the_budget_as_it_is(tokens: Any) -> None:
    state, config = fresh(), in_a_million(tokens)
    state["usage"].update({"used": 95_000, "since_boundary": 1})
    starts = session.judge(state, config, TABLE, 0, {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "133000"})
    limit = 200_000 if tokens == 200_000 else 1_000_000
    assert (state["budget"]["tokens"], starts["critical"]) == (limit, 98_000)
    assert state["budget"]["level"] == "warning"


def test_a_clear_that_frees_less_is_offered_before_an_early_compaction() -> None:
    begun = state_after(prompt("hi"), answer(used=50_000))
    assert judged(begun, 90_000, between_tasks=True) == []
    assert with_autopilot(begun, 90_000) == ["level"]


def test_where_a_clear_frees_little_an_early_compaction_is_left_to_itself() -> None:
    begun = state_after(prompt("hi"), answer(used=80_000))
    assert [with_autopilot(begun, used) for used in (85_000, 95_000, 99_000)] == [[], [], []]


def test_while_something_is_open_an_early_compaction_is_left_to_itself() -> None:
    state = fresh()
    state["work_state"]["pending_steps"] = ["build it"]
    assert [with_autopilot(state, used) for used in (85_000, 95_000, 99_000)] == [[], [], []]


NOW = 1_767_225_600.0


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        pytest.param({"snoozed": True}, [], id="this session"),
        pytest.param({"snoozed_to": 160_000}, [170_000], id="until 160k"),
        pytest.param({}, [125_000, 151_000, 170_000], id="not put off"),
    ],
)
def test_advice_can_be_put_off(change: Any, heard: list[int]) -> None:
    state = fresh()
    state["advice"].update(change)
    assert [used for used in (125_000, 151_000, 170_000) if judged(state, used)] == heard


def test_advice_put_off_for_a_day_is_heard_after_it() -> None:
    state, config = fresh(), settings()
    notices: Any = {"snoozed_until": NOW + 60, "named": []}
    found = [strategy.advise(state, judge(state, 151_000, config), config, now, notices)
             for now in (NOW, NOW + 61)]  # fmt: skip
    assert [one is not None for one in found] == [False, True]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", (True, 0, 0.0)),
        ("for this session", (True, 0, 0.0)),
        ("until 150k", (False, 150_000, 0.0)),
        ("until 150,000 tokens", (False, 150_000, 0.0)),
        ("to 1.2M", (False, 1_200_000, 0.0)),
        ("a day", (False, 0, 86_400.0)),
        ("for a day", (False, 0, 86_400.0)),
        ("off", (False, 0, 0.0)),
        ("until tomorrow noon", None),
        ("until k", None),
        ("20m", None),
        ("until 1.2.3k", None),
        ("until ²k", None),
    ],
)
def test_how_long_advice_is_put_off_is_said_in_words(words: str, asked: Any) -> None:
    assert snooze.parsed(words) == asked


def test_a_clear_that_frees_next_to_nothing_is_no_remedy_at_any_level() -> None:
    state = state_after(prompt("hi"), answer(used=190_000))
    assert "frees" not in told(state, 192_000).message


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
    assert short(tokens) == text


def watched(project: Path, settings: str = "") -> Client:
    """A client after one small turn."""
    state_folder(project).mkdir(parents=True, exist_ok=True)
    (state_folder(project) / "config.toml").write_text(f"[advice]\n{settings}\n")
    client = Client(project)
    client.start()
    client.turn(prompt("hi", uuid="u0", parent=None), answer(message_id="m0", used=30_000))
    return client


def fill(client: Client, used: int) -> None:
    """One more turn, after which so much is in use."""
    client.write(prompt("more", uuid=f"u{used}", parent=f"p{used}"),
                 answer(message_id=f"m{used}", used=used))  # fmt: skip
    client.reply("stop")


def agents(*kinds: str) -> list[dict[str, str]]:
    """Background tasks as Stop names them."""
    return [{"id": kind, "type": kind, "status": "running"} for kind in kinds]


@pytest.mark.parametrize(
    ("used", "fields", "is_said"),
    [
        pytest.param(125_000, {}, True, id="the turn is over"),
        pytest.param(125_000, {"background_tasks": agents("subagent")}, False, id="agents work"),
        pytest.param(125_000, {"background_tasks": agents("shell")}, True, id="a server runs"),
        pytest.param(125_000, {"background_tasks": "x"}, True, id="of another type"),
        pytest.param(168_000, {"background_tasks": agents("subagent")}, True, id="it presses"),
    ],
)
def test_while_agents_are_at_work_only_what_presses_is_said(
    tmp_path: Path, used: int, fields: dict[str, Any], is_said: bool
) -> None:
    client = watched(tmp_path)
    client.write(prompt("more", uuid="u9", parent="p9"), answer(message_id="m9", used=used))
    assert ("systemMessage" in client.reply("stop", **fields)) is is_said
    assert ("systemMessage" in client.reply("stop")) is not is_said


def test_a_turn_that_another_hook_continues_has_one_message(tmp_path: Path) -> None:
    client = watched(tmp_path)
    client.write(prompt("more", uuid="u9", parent="p9"), answer(message_id="m9", used=125_000))
    assert "systemMessage" in client.reply("stop")
    client.write(answer(message_id="m10", used=152_000))
    assert "systemMessage" not in client.reply("stop", stop_hook_active=True)
    client.write(prompt("on", uuid="u10", parent="p10"), answer(message_id="m11", used=152_000))
    assert "systemMessage" in client.reply("stop")


def test_a_warning_that_is_passed_over_has_a_checkpoint_taken(tmp_path: Path) -> None:
    client = watched(tmp_path, "rearm_points = 3")
    fill(client, 151_000)
    assert checkpoints.names(client.store, client.session) == []
    fill(client, 158_000)
    assert [name[-8:] for name in checkpoints.names(client.store, client.session)] == ["-warning"]
