"""Change one place of a JSON text and leave every other character as it is.

Values are found and written by pointer, a tuple of keys and indexes. New text takes the
indentation, the line ends and the spacing of the text around it. Every function expects text that
`decode` accepts, without duplicate keys.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Pointer = tuple[str | int, ...]

BYTE_ORDER_MARK = "\ufeff"
DEFAULT_INDENT = "  "

_SPACE = re.compile(r"[ \t\r\n]*")
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}


def _number(literal: str) -> tuple[str, str]:
    return ("number", literal)


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number)


class Child(NamedTuple):
    """A value in the text: its key or index, where it starts (with its key) and where it ends."""

    key: str | int
    start: int
    value: int
    end: int


def decode(text: str) -> object:
    """Return the value of a JSON text; numbers come as `("number", literal)`, so 1 is not 1.0.

    Raises `json.JSONDecodeError`, also for `NaN` and `Infinity`, and `RecursionError`.
    """
    plain = text.removeprefix(BYTE_ORDER_MARK)
    value: object = _DECODER.decode(plain)
    for match in _CONSTANT.finditer(plain):
        if match[1]:
            raise json.JSONDecodeError(f"{match[1]} is not a JSON value", plain, match.start())
    return value


def has(text: str, pointer: Pointer) -> bool:
    """Tell whether there is a value at `pointer`."""
    try:
        locate(text, pointer)
    except KeyError:
        return False
    return True


def locate(text: str, pointer: Pointer) -> Child:
    """Return where the value at `pointer` stands; raises KeyError when there is none."""
    root = _skip(text, 1 if text.startswith(BYTE_ORDER_MARK) else 0)
    found = Child("", root, root, _end(text, root))
    for step in pointer:
        matches = [child for child in children(text, found.value) if child.key == step]
        if not matches:
            raise KeyError(pointer)
        found = matches[0]
    return found


def children(text: str, start: int) -> list[Child]:
    """Return the children of the object or list that starts at `start`; a scalar has none."""
    found: list[Child] = []
    if text[start] not in _CLOSING:
        return found
    position = _skip(text, start + 1)
    while text[position] != _CLOSING[text[start]]:
        key: str | int = len(found)
        value = position
        if text[start] == "{":
            key, after = _DECODER.raw_decode(text, position)
            value = _skip(text, _skip(text, after) + 1)
        found.append(Child(key, position, value, _end(text, value)))
        position = _skip(text, found[-1].end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return found


def duplicates(text: str) -> Iterator[Child]:
    """Yield every member whose key its object has named before."""
    open_values = [locate(text, ())]
    while open_values:
        parent = open_values.pop()
        seen: set[str | int] = set()
        for child in children(text, parent.value):
            if child.key in seen:
                yield child
            seen.add(child.key)
            open_values.append(child)


def put(text: str, pointer: Pointer, value: object) -> str:
    """Return the text with `value` at `pointer`; what was not there goes last in its container."""
    if not has(text, pointer):
        return _add(text, pointer, value)
    old = locate(text, pointer)
    return (
        text[: old.value] + _render(text, value, _space_before(text, old.start)) + text[old.end :]
    )


def put_raw(text: str, pointer: Pointer, raw: str) -> str:
    """Return the text with the existing value at `pointer` replaced by the JSON text `raw`."""
    old = locate(text, pointer)
    return text[: old.value] + raw + text[old.end :]


def remove(text: str, pointer: Pointer) -> str:
    """Return the text without the value at `pointer`, its key and one comma."""
    parent = locate(text, pointer[:-1])
    old = locate(text, pointer)
    siblings = children(text, parent.value)
    place = siblings.index(old)
    if len(siblings) == 1:
        start, end = parent.value + 1, parent.end - 1
    elif place + 1 < len(siblings):
        start, end = old.start, siblings[place + 1].start
    else:
        start, end = siblings[place - 1].end, old.end
    return text[:start] + text[end:]


def _add(text: str, pointer: Pointer, value: object) -> str:
    parent = locate(text, pointer[:-1])
    siblings = children(text, parent.value)
    gap = _gap(text, pointer[:-1])
    key = pointer[-1]
    name = json.dumps(key, ensure_ascii=False) + _colon(text) if isinstance(key, str) else ""
    new = gap + name + _render(text, value, gap)
    if siblings:
        return text[: siblings[-1].end] + "," + new + text[siblings[-1].end :]
    closing = _line_start(text, parent.start) if "\n" in gap else ""
    return text[: parent.value + 1] + new + closing + text[parent.end - 1 :]


def _gap(text: str, parent: Pointer) -> str:
    """Return the whitespace that belongs before a new last child of `parent`."""
    span = locate(text, parent)
    siblings = children(text, span.value)
    if siblings:
        gap = _space_before(text, siblings[-1].start)
        if "\n" in gap:
            return _line_start(text, siblings[-1].start)
        return gap if len(siblings) > 1 else _comma(text)[1:]
    if not parent or "\n" in _space_before(text, span.start):
        return _line_start(text, span.start) + _indent(text)
    return ""


def _render(text: str, value: object, gap: str) -> str:
    """Return `value` as JSON: over several lines where `gap` has a line end, else on one."""
    if "\n" not in gap:
        line = json.dumps(value, ensure_ascii=False, separators=(_comma(text), _colon(text)))
        return _writable(line)
    lines = json.dumps(
        value, ensure_ascii=False, indent=_indent(text), separators=(",", _colon(text))
    )
    return _writable(lines).replace("\n", _newline(text) + gap.rpartition("\n")[2])


def _writable(text: str) -> str:
    """Return JSON with halves of characters escaped, which no encoding could hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def _line_start(text: str, position: int) -> str:
    """Return a line end and the indentation of the line on which `position` is the first thing."""
    space = _space_before(text, position)
    return _newline(text) + (space.rpartition("\n")[2] if "\n" in space else "")


def _indent(text: str) -> str:
    members = children(text, locate(text, ()).value)
    space = _space_before(text, members[0].start) if members else ""
    return space.rpartition("\n")[2] if "\n" in space else DEFAULT_INDENT


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _colon(text: str) -> str:
    """Return what stands between key and value in this text: `": "` unless it does otherwise."""
    members = children(text, locate(text, ()).value)
    if not members or isinstance(members[0].key, int):
        return ": "
    colon = text[_end(text, members[0].start) : members[0].value]
    return ": " if "\n" in colon else colon


def _comma(text: str) -> str:
    return ", " if _colon(text).endswith(" ") else ","


def _space_before(text: str, position: int) -> str:
    head = text[:position]
    return head[len(head.rstrip(" \t\r\n")) :]


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _end(text: str, start: int) -> int:
    end: int = _DECODER.raw_decode(text, start)[1]
    return end
