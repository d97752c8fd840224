"""The team's database: connecting, and bringing its schema up to date.

Migrations only ever add, so that clients of two versions work side by side: an older one does not
mind what it does not know, and a newer one says which command the administrator must run.
"""

from __future__ import annotations

import logging
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from clearpoint.text.phrases import printable

if TYPE_CHECKING:
    from psycopg import Connection

CONNECT_S = 5
STATEMENT_MS = 30_000
LOCK = 0x636C7074
"""The number of the advisory lock that migrations are applied under."""
MISSING = "a team's database needs another package: pip install 'psycopg[binary]'"
BEHIND = "the team's database is not set up for this version: clearpoint remote migrate URL"
PREPARE = """
CREATE SCHEMA IF NOT EXISTS clearpoint;
CREATE TABLE IF NOT EXISTS clearpoint.migrations (
  name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
DO $$ BEGIN CREATE ROLE clearpoint_users NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
"""


class TeamError(Exception):
    """The team's database cannot be used; the text is one line for the user, without a password."""


def connect(url: str) -> Connection[Any]:
    """A connection on which each statement or transaction stands alone; raises TeamError."""
    try:
        import psycopg
    except ImportError:
        raise TeamError(MISSING) from None
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # a lost connection is told once
    try:
        return psycopg.connect(
            url,
            autocommit=True,  # or each transaction of Clearpoint's would be a part of a larger one
            connect_timeout=CONNECT_S,
            application_name="clearpoint",
            options=f"-c statement_timeout={STATEMENT_MS} -c search_path=pg_catalog,clearpoint",
        )
    except psycopg.Error as error:
        raise TeamError(in_words(error)) from None


def in_words(error: Exception) -> str:
    """What the database says, in one line; it never quotes a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[0] if lines else type(error).__name__
    return printable(said)[:300]


def names() -> list[str]:
    """The migrations that this version knows, in order."""
    folder = files("clearpoint.team").joinpath("migrations")
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))


def migrate(connection: Connection[Any]) -> list[str]:
    """Apply what the database lacks, all or nothing; return the names."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute(PREPARE)
        lacking = missing(connection)
        for name in lacking:
            text = files("clearpoint.team").joinpath("migrations", name).read_text("utf-8")
            connection.execute(text)
            connection.execute("INSERT INTO clearpoint.migrations (name) VALUES (%s)", (name,))
    return lacking


def missing(connection: Connection[Any]) -> list[str]:
    """The migrations that this version needs and the database lacks."""
    there = {row[0] for row in connection.execute("SELECT name FROM clearpoint.migrations")}
    return [name for name in names() if name not in there]


def check(connection: Connection[Any]) -> None:
    """Raise TeamError if the database is not set up for this version."""
    import psycopg

    try:
        lacking = missing(connection)
    except psycopg.Error:
        raise TeamError(BEHIND) from None
    if lacking:
        raise TeamError(BEHIND)
