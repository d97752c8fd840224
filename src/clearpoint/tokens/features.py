"""The content of entries as features: sizes of texts, pictures, documents and thinking. Pure."""

from __future__ import annotations

from clearpoint.tokens.calibration import PLACE
from clearpoint.tokens.documents import is_media, media_size
from clearpoint.tokens.sizes import text_size
from clearpoint.transcript.content import blocks_in, blocks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from clearpoint.transcript.entry import Entry

SIGNATURE_PER_CHAR = 4 / 3
"""Characters of a signature per character of thinking, if there is no signature."""
DEPTH_LIMIT = 20
UNRENDERED_FIELDS = ("content", "text", "snippet", "prompt", "addedLines")
CONTENT_KEYS = (*UNRENDERED_FIELDS, "file", "cells", "source", "outputs")
"""What an attachment keeps its content under, at any depth: nothing else is for the model."""
IMAGE = PLACE["image"]


def content_texts(features: list[float], value: Any, depth: int = DEPTH_LIMIT) -> Iterator[str]:
    """The texts of an attachment's content; its pictures and documents are added at once."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from content_texts(features, inner, depth - 1)
    elif isinstance(value, dict) and is_media(value):
        features[IMAGE] += media_size(value)
    elif isinstance(value, dict) and depth:
        for key in CONTENT_KEYS:
            yield from content_texts(features, value.get(key), depth - 1)


def add_parts(features: list[float], content: Any, depth: int = DEPTH_LIMIT) -> None:
    """Add the content of a tool result or an attachment."""
    for part in blocks_in(content):
        add_part(features, part, None, depth)


def add_part(
    features: list[float], part: dict[str, Any], counted: int | None, depth: int = DEPTH_LIMIT
) -> None:
    """Add one block: a text, which counts as this feature too, a picture, or what it holds."""
    if part.get("type") == "text":
        add_text(features, part.get("text"), counted)
    elif is_media(part):
        features[IMAGE] += media_size(part)
    elif depth:
        add_parts(features, part.get("content"), depth - 1)


def add_text(features: list[float], text: Any, counted: int | None) -> None:
    """Add a text by channel, and count it under one more feature."""
    if isinstance(text, str):
        for place, size in enumerate(text_size(text)):
            features[place] += size
    if counted is not None:
        features[counted] += 1


def thought_size(block: dict[str, Any]) -> float:
    """The size of a thinking block as characters of its signature, which grows with it."""
    signature = block.get("signature") or block.get("data")
    if isinstance(signature, str):
        return len(signature)
    thinking = block.get("thinking")
    return len(thinking) * SIGNATURE_PER_CHAR if isinstance(thinking, str) else 0.0


def words_of(value: Any, depth: int = DEPTH_LIMIT) -> Iterator[str]:
    """The keys and values of a call's input as the model writes them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield key
            yield from words_of(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from words_of(inner, depth - 1)
    elif value is not None:
        yield str(value)


def characters_of(entry: Entry) -> int:
    """Characters of an entry that the model reads: its text, calls, and what is rendered of it."""
    rendered: Any = entry.get("rendered") or [] if entry.get("type") == "attachment" else []
    return sum(map(_characters, (*rendered, entry.get("message"))))


def _characters(message: Any, depth: int = DEPTH_LIMIT) -> int:
    total = 0
    for block in blocks_of({"message": message}):
        text = block.get("text") or block.get("thinking")
        total += len(text) if isinstance(text, str) else 0
        total += sum(map(len, words_of(block.get("input"))))
        total += _characters(block, depth - 1) if depth and "content" in block else 0
    return total
