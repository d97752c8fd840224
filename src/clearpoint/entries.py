"""Transcript entries, as far as anything here reads them, and their fast decoder.

Both lanes see the same plain dictionaries: the fast lane's hold keys that are not named here, the
full lane's only these, because `msgspec` skips the rest of a line at several times the speed.
"""

from __future__ import annotations

from typing import Any

import msgspec
from typing_extensions import TypedDict

from clearpoint import quickjson


class Block(TypedDict, total=False):
    """One block of a message's content."""

    type: str
    text: str
    thinking: str
    id: str
    name: str
    input: dict[str, Any]
    tool_use_id: str
    content: Any
    is_error: bool | None
    source: Any


class TokenCounts(TypedDict, total=False):
    """What the API counted for one request."""

    input_tokens: int
    cache_creation_input_tokens: int
    cache_read_input_tokens: int
    output_tokens: int


class Message(TypedDict, total=False):
    """The message of a user or assistant entry."""

    id: str
    role: str
    model: str
    content: str | list[Block]
    usage: TokenCounts
    stop_reason: str | None


class Entry(TypedDict, total=False):
    """One line of a transcript."""

    type: str
    subtype: str
    uuid: str
    parentUuid: str | None
    timestamp: str
    message: Message
    attachment: dict[str, Any]
    rendered: list[Any]
    compactMetadata: dict[str, Any]
    content: Any
    isSidechain: bool
    isMeta: bool
    isCompactSummary: bool
    isVisibleInTranscriptOnly: bool
    isApiErrorMessage: bool
    isAbortedMidStream: bool
    requestedModel: str | None
    cwd: str
    gitBranch: str
    version: str
    permissionMode: str
    origin: dict[str, Any]


_decoder = msgspec.json.Decoder(Entry)


def decode(line: bytes) -> Entry:
    """One line as an entry; raises ValueError where it is not one JSON object."""
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:  # a field of another type than we know: read it as it is
        return quickjson.loads(line)  # type: ignore[no-any-return]
    except msgspec.DecodeError as error:
        raise quickjson.MalformedJSONError(str(error)) from None
