"""The content of an entry as blocks and text, and who typed it. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.transcript.entry import Entry


def blocks_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of an entry's message; a plain text is one of them."""
    message = entry.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return [{"type": "text", "text": content}] if isinstance(content, str) else dicts(content)


def text_of(value: Any) -> str:
    """The value where it is text, else nothing."""
    return value if isinstance(value, str) else ""


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def is_human(entry: Entry, text: str) -> bool:
    """Whether a person typed this, and not the client or a machine."""
    origin = entry.get("origin")
    kind = origin.get("kind") if isinstance(origin, dict) else None
    if entry.get("isMeta") or kind not in (None, "human"):
        return False
    return bool(text.strip()) and not text.startswith(("<", "[Request interrupted"))
