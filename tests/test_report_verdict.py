"""The verdict of a report: the offer that would have saved the most, and nothing made up."""

from __future__ import annotations

import pytest

from clearpoint.report.history import History, Mark, Point
from clearpoint.report.verdict import Verdict, verdict

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
