"""What was read of the transcript, and the size of the context by it."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12


class Cursor(TypedDict):
    """How far a transcript has been read."""

    path: str
    offset: int
    """Bytes up to the end of the last complete line."""
    line: int
    """Lines up to there."""
    mark: str
    """A checksum of the first and the last bytes up to the offset: another file has another."""
    skipped: dict[str, int]
    """Lines that were passed over, by kind."""


class Stretch(TypedDict):
    """A part of a transcript that is counted from its end, without being read."""

    start: int
    """In bytes."""
    end: int
    """Up to where it is not counted yet."""
    older: str
    """The response before it; empty for none."""
    newer: str
    """The first response that was counted behind its end; empty for none."""


class Recording(TypedDict):
    """How far the next archive is recorded, in a file beside the archives."""

    offset: int
    """Bytes of the transcript."""
    size: int
    """Bytes of the file."""
    checksum: int
    """Their CRC-32."""
    calls: dict[str, list[str]]
    """Calls without a result yet: the tool's name, and what is known of the call."""
    lines: dict[str, str]
    """The command lines of those that run checks."""


class Fit(TypedDict):
    """What was learned about how one model counts (see `calibration`)."""

    n: int
    """Requests seen."""
    stale: int
    """Requests since the weights were solved for."""
    matrix: list[float]
    """Lower triangle of the normal matrix, row by row."""
    moment: list[float]
    weights: list[float]
    drops: NotRequired[bool]
    """Whether the model leaves its thinking out of the next request, where that was seen."""


Learner = dict[str, Fit]
"""By model, a few at most."""


class Pending(TypedDict):
    """What was written since the newest request began, as sums of features (see `tokens`)."""

    own: list[float]
    """The newest response's content."""
    since: list[float]
    """Everything else."""
    output: int
    """The client's count of the response."""
    final: bool
    """Whether the client says that the response ended, so that its count is whole."""
    thoughts: float
    """Size of this turn's thinking, which some models leave out once the turn is over."""
    left: int
    """Tokens that a compaction says it left of the conversation."""
    restored: int
    """Tokens that a compaction adds without writing them."""
    files: dict[str, int]
    """Files read or written last, with their size: a compaction may read them again."""
    renders: bool
    """Whether this client writes attachments as the model sees them."""
    model: str | None
    """The model that was chosen for the next request, where the transcript names it."""


class Usage(TypedDict):
    """The exact size of the context, as a fold over entries."""

    message_id: str | None
    """The newest response, to which several lines may belong."""
    parent: str | None
    """The entry that it answers, which some clients write after it."""
    model: str | None
    """With its `[1m]` where the client asked for that."""
    used: int
    """All four counts of the newest response on the main chain; where none was ever reported, the
    client's own estimate, a quarter of the characters."""
    input: int
    """The input side of it alone."""
    output: int
    at: str | None
    """When that was."""
    requests: int
    prompts: int
    since_boundary: int
    """Responses since the last compaction; 0 right after one."""
    boundary_tokens: int | None
    """What the client says that the last compaction left."""
    compactions: int
    compacted_at: int
    """Tokens in use when the client last compacted by itself; 0 if it never did."""
    overhead: int
    """System prompt and tools: what the first request carried beside the messages."""
    peak: int
    """The largest request that this model has answered since the last compaction."""
    peaks: dict[str, int]
    """The same of the models that answered before it."""
    uncounted: int
    """Lines of responses for which no usage was reported."""
    characters: int
    """What stands in the context, while no usage was reported at all."""
    spoken: int
    """Lines of answers with text."""
    asked: int
    """How many of them came before the newest words of the other side."""
    pending: Pending
    learner: Learner
    anchors: list[list[Any]]
    """Recent `[parent uuid of a prompt, used, input]`, to find the way back after a rewind."""
    turn_start: int
    """Tokens in use when the current turn began."""
    growth: list[int]
    """Growth of the newest turns, in tokens."""
    client_version: str | None
    interrupted: bool
    """Whether the user broke the newest turn off."""
    cache_seconds: int
    """How long the prompt cache keeps what was newly written to it; 0 until that is seen."""


class Request(TypedDict):
    """What one request cost, in tokens."""

    id: str
    at: str
    model: str
    input: int
    """Neither written to the prompt cache nor read from it."""
    written: int
    """To the prompt cache."""
    read: int
    """From the prompt cache."""
    output: int
    hour: NotRequired[int]
    """Of what was written to the prompt cache, what is kept there for an hour."""


class Kept(TypedDict):
    """How far a session is kept."""

    cursor: Cursor
    """Where in its transcript."""
    archives: int
    """Archive files written without a state."""
