"""The content of an entry as blocks and text. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def blocks_of(entry: Mapping[str, Any]) -> list[Any]:
    """The blocks of an entry's message, each an object; a plain text is one of them."""
    message = entry.get("message")
    return blocks_in(message.get("content")) if isinstance(message, dict) else []


def blocks_in(content: Any) -> list[dict[str, Any]]:
    """The blocks of a content, of a message or of a result; a plain text is one of them."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else dicts(content)


def texts_in(content: Any) -> list[str]:
    """The texts of a content."""
    found = [block.get("text") for block in blocks_in(content)]
    return [text for text in found if isinstance(text, str)]


def text_of(value: Any) -> str:
    """The value where it is text, else nothing."""
    return value if isinstance(value, str) else ""


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none if it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
