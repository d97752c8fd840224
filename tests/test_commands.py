"""Checks are known again however they were typed, and fail until they pass."""

from __future__ import annotations

import pytest
from made import call, result, state_after

from clearpoint.work import check_commands, shell_checks


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pytest tests/test_auth.py", ["pytest tests/test_auth.py"]),
        ("cd src && CI=1 pytest -q 2>&1 | tail -5", ["pytest"]),
        ("mise run fmt && mise run lint", ["mise run lint"]),
        ("go build ./... ; go vet ./...", ["go build ./...", "go vet ./..."]),
        ("npm run test:unit > out.txt", ["npm run test:unit"]),
        ("./gradlew check", ["./gradlew check"]),
        ("python migrate.py", []),
        ("python -c 'import x'", []),
        ("cat << EOF | go run -\npytest\nEOF", []),
        ('git commit -m "fix; make test pass"', []),
        ("grep -rn pytest . | head", []),
        ("git merge main && ls tests", []),
        ("", []),
    ],
)
def test_a_command_line_is_taken_apart_into_its_checks(line: str, found: list[str]) -> None:
    assert shell_checks.checks(line) == found


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("cargo test", "test"),
        ("cargo clippy", "lint"),
        ("cargo build", "build"),
        ("cargo check --workspace", "build"),
        ("node server.js", None),
        ("git push", None),
        ("uv run --frozen --extra dev pytest -q", "test"),
        ("poetry run python -m mypy src", "types"),
        ("npx --yes eslint .", "lint"),
        ("pnpm --filter web exec tsc --noEmit", "types"),
        ("docker compose exec -T web npm test", "test"),
        ("docker-compose run --rm web make lint", "lint"),
        ("hatch run test", "test"),
        ("tox -e py311", "test"),
        ("cargo fmt --check", "lint"),
        ("cargo fmt", None),
        ("op run -- npm test", "test"),
        ("npm run test:watch", None),
        ("ssh host pytest", None),
        ("test -f x", None),
    ],
)
def test_a_check_has_its_kind(check: str, kind: str | None) -> None:
    assert check_commands.kind_of(check) == kind


def run(line: str, number: int, *, failed: bool = False, said: str = "") -> list[object]:
    key = f"t{number}"
    return [call("Bash", command=line, tool_id=key), result(said, tool_id=key, failed=failed)]


@pytest.mark.parametrize(
    ("then", "left"),
    [
        pytest.param("make test 2>&1 | tail -3", [], id="the same, typed otherwise"),
        pytest.param("make lint", ["make test"], id="another check"),
        pytest.param("ls", ["make test"], id="no check"),
        pytest.param("make lint && make test", [], id="as a part of a line"),
    ],
)
def test_a_failing_check_is_open_until_it_passes(then: str, left: list[str]) -> None:
    lines = [*run("make test", 1, failed=True), *run(then, 2)]
    assert list(state_after(*lines)["work_state"]["failing"]) == left  # type: ignore[arg-type]


def test_a_whole_run_settles_chosen_tests() -> None:
    lines = [*run("go test -run TestLoad ./store", 1, failed=True), *run("go test ./...", 2)]
    assert state_after(*lines)["work_state"]["failing"] == {}  # type: ignore[arg-type]


def test_chosen_tests_do_not_settle_a_whole_run() -> None:
    lines = [*run("go test ./...", 1, failed=True), *run("go test -run TestLoad ./store", 2)]
    assert list(state_after(*lines)["work_state"]["failing"]) == ["go test ./..."]  # type: ignore[arg-type]


def test_a_command_that_the_person_refused_did_not_fail() -> None:
    said = "The user doesn't want to proceed with this tool use."
    lines = run("make test", 1, failed=True, said=said)
    assert state_after(*lines)["work_state"]["failing"] == {}  # type: ignore[arg-type]


def test_a_pipe_within_quotes_does_not_end_a_command() -> None:
    line = 'go test -run "TestLoad|TestSave" ./store | tail -3'
    assert shell_checks.checks(line) == ['go test -run "TestLoad|TestSave" ./store']


BUN = "1309 pass\n 0 fail\nRan 1309 tests.\n$ biome check\n× unused"


@pytest.mark.parametrize(
    ("line", "said", "found"),
    [
        pytest.param("bun test && bun run lint", BUN, {"bun test": True, "bun run lint": False},
                     id="what passed by its own marks"),
        pytest.param("npm run lint && npm test", 'error: script "test" exited with code 1',
                     {"npm run lint": True, "npm test": False}, id="named by the runner"),
        pytest.param("make lint && make unit-test", "make: *** [Makefile:3: lint] Error 1",
                     {"make lint": False}, id="named by make"),
        pytest.param("npm run lint && npm test", "something",
                     {"npm run lint && npm test": False}, id="without marks, as one"),
        pytest.param("npm run lint && npm test && ./deploy", "something", {},
                     id="something else may have failed"),
        pytest.param("pytest && git commit -m x", "3 passed in 1s\nnothing to commit",
                     {"pytest": True}, id="passed, and what follows failed"),
        pytest.param("ruff check . && mypy", "All checks passed!\na.py:1: error: x  [misc]",
                     {"ruff check .": True, "mypy": False}, id="a type checker"),
    ],
)  # fmt: skip
def test_a_part_of_a_chain_fails_only_by_its_own_marks(
    line: str, said: str, found: dict[str, bool]
) -> None:
    told = shell_checks.outcomes(line, "", f"Exit code 1\n{said}", 1)
    assert {run.name: passed for run, passed in told} == found


@pytest.mark.parametrize(
    ("line", "said", "found"),
    [
        pytest.param("pytest > log 2>&1; tail -3 log", "1 failed", {"pytest": False}, id="a log"),
        pytest.param("pytest > log; true", "", {}, id="unseen"),
        pytest.param('make test > log 2>&1; echo "exit $?"', "exit 2", {"make test": False},
                     id="the code is printed"),
        pytest.param("make test | tail -3; echo ${PIPESTATUS[0]}", "x\n0", {"make test": True},
                     id="that of a pipe"),
        pytest.param("make test; echo 12", "12", {}, id="another number"),
        pytest.param("pytest | tail -2; ruff check . | tail -1", "2 passed\nFound 1 error.",
                     {"pytest": True, "ruff check .": False}, id="two pipes"),
        pytest.param("set -o pipefail && (cd web && time npm test | tail)", "x", {"npm test": True},
                     id="pipefail"),
        pytest.param("pytest -q || true", "1 failed, 2 passed", {"pytest": False}, id="or"),
    ],
)  # fmt: skip
def test_an_outcome_is_told_where_the_line_lets_it_be_seen(
    line: str, said: str, found: dict[str, bool]
) -> None:
    told = shell_checks.outcomes(line, "", said, 0)
    assert {run.name: passed for run, passed in told} == found


@pytest.mark.parametrize(
    ("failed", "passed", "is_settled"),
    [
        pytest.param("bun run lint", "bun run lint:fix", True, id="a script that fixes"),
        pytest.param("uv run pytest tests", "pytest", True, id="started otherwise"),
        pytest.param("pytest tests/a.py -v", "python -m pytest tests -x", True, id="a wider path"),
        pytest.param("eslint src/a.ts", "npx eslint --fix src/a.ts", True, id="other flags"),
        pytest.param("npm test", "npm run test:unit", False, id="only some of the tests"),
        pytest.param("pytest tests/a.py", "pytest tests/b.py", False, id="other tests"),
        pytest.param("make lint && make test", "make test", True, id="one of those that failed"),
        pytest.param("mypy", "ruff check .", False, id="another kind"),
    ],
)
def test_a_later_pass_of_the_same_family_settles_a_failure(
    failed: str, passed: str, *, is_settled: bool
) -> None:
    lines = [*run(failed, 1, failed=True, said="Exit code 1"), *run(passed, 2, said="ok")]
    assert (not state_after(*lines)["work_state"]["failing"]) is is_settled  # type: ignore[arg-type]
