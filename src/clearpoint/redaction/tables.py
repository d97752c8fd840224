"""Secrets in tables: what stands in the column of a password, in CSV and in Markdown. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

TITLE = r"(?im)^(?P<row>[^\n]{0,200}?(?P<sign>[,;|\t])?[ \t\"'`*]{0,4}(?:password|passwort|secret|token|api[ _]key)s?[ \t\"'`*]{0,4}(?:[,;|\t][^\n]{0,200})?)$"
"""The line of a table's titles, one of which is a secret's."""
NAMES = ("password", "passwort", "secret", "token", "api key", "api_key")
ROWS = 50


INSERT = r"(?i)\binsert[ ]into[ ][^\n(]{1,80}\((?P<names>[^)\n]{1,300})\)\s{0,4}values\s{0,4}\((?P<row>[^)\n]{1,600})\)"


def found(text: str, low: str) -> Iterator[Span]:
    """The cells below such a title, and values that SQL puts into such a column."""
    if "insert into" in low:
        yield from _inserted(text)
    if not any(name in low for name in NAMES):
        return
    for title in compiled(TITLE).finditer(text):
        sign = next((one for one in "|\t,;" if one in title["row"]), "")
        if sign:
            titles = [
                cell.strip(" \t\"'`*").lower().rstrip("s") for cell in title["row"].split(sign)
            ]
            columns = [at for at, cell in enumerate(titles) if cell in NAMES]
            yield from _cells(text, title.end(), sign, len(titles), columns)


def _inserted(text: str) -> Iterator[Span]:
    for insert in compiled(INSERT).finditer(text):
        names, cells = insert["names"].lower().split(","), insert["row"].split(",")
        place = insert.start("row")
        for name, cell in zip(names, cells, strict=False):
            value = cell.strip(" \t\"'")
            if any(one in name for one in ("passw", "secret", "token", "api_key")) and (
                len(cells) == len(names) and values.is_password(value, 6)
            ):
                begin = text.index(value, place)
                yield begin, begin + len(value), "Secret"
            place += len(cell) + 1


def _cells(text: str, start: int, sign: str, number: int, columns: list[int]) -> Iterator[Span]:
    for _ in range(ROWS):
        start += 1
        end = text.find("\n", start)
        row = text[start : end if end >= 0 else len(text)]
        cells = row.split(sign)
        if len(cells) != number:
            return
        for column in columns:
            cell = cells[column].strip(" \t\"'`\r")
            place = start + len(sign.join(cells[:column])) + (column > 0)
            if values.is_password(cell, 6) and not values.is_code(cell) and " " not in cell:
                place = text.index(cell, place)
                yield place, place + len(cell), "Secret"
        if end < 0:
            return
        start = end
