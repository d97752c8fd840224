"""Names in play: found without a parser, weighed by how often and how lately."""

from __future__ import annotations

import pytest

from clearpoint.models.work import Weights  # noqa: TC001
from clearpoint.text import identifiers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call load_all() and readFile, not read", (["load_all", "readFile"], [])),
        ("see src/store.py and docs/a-b.md.", ([], ["store.py", "a-b.md"])),
        ("state.work_state of SessionState", (["work_state", "SessionState"], [])),
        ("한국어 load_all을 고쳐", (["load_all"], [])),
        ("The API of 2026, e.g. HTTP", ([], [])),
        ("id toolu_01ab23cd45ef67 deadBEEF0123456789", ([], [])),
        ("", ([], [])),
    ],
)
def test_names_are_told_from_prose(text: str, found: tuple[list[str], list[str]]) -> None:
    assert identifiers.names_in(text) == found


def test_what_was_looked_at_before_is_found_again() -> None:
    text = "load_all in store.py"
    assert identifiers.names_in(text) == identifiers.names_in(text) == (["load_all"], ["store.py"])


def test_the_frequent_and_the_recent_are_the_heaviest() -> None:
    weights: Weights = {}
    for now in range(10):
        identifiers.count(weights, ["often"], now)
    identifiers.count(weights, ["once_early"], 0)
    identifiers.count(weights, ["once_late"], 200)
    assert identifiers.heaviest(weights, 200) == ["often", "once_late", "once_early"]


def test_the_lightest_names_are_forgotten() -> None:
    weights: Weights = {}
    for now in range(2_000):
        identifiers.count(weights, [f"name_{now}", "stays_here"], now)
    assert len(weights) <= identifiers.LIMIT
    assert "stays_here" in weights
