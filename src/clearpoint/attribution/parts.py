"""From a transcript entry to its parts: what each piece of the context is, and its size. Pure.

Sizes are tokens of cl100k_base, which is not the model's tokenizer: they serve as shares of a
total that the client has counted. Source of the kinds and fields: the client's own transcripts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.client.vocabulary import (
    COMMAND,
    HOOK_CONTEXT,
    NOTIFICATION,
    READ,
    REMINDER,
    SKILL_BODY,
)
from clearpoint.tokens.documents import media_size
from clearpoint.transcript.content import blocks_of, dicts, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Measure = Callable[[str], int]

CALL_TOKENS = 45
RESULT_TOKENS = 25
"""What the API writes around a call and its result: 80 to 90 of the model's tokens together."""
TOOLS_TOKENS = 300
"""What the API writes before the first tool."""
TOOL_KEYS = ("name", "description", "input_schema")
SIGNATURE_CHARS_PER_TOKEN = 5
"""A thinking block's signature tells its size, where its text is a summary or left out."""
RELOAD_MARK = "Clearpoint reload"
HEAD_CHARS = 200

SYSTEM_PROMPT = "System prompt"
TOOLS = "Tools"
MCP_TOOLS = "MCP tools"
OVERHEAD = "System prompt and tools"
"""Both together, where the transcript does not hold them."""
MCP_INSTRUCTIONS = "MCP server instructions"
TOOL_LISTING = "Tools loaded on demand"
MEMORY = "Memory files"
SKILLS = "Skills"
COMMANDS = "Commands"
AGENTS = "Agents"
ENVIRONMENT = "Environment"
IN_USE = "Skills and commands in use"
PROMPTS = "Prompts"
ANSWERS = "Answers"
THINKING = "Thinking"
CALLS = "Tool calls"
RESULTS = "Tool results"
FILES = "Files"
SUMMARY = "Compaction summary"
RELOAD = "Reload context"
HOOKS = "Hook context"
REMINDERS = "Reminders"

ON_DISK = frozenset((MEMORY, SKILLS, COMMANDS, AGENTS))
"""What a session begins with that files of the project and the user say."""


class Piece(NamedTuple):
    """A piece of the context: its group, its name in the group, and its size."""

    group: str
    name: str
    size: float


class Seen:
    """What later entries refer to: calls that were made, a command that was typed, tools."""

    def __init__(self) -> None:
        self.calls: dict[str, tuple[str, str]] = {}
        """The tool of each call, and the file that it reads."""
        self.command = ""
        self.known: set[str] = set()
        """The tools that are in the context, and the system prompt."""
        self.deferred: dict[str, Piece] = {}
        """Tools that are put off until a search gives a reference to them."""
        self.referenced: set[str] = set()


def answer_pieces(entry: dict[str, Any], seen: Seen, measure: Measure) -> list[Piece]:
    """One line of a response."""
    pieces = (_answer_piece(block, seen, measure) for block in blocks_of(entry))
    return [piece for piece in pieces if piece is not None]


def _answer_piece(block: dict[str, Any], seen: Seen, measure: Measure) -> Piece | None:
    kind = str(block.get("type"))
    if kind == "text":
        return Piece(ANSWERS, "", measure(text_of(block.get("text"))))
    if "thinking" in kind:
        signed = len(text_of(block.get("signature") or block.get("data")))
        size = signed / SIGNATURE_CHARS_PER_TOKEN or measure(text_of(block.get("thinking")))
        return Piece(THINKING, "", size)
    if kind.endswith("tool_use"):
        name, given = str(block.get("name")), block.get("input")
        path = text_of(given.get("file_path")) if isinstance(given, dict) else ""
        seen.calls[str(block.get("id"))] = (name, path if name == READ else "")
        return Piece(CALLS, name, CALL_TOKENS + measure(as_json(given)))
    return None


def said_pieces(entry: dict[str, Any], seen: Seen, measure: Measure) -> list[Piece]:
    """One line of the user's side: a prompt, results, or what the client wrote in its place."""
    if entry.get("type") == "system":
        sent = entry.get("subtype") == "local_command" and not entry.get("isDisplayOnly")
        return [Piece(PROMPTS, "", measure(text_of(entry.get("content"))))] if sent else []
    return [piece for block in blocks_of(entry) for piece in _said(entry, block, seen, measure)]


def _said(
    entry: dict[str, Any], block: dict[str, Any], seen: Seen, measure: Measure
) -> Iterator[Piece]:
    if block.get("type") == "tool_result":
        name, path = seen.calls.get(str(block.get("tool_use_id")), ("unknown", ""))
        group, name = (FILES, path) if path else (RESULTS, name)
        yield Piece(group, name, RESULT_TOKENS + size_of(block.get("content"), measure))
        for found in dicts(block.get("content")):
            seen.referenced.add(text_of(found.get("tool_name")))
        yield from _loaded(seen)
    elif block.get("type") == "text":
        text = text_of(block.get("text"))
        yield Piece(*_told(entry, text, seen), measure(text))
    else:
        yield Piece(PROMPTS, str(block.get("type")), media_size(block))


def _told(entry: dict[str, Any], text: str, seen: Seen) -> tuple[str, str]:
    """Group and name of a text that is not a tool's result."""
    command, seen.command = seen.command, ""
    if entry.get("isCompactSummary"):
        return SUMMARY, ""
    if HOOK_CONTEXT in text[:HEAD_CHARS]:
        return (RELOAD if RELOAD_MARK in text[:HEAD_CHARS] else HOOKS), ""
    if text.startswith(SKILL_BODY):
        folder = text[len(SKILL_BODY) :].partition("\n")[0].rstrip()
        return IN_USE, folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if entry.get("isMeta"):
        return (IN_USE, command) if command else (REMINDERS, "")
    if text.startswith(COMMAND):
        seen.command = text.partition("<command-name>")[2].partition("</command-name>")[0].strip()
    if text.startswith(NOTIFICATION):
        return RESULTS, "Agent"
    return (REMINDERS if text.startswith(REMINDER) else PROMPTS), ""


def cleared_by(entry: dict[str, Any]) -> int:
    """Tokens of old results that a microcompaction says it has cleared; 0 for other entries."""
    facts = entry.get("microcompactMetadata")
    saved = facts.get("tokensSaved") if isinstance(facts, dict) else None
    return saved if isinstance(saved, int) and saved > 0 else 0


def shape_pieces(shape: dict[str, Any], seen: Seen, measure: Measure) -> list[Piece]:
    """System prompt and tools of a request, but for those that are in the context already."""
    pieces = []
    tools = dicts(shape.get("tools"))
    if tools and SYSTEM_PROMPT not in seen.known:
        seen.known.add(SYSTEM_PROMPT)
        pieces.append(Piece(SYSTEM_PROMPT, "", size_of(shape.get("system"), measure)))
        pieces.append(Piece(TOOLS, "", TOOLS_TOKENS))
    for tool in tools:
        name = text_of(tool.get("name"))
        if name in seen.known or name in seen.deferred:
            continue
        server = name.split("__")[1] if name.startswith("mcp__") else ""
        group, shown = (MCP_TOOLS, server) if server else (TOOLS, name)
        text = as_json({key: tool[key] for key in TOOL_KEYS if key in tool})
        piece = Piece(group, shown, measure(text))
        if tool.get("defer_loading"):
            seen.deferred[name] = piece
        else:
            seen.known.add(name)
            pieces.append(piece)
    return [*pieces, *_loaded(seen)]


def snapshot_pieces(entry: dict[str, Any], seen: Seen, measure: Measure) -> list[Piece]:
    """The same from what is kept of a prompt, for clients that do not write their first request."""
    found = entry.get("attachment")
    if not isinstance(found, dict) or found.get("type") != "prompt_snapshot":
        return []
    system = found.get("systemPrompt")
    texts = [{"text": text} for text in system] if isinstance(system, list) else []
    tools = dicts([tool.get("schema") for tool in dicts(found.get("tools"))])
    return shape_pieces({"system": texts, "tools": tools}, seen, measure)


def _loaded(seen: Seen) -> list[Piece]:
    """The tools that were put off and have been referred to since."""
    found = seen.referenced.intersection(seen.deferred)
    seen.known |= found
    return [seen.deferred.pop(name) for name in sorted(found)]


def size_of(content: Any, measure: Measure) -> float:
    """A text, or a list of blocks, where what is neither text nor a reference is a picture."""
    if isinstance(content, str):
        return measure(content)
    return sum(
        measure(block["text"]) if isinstance(block.get("text"), str) else media_size(block)
        for block in dicts(content)
        if block.get("type") != "tool_reference"
    )


def as_json(value: Any) -> str:
    """A value as the text that stands for it."""
    return json.dumps(value, ensure_ascii=False)
