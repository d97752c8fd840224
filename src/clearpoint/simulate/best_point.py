"""The size at which automatic compaction would have saved the most, by real sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clearpoint.hygiene.autopilot import with_room
from clearpoint.simulate.course import total
from clearpoint.simulate.runs import simulated
from clearpoint.simulate.strategies import Plan, named, never
from clearpoint.text.phrases import counted, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.models.config import Config
    from clearpoint.simulate.course import Figures

POINTS = tuple(range(80_000, 201_000, 10_000))
BASE = "as it was"


class BestPoint(NamedTuple):
    """Where to compact, and what that would have saved and taken."""

    point: int
    """Tokens."""
    fewer_percent: float
    """Input tokens less."""
    cheaper_percent: float | None
    """Cost less; None if a model has no price."""
    compactions: float
    """A session."""
    sessions: int


def best_point(paths: Sequence[str], config: Config, begins: int = 0) -> BestPoint | None:
    """The cheapest size, in money where all models have a price; None if none saves anything.

    It leaves room above what the sessions to come begin with, in tokens.
    """
    points = sorted({with_room(point, begins) for point in POINTS})
    plans = {
        BASE: Plan(never),
        **{named(point): Plan(compacts_at=point, keeps_room=False) for point in points},
    }
    found = simulated(paths, plans, config)
    totals = {name: total([one[name] for one in found.values()]) for name in plans}
    base = totals[BASE]
    is_priced = not base["unpriced"]
    spent = {point: spending(totals[named(point)], is_priced) for point in points}
    cheapest = min(points, key=lambda point: spent[point])
    chosen = totals[named(cheapest)]
    if spent[cheapest] >= spending(base, is_priced):
        return None
    return BestPoint(
        cheapest,
        less(chosen["input"], base["input"]),
        less(chosen["cost"], base["cost"]) if is_priced else None,
        chosen["compactions"] / max(1, len(found)),
        len(found),
    )


def spending(figures: Figures, is_priced: bool) -> float:
    """What a course comes to: in dollars, else in input tokens."""
    return figures["cost"] if is_priced else float(figures["input"])


def less(after: float, before: float) -> float:
    """How much less than before, in percent."""
    return 100 - 100 * after / before if before else 0.0


def in_words(found: BestPoint) -> str:
    """`at 120k: 34% fewer input tokens, 17% less cost, 2.8 compactions a session over …`."""
    cost = "" if found.cheaper_percent is None else f", {found.cheaper_percent:.0f}% less cost"
    return (
        f"at {short(found.point)}: {found.fewer_percent:.0f}% fewer input tokens{cost},"
        f" {found.compactions:.1f} compactions a session over your last"
        f" {counted(found.sessions, 'session')}"
    )
