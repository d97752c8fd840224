"""Which result comes first: how well its words fit, what kind it is, and how new it is. Pure."""

from __future__ import annotations

import math

from clearpoint.lowlevel.clock import DAY_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple

    from clearpoint.search.passages import Kind
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

WEIGHTS: dict[Kind, float] = {
    "decision": 1.3, "prompt": 1.2, "answer": 1.0, "error": 0.8, "command": 0.7
}  # fmt: skip
"""A decision is what is looked for most, a command what merely mentions the words most."""
HALF_LIFE_S = 60 * DAY_S
OLD_SHARE = 0.7
"""However old, a passage keeps this share of its score."""
NEIGHBOUR_SHARE = 0.3
"""What the other passages of the same turn add to the score of the best one."""
NEIGHBOURS = 4


class Hit(NamedTuple):
    """A passage that fits: `fit` is its bm25, the more the better."""

    id: int
    source: int
    turn: int
    kind: Kind
    at: int
    fit: float


class Turn(NamedTuple):
    """A turn with its best passage."""

    best: Hit
    score: float


def ranked(hits: Iterable[Hit], now: float) -> list[Turn]:
    """The turns that the passages stand in, the best first."""
    by_turn: dict[tuple[int, int], list[tuple[float, Hit]]] = {}
    for hit in hits:
        by_turn.setdefault((hit.source, hit.turn), []).append((score(hit, now), hit))
    found = []
    for scored in by_turn.values():
        scored.sort(key=lambda one: (-one[0], one[1].id))
        near = sum(value for value, _ in scored[1 : 1 + NEIGHBOURS])
        found.append(Turn(scored[0][1], scored[0][0] + NEIGHBOUR_SHARE * near))
    return sorted(found, key=lambda one: (-one.score, -one.best.at, one.best.id))


def score(hit: Hit, now: float) -> float:
    """How good a passage is as a result."""
    age = max(0.0, now - hit.at)
    freshness = OLD_SHARE + (1 - OLD_SHARE) * math.exp2(-age / HALF_LIFE_S)
    return hit.fit * WEIGHTS[hit.kind] * freshness
