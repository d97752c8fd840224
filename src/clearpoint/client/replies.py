"""What we may answer: the exact JSON that the client accepts, per event.

Source: measured on Claude Code 2.1.329. Each string is cut to the client's own limit, because a
longer one is replaced by a preview of it. Every text that leaves here has passed the door for
everything that Claude is given (`client.sanitize`).
"""

from __future__ import annotations

from codecs import utf_16_le_encode

from clearpoint.client.sanitize import outgoing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONTEXT_LIMIT_UNITS = 10_000
"""The client's limit for one string, in UTF-16 units."""


class Confirmed(dict["str", "Any"]):
    """A reply, and what is noted once it has been written: until then nothing was said."""

    __slots__ = ("then",)

    def __init__(self, answer: dict[str, Any], then: Callable[[], None]) -> None:
        super().__init__(answer)
        self.then = then


def units(text: str) -> int:
    """Length as the client counts it: UTF-16 units."""
    # by name, Python would load a module for the encoding
    return len(text) if text.isascii() else len(utf_16_le_encode(text, "surrogatepass")[0]) // 2


def cut(text: str, limit: int = CONTEXT_LIMIT_UNITS) -> str:
    """The text, or as much of its beginning as fits the limit."""
    if units(text) <= limit:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def sanitized(text: str) -> str:
    """The text as the client gets it: sanitized, and within the limit."""
    return cut(outgoing(text))


def reply(event_name: str, *, message: str = "", context: str = "") -> dict[str, Any] | None:
    """A message for the user, a context for Claude, both, or (with neither) nothing."""
    out: dict[str, Any] = {}
    if message:
        out["systemMessage"] = sanitized(message)
    if context:
        out["hookSpecificOutput"] = {
            "hookEventName": event_name,
            "additionalContext": sanitized(context),
        }
    return out or None


def block(event_name: str, reason: str) -> dict[str, Any]:
    """Keep a prompt from the model; the client shows the reason, and puts the text back."""
    once = {"hookEventName": event_name, "suppressOriginalPrompt": True}
    return {"decision": "block", "reason": sanitized(reason), "hookSpecificOutput": once}


def ending(text: str) -> dict[str, Any]:
    """A text for the user in place of the turn, which ends before a request is made."""
    return {"continue": False, "stopReason": sanitized(text)}
