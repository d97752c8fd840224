"""Asking the index: the best turns, each with a snippet read from where its words stand."""

from __future__ import annotations

import sqlite3

from clearpoint.redaction.rules import rules
from clearpoint.search import ranking
from clearpoint.search.passages import KINDS
from clearpoint.search.snippet import snippet
from clearpoint.search.sources import text_at
from clearpoint.search.words import query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple

    from clearpoint.search.index import Index
    from clearpoint.search.passages import Kind
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

CANDIDATES = 200
"""Passages that are ranked further, by bm25 of either index."""
GRAM_SHARE = 0.5
PROMPT_CHARS = 120


class Wanted(NamedTuple):
    """What is looked for: words, and what narrows it down."""

    text: str
    key: str = ""
    """The state folder of the project; empty for all projects."""
    since: float = 0.0
    file: str = ""
    """The end of the path of a file that the turn touched."""
    kinds: tuple[Kind, ...] = KINDS
    limit: int = 10


class Result(NamedTuple):
    """One turn that fits, by its best passage."""

    score: float
    kind: Kind
    at: int
    """In seconds; 0 if the transcript does not tell."""
    session: str
    project: str
    turn: int
    prompt: str
    """What the user had asked in this turn, shortened."""
    snippet: str


def find(index: Index, wanted: Wanted, now: float) -> list[Result]:
    """The best results, best first; copies of a turn in forked sessions are one."""
    db = index.db
    asked = query(wanted.text)
    hits: dict[int, ranking.Hit] = {}
    if not asked.words and not asked.grams:
        hits = {hit.id: hit for hit in newest(db, wanted)}
    for table, match, share in (("words", asked.words, 1.0), ("grams", asked.grams, GRAM_SHARE)):
        for hit in hits_in(db, table, match, wanted) if match else ():
            fit = hit.fit * share + (hits[hit.id].fit if hit.id in hits else 0.0)
            hits[hit.id] = hit._replace(fit=fit)
    results: list[Result] = []
    seen: set[tuple[Kind, int, str]] = set()
    taken: set[tuple[Kind, int, float]] = set()
    for turn in ranking.ranked(hits.values(), now):
        if len(results) == wanted.limit:
            break
        copy = (turn.best.kind, turn.best.at, turn.best.fit)
        if copy in taken:
            continue
        if asked.words and turn.best.at:
            taken.add(copy)  # the same words as well, said at the same time: not read once more
        result = shown(db, turn, asked.terms)
        if result and (same := (result.kind, result.at, result.snippet)) not in seen:
            seen.add(same)
            results.append(result)
    if not results:
        index.check()  # nothing may have been found because pages are damaged
    return results


def hits_in(db: sqlite3.Connection, table: str, match: str, wanted: Wanted) -> list[ranking.Hit]:
    """The passages of one full-text table that fit best."""
    conditions, given = narrowed(wanted)
    rows = db.execute(
        f"SELECT p.id, source, turn, kind, at, -bm25({table})"  # noqa: S608  (our own names)
        f" FROM {table} JOIN passages p ON p.id = {table}.rowid"
        f" WHERE {table} MATCH ? {conditions} ORDER BY bm25({table}) LIMIT {CANDIDATES}",
        (match, *given),
    )
    return [ranking.Hit(*row) for row in rows]


def newest(db: sqlite3.Connection, wanted: Wanted) -> list[ranking.Hit]:
    """The newest passages, where no words are given."""
    conditions, given = narrowed(wanted)
    rows = db.execute(
        "SELECT p.id, source, turn, kind, at, 1.0 FROM passages p"  # noqa: S608
        f" WHERE true {conditions} ORDER BY at DESC LIMIT {CANDIDATES}",
        given,
    )
    return [ranking.Hit(*row) for row in rows]


def narrowed(wanted: Wanted) -> tuple[str, list[str]]:
    """What narrows a search down, as SQL, and the values in it."""
    conditions, given = "", []
    if wanted.key:
        conditions += " AND source IN (SELECT id FROM sources WHERE key = ?)"
        given.append(wanted.key)
    if wanted.since:
        conditions += " AND at >= CAST(? AS INTEGER)"
        given.append(str(int(wanted.since)))
    if len(wanted.kinds) < len(KINDS):
        conditions += f" AND kind IN ({', '.join('?' for _ in wanted.kinds)})"
        given += wanted.kinds
    if wanted.file:
        conditions += (
            " AND (source, turn) IN"
            " (SELECT source, turn FROM touches WHERE path = ? OR path LIKE ? ESCAPE '!')"
        )
        given += [wanted.file, f"%/{escaped(wanted.file)}"]
    return conditions, given


def escaped(path: str) -> str:
    """A path in which no character stands for others."""
    return "".join(f"!{char}" if char in "!%_" else char for char in path)


def shown(db: sqlite3.Connection, turn: ranking.Turn, terms: tuple[str, ...]) -> Result | None:
    """A turn as a result; None if its text cannot be read any more."""
    best = turn.best
    path, session, project, masked_by = the_row(
        db, "SELECT path, session, project, masked_by FROM sources WHERE id = ?", best.source
    )
    known = masked_by == rules()
    text = text_of(db, path, best.id, known=known)
    if text is None:
        return None
    first = db.execute(
        "SELECT min(id) FROM passages WHERE source = ? AND turn = ? AND kind = 'prompt'",
        (best.source, best.turn),
    ).fetchone()[0]
    prompt = "" if first in (None, best.id) else text_of(db, path, first, known=known) or ""
    return Result(
        turn.score, best.kind, best.at, session, project, best.turn,
        snippet(prompt, (), PROMPT_CHARS), snippet(text, terms),
    )  # fmt: skip


def text_of(db: sqlite3.Connection, path: str, number: int, *, known: bool) -> str | None:
    """The text of a passage, masked, from the file that it stands in; None if it is gone.

    `known` is whether today's rules have seen it: where they found nothing, they find nothing now.
    """
    start, length, part, secret = the_row(
        db, "SELECT start, length, part, secret FROM passages WHERE id = ?", number
    )
    return text_at(path, start, length, part, is_clean=known and not secret)


def the_row(db: sqlite3.Connection, query: str, number: int) -> Any:
    """The row of a number that another table names; raises DatabaseError if there is none."""
    row = db.execute(query, (number,)).fetchone()
    if row is None:
        raise sqlite3.DatabaseError("the tables of the index do not fit")
    return row
