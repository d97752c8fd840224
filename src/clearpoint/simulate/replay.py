"""A transcript read again from its beginning: what would have been projected and said, and when.

Everything runs through the folds and judgements that the hooks use. A request's projection is
taken before anything of its response is known. Pure: entries in, records out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from clearpoint.advice import strategy
from clearpoint.client.vocabulary import BOUNDARY, INTERRUPTED
from clearpoint.session import state
from clearpoint.tokens import usage
from clearpoint.tokens.counts import counts_of
from clearpoint.transcript.content import blocks_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level
    from clearpoint.transcript.entry import Entry

REPLAYED_SESSION = "replay"
NO_TIME = "1970-01-01T00:00:00Z"


class Request(TypedDict):
    """One request to the model; its number counts from 1."""

    kind: Literal["request"]
    index: int
    message_id: str | None
    projected: int
    """Tokens that this request was expected to carry, known just before it."""
    actual: int
    """Tokens that it carried: input, cache creation and cache read."""
    level: Level
    """The level after its response."""


class Boundary(TypedDict):
    """One compaction; `index` is the number of requests before it."""

    kind: Literal["boundary"]
    index: int
    trigger: str | None
    pre_tokens: int | None
    post_tokens: int | None


class Said(TypedDict):
    """One piece of advice for the user; `index` is the number of requests before it."""

    kind: Literal["advice"]
    index: int
    trigger: str
    message: str


Record = Request | Boundary | Said


class Replay:
    """One pass over a transcript; `state` is the session as it stands after what was read.

    `model` overrides what the transcript names, for the window; the window size itself is
    overridden in the settings. The client's environment of that time is not known.
    """

    def __init__(
        self,
        config: Config,
        table: dict[str, Any],
        model: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.state = state.new_state(REPLAYED_SESSION, NO_TIME, config)
        self._config = config
        self._table = table
        self._model = model
        self._env = env or {}
        self._request: Request | None = None
        self._answered = False

    def records(self, entries: Iterable[Entry]) -> Iterator[Record]:
        """The records of the entries, in order; the end of the entries ends a turn too."""
        for entry in entries:
            if entry.get("isSidechain"):
                continue
            if self._answered and begins_anew(entry):
                yield from self._end_turn()
            yield from self._take(entry)
            self._answered = is_answer(entry, self._answered)
        if self._answered:
            yield from self._end_turn()
        yield from self._finish_request()

    def _take(self, entry: Entry) -> Iterator[Record]:
        """Fold one entry; return the records that are complete by it."""
        counted = self.state["usage"]
        number = counted["requests"]
        expected = 0
        message = entry.get("message")
        if entry.get("type") == "assistant" and isinstance(message, dict):
            new = message.get("id") != counted["message_id"]
            expected = usage.projected(counted)[0] if new else 0
        elif is_boundary(entry):
            yield from self._finish_request()
            yield boundary(entry, number)
        state.fold(self.state, (entry,), self._config)
        if counted["requests"] > number:
            yield from self._finish_request()
            self._request = {
                "kind": "request",
                "index": counted["requests"],
                "message_id": counted["message_id"],
                "projected": expected,
                "actual": counted["input"],
                "level": "normal",
            }
        if self._request and entry.get("type") == "assistant":
            self._judge()
            self._request["actual"] = counted["input"]
            self._request["level"] = self.state["budget"]["level"]

    def _finish_request(self) -> Iterator[Record]:
        if self._request:
            yield self._request
        self._request = None

    def _end_turn(self) -> Iterator[Record]:
        """What the end of a turn has the hooks say."""
        yield from self._finish_request()
        said = strategy.advise(self.state, self._judge(), self._config)
        if said:
            index = self.state["usage"]["requests"]
            yield {
                "kind": "advice",
                "index": index,
                "trigger": said.trigger,
                "message": said.message,
            }

    def _judge(self) -> dict[Level, int]:
        counted = self.state["usage"]
        named = counted["model"]
        counted["model"] = self._model or named
        starts = state.judge(self.state, self._config, self._table, 0, self._env)
        counted["model"] = named
        return starts


def begins_anew(entry: Entry) -> bool:
    """Whether the entry can only follow a finished turn: a prompt, a command, a compaction.

    An interruption is none of them: the client ends such a turn without its Stop event.
    """
    if is_boundary(entry):
        return True
    return entry.get("type") == "user" and not has_result(entry) and not is_interruption(entry)


def is_answer(entry: Entry, before: bool) -> bool:
    """Whether the turn is at an end after this entry: its newest response ends with text."""
    kind = entry.get("type")
    if kind == "user" or is_boundary(entry):
        return False
    if kind != "assistant" or counts_of(entry) is None:
        return before
    found = blocks_of(entry)
    return bool(found) and found[-1].get("type") == "text"


def has_result(entry: Entry) -> bool:
    """Whether the entry carries the result of a tool call."""
    return any(block.get("type") == "tool_result" for block in blocks_of(entry))


def is_interruption(entry: Entry) -> bool:
    """Whether the entry says that the user broke the turn off."""
    return any(text_of(block.get("text")).startswith(INTERRUPTED) for block in blocks_of(entry))


def is_boundary(entry: Entry) -> bool:
    """Whether the entry is the mark of a compaction."""
    return entry.get("type") == "system" and entry.get("subtype") == BOUNDARY


def boundary(entry: Entry, index: int) -> Boundary:
    """The record of a compaction, as far as its mark tells."""
    found: Any = entry.get("compactMetadata")
    facts = found if isinstance(found, dict) else {}
    trigger, before, after = (facts.get(key) for key in ("trigger", "preTokens", "postTokens"))
    return {
        "kind": "boundary",
        "index": index,
        "trigger": trigger if isinstance(trigger, str) else None,
        "pre_tokens": before if isinstance(before, int) else None,
        "post_tokens": after if isinstance(after, int) else None,
    }
