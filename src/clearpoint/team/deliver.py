"""Putting parcels into the database: each exactly once, however often it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearpoint.team.parcel import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from clearpoint.team.parcel import Parcel

SNAPSHOT = """
INSERT INTO clearpoint.snapshots (project, session_id, digest, machine, at, requests, used, model,
  phase, task, state, handover)
VALUES (%(project)s, %(session_id)s, %(digest)s, %(machine)s,
  coalesce(nullif(%(at)s, '')::timestamptz, now()), %(requests)s, %(used)s, %(model)s, %(phase)s,
  %(task)s, %(state)s, %(handover)s)
ON CONFLICT DO NOTHING
"""
REQUEST = """
INSERT INTO clearpoint.requests AS known (id, project, session_id, at, model, input, written, read,
  output)
VALUES (%(id)s, %(project)s, %(session_id)s, nullif(%(at)s, '')::timestamptz, %(model)s, %(input)s,
  %(written)s, %(read)s, %(output)s)
ON CONFLICT (user_name, id) DO UPDATE SET output = excluded.output
  WHERE known.output < excluded.output
"""
PASSAGE = """
INSERT INTO clearpoint.passages (project, session_id, turn, number, kind, at, body)
VALUES (%(project)s, %(session_id)s, %(turn)s, %(number)s, %(kind)s, to_timestamp(%(at)s), %(body)s)
ON CONFLICT DO NOTHING
"""


def deliver(connection: Connection[Any], parcels: Sequence[Parcel]) -> None:
    """Write parcels in one transaction; raises psycopg.Error, and nothing is written."""
    clean: list[Any] = storable(list(parcels))
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(SNAPSHOT, clean)
        cursor.executemany(REQUEST, list(rows(clean, "usage")))
        cursor.executemany(PASSAGE, list(rows(clean, "passages")))


def rows(parcels: Sequence[Any], name: str) -> Iterator[dict[str, Any]]:
    """The rows of one kind in the parcels, each with what it belongs to."""
    for parcel in parcels:
        for row in parcel[name]:
            yield {**row, "project": parcel["project"], "session_id": parcel["session_id"]}
