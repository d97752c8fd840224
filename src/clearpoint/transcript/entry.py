"""Transcript entries, as far as anything here reads them, and their fast decoder.

Both lanes see the same plain dictionaries: the fast lane's hold keys that are not named here, the
full lane's only these, because `msgspec` skips the rest of a line at several times the speed.
The types here and the tests in `shape` say the same, and a test holds them to it.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from typing_extensions import TypedDict

from clearpoint.lowlevel import checks

Name = Annotated[str, msgspec.Meta(max_length=checks.NAME_CHARS)]
Count = Annotated[int, msgspec.Meta(ge=0, le=checks.COUNT_LIMIT)]


class Block(TypedDict, total=False):
    """One block of a message's content."""

    type: Name
    text: str
    thinking: str
    signature: str
    data: str
    """Of redacted thinking."""
    id: Name
    name: Name
    input: dict[str, Any]
    tool_use_id: Name
    content: Any
    is_error: bool | None
    source: Any


class CacheWrites(TypedDict, total=False):
    """What a request wrote to the prompt cache, by how long it is kept."""

    ephemeral_1h_input_tokens: Count
    ephemeral_5m_input_tokens: Count


class Pass(TypedDict, total=False):
    """One of several passes that the server made for one response."""

    type: Name
    """`message` for one over the conversation."""
    input_tokens: Count
    cache_creation_input_tokens: Count
    cache_read_input_tokens: Count
    output_tokens: Count


class TokenCounts(TypedDict, total=False):
    """What the API counted for one request; summed where there were several passes."""

    input_tokens: Count
    cache_creation_input_tokens: Count
    cache_read_input_tokens: Count
    output_tokens: Count
    cache_creation: CacheWrites
    iterations: list[Pass] | None


class Message(TypedDict, total=False):
    """The message of a user or assistant entry."""

    id: Name
    role: Name
    model: Name
    content: str | list[Block]
    usage: TokenCounts
    stop_reason: Name | None


class Compaction(TypedDict, total=False):
    """What the client says of a compaction; it says more than this."""

    trigger: Name
    preTokens: Count
    postTokens: Count


class Microcompaction(TypedDict, total=False):
    """What the client says of results that it took out of the context."""

    tokensSaved: Count


class ToolFile(TypedDict, total=False):
    """A file that a tool has read or written, as the client keeps it beside the result."""

    filePath: Name
    content: str | list[Any] | None
    originalFile: str | None
    numLines: Count
    totalLines: Count


class ToolOutcome(ToolFile, total=False):
    """What the client keeps beside a tool's result."""

    file: ToolFile | str | None
    interrupted: bool
    backgroundTaskId: Name


class Entry(TypedDict, total=False):
    """One line of a transcript."""

    type: Name
    subtype: Name
    uuid: Name
    parentUuid: Name | None
    timestamp: Name
    message: Message
    attachment: dict[str, Any]
    rendered: list[dict[str, Any]]
    compactMetadata: Compaction
    microcompactMetadata: Microcompaction
    toolUseResult: ToolOutcome | str | list[Any]
    content: Any
    operation: Name
    """Of a queue of prompts, in older clients."""
    isSidechain: bool
    isMeta: bool
    isCompactSummary: bool
    isVisibleInTranscriptOnly: bool
    isApiErrorMessage: bool
    isAbortedMidStream: bool
    requestedModel: Name | None
    cwd: Name
    gitBranch: Name
    version: Name
    permissionMode: Name
    origin: dict[str, Any]
