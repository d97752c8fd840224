"""Each part of the specification is one call, and what cannot be is refused in one clear line."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client, client_folder, context_of
from made import answer, prompt

import clearpoint
from clearpoint import (
    AgentCompatibilityError,
    Budget,
    IntegrityError,
    Session,
    TagError,
    TokenBudgetError,
    WorkError,
    count_tokens,
    should_clear,
    summarize,
    validate_handoff,
)
from clearpoint.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = [
    f"We decided to use module_{number} for the routes of part {number}, because its tests pass."
    for number in range(12)
]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session.create(tmp_path, "s-1", "claude-sonnet-4-6", env=client_folder())


@pytest.fixture
def watched(tmp_path: Path) -> Session:
    """A session that the hooks have watched."""
    client = Client(tmp_path)
    client.start(model="claude-sonnet-4-6")
    client.turn(
        prompt("We decided to use JWT. The row_parser is slow."),
        answer("I read `parser.py`. It is the loop that is slow. " * 6, used=90_000),
    )
    return Session.load(tmp_path, env=client_folder())


def configure(session: Session, text: str) -> None:
    Path(session.root, "config.toml").write_text(text, encoding="utf-8")


# Budget


def test_only_the_given_thresholds_change() -> None:
    budget = Budget(thresholds={"monitor": 50})
    assert budget.thresholds == {"monitor": 50, "warning": 75, "critical": 85, "emergency": 95}
    assert budget.update(100_000) == "monitor"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        pytest.param(lambda: Budget(0), "the window must be a positive number", id="no window"),
        pytest.param(lambda: Budget(tokens=-1), "the budget must be a positive", id="no budget"),
        pytest.param(
            lambda: Budget(thresholds={"warn": 70}),  # type: ignore[dict-item]
            "unknown threshold 'warn'; did you mean warning?",
            id="a name",
        ),
        pytest.param(
            lambda: Budget(thresholds={"warning": 175}), "at most 100, not 175", id="too much"
        ),
        pytest.param(
            lambda: Budget(thresholds={"warning": 90}),
            "must rise from level to level, but are monitor 60, warning 90, critical 85",
            id="falling",
        ),
        pytest.param(
            lambda: Budget(thresholds={"warning": "70"}),  # type: ignore[dict-item]
            "must be a number, not '70'",
            id="a text",
        ),
        pytest.param(lambda: Budget().update(-1), "must be 0 or more", id="negative"),
        pytest.param(
            lambda: Budget().on("crit", print),  # type: ignore[arg-type]
            "unknown level 'crit'; did you mean critical?",
            id="a level",
        ),
    ],
)
def test_a_budget_that_cannot_be_is_refused(made: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        made()
    assert told in str(refused.value)


def test_a_session_and_a_program_speak_of_budgets_in_the_same_words(session: Session) -> None:
    own = Budget()
    session.update_usage(151_000)
    own.update(151_000)
    names = ("window", "tokens", "used", "available", "percent", "level", "thresholds",
             "allocation", "suggestions")  # fmt: skip
    assert [getattr(session.budget, name) for name in names] == [
        getattr(own, name) for name in names
    ]


def test_a_session_calls_back_at_each_level_that_is_newly_reached(session: Session) -> None:
    told: list[tuple[str, int]] = []
    for level in ("monitor", "warning"):
        session.on(level, lambda one: told.append((one.level, one.budget.used)))
    for used in (151_000, 152_000, 10_000, 130_000):
        session.update_usage(used)
    assert told == [("warning", 151_000), ("warning", 151_000), ("monitor", 130_000)]


# The user


def test_who_the_user_is_can_be_said_at_the_start_and_later(tmp_path: Path) -> None:
    said = {"language": "Korean", "user_name": "Ada", "preferences": ["Short answers."]}
    session = Session.create(tmp_path, user_context=said, env=client_folder())
    session.user_context = {"expertise": "expert"}
    assert session.user_context == {
        "language": "ko",
        "user_name": "Ada",
        "expertise": "expert",
        "preferences": ["Short answers."],
        "hand_set": ["language", "user_name", "expertise", "preferences"],
    }
    assert "The user is Ada. Expertise: expert. The user writes in Korean." in (
        Session.load(tmp_path, env=client_folder()).resumption_context()
    )


def test_the_language_that_was_set_stays_until_it_is_unset(watched: Session) -> None:
    client = Client(Path(watched.project))
    client.turn(prompt("로그인을 고쳐 주세요", parent="1"), answer(message_id="m2", used=91_000))
    watched.user_context = {"language": "de"}
    client.turn(prompt("테스트도 고쳐 주세요", parent="2"), answer(message_id="m3", used=92_000))
    kept = watched.user_context["language"]
    watched.user_context = {"language": None}
    client.turn(prompt("문서도 고쳐 주세요", parent="3"), answer(message_id="m4", used=93_000))
    assert (kept, watched.user_context["language"]) == ("de", "ko")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"name": "Ada"}, "unknown field 'name' of the user context", id="a field"),
        pytest.param({"lang": "de"}, "did you mean language?", id="near"),
        pytest.param({"user_name": 3}, "user_name must be a string, not 3", id="a number"),
        pytest.param({"preferences": 3}, "preferences must be a list of strings", id="no list"),
    ],
)
def test_a_user_that_cannot_be_is_refused(session: Session, given: Any, told: str) -> None:
    before = session.state
    with pytest.raises(WorkError, match=told):
        session.user_context = {"expertise": "expert", **given}
    assert session.state == before


# Work


def test_an_issue_is_resolved_by_its_number_or_a_part_of_it(session: Session) -> None:
    for issue in ("The clock skew is not handled.", "The export is slow."):
        session.update_work(issue=issue)
    assert session.resolve("clock") == "The clock skew is not handled."
    assert session.resolve(1) == "The export is slow."
    assert session.work["issues"] == []


def test_an_unknown_issue_is_refused(session: Session) -> None:
    with pytest.raises(WorkError, match="no issue holds 'clock'"):
        session.resolve("clock")


def test_the_sessions_of_a_project_are_listed_newest_first(tmp_path: Path) -> None:
    assert Session.list(tmp_path, env=client_folder()) == []
    for name in ("a-1", "b-2"):
        Session.create(tmp_path, name, env=client_folder())
    found = Session.list(tmp_path, env=client_folder())
    assert [one.session_id for one in found] == ["b-2", "a-1"]
    assert repr(found[0]) == f"Session({str(tmp_path)!r}, 'b-2')"


@pytest.mark.parametrize("where", ["project", "env", "artifact"])
def test_a_path_can_be_a_path(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    session = Session.create(tmp_path, "s-1", env={"CLEARPOINT_DIR": folder})
    session.update_work(artifact=Path("src/auth.py"))
    found = {"project": session.project, "env": session.root, "artifact": session.work["artifacts"]}
    expected = {"project": str(tmp_path), "env": str(folder), "artifact": ["src/auth.py"]}
    assert found[where] == expected[where]


# Tags and files


def test_a_tag_stands_for_a_text_or_a_file(session: Session) -> None:
    Path(session.project, "schema.json").write_text('{"id": 1}')
    session.tags.add("STYLE-1", "Answer in British English.")
    session.tags.add("@API-SCHEMA", Path("schema.json"))
    assert dict(session.tags) == {
        "API-SCHEMA": '{"id": 1}',
        "STYLE-1": "Answer in British English.",
    }
    assert session.tags.resolve("@API-SCHEMA") == '{"id": 1}'
    assert session.tags.resolve("See @API-SCHEMA, @NOBODY-1 and me@API-SCHEMA.") == (
        'See {"id": 1}, @NOBODY-1 and me@API-SCHEMA.'
    )
    session.tags.remove("STYLE-1")
    assert "STYLE-1" not in session.tags


def test_a_prompt_calls_in_a_tag_without_a_number(watched: Session) -> None:
    watched.tags.add("API-SCHEMA", "id: integer")
    client = Client(Path(watched.project))
    told = context_of(client.reply("user_prompt_submit", prompt="Change @API-SCHEMA, please."))
    assert "@API-SCHEMA" in told
    assert "id: integer" in told


@pytest.mark.parametrize(
    ("act", "told"),
    [
        pytest.param(lambda tags: tags.add("config", "x"), "did you mean CONFIG-001?", id="small"),
        pytest.param(lambda tags: tags.add("api schema", "x"), "mean API-SCHEMA?", id="a space"),
        pytest.param(lambda tags: tags.add("CONTEXT-001", "x"), "is reserved", id="reserved"),
        pytest.param(lambda tags: tags.add("A-1", Path("none")), "no such file", id="no file"),
        pytest.param(lambda tags: tags.resolve("@API-SCHEMe"), "no tag", id="unknown"),
        pytest.param(lambda tags: tags["API-SCHEM"], "did you mean API-SCHEMA?", id="near"),
        pytest.param(lambda tags: tags.remove("X-1"), "no tag X-1; available: API", id="far"),
    ],
)
def test_a_tag_that_cannot_be_is_refused(session: Session, act: Any, told: str) -> None:
    session.tags.add("API-SCHEMA", "id: integer")
    if told == "no tag":
        assert act(session.tags) == "@API-SCHEMe"
        return
    with pytest.raises(TagError) as refused:
        act(session.tags)
    assert told in str(refused.value)


def test_files_come_by_tier(session: Session) -> None:
    for name in ("CLAUDE.md", "config.json", "auth.py", "guide.md", "src/deep/config.json"):
        path = Path(session.project, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    tiers = {tier: [file.path for file in found] for tier, found in session.files.items()}
    assert tiers == {1: ["CLAUDE.md", "config.json"], 2: [], 3: [], 4: ["guide.md"]}


# When to clear


def test_a_session_says_itself_whether_to_clear(session: Session) -> None:
    session.update_usage(30_000)
    session.update_usage(160_000)
    assert session.should_clear() == should_clear(session)


@pytest.mark.parametrize("name", ["token_usage", "used"])
def test_a_program_asks_with_its_own_figures(name: str) -> None:
    assert [reason.name for reason in should_clear({name: 160_000})] == ["token_usage"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"tokens": 160_000}, "unknown fact 'tokens'; did you mean token_usage?"),
        ({"used": "many"}, "used must be 0 or more, not 'many'"),
    ],
)
def test_a_fact_that_is_none_is_refused(given: Any, told: str) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        should_clear(given)
    assert str(refused.value).startswith(told)


# Handoffs


def test_work_is_handed_over(session: Session) -> None:
    session.update_work(spec="SPEC-1", decision="We use JWT.")
    made = session.hand_over("spec-builder", "backend-expert", next_step="Build it.")
    assert made.package.task_context.critical_decisions == ("We use JWT.",)
    assert "Next step: Build it." in made.context
    assert [one["handoff_id"] for one in session.handoffs] == [made.handoff_id]
    assert validate_handoff(made.package, session.project, env=client_folder()) == made.package


def test_a_handoff_with_little_room_is_compressed_and_nothing_is_lost(session: Session) -> None:
    for decision in LONG:
        session.update_work(decision=decision)
    made = session.hand_over("spec-builder", "backend-expert", available=3_000)
    (reference,) = [one for one in made.package.task_context.critical_decisions if one[0] == "@"]
    assert made.tokens < made.original_tokens
    assert session.tags[reference].splitlines() == LONG


@pytest.mark.parametrize(
    ("settings", "allowed", "warning"),
    [
        pytest.param("", False, None, id="refused"),
        pytest.param("", True, True, id="allowed once"),
        pytest.param('[handoffs]\noutside = "warn"\n', False, True, id="warned"),
        pytest.param('[handoffs]\noutside = "deny"\n', True, None, id="denied"),
        pytest.param(
            '[handoffs.policies]\n"docs-manager -> spec-builder" = "allow"\n', False, False,
            id="allowed",
        ),
    ],
)  # fmt: skip
def test_a_pair_outside_the_matrix_is_refused_unless_it_is_allowed(
    session: Session, settings: str, allowed: bool, warning: bool | None
) -> None:
    configure(session, settings)
    if warning is None:
        with pytest.raises(AgentCompatibilityError, match="not in the handoff matrix"):
            session.hand_over("docs-manager", "spec-builder", allowed=allowed)
        assert session.handoffs == []
    else:
        made = session.hand_over("docs-manager", "spec-builder", allowed=allowed)
        assert bool(made.warning) == warning


def test_too_little_room_for_any_handoff_is_refused(session: Session) -> None:
    session.update_work(decision=LONG[0])
    with pytest.raises(TokenBudgetError, match="free some with /clear"):
        session.hand_over("spec-builder", "backend-expert", available=10)


@pytest.mark.parametrize("form", ["dictionary", "bytes", "file"])
def test_a_package_is_validated_in_any_form(form: str, session: Session, tmp_path: Path) -> None:
    made = session.hand_over("spec-builder", "backend-expert")
    path = tmp_path / "plan.json"
    made.save(path)
    given: Any = {"dictionary": made.package.plain, "bytes": path.read_bytes(), "file": path}
    assert validate_handoff(given[form]) == made.package
    path.write_bytes(path.read_bytes().replace(b"backend-expert", b"backend-exporter"))
    with pytest.raises(IntegrityError):
        validate_handoff(path)


# Summaries

TALK: list[Any] = [
    *(f"Row {number} of the table is read and nothing else is found there." for number in range(9)),
    {"role": "user", "content": "Let's use Redis for the sessions."},
    *(f"Read `a{number}.py`, `b{number}.py` and `c{number}.py`, all fine." for number in range(9)),
    {"role": "assistant", "content": [{"type": "text", "text": "We decided to keep JWT."}]},
    "```python\n" + "\n".join(f"value_{number} = f({number})" for number in range(20)) + "\n```",
]


def size_of(talk: list[Any]) -> int:
    texts = [one if isinstance(one, str) else one["content"] for one in talk]
    return sum(count_tokens(one if isinstance(one, str) else one[0]["text"]) for one in texts)


@pytest.mark.parametrize("ratio", [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0])
@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(TALK, id="mixed"),
        pytest.param(TALK[:9], id="prose"),
        pytest.param(TALK[-1:], id="code"),
        pytest.param(["The same sentence again and again."] * 40, id="repeated"),
        pytest.param(["and so on " * 400], id="one sentence"),
        pytest.param([{"role": "user", "content": "Yes, go on then."}] * 30, id="short"),
    ],
)
def test_a_summary_has_its_ratio(talk: list[Any], ratio: float) -> None:
    found = summarize(talk, ratio)
    assert count_tokens(found.text) / size_of(talk) == pytest.approx(ratio, rel=0.1)


def test_a_summary_keeps_decisions_and_leads_back_to_what_was_said() -> None:
    found = summarize(TALK, 0.15)
    lines = str(found).splitlines()
    assert "[9] User: Let's use Redis for the sessions." in lines
    assert "[19] We decided to keep JWT." in lines
    assert (found.original(19), found.original("[0]")) == ("We decided to keep JWT.", TALK[0])


def test_the_whole_of_a_conversation_is_its_text() -> None:
    assert all(text in summarize(TALK[:9], 1).text for text in TALK[:9])


@pytest.mark.parametrize(
    ("messages", "ratio", "told"),
    [
        pytest.param("text", 0.3, "must be a list of strings", id="one text"),
        pytest.param([3], 0.3, "message 0 is neither a string nor a dictionary", id="a number"),
        pytest.param([{"role": "user"}], 0.3, "message 0 is neither", id="no content"),
        pytest.param(["text"], 1.5, "above 0 and at most 1, not 1.5", id="too much"),
        pytest.param(["text"], "0.3", "above 0 and at most 1, not '0.3'", id="no number"),
    ],
)
def test_a_summary_of_nothing_that_was_said_is_refused(
    messages: Any, ratio: Any, told: str
) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        summarize(messages, ratio)
    assert told in str(refused.value)


def test_a_session_is_summarized_with_pointers_into_its_archive(watched: Session) -> None:
    found = watched.summary(0.5)
    assert "[0001.md:3] User: We decided to use JWT." in found.text
    assert found.original("0001.md:3") == "We decided to use JWT. The row_parser is slow."
    watched.prepare_for_clear()
    assert Path(watched.folder, "archive", "0001.md").read_text().splitlines()[2].startswith("We d")
    assert watched.summary(0.5) == found


def test_a_session_without_a_transcript_is_summarized_by_its_state(tmp_path: Path) -> None:
    session = Session.create(tmp_path, "s-1", env=client_folder())
    session.update_work(decision="Use argon2id for passwords.")
    found = session.summary(1.0)
    assert (found.text, found.original("state:0")) == (
        "Use argon2id for passwords.",
        "Use argon2id for passwords.",
    )


# The package


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("impl", "implementation"),
        ("docs", "documentation"),
        ("tests", "testing"),
        ("reveiw", "review"),
        ("boredom", None),
        ("", None),
    ],
)
def test_a_name_that_does_not_exist_has_a_nearest_one(typed: str, meant: str | None) -> None:
    phases = ("initialization", "planning", "implementation", "testing", "documentation", "review",
              "completed")  # fmt: skip
    assert nearest(typed, phases) == meant


@pytest.mark.parametrize("ratio", [0.1, 0.3, 0.9])
def test_a_summary_of_a_short_text_keeps_a_sentence(ratio: float) -> None:
    assert "We use cents." in str(summarize(["We use cents."], ratio))


def test_what_is_offered_is_listed() -> None:
    assert {"Session", "Budget", "summarize", "Phase", "WorkError"} <= set(dir(clearpoint))
    with pytest.raises(AttributeError, match="has no attribute 'Sesion'"):
        clearpoint.Sesion  # noqa: B018


def test_it_is_logged_what_is_done(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "clearpoint")
    session.update_usage(121_000)
    assert [(one.name, one.getMessage()) for one in caplog.records] == [
        ("clearpoint", "session s-1 reached monitor with 121000 tokens")
    ]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        pytest.param(
            lambda one: one.update_work(decision=3), "decision must be a string", id="work"
        ),
        pytest.param(
            lambda one: one.update_usage("many"), "used must be at least 0 tokens", id="usage"
        ),
        pytest.param(lambda one: one.on("warning", 3), "must be callable, not 3", id="callback"),
        pytest.param(
            lambda one: one.hand_over("a", "b", available="many"), "not 'many'", id="available"
        ),
        pytest.param(lambda one: one.tags.add("A-1", 3), "a string or a Path, not 3", id="tag"),
        pytest.param(
            lambda one: one.tags.add(3, "x"), "a tag's name must be a string", id="tag name"
        ),
        pytest.param(lambda _: should_clear(3), "a session or a dictionary", id="facts"),  # type: ignore[arg-type]
        pytest.param(lambda _: summarize(None), "not a NoneType", id="messages"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_type_is_refused(session: Session, act: Any, told: str) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        act(session)
    assert told in str(refused.value)


def test_a_wrong_setting_is_logged(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    configure(session, "[budget]\nwindw = 5\n")
    Session.load(session.project, env=client_folder())
    assert "unknown key budget.windw, did you mean budget.window?" in caplog.text
