"""What a team looks at: its sessions, its usage, and its search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

SESSIONS = """
SELECT DISTINCT ON (user_name, session_id)
  user_name::text, session_id, machine, at, model, phase, task, requests, used
FROM clearpoint.snapshots WHERE project = %(project)s AND received_at >= %(since)s
ORDER BY user_name, session_id, requests DESC, seq DESC
"""
NEWEST = f"""
SELECT * FROM ({SESSIONS}) AS newest ORDER BY at DESC LIMIT %(limit)s
"""  # noqa: S608  (our own words)
USAGE = """
SELECT user_name::text, model, count(*), sum(input)::bigint, sum(written)::bigint,
  sum(read)::bigint, sum(output)::bigint
FROM clearpoint.requests WHERE project = %(project)s AND coalesce(at >= %(since)s, true)
GROUP BY user_name, model ORDER BY sum(input + written + read + output) DESC LIMIT %(limit)s
"""
SEARCH = """
WITH asked AS (SELECT websearch_to_tsquery('english', %(words)s) AS query),
hits AS (
  SELECT p.*, ts_rank_cd(p.words, asked.query) AS rank
  FROM clearpoint.passages p, asked
  WHERE p.words @@ asked.query AND p.project = %(project)s AND coalesce(p.at >= %(since)s, true)
    AND p.kind = ANY(%(kinds)s)
  LIMIT 2000)
SELECT user_name::text, session_id, turn, kind, at,
  ts_headline('english', body, (SELECT query FROM asked),
    'StartSel="", StopSel="", MaxWords=40, MinWords=20, MaxFragments=1')
FROM (SELECT * FROM hits ORDER BY rank DESC, at DESC LIMIT %(limit)s) AS best
ORDER BY rank DESC, at DESC
"""


def sessions(connection: Connection[Any], project: str, since: float, limit: int) -> list[Any]:
    """The newest snapshot of each session that was received since then, the newest first."""
    given = {"project": project, "since": moment(since), "limit": limit}
    keys = ("user", "session_id", "machine", "at", "model", "phase", "task", "requests", "used")
    return named(keys, connection.execute(NEWEST, given).fetchall())


def usage(connection: Connection[Any], project: str, since: float, limit: int) -> list[Any]:
    """Tokens by user and model since then."""
    given = {"project": project, "since": moment(since), "limit": limit}
    keys = ("user", "model", "requests", "input", "written", "read", "output")
    return named(keys, connection.execute(USAGE, given).fetchall())


def search(  # noqa: PLR0913, PLR0917
    connection: Connection[Any],
    project: str,
    words: str,
    since: float,
    kinds: tuple[str, ...],
    limit: int,
) -> list[Any]:
    """The passages that fit best."""
    given = {"project": project, "words": words, "since": moment(since), "kinds": list(kinds),
             "limit": limit}  # fmt: skip
    keys = ("user", "session_id", "turn", "kind", "at", "snippet")
    return named(keys, connection.execute(SEARCH, given).fetchall())


def moment(seconds: float) -> Any:
    """A time as the database takes it."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC)


def named(keys: tuple[str, ...], rows: list[Any]) -> list[dict[str, Any]]:
    """Rows with names, and times as they are written."""
    found = [dict(zip(keys, row, strict=True)) for row in rows]
    for one in found:
        if one.get("at") is not None and not isinstance(one["at"], str):
            one["at"] = one["at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return found
