"""The content of an entry as blocks and text. Pure."""

from __future__ import annotations

from typing import Any


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
