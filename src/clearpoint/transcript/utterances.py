"""What the user said, whichever way it reached the transcript. Pure. Fast lane.

Prompts and slash commands are user lines; words typed while Claude works are attachments, or queue
operations of older clients; the reason for rejecting a call and the answers to questions stand
in the result that the client writes for the call.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import (
    AFTER_ANSWERS,
    AFTER_REASON,
    ANSWERED,
    CLARIFYING,
    CLIENT_TAGS,
    COMMAND,
    INTERRUPTED,
    MACHINE_TAGS,
    NOTES,
    PLAN,
    QUESTION,
    REASONS,
    REJECTED,
    SHELL_CLOSING,
    SHELL_OPENING,
    SHELL_PREFIX,
    TASK,
)
from clearpoint.transcript.content import blocks_of, texts_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from clearpoint.models.words import Manner
    from clearpoint.transcript.entry import Block, Entry


COMPACT = "/compact"
PATH_CHARS = 120


def spoken(entry: Entry, calls: Mapping[str, list[str]]) -> Iterator[tuple[Manner, str, str]]:
    """All words of the user in one entry: how they were said, the words, and what about.

    `calls` are the tool calls without a result yet: id to the tool's name and what is known of the
    call (see `known_of`).
    """
    kind = entry.get("type")
    if kind == "attachment":
        if text := queued(entry):
            yield "while working", text, ""
    elif kind == "queue-operation":
        if text := enqueued(entry):
            yield "while working", text, ""
    elif kind == "user" and not entry.get("isCompactSummary"):
        if text := prompt(entry):
            yield "prompt", text, ""
        for block in blocks_of(entry):
            yield from _in_block(entry, block, calls)


def _in_block(
    entry: Entry, block: Block, calls: Mapping[str, list[str]]
) -> Iterator[tuple[Manner, str, str]]:
    text = block.get("text")
    if isinstance(text, str) and (ran := command(entry, text)):
        yield "compaction" if ran[0] == COMPACT else "command", ran[1], ran[0]
    elif block.get("type") == "tool_result":
        said = "\n".join(texts_in(block.get("content")))
        name, *known = calls.get(str(block.get("tool_use_id"))) or [""]
        if block.get("is_error"):
            if words := reason(said):
                yield "rejection", words, about(name, known)
        elif name == QUESTION:
            for question, words in answers(known, said):
                yield "answer", words, question


def known_of(name: str, given: dict[str, Any]) -> list[str]:
    """What is to be known of a call when the user refuses or answers it."""
    if name == QUESTION:
        rows = given.get("questions")
        found = (
            [row.get("question") for row in rows if isinstance(row, dict)]
            if isinstance(rows, list)
            else []
        )
        return [one for one in found if isinstance(one, str)]
    value = given.get("file_path") or given.get("command") or given.get("notebook_path") or ""
    return [value[:PATH_CHARS]] if isinstance(value, str) else []


def about(name: str, known: list[str]) -> str:
    """A call as the user knows it: `Edit mover.py`, `Bash make test`, `the plan`."""
    if name == PLAN:
        return "the plan"
    if name == QUESTION:
        return known[0] if known else "a question"
    what = known[0].splitlines()[0] if known and known[0] else ""
    is_path = what.startswith("/") and " " not in what
    return f"{name} {what.rpartition('/')[2] if is_path else what}".strip()


def enqueued(entry: Entry) -> str:
    """What was typed while Claude worked, of an older client's line; otherwise empty."""
    if entry.get("operation") != "enqueue":
        return ""
    text = entry.get("content")
    if not isinstance(text, str) or _is_bare_command(text):
        return ""
    return text if is_human({"origin": {"kind": None}}, text) else ""


def machine_text(entry: Entry) -> str:
    """What the client writes of a background task, outside user lines; empty if it does not."""
    attachment: Any = entry.get("attachment")
    found = attachment.get("prompt") if isinstance(attachment, dict) else entry.get("content")
    return found if isinstance(found, str) else ""


def _is_bare_command(text: str) -> bool:
    return text.startswith("/") and len(text.split()) == 1


def is_human(entry: Entry, text: str) -> bool:
    """Whether the user typed this text of a line, and not the client or a machine."""
    if entry.get("isMeta") or not text or text.isspace():
        return False
    origin = entry.get("origin")
    kind = origin.get("kind") if isinstance(origin, dict) else None
    if kind == "human":
        return not text.startswith((*CLIENT_TAGS, INTERRUPTED))
    if kind is not None or text.startswith(INTERRUPTED):
        return False
    if text[0] == "<":
        return not text.startswith((*CLIENT_TAGS, *MACHINE_TAGS))
    return not text.startswith(TASK)


def prompt(entry: Entry) -> str:
    """The prompt that a user line holds: all that was typed in it; empty if there is none."""
    message = entry.get("message")
    content: Any = message.get("content") if isinstance(message, dict) else None
    if entry.get("type") != "user" or entry.get("isCompactSummary"):
        return ""
    if isinstance(content, str):
        return content if is_human(entry, content) else ""
    return "\n".join(_typed(entry, content)) if isinstance(content, list) else ""


def _typed(entry: Entry, content: list[Block]) -> Iterator[str]:
    for block in content:
        text = block.get("text")
        if block.get("type") == "text" and isinstance(text, str) and is_human(entry, text):
            yield text


def queued(entry: Entry) -> str:
    """What was typed while Claude worked, of the attachment that hands it in; otherwise empty."""
    attachment: Any = entry.get("attachment")
    if not isinstance(attachment, dict) or attachment.get("type") != "queued_command":
        return ""
    origin = attachment.get("origin")
    kind = origin.get("kind") if isinstance(origin, dict) else "human"
    if kind != "human" or attachment.get("commandMode", "prompt") != "prompt":
        return ""
    found = attachment.get("prompt")
    text = "\n".join(texts_in(found))
    return text if is_human({"origin": {"kind": None}}, text) else ""


def command(entry: Entry, text: str) -> tuple[str, str] | None:
    """The slash command that a text of the client's tells of, with its arguments; otherwise None.

    A command line that the user typed for the shell is the command `!`.
    """
    if entry.get("isMeta"):
        return None
    if text.startswith(SHELL_OPENING):
        return SHELL_PREFIX, between(text, SHELL_OPENING, SHELL_CLOSING).strip()
    if not text.startswith(COMMAND) or "<command-name>" not in text:
        return None
    name = between(text, "<command-name>", "</command-name>").strip()
    arguments = between(text, "<command-args>", "</command-args>").strip()
    return (name if name.startswith("/") else f"/{name}"), arguments


def is_rejection(said: str) -> bool:
    """Whether the result of a call says that the user refused it."""
    return said.startswith(REJECTED)


def reason(said: str) -> str:
    """The user's reason in the result of a call that they refused; empty if they gave none."""
    if not is_rejection(said):
        return ""
    places = [place + len(mark) for mark in REASONS if (place := said.find(mark)) >= 0]
    if not places:
        return ""
    text = said[min(places) :]
    for mark in AFTER_REASON:
        text = text.partition(mark)[0]
    return "" if text.startswith(CLARIFYING) else text.strip()


def answers(questions: list[str], said: str) -> list[tuple[str, str]]:
    """The user's answers in the result of a call that asked: question and answer.

    An answer ends where the next one begins, so that it may hold quotation marks itself.
    """
    marks = [(question, ANSWERED.format(question)) for question in questions if question]
    found = [(place, question, mark) for question, mark in marks if (place := said.find(mark)) >= 0]
    found.sort()
    ends = [*(place for place, _, _ in found[1:]), len(said)][: len(found)]
    return [
        (question, _answer(said[place + len(mark) : end]))
        for (place, question, mark), end in zip(found, ends, strict=True)
    ]


def _answer(text: str) -> str:
    """An answer without what the client writes behind it."""
    for mark in AFTER_ANSWERS:
        text = text.partition(mark)[0]
    chosen, _, notes = text.strip().partition(NOTES)
    chosen = chosen.removesuffix(",").removesuffix('"')
    if not notes.strip() or notes.strip() == chosen.strip():
        return chosen.strip()
    return f"{chosen.strip()} ({notes.strip().removesuffix(',')})"


def between(text: str, opening: str, closing: str) -> str:
    """What stands between two marks, the first of each; empty if one is missing."""
    start = text.find(opening)
    end = text.find(closing, start)
    return text[start + len(opening) : end] if 0 <= start < end else ""
