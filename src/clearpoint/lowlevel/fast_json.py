"""JSON for the fast lane: the standard library's C scanner and encoder, without importing `json`.

`import json` pulls in `re` and `enum`, which costs most of a bare interpreter start, at every
turn. The accelerator behind it, `_json`, costs nothing. Where it is missing, `json` serves.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

SPACE = " \t\r\n\ufeff"
"""What may stand around a value: JSON's white space, and the mark that some editors begin with."""
SPACE_STEP_CHARS = 4_096
MARK = "\0"
MARKED = ', "\\u0000", '


class MalformedJSONError(ValueError):
    """The text is not JSON, or not complete."""


class _Context:
    """What the C scanner asks its decoder for."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> float:
        return {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}[name]


try:
    from _json import (
        encode_basestring,
        make_encoder,
        make_scanner,
    )

    _scan = make_scanner(_Context())  # type: ignore[arg-type]
    _encode = make_encoder(
        None,
        None,  # type: ignore[arg-type]
        encode_basestring,
        None,
        ": ",
        ", ",
        False,
        False,
        True,
    )

    _quoted = encode_basestring

    def dumps(value: Any) -> str:
        """Compact JSON text of a plain value (dicts with text keys, lists, text, numbers)."""
        return "".join(_encode(value, 0))

except ImportError:  # an interpreter without the accelerator
    import json

    _scan = json.JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]

    _quoted = json.encoder.encode_basestring

    def dumps(value: Any) -> str:
        """Compact JSON text of a plain value (dicts with text keys, lists, text, numbers)."""
        return json.dumps(value, ensure_ascii=False)


def scan(text: str, start: int = 0) -> tuple[Any, int]:
    """Read the first JSON value at or after `start`; return it and the index behind it.

    Raises MalformedJSONError if there is none, or only a part of one.
    """
    try:
        value, end = _scan(text, after_space(text, start))
    except (StopIteration, ValueError, RecursionError, SystemError):
        # SystemError: where `json` is not imported, 3.11's scanner finds no error class to raise
        raise MalformedJSONError("not a complete JSON value") from None
    return value, end


def after_space(text: str, start: int) -> int:
    """The index of the first character at or after `start` that is not white space."""
    while step := text[start : start + SPACE_STEP_CHARS]:
        left = len(step.lstrip(SPACE))
        start += len(step) - left
        if left:
            break
    return start


def loads(data: bytes | str) -> Any:
    """Read one JSON value and nothing behind it; bytes that are not UTF-8 are replaced.

    Raises MalformedJSONError.
    """
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    value, end = scan(text)
    if after_space(text, end) < len(text):
        raise MalformedJSONError("more than one JSON value")
    return value


def objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of a file of one JSON value per line; torn and damaged lines are passed over."""
    for line in lines:
        try:
            value = loads(line)
        except MalformedJSONError:
            continue
        if isinstance(value, dict):
            yield value


def pretty(value: Any, depth: int = 3, line: str = "\n") -> str:
    """JSON text for people: one item per line down to `depth` levels, compact below.

    `line` begins a line as deep as the value.
    """
    gaps: list[str] = []
    leaves: list[Any] = []
    end = _lay_out(value, depth, line, "", gaps, leaves)
    pieces: list[str] = [MARK] * (2 * len(leaves))
    pieces[::2], pieces[1::2] = gaps, _each(leaves)
    return "".join(pieces) + end


def _each(values: list[Any]) -> list[str]:
    """The compact JSON text of each value, by one call: calls take longer than what they encode."""
    marked: list[Any] = [MARK] * (2 * len(values) - 1)
    marked[::2] = values
    texts = dumps(marked)[1:-1].split(MARKED)
    # a value that is the mark itself parts the text too
    return texts if len(texts) == len(values) else [dumps(one) for one in values]


def _lay_out(  # noqa: PLR0913, PLR0917  (one for each that it passes on to what is inside)
    value: Any, depth: int, line: str, gap: str, gaps: list[str], leaves: list[Any]
) -> str:
    """Part a value into those that stand on a line by themselves, and what stands before each.

    `line` begins a line as deep as the value, `gap` stands before it; returns what stands behind.
    """
    kind = type(value)
    if not depth or not value or (kind is not dict and kind is not list):
        gaps.append(gap)
        leaves.append(value)
        return ""
    inner, below = line + " ", depth - 1
    between = "," + inner
    if kind is list and not below:
        gaps += [f"{gap}[{inner}", *[between] * (len(value) - 1)]
        leaves += value
        return line + "]"
    gap += ("[" if kind is list else "{") + inner
    for name, one in value.items() if kind is dict else ((None, one) for one in value):
        if name is not None:
            gap = f"{gap}{_quoted(name)}: "
        if below and one and (type(one) is dict or type(one) is list):
            gap = _lay_out(one, below, inner, gap, gaps, leaves) + between
        else:
            gaps.append(gap)
            leaves.append(one)
            gap = between
    return gap[: -len(between)] + line + ("]" if kind is list else "}")


def encode(text: str) -> bytes:
    """UTF-8 of a JSON text; a lone surrogate becomes its JSON escape instead of an error."""
    return text.encode("utf-8", "backslashreplace")
