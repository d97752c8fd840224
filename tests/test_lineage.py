"""A session finds the one that it continues, and never another."""

from __future__ import annotations

import pytest

from clearpoint.lineage.rules import Candidate, find_parent

EXACT, PROBABLE, UNKNOWN = "exact", "probable", "unknown"


def one(session_id: str = "old", **facts: object) -> Candidate:
    return Candidate(session_id, **{"age_s": 5.0, "used": 30_000, **facts})  # type: ignore[arg-type]


def cleared(session_id: str = "old", **facts: object) -> Candidate:
    return one(session_id, ended="clear", **facts)


def running(session_id: str = "old", **facts: object) -> Candidate:
    return one(session_id, life="running", **facts)


def lost(session_id: str = "old", **facts: object) -> Candidate:
    return one(session_id, **{"life": "ended", **facts})


@pytest.mark.parametrize(
    ("source", "candidates", "parent", "confidence"),
    [
        pytest.param("clear", [cleared(), one("b", age_s=1.0)], "old", EXACT, id="cleared"),
        pytest.param("clear", [running()], "old", EXACT, id="its end comes late"),
        pytest.param("startup", [running()], "old", EXACT, id="a clear that comes as a start"),
        pytest.param("fork", [running()], "old", EXACT, id="a branch"),
        pytest.param("clear", [cleared(claimed=True), cleared("b", is_ours=True)], "b", EXACT,
                     id="another of this process was cleared since"),
        pytest.param("clear", [one(ended="resume"), cleared("b", is_ours=True)], "b", EXACT,
                     id="it was left for another, which was cleared"),
        pytest.param("clear", [one(), cleared("b", is_ours=True)], "old", PROBABLE,
                     id="nobody has left it, and another was cleared"),
        pytest.param("fork", [one(ended="resume"), one("b", ended="resume", is_ours=True)], "old",
                     PROBABLE, id="a branch of this one or of another"),
        pytest.param("fork", [running(), one("b", ended="resume", is_ours=True, age_s=9.0)], "old",
                     EXACT, id="a branch, after another was left"),
        pytest.param("fork", [running(age_s=-9.0), one("b", ended="resume", is_ours=True)], "old",
                     PROBABLE, id="a branch, and the clock was set back"),
        pytest.param("clear", [one(ended="resume")], "old", PROBABLE, id="it was left otherwise"),
        pytest.param("clear", [cleared(claimed=True)], "old", PROBABLE, id="continued already"),
        pytest.param("resume", [one()], None, UNKNOWN, id="a resume is itself"),
    ],
)  # fmt: skip
def test_the_same_process_links_unless_something_was_missed(
    source: str, candidates: list[Candidate], parent: str | None, confidence: str
) -> None:
    found = find_parent(source, "old", candidates, is_known_client=True)
    assert (found["parent_id"], found["confidence"]) == (parent, confidence)


@pytest.mark.parametrize("is_known_client", [True, False])
@pytest.mark.parametrize(
    ("source", "candidates", "parent", "confidence"),
    [
        pytest.param("clear", [cleared()], "old", EXACT, id="the only one, just cleared"),
        pytest.param("clear", [cleared(), one("b")], "old", PROBABLE, id="another may be open"),
        pytest.param("clear", [cleared(), one("b", is_here=False)], "old", EXACT,
                     id="another of another checkout"),
        pytest.param("clear", [cleared(), one("b", age_s=90_000.0)], "old", EXACT,
                     id="another of long ago"),
        pytest.param("clear", [cleared(), cleared("b")], None, UNKNOWN, id="two just cleared"),
        pytest.param("clear", [cleared(claimed=True)], None, UNKNOWN, id="continued by another"),
        pytest.param("clear", [cleared(is_here=False)], None, UNKNOWN, id="of another checkout"),
        pytest.param("clear", [one(age_s=60.0)], "old", PROBABLE, id="the only recent one"),
        pytest.param("clear", [one(age_s=60.0), one("b")], None, UNKNOWN, id="two recent ones"),
        pytest.param("clear", [one(age_s=9_000.0)], None, UNKNOWN, id="too long ago"),
        pytest.param("clear", [], None, UNKNOWN, id="nobody there"),
        pytest.param("startup", [lost(age_s=600.0)], "old", EXACT, id="crashed"),
        pytest.param("startup", [lost(), lost("b", age_s=9.0)], "old", PROBABLE, id="two crashed"),
        pytest.param("startup", [one(life="rebooted")], "old", PROBABLE, id="the machine went"),
        pytest.param("startup", [one()], None, UNKNOWN, id="nobody knows whether it runs"),
        pytest.param("startup", [one(life="left")], None, UNKNOWN, id="its client went elsewhere"),
        pytest.param("startup", [lost(is_here=False)], None, UNKNOWN, id="of another worktree"),
        pytest.param("startup", [lost(ended="other")], None, UNKNOWN, id="closed well"),
        pytest.param("startup", [running()], None, UNKNOWN, id="still running"),
        pytest.param("startup", [lost(claimed=True)], None, UNKNOWN, id="continued already"),
        pytest.param("startup", [lost(attended=False)], None, UNKNOWN, id="a script's run"),
        pytest.param("startup", [lost(used=0)], None, UNKNOWN, id="never used"),
        pytest.param("startup", [lost(age_s=90_000.0)], None, UNKNOWN, id="crashed long ago"),
    ],
)  # fmt: skip
def test_without_a_link_only_what_is_unambiguous_counts(
    source: str,
    candidates: list[Candidate],
    parent: str | None,
    confidence: str,
    is_known_client: bool,
) -> None:
    found = find_parent(
        source, None, candidates, crash_span_s=86_400.0, is_known_client=is_known_client
    )
    assert (found["parent_id"], found["confidence"]) == (parent, confidence)


@pytest.mark.parametrize(
    ("is_known_client", "parent"),
    [
        pytest.param(True, None, id="ours is another process"),
        pytest.param(False, "old", id="ours cannot be told apart"),
    ],
)
def test_what_another_running_client_has_cleared_is_not_ours(
    is_known_client: bool, parent: str | None
) -> None:
    candidates = [cleared(life="running")]
    found = find_parent("clear", None, candidates, is_known_client=is_known_client)
    assert found["parent_id"] == parent


@pytest.mark.parametrize(
    ("sizes", "parent"), [([10, 21_035], "s1"), ([21_035, 21_035], None), ([10], None)]
)
def test_a_fork_of_another_process_is_probable_by_its_context_size(
    sizes: list[int], parent: str | None
) -> None:
    candidates = [one(f"s{number}", used=size) for number, size in enumerate(sizes)]
    found = find_parent("fork", None, candidates, context_tokens=21_035)
    assert (found["parent_id"], found["confidence"]) == (parent, PROBABLE if parent else UNKNOWN)
