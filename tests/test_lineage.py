"""A session finds the one that it continues, and never another."""

from __future__ import annotations

import pytest

from clearpoint.lineage.rules import Candidate, find_parent


def one(session_id: str = "old", **facts: object) -> Candidate:
    return Candidate(session_id, **{"age_s": 5.0, "used": 30_000, **facts})  # type: ignore[arg-type]


def test_the_same_process_is_an_exact_link() -> None:
    found = find_parent("clear", "old", [one(held=True), one("other", age_s=1.0)])
    assert (found["parent_id"], found["confidence"]) == ("old", "exact")


@pytest.mark.parametrize(
    ("source", "candidates", "parent", "confidence"),
    [
        pytest.param("clear", [one(ended="clear")], "old", "high", id="just cleared"),
        pytest.param("clear", [one(ended="clear"), one("b", ended="clear")], None, "none",
                     id="two just cleared are ambiguous"),
        pytest.param("clear", [one(held=True)], None, "none", id="held by another process"),
        pytest.param("clear", [one(age_s=60.0)], "old", "low", id="the only recent one"),
        pytest.param("clear", [one(age_s=60.0), one("b")], None, "none", id="two recent ones"),
        pytest.param("clear", [one(age_s=9_000.0)], None, "none", id="too long ago"),
        pytest.param("startup", [one(age_s=600.0)], "old", "high", id="crashed"),
        pytest.param("startup", [one(ended="prompt_input_exit")], None, "none", id="closed well"),
        pytest.param("startup", [one(held=True)], None, "none", id="still running"),
        pytest.param("startup", [one(claimed=True)], None, "none", id="continued already"),
        pytest.param("startup", [one(attended=False)], None, "none", id="a script's run"),
        pytest.param("startup", [one(used=0)], None, "none", id="never used"),
        pytest.param("startup", [one(age_s=90_000.0)], None, "none", id="crashed long ago"),
        pytest.param("resume", [one()], None, "none", id="a resume is itself"),
        pytest.param("clear", [], None, "none", id="nobody there"),
    ],
)  # fmt: skip
def test_without_the_process_only_what_is_unambiguous_counts(
    source: str, candidates: list[Candidate], parent: str | None, confidence: str
) -> None:
    found = find_parent(source, None, candidates, crash_span_s=86_400.0)
    assert (found["parent_id"], found["confidence"]) == (parent, confidence)


def test_a_fork_is_found_by_its_context_size() -> None:
    candidates = [one("a", used=10), one("b", used=21_035)]
    found = find_parent("fork", None, candidates, context_tokens=21_035)
    assert (found["parent_id"], found["confidence"]) == ("b", "high")


def test_the_newest_crash_is_carried_over() -> None:
    found = find_parent("startup", None, [one("a", age_s=500.0), one("b")], crash_span_s=3_600.0)
    assert (found["parent_id"], found["reason"]) == ("b", "crash")
