"""What was read again though it had not changed, and results that ate most of a context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.attribution.parts import FILES, RESULT_TOKENS, RESULTS, size_of
from clearpoint.client.vocabulary import CHANGING, READ
from clearpoint.hygiene.savings import Looked, Saving
from clearpoint.lowlevel.checks import is_count
from clearpoint.project.paths import below
from clearpoint.text.phrases import counted, short
from clearpoint.text.sentences import cut
from clearpoint.tokens import encoder
from clearpoint.transcript.chain import read_chain
from clearpoint.transcript.content import blocks_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.attribution.parts import Measure

READ_AGAIN_TOKENS = 2_000
"""Less than this is not worth a word."""
RESULTS_SHARE = 0.5
RESULTS_TOKENS = 40_000
"""Results are named where they are more than this share of a context, and than this size."""
FITTING_TOKENS = 2_000
"""A result of this size is common: what is above could have been left out."""
LINES_LIMIT = 100_000
"""No result holds more lines: a larger number is wrong."""
NAMED = 3
ABOUT_CHARS = 48
TELLING = ("file_path", "command", "pattern", "url", "query", "description")
"""The arguments that tell a call from others, in this order."""


class Result(NamedTuple):
    """The result of one tool call in the context."""

    tool: str
    about: str
    """What tells it from others: a file, a command, a pattern."""
    tokens: int
    again: float = 0.0
    """The share of it that had been read before and nobody had changed."""


def look(looked: Looked) -> Iterator[Saving]:
    """Look through one session's conversation."""
    found = scaled(looked, list(results_of(read_chain(looked.transcript), encoder.count)))
    name = looked.state["session_id"][:8]
    yield from _read_again(found, name, looked.project)
    yield from _large(found, name, looked)


def results_of(entries: Iterable[tuple[int, Any]], measure: Measure) -> Iterator[Result]:
    """The results in a chain of entries. Pure."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    known: dict[str, set[int]] = {}
    for _, entry in entries:
        for block in blocks_of(entry):
            if block.get("type") == "tool_use" and isinstance(given := block.get("input"), dict):
                calls[text_of(block.get("id"))] = (name := text_of(block.get("name"))), given
                if name in CHANGING:
                    known.pop(text_of(given.get("file_path")), None)
            elif block.get("type") == "tool_result":
                called = text_of(block.get("tool_use_id"))
                name, given = calls.get(called, ("unknown", {}))
                size = RESULT_TOKENS + size_of(block.get("content"), measure)
                lines = lines_read(entry) if name == READ else range(0)
                seen = known.setdefault(text_of(given.get("file_path")), set())
                again = len(seen.intersection(lines)) / len(lines) if lines else 0.0
                seen.update(lines)
                yield Result(name, about(given), round(size), again)


def lines_read(entry: dict[str, Any]) -> range:
    """The lines of a file that a result holds, as the client notes them beside it."""
    outcome = entry.get("toolUseResult")
    file = outcome.get("file") if isinstance(outcome, dict) else None
    start, number = (
        (file.get("startLine"), file.get("numLines")) if isinstance(file, dict) else (None, None)
    )
    if not is_count(start) or not is_count(number) or number > LINES_LIMIT:
        return range(0)
    return range(start, start + number)


def about(given: dict[str, Any]) -> str:
    """What tells a call from others."""
    return next((text for key in TELLING if (text := text_of(given.get(key)))), "")


def scaled(looked: Looked, found: list[Result]) -> list[Result]:
    """The results in the model's own tokens, as the attribution has them."""
    parts = looked.attribution["parts"]
    tokens = sum(part["tokens"] for part in parts if part["group"] in (RESULTS, FILES))
    measured = sum(one.tokens for one in found)
    ratio = tokens / measured if measured else 0.0
    return [one._replace(tokens=round(one.tokens * ratio)) for one in found]


def _read_again(found: list[Result], name: str, project: str) -> Iterator[Saving]:
    files: dict[str, list[int]] = {}
    for one in found:
        if one.again:
            files.setdefault(one.about, []).append(round(one.again * one.tokens))
    tokens = sum(size for sizes in files.values() for size in sizes)
    if tokens < READ_AGAIN_TOKENS:
        return
    largest = sorted(files, key=lambda path: -sum(files[path]))
    told = ", ".join(
        f"{below(path, project)} {counted(len(files[path]), 'time')} ({short(sum(files[path]))})"
        for path in largest[:NAMED]
    )
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    yield Saving(
        "context.read_again",
        f"Session {name} re-read unchanged files: {told}{more}",
        "ask Claude to work from what it has read, or to read only the lines that it needs",
        tokens,
        standing=False,
    )


def _large(found: list[Result], name: str, looked: Looked) -> Iterator[Saving]:
    tokens, used = sum(one.tokens for one in found), looked.attribution["used"]
    if not used or tokens < RESULTS_TOKENS or tokens < RESULTS_SHARE * used:
        return
    largest = sorted(found, key=lambda one: -one.tokens)[:NAMED]
    told = ", ".join(
        f"{one.tool} {cut(below(one.about, looked.project), ABOUT_CHARS)} ({short(one.tokens)})"
        for one in largest
    )
    yield Saving(
        "context.results",
        f"Tool results are {100 * tokens / used:.0f}% of the {short(used)} tokens in session"
        f" {name}; the largest: {told}",
        "ask for less (head, a narrower pattern, some lines of a file), or send a subagent:"
        " only its answer comes back",
        sum(max(0, one.tokens - FITTING_TOKENS) for one in largest),
        standing=False,
    )
