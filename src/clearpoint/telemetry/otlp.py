"""Figures as an OTLP export request, in the JSON that the protocol defines. Pure.

Sums are deltas from what was sent of the session before, so that a session that ends twice counts
once. `session.id` is the client's own, so that both can be joined.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from clearpoint import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clearpoint.telemetry.figures import Figures

DELTA = 1
BOUNDS_MS = (10, 25, 50, 100, 250, 500, 1_000, 2_500)
GAUGES = (
    ("clearpoint.context.used", "used", "{token}", "Tokens in the context when the session ended"),
    ("clearpoint.context.peak", "peak", "{token}", "The most tokens in the context"),
    ("clearpoint.level.reached", "level", "1", "Highest level: 0 normal to 4 emergency"),
)
SUMS = (
    ("clearpoint.advice.followed", "followed", "{offer}", "Offers that were followed"),
    ("clearpoint.tokens.freed", "freed", "{token}", "Tokens that a clear freed"),
    ("clearpoint.reload.tokens", "reload", "{token}", "Tokens of reload context"),
    ("clearpoint.cache.cold_rebuilds", "cold", "{request}", "Requests that found a cold cache"),
)
OFFERED = "clearpoint.advice.offered"
HOOK_DURATION = "clearpoint.hook.duration"
NAMES = (*(one[0] for one in (*GAUGES, *SUMS)), OFFERED, HOOK_DURATION)


def request(
    now: Figures,
    before: Figures | None,
    session_id: str,
    times: tuple[float, float],
    resource: Mapping[str, str],
) -> dict[str, Any]:
    """The export request; `times` are the session's begin and the present, in seconds."""
    common = {"session.id": session_id, "model": now["model"]}
    known: Mapping[str, Any] = before or {}
    metrics = [
        gauge(name, unit, about, point(now[key], common, times))  # type: ignore[literal-required]
        for name, key, unit, about in GAUGES
    ]
    metrics += [
        total(name, unit, about, [point(now[key] - known.get(key, 0), common, times)])  # type: ignore[literal-required]
        for name, key, unit, about in SUMS
    ]
    offered = [
        point(
            number - known.get("offers", {}).get(trigger, 0), {**common, "trigger": trigger}, times
        )
        for trigger, number in now["offers"].items()
    ]
    if offered:
        metrics.append(total(OFFERED, "{offer}", "Offers to clear or compact", offered))
    if new := now["hooks"][len(known.get("hooks", ())) :]:
        metrics.append(histogram(new, common, times))
    named = {"service.name": "clearpoint", "service.version": __version__, **resource}
    scope = {"name": "clearpoint", "version": __version__}
    return {
        "resourceMetrics": [
            {
                "resource": {"attributes": attributes(named)},
                "scopeMetrics": [{"scope": scope, "metrics": metrics}],
            }
        ]
    }


def attributes(table: Mapping[str, str]) -> list[dict[str, Any]]:
    """A table as attributes."""
    return [{"key": key, "value": {"stringValue": value}} for key, value in table.items()]


def stamps(times: tuple[float, float]) -> dict[str, str]:
    """Both ends of a span of time, in nanoseconds."""
    begin, end = (str(int(one * 1e9)) for one in times)
    return {"startTimeUnixNano": begin, "timeUnixNano": end}


def point(value: int, table: Mapping[str, str], times: tuple[float, float]) -> dict[str, Any]:
    """A data point."""
    return {"attributes": attributes(table), **stamps(times), "asInt": str(value)}


def gauge(name: str, unit: str, about: str, one: dict[str, Any]) -> dict[str, Any]:
    """A metric that is as it was last."""
    return {"name": name, "unit": unit, "description": about, "gauge": {"dataPoints": [one]}}


def total(name: str, unit: str, about: str, points: list[dict[str, Any]]) -> dict[str, Any]:
    """A metric that grows."""
    kept = {"aggregationTemporality": DELTA, "isMonotonic": True, "dataPoints": points}
    return {"name": name, "unit": unit, "description": about, "sum": kept}


def histogram(
    milliseconds: list[int], table: Mapping[str, str], times: tuple[float, float]
) -> dict[str, Any]:
    """How long hooks took."""
    made = {
        "attributes": attributes(table),
        **stamps(times),
        "count": str(len(milliseconds)),
        "sum": float(sum(milliseconds)),
        "bucketCounts": [str(number) for number in counted(milliseconds)],
        "explicitBounds": [float(bound) for bound in BOUNDS_MS],
    }
    kept = {"aggregationTemporality": DELTA, "dataPoints": [made]}
    about = "Hooks of Clearpoint, as Claude Code timed them"
    return {"name": HOOK_DURATION, "unit": "ms", "description": about, "histogram": kept}


def counted(milliseconds: Iterable[int]) -> list[int]:
    """How many fall into each bucket; a bound belongs to the bucket below it."""
    edges = [float("-inf"), *map(float, BOUNDS_MS), float("inf")]
    values = list(milliseconds)
    return [sum(low < one <= high for one in values) for low, high in pairwise(edges)]
