"""Tokens and money over time, from what is known of each request.

A session is followed across /clear, where the client's own figure starts over: every request is
counted once, also where a forked session repeats it, with those of subagents.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from clearpoint.history import keep, outlook, requests
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.simulate.bill import cost_of, price_table
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from clearpoint.history.transcripts import Found
    from clearpoint.models.usage import Request

    By = Literal["day", "week", "project", "model", "session"]

TOKENS = ("input", "written", "read", "output")
IN_ORDER = ("day", "week")
"""Listed by time; the others by how much they took."""


class Spent(NamedTuple):
    """One request, with the session and the project that it was made in."""

    session_id: str
    project: str
    request: Request


def requests_of(project: str, env: Mapping[str, str], *, everywhere: bool) -> Iterator[Spent]:
    """The requests of a project, or of all."""
    found = outlook.everywhere(env) if everywhere else outlook.of_project(project, env)
    present = set()
    for place, one in found:
        present.add(one.session_id)
        store = Store(state_root(place, env))
        yield from (Spent(one.session_id, place, row) for row in of_session(store, one))
    store = Store(state_root(project, env))
    for session_id in store.kept_ids():
        if session_id not in present:
            rows = requests.read(store.session_folder(session_id)).values()
            yield from (Spent(session_id, project, row) for row in rows)


def of_session(store: Store, one: Found) -> list[Request]:
    """The requests of a session: as kept where it is kept to its end, else from its transcript."""
    if keep.is_kept(store, one):
        rows = requests.read(store.session_folder(one.session_id))
    else:
        rows = in_transcript(one.path)
    for path in subagents_of(one.path):
        rows.update(in_transcript(path))
    return [*rows.values()]


def subagents_of(transcript: str) -> list[str]:
    """The transcripts of a session's subagents."""
    folder = os.path.join(os.path.splitext(transcript)[0], "subagents")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if name.endswith(".jsonl")]


def in_transcript(path: str) -> dict[str, Request]:
    """The requests in a transcript, by id; none if it cannot be read."""
    rows: dict[str, Request] = {}
    try:
        transcript = Transcript(path, None)
    except OSError:
        return {}
    try:
        for _ in requests.collected(transcript.entries(decode), rows):
            pass
    finally:
        transcript.close()
    return rows


def summed(rows: Iterable[Spent], by: By, start: float = 0.0) -> list[dict[str, Any]]:
    """Requests, tokens and cost by day, week, project, model or session, since `start`.

    Days and weeks are in order, the others begin with the most expensive. The cost is None if
    a model has no price.
    """
    sums: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    prices = price_table()
    for one in rows:
        row = one.request
        if row["id"] in seen or (start and (seconds_of(row["at"]) or time.time()) < start):
            continue
        seen.add(row["id"])
        name = named(one, by)
        empty = {by: name, "requests": 0, **dict.fromkeys(TOKENS, 0), "cost": 0.0}
        total = sums.setdefault(name, empty)
        total["requests"] += 1
        for key in TOKENS:
            total[key] += row[key]  # type: ignore[literal-required]
        cost = cost_of(row, prices)
        total["cost"] = None if cost is None or total["cost"] is None else total["cost"] + cost
    for total in sums.values():
        total["cost"] = None if total["cost"] is None else round(total["cost"], 4)
    if by in IN_ORDER:
        return [sums[name] for name in sorted(sums)]
    return sorted(sums.values(), key=lambda one: (-(one["cost"] or 0), -tokens_of(one)))


def tokens_of(row: dict[str, Any]) -> int:
    """All tokens of a row."""
    return sum(row[key] for key in TOKENS)


def named(one: Spent, by: By) -> str:
    """What a request is counted under."""
    if by == "model":
        return one.request["model"]
    if by == "session":
        return one.session_id
    if by == "project":
        return one.project
    at = seconds_of(one.request["at"])
    if at is None:
        return "unknown"
    day = datetime.fromtimestamp(at, UTC)
    return f"{day:%G-W%V}" if by == "week" else f"{day:%Y-%m-%d}"
