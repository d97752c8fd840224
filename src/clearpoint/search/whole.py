"""One turn whole, as it was said and done: what `--open` prints."""

from __future__ import annotations

from clearpoint.search.sources import text_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

TITLES = {"prompt": "User", "answer": "Claude", "decision": "Decision", "error": "Error"}
CALL_CHARS = 400
TURN_DIGITS = 9


class NotFoundError(Exception):
    """There is no such turn; the text is one line for a user."""


def whole_turn(db: sqlite3.Connection, name: str) -> str:
    """The turn that a result's SESSION:TURN names; raises NotFoundError."""
    beginning, _, number = name.rpartition(":")
    if not beginning or not number.isdecimal() or len(number) > TURN_DIGITS:
        raise NotFoundError(f"{name!r}: expected SESSION:TURN, as a result shows it")
    rows = db.execute(
        "SELECT s.path, s.session, p.start, p.length, p.part, p.kind"
        " FROM passages p JOIN sources s ON s.id = p.source"
        " WHERE substr(s.session, 1, ?) = ? AND p.turn = ? ORDER BY p.id",
        (len(beginning), beginning, int(number)),
    ).fetchall()
    if len({row[1] for row in rows}) > 1:
        raise NotFoundError(f"{beginning!r} matches several sessions; type more characters")
    told = [paragraph(row[5], text) for row in rows if (text := text_at(row[0], *row[2:5]))]
    if not told:
        raise NotFoundError(f"{name!r} is not in the index, or its transcript is gone")
    return "\n\n".join(told)


def paragraph(kind: str, text: str) -> str:
    """A passage with who said it; what was run or changed is cut."""
    if kind == "command":
        return f"- {' '.join(text.split())[:CALL_CHARS]}"
    return f"{TITLES[kind]}: {text}"
