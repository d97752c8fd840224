"""How full a session's context was over time, and what happened on the way.

Where the transcript is still there, a point is a request; otherwise the journal gives one for each
turn. What was advised, cleared and resumed is known from the journal alone.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import closing
from typing import TYPE_CHECKING, Literal, NamedTuple

from clearpoint.budget import levels, window
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.simulate.replay import Replay
from clearpoint.store.journal import advised
from clearpoint.text.phrases import short
from clearpoint.tokens.counts import counts_of
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.models.config import BudgetConfig, Config
    from clearpoint.models.state import Level, State
    from clearpoint.simulate.replay import Boundary
    from clearpoint.store.journal import Occurrence
    from clearpoint.transcript.entry import Entry

    Kind = Literal["advice", "clear", "compaction", "start"]

CLEAR = "/clear"
Unit = Literal["request", "turn"]
RETURNS = ("clear", "resume", "fork")
"""What a session can begin with that is told of: it goes on from something."""


class Point(NamedTuple):
    """The context after one request or turn."""

    session_id: str
    at: float
    """Seconds since 1970, 0 if that is not known."""
    tokens: int
    level: Level


class Mark(NamedTuple):
    """Something that happened between two points."""

    kind: Kind
    place: int
    """How many points are before it."""
    at: float
    words: str


class History(NamedTuple):
    """A session's course, or that of several which continue each other."""

    points: list[Point]
    marks: list[Mark]
    unit: Unit
    offers: list[int]
    """How many points are before each offer of a clear, made or not, by today's rules."""


def level_starts(state: State) -> dict[Level, int]:
    """Tokens at which each level begins, as the hooks reckon."""
    known = state["context_window"]
    here = window.Window(known["total"], known["source"], known["compaction_at"])
    judged = state["budget"]
    return levels.level_starts(
        judged["thresholds"], here, judged["growth_per_turn"], judged["tokens"]
    )


def level_steps(
    states: list[State], histories: list[History]
) -> list[tuple[int, dict[Level, int]]]:
    """Where the levels begin in each of these sessions, after how many points; changes alone."""
    found: list[tuple[int, dict[Level, int]]] = []
    before = 0
    for state, one in zip(states, histories, strict=True):
        starts = level_starts(state)
        if one.points and (not found or found[-1][1] != starts):
            found.append((before, starts))
        before += len(one.points)
    return found


def history_of(state: State, events: list[Occurrence], config: Config) -> History:
    """One session's course, from its transcript where that can be read."""
    requests, compactions, offers = from_transcript(state, config)
    points = requests or from_journal(state, events)
    marks = [*compactions, *from_events(events, points, with_compactions=not requests)]
    marks.sort(key=lambda mark: mark.place)
    return History(points, marks, "request" if requests else "turn", offers)


def joined(histories: list[History]) -> History:
    """The courses of sessions that continue each other, the oldest first, as one."""
    points: list[Point] = []
    marks: list[Mark] = []
    offers: list[int] = []
    for one in histories:
        before = len(points)
        offers += [place + before for place in one.offers]
        marks += [
            mark._replace(place=mark.place + before)
            for mark in one.marks
            if mark.place or mark.kind != "start" or not before
        ]
        points += one.points
    same = {one.unit for one in histories if one.points} <= {"request"}
    return History(points, marks, "request" if same else "turn", offers)


def from_transcript(state: State, config: Config) -> tuple[list[Point], list[Mark], list[int]]:
    """The requests, compactions and offers of a session; nothing if its transcript is gone."""
    path = state["system"]["transcript_path"]
    if path is None:
        return [], [], []
    try:
        source = Transcript(path, None)
    except OSError:
        return [], [], []
    with closing(source):
        return replayed(source.entries(decode), state, config)


def replayed(
    entries: Iterable[Entry], state: State, config: Config
) -> tuple[list[Point], list[Mark], list[int]]:
    """The requests and the compactions of these entries, and where a clear is offered."""
    settings: BudgetConfig = {**config["budget"], "window": state["context_window"]["total"]}
    pass_ = Replay({**config, "budget": settings}, window.model_table())
    seen: dict[str | None, tuple[float, int]] = {}
    starts = level_starts(state)
    points: list[Point] = []
    marks: list[Mark] = []
    offers: list[int] = []
    at = 0.0
    for record in pass_.records(watched(entries, seen)):
        if record["kind"] == "request":
            then, used = seen.get(record["message_id"], (at, record["actual"]))
            at = max(at, then)
            level = levels.level_of(used, starts)
            points.append(Point(state["session_id"], at, used, level))
        elif record["kind"] == "boundary":
            marks.append(Mark("compaction", len(points), at, sizes(record)))
        elif CLEAR in record["message"]:
            offers.append(len(points))
    return points, marks, offers


def watched(entries: Iterable[Entry], seen: dict[str | None, tuple[float, int]]) -> Iterator[Entry]:
    """The entries as they pass; of each response its time and the context after it."""
    for entry in entries:
        counts = counts_of(entry) if entry.get("type") == "assistant" else None
        if counts is not None:
            used, at = sum(counts.values()), seconds_of(entry.get("timestamp")) or 0.0
            seen[entry["message"].get("id")] = (at, used)
        yield entry


def sizes(boundary: Boundary) -> str:
    """A compaction in words."""
    before, after = boundary["pre_tokens"], boundary["post_tokens"]
    told = f"{boundary['trigger'] or 'unknown'} compaction"
    told += f" at {short(before)}" if before else ""
    return told + (f", {short(after)} of the conversation left" if after else "")


def from_journal(state: State, events: list[Occurrence]) -> list[Point]:
    """The ends of turns that the journal knows."""
    starts, session_id = level_starts(state), state["session_id"]
    return [
        Point(session_id, one.at, one.used, levels.level_of(one.used, starts))
        for one in events
        if one.event == "Stop" and one.used is not None
    ]


def from_events(
    events: list[Occurrence], points: list[Point], *, with_compactions: bool
) -> Iterator[Mark]:
    """What the journal tells beside the sizes, each at its place among the points."""
    times = [point.at for point in points]
    place = 0
    for one in events:
        if one.used is None:
            continue
        place = place_of(one, points, times, place)
        size = f" at {short(one.used)}" if one.used else ""
        if one.event == "Stop" and one.text("advice"):
            yield Mark("advice", place, one.at, f"{advised(one)}{size}")
        elif one.event == "PreCompact" and with_compactions:
            yield Mark("compaction", place, one.at, f"{one.text('trigger')} compaction{size}")
        elif one.event == "SessionEnd" and one.text("reason") == "clear":
            yield Mark("clear", place, one.at, f"cleared{size}")
        elif one.event == "SessionStart" and one.text("source") in RETURNS:
            yield Mark("start", place, one.at, f"session start: {one.words}")


def place_of(one: Occurrence, points: list[Point], times: list[float], after: int) -> int:
    """How many points are before an event that noted a size, and was after that many others.

    Times are to the second. The next point of the very size is the one that the event saw; where
    there is none, the time alone decides.
    """
    end = max(after, bisect_right(times, one.at))
    same = (
        place for place in range(max(1, after), end + 1) if points[place - 1].tokens == one.used
    )
    return next(same, end if one.used else after)
