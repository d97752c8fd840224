"""Secrets in what was typed, said and called are masked before any of it is kept.

Every entry comes by here once, in both lanes. Nearly all texts hold nothing that a secret is
named by or begins with, which `gate` tells without a pattern; the others are given to the rules.
A text is looked at piece by piece within a time; what is left then is withheld, never kept as it
is. What is held back for a user stays as it was typed (see `held`). Pure, but for the clock.
Fast lane.
"""

from __future__ import annotations

import time

from clearpoint.redaction import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from clearpoint.transcript.entry import Entry

DEPTH_LIMIT = 100
PIECE_CHARS = 32_000
WORD_CHARS = 2_000
"""So far back a piece is ended at a blank, so that no word is cut in two."""
SEAM_CHARS = 200
"""So near the end of a piece nothing suspect is to stand: a name and its secret stay together."""
TEXT_S = 0.5
"""A text that takes more of the processor is withheld from there on."""
WITHHELD = "[withheld: too long to check]"
RESULT_CHARS = 4_000
"""Of a tool's result nothing longer is ever kept, but for what the user says in one."""
SAID_BY_USER = ("User has answered", "The user doesn't want", "the user said:", "To tell you how")
BLOCK = "PRIVATE KEY"
CLEAN_CHARS, CLEAN_TEXTS = 2_000, 5_000
"""Paths, commands and descriptions come again and again: so many are known to hold nothing."""
_clean: set[str] = set()
MANY_CHARS = 200_000
"""Once a process has looked through so much, it pays to judge each word once: see `bulk`."""
_looked = 0


QUEUE = "queue-operation"
"""The type of the lines in which older clients queue what is typed while Claude works."""


def masked(text: str, until: float | None = None) -> str:
    """The text with a mark in place of each secret that is recognized in it.

    `until` is when a hook must be done, by `time.monotonic`.
    """
    if len(text) <= PIECE_CHARS:
        return _masked(text)
    end = time.process_time() + TEXT_S
    done = []
    for piece in _pieces(text):
        if time.process_time() > end or (until is not None and time.monotonic() > until):
            done.append(WITHHELD)
            break
        done.append(_masked(piece))
    return "".join(done)


def _masked(text: str) -> str:
    if text in _clean:
        return text
    looking = _gate(len(text))
    if looking.is_suspect(text, text.lower()):
        from clearpoint.redaction.detector import mask

        if (done := mask(text, looking.places)) != text:
            return done
    if len(text) <= CLEAN_CHARS:
        if len(_clean) == CLEAN_TEXTS:
            _clean.clear()
        _clean.add(text)
    return text


def _gate(chars: int) -> Any:
    """Who tells what may hold a secret: both tell the same, the second faster once it is made."""
    global _looked  # noqa: PLW0603  (how much this process has looked through)
    _looked += chars
    if _looked < MANY_CHARS:
        return gate
    from clearpoint.redaction import bulk

    return bulk


def _pieces(text: str) -> Iterator[str]:
    """Parts of a long text, each ended at a blank and never within a private key."""
    start = 0
    while start < len(text):
        end = start + PIECE_CHARS
        if end < len(text):
            end = _end_of_piece(text, end)
            begun = text.rfind(BLOCK, start, end)
            if begun >= 0 and text.rfind("-----END", start, end) < begun:
                stop = text.find("-----END", begun, begun + PIECE_CHARS)
                end = text.find("\n", stop) + 1 if stop > 0 and text.find("\n", stop) > 0 else end
        yield text[start:end]
        start = end


def _end_of_piece(text: str, limit: int) -> int:
    """Where a piece ends before a limit: at a blank, one with nothing suspect around it if it can."""
    found, last, end = 0, limit - WORD_CHARS, limit
    while (blank := max(text.rfind(char, last, end) for char in " \n")) >= 0:
        found = found or blank + 1
        around = text[blank - SEAM_CHARS : blank + SEAM_CHARS]
        if not gate.is_suspect(around, around.lower()):
            return blank + 1
        end = blank - SEAM_CHARS
    return found or limit


def always(_result: Any) -> bool:
    """For who cannot tell which results are kept."""
    return True


def never(_result: Any) -> bool:
    """For who keeps nothing of results as it is."""
    return False


def mask(
    entry: Entry, until: float | None = None, is_kept: Callable[[Any], bool] = always
) -> Entry:
    """The entry, in which whatever may be kept is masked in place.

    `is_kept` tells of a block with a tool's result whether anything of it is kept as it is.
    """
    message = entry.get("message")
    if isinstance(message, dict):
        _mask_content(message, until, is_kept)
    attached: Any = entry.get("attachment")
    if isinstance(attached, dict) and "prompt" in attached:
        attached["prompt"] = _inside(attached["prompt"], until)
    if isinstance(queued := entry.get("content"), str) and entry.get("type") == QUEUE:
        entry["content"] = masked(queued, until)
    outcome: Any = entry.get("toolUseResult")
    if isinstance(outcome, str):
        entry["toolUseResult"] = _result(outcome, until)
    elif isinstance(outcome, dict):
        for name in ("answers", "questions", "annotations", "plan"):
            if name in outcome:
                outcome[name] = _inside(outcome[name], until)
    return entry


def _mask_content(message: Any, until: float | None, is_kept: Callable[[Any], bool]) -> None:
    content = message.get("content")
    if isinstance(content, str):
        message["content"] = masked(content, until)
    for block in content if isinstance(content, list) else ():
        is_result = isinstance(block, dict) and block.get("type") == "tool_result"
        if not is_result or is_kept(block):
            _mask_block(block, until)


def _mask_block(block: Any, until: float | None) -> None:
    if not isinstance(block, dict):
        return
    if isinstance(text := block.get("text"), str):
        block["text"] = masked(text, until)
    elif isinstance(given := block.get("input"), dict):
        block["input"] = _inside(given, until)
    elif block.get("type") == "tool_result":
        content = block.get("content")
        if isinstance(content, str):
            block["content"] = _result(content, until)
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and isinstance(text := part.get("text"), str):
                part["text"] = _result(text, until)


def _result(text: str, until: float | None) -> str:
    """What a tool gave back: masked where it is short, or says what the user said."""
    if len(text) <= RESULT_CHARS or any(said in text[:RESULT_CHARS] for said in SAID_BY_USER):
        return masked(text, until)
    return text


def _inside(value: Any, until: float | None, depth: int = DEPTH_LIMIT) -> Any:
    """A value with its texts masked; what is nested deeper than the limit is left out."""
    if isinstance(value, str):
        return masked(value, until)
    if not isinstance(value, dict | list):
        return value
    if not depth:
        return None
    if isinstance(value, dict):
        return {key: _inside(inner, until, depth - 1) for key, inner in value.items()}
    return [_inside(inner, until, depth - 1) for inner in value]
