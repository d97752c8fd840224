"""The token counts of a response, as the API reports them and as they make up the context. Pure."""

from __future__ import annotations

from clearpoint.client.vocabulary import SYNTHETIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.transcript.entry import Entry

INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
CACHE_SECONDS = {"ephemeral_1h_input_tokens": 3_600, "ephemeral_5m_input_tokens": 300}
"""The lifetimes of the prompt cache that the API counts by name, the longest first."""


def counts_of(entry: Entry) -> dict[str, int] | None:
    """The token counts of a response line, None for lines that carry none of their own.

    Where the server made several passes, the input side is that of the first one, and the output
    is all that the context has grown by since: what the last pass read and wrote, without it.
    """
    found = _usage_of(entry)
    if found is None:
        return None
    passes: Any = found.get("iterations")
    own = [one for one in passes if _is_pass(one)] if isinstance(passes, list) else []
    if not own or len(passes) < 2:
        return _counts(found)
    first, last = _counts(own[0]), _counts(own[-1])
    grown = sum(last.values()) - input_of(first)
    return last if grown < last["output_tokens"] else {**first, "output_tokens": grown}


def billed_of(entry: Entry) -> dict[str, int] | None:
    """The counts as they are paid for: of all passes over the conversation together."""
    found = _usage_of(entry)
    return None if found is None else _counts(found)


def _usage_of(entry: Entry) -> dict[str, Any] | None:
    """What the API counted for a response, None for a line that is no response of a model."""
    message = entry.get("message")
    if not isinstance(message, dict) or not is_response(entry):
        return None
    found: Any = message.get("usage")
    return found if isinstance(found, dict) else None


def is_response(entry: Entry) -> bool:
    """Whether a line of the assistant's side is of a model, and not the client's own."""
    message = entry.get("message") or {}
    return not entry.get("isApiErrorMessage") and message.get("model") != SYNTHETIC


def _is_pass(found: Any) -> bool:
    """Whether this is a pass over the conversation itself, not one of an adviser."""
    return isinstance(found, dict) and found.get("type") == "message"


def _counts(found: dict[str, Any]) -> dict[str, int]:
    return {
        name: value if isinstance(value := found.get(name), int) and value > 0 else 0
        for name in (*INPUT_COUNTS, "output_tokens")
    }


def input_of(counts: dict[str, int]) -> int:
    """The input side of a request: what it carried."""
    return sum(counts[name] for name in INPUT_COUNTS)


def cache_seconds(found: Any) -> int:
    """How long what this request wrote to the prompt cache is kept; 0 if it wrote nothing."""
    written = found.get("cache_creation") or {}
    return next((CACHE_SECONDS[name] for name in CACHE_SECONDS if written.get(name)), 0)
