"""Transcript lines as search reads them: a typed decoder that skips all else at disk speed."""

from __future__ import annotations

from typing import Any

import msgspec

NOTHING = msgspec.Raw(b"")


class Block(msgspec.Struct):
    """One block of a message; what a call was given and what a result holds stay undecoded."""

    type: str = ""
    text: str | None = None
    name: str | None = None
    input: msgspec.Raw = NOTHING
    is_error: bool | None = None
    content: msgspec.Raw = NOTHING

    def given(self) -> Any:
        """What a call was given."""
        return value(self.input)

    def outcome(self) -> Any:
        """What a result holds."""
        return value(self.content)

    def may_say(self, words: str) -> bool:
        """Whether a result can hold these words; false is certain."""
        return words.encode() in bytes(self.content)


class Message(msgspec.Struct):
    """The message of a user or assistant line."""

    content: str | list[Block] | None = None


class Queued(msgspec.Struct):
    """An attachment; `prompt` is what was typed while Claude worked."""

    type: str = ""
    prompt: msgspec.Raw = NOTHING

    def typed(self) -> Any:
        """What was typed."""
        return value(self.prompt)


class Origin(msgspec.Struct):
    """Who wrote a prompt."""

    kind: str | None = None


class Line(msgspec.Struct):
    """One line of a transcript."""

    type: str = ""
    timestamp: str | None = None
    message: Message | None = None
    attachment: Queued | None = None
    origin: Origin | None = None
    isSidechain: bool | None = None  # noqa: N815  (the client's own name, like the next ones)
    isMeta: bool | None = None  # noqa: N815
    isCompactSummary: bool | None = None  # noqa: N815
    isApiErrorMessage: bool | None = None  # noqa: N815


_lines = msgspec.json.Decoder(Line)
_values = msgspec.json.Decoder()


def decode(line: bytes) -> Line | None:
    """A line; None if it is not one JSON object, or not of the shape that the client writes."""
    try:
        return _lines.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None


def value(raw: msgspec.Raw) -> Any:
    """What an undecoded part of a line holds; None if there is nothing that can be read."""
    try:
        return _values.decode(raw) if bytes(raw) else None
    except (msgspec.DecodeError, RecursionError):
        return None
