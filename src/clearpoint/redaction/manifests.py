"""Secrets of documents that are named as one: the data of a Kubernetes `Secret`. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

KIND = ("kind: secret", '"kind": "secret"', '"kind":"secret"')
DATA = r"(?i)[\"']?(?:string)?data[\"']?[ \t]{0,3}:"
ITEM = r"[\"']?[\w.-]{1,80}[\"']?[ \t]{0,3}:[ \t]{0,3}[\"']?(?P<v>[^\s\"',{}|>]{4,1000})"


def found(text: str, low: str) -> Iterator[Span]:
    """Every value below `data` and `stringData`."""
    if not any(kind in low for kind in KIND):
        return
    for data in compiled(DATA).finditer(text):
        for item in compiled(ITEM).finditer(text, data.end(), end_of_block(text, data)):
            if not values.is_stand_in(item["v"]) and not values.is_code(item["v"]):
                yield *item.span("v"), "Secret"


def end_of_block(text: str, data: re.Match[str]) -> int:
    """Where the lines end that stand deeper than the name above them, or the braces close."""
    start = data.end()
    brace = text.find("}", start)
    if text[start : start + 4].strip()[:1] == "{":
        return brace if brace > 0 else len(text)
    line = text.rfind("\n", 0, start) + 1
    indent = len(text[line:start]) - len(text[line:start].lstrip(" \t"))
    place = text.find("\n", start)
    while 0 <= place < len(text) - 1:
        end = text.find("\n", place + 1)
        row = text[place + 1 : end if end > 0 else len(text)]
        if row.strip() and len(row) - len(row.lstrip(" \t")) <= indent:
            return place
        place = end
    return len(text)
