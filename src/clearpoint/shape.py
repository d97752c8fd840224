"""The shapes that transcript entries are read in: what does not fit is dropped, never passed on.

Everything behind this module may rely on the types that `entries.Entry` names, and on sizes that
a state file can hold. Standard library only: the fast lane decodes here.
"""

from __future__ import annotations

from clearpoint import quickjson

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeGuard

    from clearpoint.entries import Entry

    Shape = dict[str, Callable[[Any], bool]]

NAME_CHARS = 4_096
"""The longest name or path; a longer text is something that was said, or is hostile."""
SESSION_ID_CHARS = 64
COUNT_LIMIT = 1 << 53
"""The largest whole number that every reader of JSON keeps exact."""


def is_name(value: Any) -> TypeGuard[str]:
    """Whether this is a text of a name's size."""
    return isinstance(value, str) and len(value) <= NAME_CHARS


def is_count(value: Any) -> TypeGuard[int]:
    """Whether this can be a count of tokens or bytes."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_LIMIT


def is_session_id(value: Any) -> TypeGuard[str]:
    """Whether this is a plain identifier, which can be the name of a folder."""
    if not isinstance(value, str) or len(value) > SESSION_ID_CHARS:
        return False
    plain = value.replace("-", "").replace("_", "")
    return plain.isascii() and plain.isalnum()


def is_text(value: Any) -> bool:
    """Whether this is text of any size."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """Whether this is true or false."""
    return isinstance(value, bool)


def is_object(value: Any) -> bool:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


HALVES = (b"\\ud", b"\\uD")
"""How JSON writes a half of a character, which a text that was cut can end with."""

ENTRY: Shape = {
    "type": is_name,
    "subtype": is_name,
    "uuid": is_name,
    "parentUuid": is_name,
    "timestamp": is_name,
    "message": is_object,
    "attachment": is_object,
    "rendered": lambda value: isinstance(value, list),
    "compactMetadata": is_object,
    "microcompactMetadata": is_object,
    "toolUseResult": lambda value: isinstance(value, dict | str | list),
    "isSidechain": is_flag,
    "isMeta": is_flag,
    "isCompactSummary": is_flag,
    "isVisibleInTranscriptOnly": is_flag,
    "isApiErrorMessage": is_flag,
    "isAbortedMidStream": is_flag,
    "requestedModel": is_name,
    "cwd": is_name,
    "gitBranch": is_name,
    "version": is_name,
    "permissionMode": is_name,
    "origin": is_object,
}
MESSAGE: Shape = {
    "id": is_name,
    "role": is_name,
    "model": is_name,
    "content": lambda value: isinstance(value, str | list),
    "usage": is_object,
    "stop_reason": is_name,
}
BLOCK: Shape = {
    "type": is_name,
    "text": is_text,
    "thinking": is_text,
    "signature": is_text,
    "data": is_text,
    "id": is_name,
    "name": is_name,
    "input": is_object,
    "tool_use_id": is_name,
    "is_error": is_flag,
}
USAGE: Shape = {
    "input_tokens": is_count,
    "cache_creation_input_tokens": is_count,
    "cache_read_input_tokens": is_count,
    "output_tokens": is_count,
    "cache_creation": is_object,
}
FILE: Shape = {
    "filePath": is_name,
    "content": lambda value: isinstance(value, str | list),
    "originalFile": is_text,
    "numLines": is_count,
    "totalLines": is_count,
}
INSIDE: dict[str, Shape] = {
    "compactMetadata": {"trigger": is_name, "preTokens": is_count, "postTokens": is_count},
    "microcompactMetadata": {"tokensSaved": is_count},
    "toolUseResult": {**FILE, "file": lambda value: isinstance(value, dict | str)},
    "file": FILE,
    "message": MESSAGE,
    "usage": USAGE,
    "cache_creation": {
        "ephemeral_1h_input_tokens": is_count,
        "ephemeral_5m_input_tokens": is_count,
    },
}
"""Objects inside an entry, by the name that they have in what is around them."""


def decode(line: bytes) -> Entry:
    """One line as an entry; raises MalformedJSONError where it is not one JSON object."""
    value = quickjson.loads(line)
    return entry(value, halves=any(half in line for half in HALVES))


def entry(value: Any, *, halves: bool = True) -> Entry:
    """A JSON value as an entry, in place; raises MalformedJSONError where it is no object.

    `halves` tells that its texts may hold halves of characters.
    """
    if not isinstance(value, dict):
        raise quickjson.MalformedJSONError("not a JSON object")
    if halves:
        value = _whole(value)
    _drop(value, ENTRY)
    if "rendered" in value:
        value["rendered"] = [part for part in value["rendered"] if isinstance(part, dict)]
    content = value.get("message", {}).get("content")
    if isinstance(content, list):
        blocks = [block for block in content if isinstance(block, dict)]
        for block in blocks:
            _drop(block, BLOCK)
        value["message"]["content"] = blocks
    return value  # type: ignore[no-any-return]


def has_keys(value: Any, pattern: dict[str, Any]) -> bool:
    """Whether an object has every key that the pattern has, and so on inside."""
    return isinstance(value, dict) and all(
        key in value and (not isinstance(inner, dict) or has_keys(value[key], inner))
        for key, inner in pattern.items()
    )


def whole_text(text: str) -> str:
    """The text with a mark in place of each half of a character, which nothing could write."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _whole(value: Any) -> Any:
    try:
        if isinstance(value, str):
            return whole_text(value)
        if isinstance(value, list):
            return [_whole(part) for part in value]
        if isinstance(value, dict):
            return {whole_text(key): _whole(part) for key, part in value.items()}
    except RecursionError:
        raise quickjson.MalformedJSONError("nested too deep") from None
    return value


def _drop(value: dict[str, Any], shape: Shape) -> None:
    """Drop the fields that have another type than the shape says; null is one of them."""
    for key, fits in shape.items():
        if key in value:
            inner = value[key]
            if not fits(inner):
                del value[key]
            elif isinstance(inner, dict) and key in INSIDE:
                _drop(inner, INSIDE[key])
