"""One line of a transcript as `entries` reads it, without the library that reads whole ones.

A result is read from a line that is in the index, so `entries` has read it before; of such a line
both say the same. Pure. Standard library only.
"""

from __future__ import annotations

from clearpoint.lowlevel import fast_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Block:
    """One block of a message."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.type: str = written.get("type", "")
        self.text: str | None = text_or_none(written.get("text"))
        self.name: str | None = text_or_none(written.get("name"))
        self.is_error = bool(written.get("is_error"))
        self.written = written

    def given(self) -> Any:
        """What a call was given."""
        return self.written.get("input")

    def outcome(self) -> Any:
        """What a result holds."""
        return self.written.get("content")

    def may_say(self, words: str) -> bool:  # noqa: ARG002  (a question of time elsewhere)
        """Whether a result can hold these words."""
        return True


class Message:
    """The message of a user or assistant line."""

    def __init__(self, written: dict[str, Any]) -> None:
        content = written.get("content")
        self.content: str | list[Block] | None = text_or_none(content)
        if isinstance(content, list):
            self.content = [Block(one) for one in content if isinstance(one, dict)]


class Queued:
    """An attachment."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.type: str = written.get("type", "")
        self.written = written

    def typed(self) -> Any:
        """What was typed."""
        return self.written.get("prompt")


class Origin:
    """Who wrote a prompt."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.kind = text_or_none(written.get("kind"))


class Line:
    """One line of a transcript."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.type: str = written.get("type", "")
        self.message = Message(found) if (found := part(written, "message")) else None
        attached = part(written, "attachment")
        self.attachment = Queued(attached) if attached is not None else None
        self.origin = Origin(found) if (found := part(written, "origin")) else None
        self.isSidechain = written.get("isSidechain")
        self.isMeta = written.get("isMeta")
        self.isCompactSummary = written.get("isCompactSummary")
        self.isApiErrorMessage = written.get("isApiErrorMessage")


def decode(data: bytes) -> Line | None:
    """A line; None if it is not one JSON object."""
    try:
        written = fast_json.loads(data)
    except fast_json.MalformedJSONError:
        return None
    return Line(written) if isinstance(written, dict) else None


def part(written: dict[str, Any], name: str) -> dict[str, Any] | None:
    """An object in an object; None if something else stands."""
    found = written.get(name)
    return found if isinstance(found, dict) else None


def text_or_none(found: Any) -> str | None:
    """A text; None if something else stands."""
    return found if isinstance(found, str) else None
