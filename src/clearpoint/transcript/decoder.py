"""The shapes that transcript entries are read in: what does not fit is dropped, never passed on.

Everything behind this module may rely on the types that `entries.Entry` names, and on sizes that
a state file can hold. Standard library only: the fast lane decodes here.
"""

from __future__ import annotations

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import _whole, is_count, is_flag, is_name, is_object, is_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from clearpoint.transcript.entry import Entry

    Shape = dict[str, Callable[[Any], bool]]


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
    "operation": is_name,
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
    "iterations": lambda value: isinstance(value, list),
}
COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
PASS: Shape = {"type": is_name, **dict.fromkeys(COUNTS, is_count)}
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
    "toolUseResult": {
        **FILE,
        "file": lambda value: isinstance(value, dict | str),
        "interrupted": is_flag,
        "backgroundTaskId": is_name,
    },
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
    """One line as an entry; raises MalformedJSONError if it is not one JSON object."""
    value = fast_json.loads(line)
    return entry(value, halves=any(half in line for half in HALVES))


def entry(value: Any, *, halves: bool = True) -> Entry:
    """A JSON value as an entry, in place; raises MalformedJSONError if it is no object.

    `halves` tells that its texts may hold halves of characters.
    """
    if not isinstance(value, dict):
        raise fast_json.MalformedJSONError("not a JSON object")
    if halves:
        value = _whole(value)
    _round_counts(value)
    _drop(value, ENTRY)
    if "rendered" in value:
        value["rendered"] = [part for part in value["rendered"] if isinstance(part, dict)]
    passes = value.get("message", {}).get("usage", {}).get("iterations")
    for one in passes or ():
        if isinstance(one, dict):
            _drop(one, PASS)
    content = value.get("message", {}).get("content")
    if isinstance(content, list):
        blocks = [block for block in content if isinstance(block, dict)]
        for block in blocks:
            _drop(block, BLOCK)
        value["message"]["content"] = blocks
    return value  # type: ignore[no-any-return]


def _round_counts(value: dict[str, Any]) -> None:
    """Make whole numbers of the counts that a gateway writes as `1200.0`."""
    message = value.get("message")
    usage = message.get("usage") if isinstance(message, dict) else None
    if isinstance(usage, dict):
        for name in COUNTS:
            if isinstance(found := usage.get(name), float) and found.is_integer():
                usage[name] = int(found)


def _drop(value: dict[str, Any], shape: Shape) -> None:
    """Drop the fields that have another type than the shape says; null is one of them."""
    for key, fits in shape.items():
        if key in value:
            inner = value[key]
            if not fits(inner):
                del value[key]
            elif isinstance(inner, dict) and key in INSIDE:
                _drop(inner, INSIDE[key])
