"""Checks are known again however they were typed, and fail until they pass."""

from __future__ import annotations

import pytest
from made import call, result, state_after

from clearpoint.work import shell_checks


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
        ("node server.js", None),
        ("git push", None),
    ],
)
def test_a_check_has_its_kind(check: str, kind: str | None) -> None:
    assert shell_checks.kind_of(check) == kind


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
