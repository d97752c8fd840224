"""Transcript entries as the client writes them, made for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.tokens import usage

if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.usage import Usage
    from clearpoint.transcript.entry import Entry

MODEL = "claude-sonnet-4-6"


def entry(kind: str, **fields: Any) -> Entry:
    """Any entry."""
    made: Any = {"type": kind, "isSidechain": False, **fields}
    return made  # type: ignore[no-any-return]


def prompt(text: str, uuid: str = "u", parent: str | None = "p", **fields: Any) -> Entry:
    """A typed prompt."""
    message = {"role": "user", "content": text}
    return entry("user", uuid=uuid, parentUuid=parent, message=message, **fields)


def answer(
    text: str = "Done.",
    *,
    message_id: str = "m1",
    used: int = 20_000,
    output: int = 100,
    model: str = MODEL,
    uuid: str = "a",
    **fields: Any,
) -> Entry:
    """One line of a response; `used` is all four counts."""
    return blocks([{"type": "text", "text": text}], message_id, used, output, model, uuid, **fields)


def call(name: str, *, tool_id: str = "t1", message_id: str = "m1", **given: Any) -> Entry:
    """A response that calls a tool."""
    block = {"type": "tool_use", "id": tool_id, "name": name, "input": given}
    return blocks([block], message_id, 20_000, 100, MODEL, "c-" + tool_id)


def blocks(  # noqa: PLR0917
    content: list[dict[str, Any]],
    message_id: str,
    used: int,
    output: int,
    model: str,
    uuid: str,
    **fields: Any,
) -> Entry:
    """A response line with this content."""
    counts = {"input_tokens": 10, "cache_creation_input_tokens": 1_000,
              "cache_read_input_tokens": max(0, used - output - 1_010),
              "output_tokens": output}  # fmt: skip
    message = {"id": message_id, "role": "assistant", "model": model, "content": content,
               "usage": counts, "stop_reason": "end_turn"}  # fmt: skip
    return entry("assistant", uuid=uuid, message=message, **fields)


def result(text: str = "ok", *, tool_id: str = "t1", failed: bool = False) -> Entry:
    """A tool's result."""
    block = {"type": "tool_result", "tool_use_id": tool_id, "content": text, "is_error": failed}
    return entry("user", uuid="r-" + tool_id, message={"role": "user", "content": [block]})


def done(name: str, said: str = "ok", *, tool_id: str = "t1", **given: Any) -> list[Entry]:
    """A call of a tool and its result."""
    return [call(name, tool_id=tool_id, **given), result(said, tool_id=tool_id)]


def failed(name: str, said: str = "Error", *, tool_id: str = "t1", **given: Any) -> list[Entry]:
    """A call of a tool that failed."""
    return [call(name, tool_id=tool_id, **given), result(said, tool_id=tool_id, failed=True)]


def boundary(post_tokens: int | None = 3_000, trigger: str = "manual") -> Entry:
    """A compaction."""
    facts = {"trigger": trigger, "preTokens": 150_000, "postTokens": post_tokens}
    return entry("system", subtype="compact_boundary", compactMetadata=facts)


def command(name: str, arguments: str = "") -> Entry:
    """A slash command, as its line in the transcript."""
    text = f"<command-name>{name}</command-name>\n<command-args>{arguments}</command-args>"
    return prompt(text)


def used_after(*entries: Entry) -> Usage:
    """The usage after these entries."""
    counted = usage.new_usage()
    for one in entries:
        usage.fold(counted, one)
    return counted


def state_after(*entries: Entry) -> State:
    """The state after these entries, not judged."""
    state = session.new_state("s", "2026-01-01T00:00:00Z", DEFAULTS)
    session.fold(state, entries, DEFAULTS)
    return state
