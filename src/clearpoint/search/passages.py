"""What of a transcript can be found again: passages, each of one kind. Pure.

Prompts, answers, decisions, what was run or changed, and what failed. Of other tool output
nothing is taken: it is most of a transcript, and others wrote it.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import INTERRUPTED, LOOKS, PLAN, QUESTION, SHELLS, USER_ANSWERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, NamedTuple

    from clearpoint.search import entries, one_line

    Kind = Literal["prompt", "answer", "decision", "command", "error"]
    Line = entries.Line | one_line.Line
    Block = entries.Block | one_line.Block
else:
    from clearpoint.lowlevel.records import Record as NamedTuple
KINDS: tuple[Kind, ...] = ("prompt", "answer", "decision", "command", "error")
SPOKEN = frozenset(("prompt", "answer", "decision"))
PASSAGE_CHARS = 8_000
"""A longer passage was pasted or generated; its beginning says what it is."""
CHANGE_CHARS = 2_000
ERROR_CHARS = 1_500
ANSWERED_CHARS = 200
"""So near its beginning a result says that the user has answered."""
DEPTH_LIMIT = 6
SEARCHES = "clearpoint search"
"""A command of Claude's that would be found by every word that it looked for."""
FILE_KEYS = ("file_path", "notebook_path", "path")


class Passage(NamedTuple):
    """A text that can be found; `part` is its number among those of its line."""

    kind: Kind
    text: str
    part: int


class Piece(NamedTuple):
    """A stretch of a file with what it holds; `timestamp` is as the file writes it."""

    start: int
    length: int
    timestamp: str | None
    passages: list[Passage]
    touched: list[str]


def passages(line: Line) -> Iterator[Passage]:
    """The passages of a line, always in the same order."""
    for part, (kind, text) in enumerate(_found(line)):
        if text := text.strip():
            yield Passage(kind, text[:PASSAGE_CHARS], part)


def touched(line: Line) -> Iterator[str]:
    """The files that the calls of a line name, as they name them."""
    content = line.message.content if line.message else None
    for block in content if isinstance(content, list) else ():
        given = block.given() if block.type == "tool_use" else None
        if isinstance(given, dict):
            yield from (path for key in FILE_KEYS if isinstance(path := given.get(key), str))


def _found(line: Line) -> Iterator[tuple[Kind, str]]:
    if line.isSidechain or line.isMeta or line.isCompactSummary or line.isApiErrorMessage:
        return
    if line.attachment is not None:
        if line.attachment.type == "queued_command":
            yield "prompt", joined(line.attachment.typed())
        return
    content = line.message.content if line.message else None
    if isinstance(content, str):
        yield from _said(line, content)
    for block in content if isinstance(content, list) else ():
        if block.text is not None:
            yield from _said(line, block.text)
        elif block.type == "tool_use":
            yield from _called(block)
        elif block.type == "tool_result":
            yield from _came_back(block)


def _said(line: Line, text: str) -> Iterator[tuple[Kind, str]]:
    """What was typed, or answered."""
    if line.type == "assistant":
        yield "answer", text
    elif line.type == "user" and is_typed(line, text):
        yield "prompt", text


def is_typed(line: Line, text: str) -> bool:
    """Whether the user typed this, and neither the client nor a machine."""
    kind = line.origin.kind if line.origin else None
    return kind in (None, "human") and not text.lstrip().startswith(("<", INTERRUPTED))


def _called(block: Block) -> Iterator[tuple[Kind, str]]:
    """What a call was given: its texts, each cut, behind the tool's name."""
    if block.name in LOOKS:
        return
    given = joined(block.given())
    if block.name == PLAN:
        yield "decision", given
    elif block.name != QUESTION and not (block.name in SHELLS and given.startswith(SEARCHES)):
        yield "command", f"{block.name} {given}"


def _came_back(block: Block) -> Iterator[tuple[Kind, str]]:
    """An answer of the user's to a question, or the words of a failure."""
    if block.is_error:
        yield "error", joined(block.outcome())[:ERROR_CHARS]
    elif block.may_say(USER_ANSWERED):
        text = joined(block.outcome())
        if USER_ANSWERED in text[:ANSWERED_CHARS]:
            yield "decision", text


def joined(found: Any, depth: int = DEPTH_LIMIT) -> str:
    """The texts in a JSON value, a line each."""
    if isinstance(found, str):
        return found[:CHANGE_CHARS] if depth < DEPTH_LIMIT else found
    if not depth or not isinstance(found, dict | list):
        return ""
    values = found.values() if isinstance(found, dict) else found
    return "\n".join(filter(None, (joined(one, depth - 1) for one in values)))
