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
}
COMPACTION: Shape = {
    "trigger": is_name,
    "preTokens": is_count,
    "postTokens": is_count,
}


def decode(line: bytes) -> Entry:
    """One line as an entry; raises MalformedJSONError where it is not one JSON object."""
    return entry(quickjson.loads(line))


def entry(value: Any) -> Entry:
    """A JSON value as an entry, in place; raises MalformedJSONError where it is no object."""
    if not isinstance(value, dict):
        raise quickjson.MalformedJSONError("not a JSON object")
    _drop(value, ENTRY)
    if "rendered" in value:
        value["rendered"] = [part for part in value["rendered"] if isinstance(part, dict)]
    if "compactMetadata" in value:
        _drop(value["compactMetadata"], COMPACTION)
    if "message" in value:
        _message(value["message"])
    return value  # type: ignore[return-value]


def _message(message: dict[str, Any]) -> None:
    _drop(message, MESSAGE)
    if "usage" in message:
        _drop(message["usage"], USAGE)
    content = message.get("content")
    if isinstance(content, list):
        message["content"] = [block for block in content if isinstance(block, dict)]
        for block in message["content"]:
            _drop(block, BLOCK)


def _drop(value: dict[str, Any], shape: Shape) -> None:
    """Drop the fields that have another type than the shape says; null is one of them."""
    for key, fits in shape.items():
        if key in value and not fits(value[key]):
            del value[key]
