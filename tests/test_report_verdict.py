"""The verdict of a report: the offer that would have saved the most, and nothing made up."""

from __future__ import annotations

import pytest

from clearpoint.config.defaults import DEFAULTS
from clearpoint.report.history import History, Mark, Point, level_steps
from clearpoint.report.verdict import Verdict, verdict
from clearpoint.session.state import new_state
from clearpoint.simulate.bill import rereading

BEGINS = 18_000


def course(*tokens: int, offers: tuple[int, ...] = (), ends: tuple[int, ...] = ()) -> History:
    """A session with contexts of these sizes, a minute apart."""
    points = [Point("s", 60.0 * place, size, "normal") for place, size in enumerate(tokens)]
    marks = [Mark("compaction", place, 0.0, "") for place in ends]
    return History(points, marks, "request", list(offers))


@pytest.mark.parametrize(
    ("history", "found"),
    [
        pytest.param(
            course(100_000, 120_000, 130_000, offers=(1, 2)),
            Verdict(1, 0.0, 160_000),
            id="the one that saves the most",
        ),
        pytest.param(
            course(60_000, 120_000, 20_000, 20_000, offers=(1, 2), ends=(2,)),
            None,
            id="until a compaction",
        ),
        pytest.param(course(100_000, 120_000, 130_000), None, id="no offer"),
        pytest.param(course(100_000, 120_000, offers=(2,)), None, id="an offer at the end"),
        pytest.param(course(30_000, 31_000, offers=(1,)), None, id="little to save"),
        pytest.param(course(offers=(1,)), None, id="nothing drawn"),
    ],
)
def test_the_verdict_is_the_offer_that_would_have_saved_the_most(
    history: History, found: Verdict | None
) -> None:
    assert verdict(history, BEGINS) == found


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        pytest.param("claude-sonnet-4-6", 0.3, id="the price of cached input"),
        pytest.param("nobody's", None, id="no price"),
    ],
)
def test_what_a_clear_saves_is_priced_as_read_from_the_cache(
    model: str, dollars: float | None
) -> None:
    assert rereading(model, 1_000_000) == dollars


def test_the_levels_drawn_are_those_of_each_session() -> None:
    states = [new_state("s", "2026-01-01T00:00:00Z", DEFAULTS) for _ in range(3)]
    for state, tokens in zip(states, (200_000, 200_000, 100_000), strict=True):
        state["context_window"]["total"], state["budget"]["tokens"] = 200_000, tokens
    histories = [course(1, 2), course(3), course(4)]
    steps = level_steps(states, histories)
    assert [place for place, _ in steps] == [0, 3]
    assert steps[1][1]["warning"] < steps[0][1]["warning"]
