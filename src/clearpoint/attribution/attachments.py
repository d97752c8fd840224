"""From an attachment to its parts: what the client adds to the conversation by itself. Pure.

An attachment counts as it was rendered; what was not rendered did not go to the model. Source of
the kinds and fields: the client's own transcripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearpoint.attribution.parts import (
    AGENTS,
    ENVIRONMENT,
    FILES,
    HEAD_CHARS,
    HOOKS,
    IN_USE,
    MCP_INSTRUCTIONS,
    MEMORY,
    PROMPTS,
    RELOAD,
    RELOAD_MARK,
    REMINDERS,
    SKILLS,
    TOOL_LISTING,
    Piece,
    size_of,
)
from clearpoint.tokens.pending import SENT_ATTACHMENTS
from clearpoint.transcript.content import dicts, text_of, texts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from clearpoint.attribution.parts import Measure

    Named = Iterable[tuple[str, str]]


def attachment_pieces(entry: dict[str, Any], measure: Measure) -> list[Piece]:
    """One attachment; empty if nothing of it went to the model."""
    attachment = entry.get("attachment")
    rendered = [one.get("content") for one in dicts(entry.get("rendered"))]
    if isinstance(attachment, dict) and attachment.get("type") in SENT_ATTACHMENTS:
        rendered = rendered or [attachment.get("prompt")]
    text = "\n".join(text for content in rendered for text in texts_in(content))
    size = sum(size_of(content, measure) for content in rendered)
    if not size or not isinstance(attachment, dict):
        return []
    kind = text_of(attachment.get("type"))
    if kind in LISTINGS:
        group, items = LISTINGS[kind]
        listed = [Piece(group, name, measure(item)) for name, item in items(attachment)]
        rest = size - sum(piece.size for piece in listed)
        return [*listed, Piece(group, "", rest)] if rest > 0 else listed
    if kind.startswith(("hook_", "async_hook_")):
        return [Piece(RELOAD if RELOAD_MARK in text[:HEAD_CHARS] else HOOKS, "", size)]
    if path := text_of(attachment.get("filename")):
        return [Piece(FILES, path, size)]
    return [Piece(KINDS.get(kind, REMINDERS), "", size)]


def _files(attachment: dict[str, Any]) -> Named:
    return ((text_of(one.get("path")), _content(one)) for one in dicts(attachment.get("files")))


def _nested_file(attachment: dict[str, Any]) -> Named:
    found = attachment.get("content")
    return [(text_of(attachment.get("path")), _content(found if isinstance(found, dict) else {}))]


def _listed_skills(attachment: dict[str, Any]) -> Named:
    lines = ("\n" + _content(attachment)).split("\n- ")[1:]
    return ((line.partition(": ")[0], "- " + line) for line in lines)


def _skill_bodies(attachment: dict[str, Any]) -> Named:
    return ((text_of(one.get("name")), _content(one)) for one in dicts(attachment.get("skills")))


def _listed_agents(attachment: dict[str, Any]) -> Named:
    lines = _texts(attachment.get("addedLines"))
    return ((line.removeprefix("- ").partition(": ")[0], line) for line in lines)


def _servers(attachment: dict[str, Any]) -> Named:
    named = _texts(attachment.get("addedNames"))
    return zip(named, _texts(attachment.get("addedBlocks")), strict=False)


LISTINGS: dict[str, tuple[str, Callable[[dict[str, Any]], Named]]] = {
    "instructions": (MEMORY, _files),
    "nested_memory": (MEMORY, _nested_file),
    "skill_listing": (SKILLS, _listed_skills),
    "invoked_skills": (IN_USE, _skill_bodies),
    "agent_listing_delta": (AGENTS, _listed_agents),
    "mcp_instructions_delta": (MCP_INSTRUCTIONS, _servers),
}
"""Attachments that hold several named things: their group, and name and text of each."""

KINDS = {
    "environment": ENVIRONMENT,
    "model": ENVIRONMENT,
    "session_context": ENVIRONMENT,
    "date": ENVIRONMENT,
    "remote_session_change": ENVIRONMENT,
    "deferred_tools_delta": TOOL_LISTING,
    "queued_command": PROMPTS,
}
"""Attachments that are one thing; every other kind is a reminder of the client's."""


def _content(value: dict[str, Any]) -> str:
    return text_of(value.get("content"))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
