"""Summaries of conversations for any program, with the way back to what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clearpoint.text import exact, summary
from clearpoint.text.summary import Message
from clearpoint.tokens.encoder import count

WIDER = 1.5
ROLES = {"human": "user", "ai": "assistant"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary; sizes are tokens. As a string it is its text."""

    text: str
    """Lines that begin with the pointer to the message they are taken from, `[3] …`."""
    tokens: int
    original_tokens: int
    messages: Mapping[str, str] = field(repr=False)
    """All that was said, by pointer."""

    @property
    def ratio(self) -> float:
        """What is left of the original, as a share of its tokens."""
        return self.tokens / max(1, self.original_tokens)

    def original(self, pointer: str | int) -> str:
        """The whole message that a pointer leads to. Raises KeyError for an unknown pointer."""
        return self.messages[str(pointer).strip("[]")]

    def __str__(self) -> str:
        return self.text


def summarize(messages: Iterable[str | Mapping[str, Any]], ratio: float = summary.RATIO) -> Summary:
    """The conversation at this share of its tokens, within a tenth of it; decisions come first.

    Of one that is too short for that, one sentence is kept. A message is a text, or a dictionary
    with `content` (a text, or the blocks of Claude's API) and `role`. Its pointer is its number in
    the list, from 0.

    >>> talk = ["We decided to use JWT.", *[f"Row {number} is read." for number in range(9)]]
    >>> print(summarize(talk, 0.2))
    [0] We decided to use JWT.

    Raises ValueError for a ratio that is not above 0 and at most 1, and for a message of another
    shape.
    """
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Iterable):
        kind = type(messages).__name__
        raise ValueError(f"messages must be a list of strings or dictionaries, not a {kind}")  # noqa: TRY004
    return summarized([as_message(number, one) for number, one in enumerate(messages)], ratio)


def summarized(messages: list[Message], ratio: float) -> Summary:
    """The summary of messages that have their pointers."""
    if isinstance(ratio, bool) or not isinstance(ratio, int | float):
        raise ValueError(f"the ratio must be a number above 0 and at most 1, not {ratio!r}")  # noqa: TRY004
    found = exact.summarize(messages, ratio, measure=count)
    while not found.text and ratio < 1:  # too short for its share: the most telling sentence
        ratio = min(1, ratio * WIDER)
        found = exact.summarize(messages, ratio, measure=count)
    originals = {one.pointer: one.text for one in messages}
    return Summary(found.text, found.tokens, found.original_tokens, originals)


def as_message(number: int, given: str | Mapping[str, Any]) -> Message:
    """One message as a summary takes it."""
    if isinstance(given, str):
        return Message("", given, str(number))
    content = given.get("content", given.get("text")) if isinstance(given, Mapping) else None
    if isinstance(content, list):
        content = "\n".join(
            block["text"]
            for block in content
            if isinstance(block, Mapping) and isinstance(block.get("text"), str)
        )
    if not isinstance(content, str):
        raise ValueError(  # noqa: TRY004
            f"message {number} is neither a string nor a dictionary with content: {given!r:.80}"
        )
    role = str(given.get("role", ""))
    return Message(ROLES.get(role, role), content, str(number))
