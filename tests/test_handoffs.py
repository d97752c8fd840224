"""What a handoff package promises: whole or refused, within its budget, and nothing lost."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import answer, done, failed, prompt, state_after
from pydantic import ValidationError

from clearpoint.config.defaults import DEFAULTS
from clearpoint.handoffs import (
    AgentCompatibilityError,
    HandoffError,
    IntegrityError,
    PackageError,
    TokenBudgetError,
    checksum,
    compress,
    matrix,
    package,
    render,
    shapes,
    validate,
)
from clearpoint.handoffs.create import make, new_id, within
from clearpoint.store import tags
from clearpoint.store.store import Store
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from clearpoint.handoffs.shapes import PlainPackage, PlainTask

NOW = "2026-01-31T12:00:00Z"
SETTINGS = DEFAULTS["handoffs"]
STRICT: Any = {**SETTINGS, "outside": "deny", "unknown_agents": False}
AVAILABLE = 100_000
ADDED = ["where", "checks", "also_said"]
"""What a task of an earlier version lacks."""


def package_of(**changes: Any) -> PlainPackage:
    """A package of a small session."""
    state = state_after(
        prompt("For SPEC-AUTH-001 we decided to use JWT."),
        *done("Edit", file_path="/project/src/auth.py", old_string="a", new_string="b"),
        answer("TODO: the clock skew is not handled.", message_id="m2"),
    )
    values: dict[str, Any] = {
        "from_agent": "spec-builder",
        "to_agent": "backend-expert",
        "now": NOW,
        "store": Store("/project/.clearpoint"),
        "project": "/project",
        "available": AVAILABLE,
        "measure": encoder.count,
        **changes,
    }
    return make(state, DEFAULTS, **values).package


def data_of(value: Any) -> bytes:
    return json.dumps(value).encode()


def resealed(value: Any) -> Any:
    return {**value, "checksum": checksum.checksum_of(value)}


def task_with(**changes: Any) -> PlainTask:
    return {**package_of()["task_context"], **changes}  # type: ignore[typeddict-item]


# The package


def test_a_package_tells_where_the_work_stands() -> None:
    found = package_of(next_step="Write the tests.")
    assert found["task_context"] == {
        "spec_id": "SPEC-AUTH-001",
        "current_phase": "implementation",
        "completed_steps": [],
        "next_step": "Write the tests.",
        "key_artifacts": {"auth.py": "src/auth.py"},
        "critical_decisions": ["For SPEC-AUTH-001 we decided to use JWT."],
        "blocking_issues": ["TODO: the clock skew is not handled."],
        "where": None,
        "checks": [],
        "also_said": [],
    }


def test_what_the_hooks_make_is_a_package() -> None:
    made = package_of()
    assert package.Package.model_validate_json(data_of(made)).plain == made


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        pytest.param(package.Package, shapes.PlainPackage, id="package"),
        pytest.param(package.SessionContext, shapes.PlainSession, id="session"),
        pytest.param(package.TaskContext, shapes.PlainTask, id="task"),
        pytest.param(package.RecoveryInfo, shapes.PlainRecovery, id="recovery"),
        pytest.param(package.Predecessor, shapes.PlainPredecessor, id="predecessor"),
    ],
)
def test_models_and_plain_shapes_have_the_same_fields(model: Any, shape: Any) -> None:
    assert list(model.model_fields) == list(get_type_hints(shape))
    optional = [name for name, field in model.model_fields.items() if not field.is_required()]
    assert optional == (ADDED if shape is shapes.PlainTask else [])


def test_a_package_of_an_earlier_version_is_taken_as_it_was_sealed() -> None:
    made = package_of()
    task = {name: value for name, value in made["task_context"].items() if name not in ADDED}
    earlier = resealed({**made, "task_context": task})
    taken, _ = validate.taken(data_of(earlier))
    again, _ = validate.taken(validate.written(taken, {}))
    assert (taken.plain, again.plain) == (earlier, earlier)
    assert render.task_lines(taken.plain["task_context"]) == render.task_lines(made["task_context"])


def test_a_package_cannot_be_changed() -> None:
    whole = package.Package.model_validate_json(data_of(package_of()))
    with pytest.raises(ValidationError):
        whole.to_agent = "docs-manager"


def test_an_id_is_a_random_uuid() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(package_of()["handoff_id"] not in ids for _ in range(3))
    validate.taken(data_of(resealed({**package_of(), "handoff_id": ids.pop()})))


def test_the_checksum_is_that_of_the_canonical_json() -> None:
    value = {"b": [1.0, "é"], "a": {"z": None, "y": True}, "checksum": "x"}
    canonical = '{"a":{"y":true,"z":null},"b":[1,"é"]}'
    assert checksum.checksum_of(value) == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_checksum_does_not_depend_on_how_the_json_is_written() -> None:
    made = package_of()
    turned = json.dumps(dict(reversed(made.items())), indent=3, ensure_ascii=True)
    assert validate.taken(turned.encode())[0].plain == made


# Taking in


def leaves(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values that hold no others."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, inner in items:
        nested = isinstance(inner, dict | list) and inner
        found += leaves(inner, (*place, key)) if nested else [(*place, key)]
    return found


WHOLE = package_of()


@given(
    place=st.sampled_from(leaves(WHOLE)),
    value=st.one_of(st.text(max_size=5), st.integers(), st.none(), st.booleans()),
)
def test_any_change_is_found(place: tuple[Any, ...], value: Any) -> None:
    changed: Any = copy.deepcopy(WHOLE)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    before, holder[place[-1]] = holder[place[-1]], value
    if checksum.canonical(before) == checksum.canonical(value):
        return
    with pytest.raises((PackageError, IntegrityError)):
        validate.taken(data_of(changed))


@pytest.mark.parametrize("field", list(WHOLE))
def test_a_missing_field_is_found(field: str) -> None:
    rest = {key: value for key, value in WHOLE.items() if key != field}
    whole = rest if field == "checksum" else resealed(rest)
    with pytest.raises(PackageError, match=field):
        validate.taken(data_of(whole))


def test_another_field_is_found() -> None:
    with pytest.raises(PackageError, match="mine"):
        validate.taken(data_of(resealed({**WHOLE, "mine": 1})))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a-list"),
        pytest.param(b"\xff\xfe{}", id="not-utf-8"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'"' + b"x" * (validate.FILE_BYTES + 1), id="too-long"),
    ],
)
def test_what_is_no_package_is_refused_as_one(data: bytes) -> None:
    with pytest.raises(PackageError):
        validate.taken(data)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../a", "a/../../b", "~/.ssh/id", "C:\\x", "..\\x", "", "a\0b"]
)
def test_a_path_out_of_the_project_is_refused(path: str) -> None:
    task = task_with(key_artifacts={"x": path})
    with pytest.raises(PackageError):
        validate.taken(data_of(resealed({**WHOLE, "task_context": task})))


@pytest.mark.parametrize("text", ["\x1b[2J", "a\x00", "\u202e", "\ud800"])
def test_control_characters_are_refused(text: str) -> None:
    task = task_with(critical_decisions=[text])
    with pytest.raises(HandoffError):
        validate.taken(json.dumps(resealed({**WHOLE, "task_context": task})).encode())


def test_a_refusal_quotes_nothing_of_what_was_said() -> None:
    task = task_with(critical_decisions="SECRET")
    with pytest.raises(PackageError) as caught:
        validate.taken(data_of(resealed({**WHOLE, "task_context": task})))
    assert "SECRET" not in str(caught.value)
    assert "critical_decisions" in str(caught.value)


# Who hands over to whom


@pytest.mark.parametrize(
    ("giver", "taker", "changes", "expected"),
    [
        pytest.param("spec-builder", "ddd-implementer", {}, "allow", id="in-the-matrix"),
        pytest.param("quality-gate", "spec-builder", {}, "refuse", id="outside"),
        pytest.param("quality-gate", "spec-builder", {"outside": "deny"}, "deny", id="chosen"),
        pytest.param("docs-manager", "quality-gate", {}, "refuse", id="hands-over-to-nobody"),
        pytest.param("Explore", "docs-manager", {}, "allow", id="unknown"),
        pytest.param("Explore", "x", {"unknown_agents": False}, "refuse", id="unknown-not-allowed"),
        pytest.param("main", "docs-manager", {"unknown_agents": False}, "allow", id="main"),
        pytest.param("x", "x", {"unknown_agents": False}, "allow", id="itself"),
        pytest.param(
            "spec-builder", "ddd-implementer",
            {"policies": {"spec-builder -> ddd-implementer": "ask"}}, "ask", id="its-own-policy",
        ),
    ],
)  # fmt: skip
def test_a_pair_has_its_policy(giver: str, taker: str, changes: Any, expected: str) -> None:
    assert matrix.policy({**SETTINGS, **changes}, giver, taker) == expected


@pytest.mark.parametrize(
    ("policy", "agreed", "outcome"),
    [
        pytest.param("allow", False, "", id="allow"),
        pytest.param("warn", False, "not in the handoff matrix", id="warn"),
        pytest.param("ask", True, "not in the handoff matrix", id="agreed"),
        pytest.param("ask", False, None, id="ask"),
        pytest.param("refuse", True, "not in the handoff matrix", id="refuse-agreed"),
        pytest.param("refuse", False, None, id="refuse"),
        pytest.param("deny", True, None, id="deny"),
    ],
)
def test_by_command_only_a_person_can_agree(policy: Any, agreed: bool, outcome: str | None) -> None:
    settings: Any = {**SETTINGS, "policies": {"a -> b": policy}}
    if outcome is None:
        with pytest.raises(AgentCompatibilityError, match=r"handoffs\.policies"):
            matrix.admit(settings, "a", "b", agreed=agreed)
    else:
        assert outcome in matrix.admit(settings, "a", "b", agreed=agreed)


def test_main_passes_on_the_work_of_the_agent_that_completed_before() -> None:
    before: Any = {"agent": "quality-gate", "outcome": "completed"}
    failed: Any = {**before, "outcome": "failed"}
    assert checksum.giver("main", before) == "quality-gate"
    assert checksum.giver("main", failed) == "main"
    assert checksum.giver("planner", before) == "planner"


# Within the budget


LONG = [
    f"We decided to use module_{n} for the routes of part {n}, because the cache of part {n} "
    f"is shared with service_{n} and its tests pass."
    for n in range(12)
]


@pytest.mark.parametrize("limit", [700, 400, 250, 120])
def test_a_package_that_is_too_large_is_compressed_until_it_fits(limit: int) -> None:
    task = task_with(critical_decisions=LONG, completed_steps=LONG[:8])
    settings: Any = {**SETTINGS, "max_tokens": limit}
    found = compress.fitted(task, settings, AVAILABLE, series="HANDOFF-A-1", measure=encoder.count)
    text = "\n".join(render.task_lines(found.task))
    assert encoder.count(text) == found.size <= limit < found.original_size
    assert "@HANDOFF-A-1-1" in text


def test_what_compression_leaves_out_is_kept_under_its_tags() -> None:
    task = task_with(critical_decisions=LONG)
    small, kept = compress.compressed(task, 0.3, "HANDOFF-A", encoder.count)
    assert small["critical_decisions"][-1] == "@HANDOFF-A-1"
    assert kept["HANDOFF-A-1"].splitlines() == LONG
    assert all(tags.is_name(name) for name in kept)
    said = " ".join(small["critical_decisions"][:-1])
    assert 0.1 < encoder.count(said) / encoder.count("\n".join(LONG)) < 0.5


def test_what_fits_is_left_as_it_is() -> None:
    task = task_with()
    found = compress.fitted(task, SETTINGS, AVAILABLE, series="X-1", measure=encoder.count)
    assert (found.task, found.tags) == (task, {})


@pytest.mark.parametrize(
    ("available", "limit"), [(30_000, 1_500), (1_000_000, 1_500), (15_000, 750), (0, 0)]
)
def test_below_the_minimum_a_package_has_the_same_share_of_what_is_left(
    available: int, limit: int
) -> None:
    assert compress.limit_for(SETTINGS, available) == limit


def test_what_does_not_fit_however_compressed_is_refused() -> None:
    with pytest.raises(TokenBudgetError, match=r"/clear or /compact"):
        package_of(available=100)


# Right decisions, in the long run


def spoiled(made: Any, chance: random.Random) -> tuple[type[HandoffError] | None, Any]:
    """A package with nothing or one thing wrong, and how it is to be refused."""
    task, session = made["task_context"], made["session_context"]
    kind = chance.randrange(10)
    if kind == 0:
        session["available_tokens"] += 1
        return IntegrityError, made
    if kind == 1:
        del task[chance.choice([name for name in task if name not in ADDED])]
        return PackageError, resealed(made)
    if kind == 2:
        task["key_artifacts"]["x"] = chance.choice(["/x", "../x", "x/../../y"])
        return PackageError, resealed(made)
    if kind == 3:
        made["to_agent"] = chance.choice(["spec-builder", "nobody"])
        made["from_agent"] = "quality-gate"
        return AgentCompatibilityError, resealed(made)
    if kind == 4:
        session["available_tokens"] = chance.randrange(200)
        return TokenBudgetError, resealed(made)
    task["critical_decisions"] = chance.sample(LONG, chance.randrange(8))
    return None, resealed(made)


def test_a_thousand_random_handoffs_are_all_rightly_decided() -> None:
    chance = random.Random(6)  # noqa: S311  (a game of chance, not a secret)
    wrong = []
    for number in range(1_000):
        reason, given_in = spoiled(copy.deepcopy(WHOLE), chance)
        found: type[HandoffError] | None = None
        try:
            taken, _ = validate.taken(data_of(given_in))
            validate.admit(taken, STRICT, measure=encoder.count)
        except HandoffError as error:
            found = type(error)
        if found is not reason:
            wrong.append((number, reason, found))
    assert wrong == []


# What the next agent reads


def test_the_minimal_context_is_facts_and_references() -> None:
    before: Any = {
        "handoff_id": new_id(),
        "agent": "planner",
        "outcome": "completed",
        "tokens": 21_035,
        "files": ["plan.md"],
    }
    made = package_of(before=before, next_step="Write the tests.")
    text = render.minimal_context(made, place=".clearpoint/handoffs/s/x.json")
    head = f"Clearpoint handoff {made['handoff_id'][:8]}: from spec-builder to backend-expert."
    last = "Previous agent: planner, completed, 21,035 tokens of context, changed plan.md"
    assert text.splitlines() == [
        f"{head} {render.HEADING}",
        "Spec: SPEC-AUTH-001 · Phase: implementation",
        "Next step: Write the tests.",
        "Decided, newest first:",
        "- For SPEC-AUTH-001 we decided to use JWT.",
        "Open issues:",
        "- TODO: the clock skew is not handled.",
        "Files, most relevant first:",
        "- src/auth.py",
        f"{last} (handoff {before['handoff_id'][:8]})",
        "Full package: .clearpoint/handoffs/s/x.json",
    ]


def test_the_minimal_context_tells_where_the_work_is_what_was_checked_and_said() -> None:
    refused = (
        "The user doesn't want to proceed with this tool use. the user said:\nno second reader"
    )
    commit = "[main 1a2b3c4] Read rows in one query\n 1 file changed"
    state = state_after(
        prompt("why is the export slow"),
        *done("Bash", commit, command='git commit -m "Read rows in one query"'),
        prompt("and the import?", uuid="u2"),
        *done("Edit", file_path="/project/rows.py", old_string="a", new_string="b"),
        *failed("Edit", refused, file_path="/project/io.py", old_string="a"),
        *failed("Bash", "--- FAIL: TestLastRow (0.01s)", command="go test ./..."),
    )
    made = make(state, DEFAULTS, from_agent="main", to_agent="Explore", now=NOW,
                store=Store("/project/.clearpoint"), project="/project", available=AVAILABLE,
                measure=encoder.count).package  # fmt: skip
    text = render.minimal_context(made, place="x.json")
    assert text.splitlines()[1:6] == [
        "Phase: testing",
        "Where: commits of this session: 1a2b3c4 Read rows in one query; edited since: rows.py.",
        "Checks after the last edit: go test ./... FAILED (TestLastRow).",
        "The user also said, newest first:",
        "- on rejecting Edit io.py: “no second reader”",
    ]


def test_the_language_of_the_person_is_named() -> None:
    made = package_of()
    made["session_context"]["user_language"] = "ko"
    assert "The user writes in Korean." in render.minimal_context(made, place="x")


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        pytest.param("/project/src/a.py", "src/a.py", id="inside"),
        pytest.param("/projects/a.py", "", id="beside"),
        pytest.param("/project/../a.py", "", id="above"),
        pytest.param("/project/a\nb.py", "", id="odd"),
    ],
)
def test_a_path_is_told_from_the_project_or_not_at_all(path: str, inside: str) -> None:
    assert within(path, "/project") == inside
