"""Where the tokens of the context window go: parts that add up to what the client has counted.

    attribution = attribute(transcript_path, state, config, project_dir)
    for label, tokens, percent, allocated, note in breakdown.rows(attribution):
        ...

The sum of the parts is the usage, and with the free space the window. Only what is on the main
chain since the last compaction counts. Full lane: text is measured with tiktoken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from clearpoint.attribution import memory_files
from clearpoint.attribution.allocation import Category, categories_of
from clearpoint.attribution.attachments import attachment_pieces
from clearpoint.attribution.parts import (
    AGENTS,
    COMMANDS,
    ENVIRONMENT,
    FILES,
    MCP_INSTRUCTIONS,
    MCP_TOOLS,
    MEMORY,
    OVERHEAD,
    RELOAD,
    SKILLS,
    SYSTEM_PROMPT,
    TOOL_LISTING,
    TOOLS,
    Piece,
    Seen,
    answer_pieces,
    cleared_by,
    said_pieces,
    shape_pieces,
    snapshot_pieces,
)
from clearpoint.attribution.shares import PRIOR, Basis, Segment, fit
from clearpoint.project.paths import below
from clearpoint.tokens import encoder
from clearpoint.tokens.counts import counts_of, input_of
from clearpoint.tokens.families import FAMILIES, family_of
from clearpoint.transcript.chain import SHAPE, read_chain
from clearpoint.transcript.content import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.attribution.parts import Measure
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

STANDING = frozenset(
    (SYSTEM_PROMPT, TOOLS, OVERHEAD, MCP_TOOLS, MCP_INSTRUCTIONS, TOOL_LISTING, MEMORY, SKILLS,
     COMMANDS, AGENTS, ENVIRONMENT)
)  # fmt: skip
"""What every session begins with."""
RELOAD_TOKENS = 1_500
"""What a session is told at its start, where none has been seen yet."""


class Part(TypedDict):
    """One part of the context."""

    group: str
    name: str
    """Which of the group: a tool, a server, a file below the project; empty for the rest of it."""
    tokens: int
    basis: Basis
    """`exact`: counted by the client; `shared`: a share of what it counted; `estimated`."""


class Attribution(TypedDict):
    """Where the tokens go; all sizes in tokens, the largest parts first."""

    window: int
    budget: int
    """What one wants to stay within; at most the window."""
    used: int
    """The sum of the parts."""
    free: int
    """The window without them."""
    buffer: int
    """The end of the free space, which auto-compaction keeps from being used."""
    estimated: bool
    """Whether `used` is a projection and no count, as it is right after a compaction."""
    parts: list[Part]
    categories: dict[str, Category]


def attribute(
    path: str, state: State, config: Config, project_dir: str, config_dir: str | None = None
) -> Attribution:
    """Where the tokens of a session go, from its transcript and its state up to there.

    `config_dir` is the client's own folder, for transcripts that do not hold what it adds. Raises
    OSError if there is no transcript to read.
    """
    known = state["context_window"]
    used = known["used"] or known["projected"]
    segments = segments_of(read_chain(path), encoder.count)
    if not any(piece.group in STANDING for piece in segments[0].since):
        segments[0].since += pieces_on_disk(project_dir, config_dir, encoder.count)
    commands = memory_files.command_names(project_dir, config_dir)
    fitted = fit(segments, used, state["usage"]["overhead"])
    parts: list[Part] = [
        {
            "group": COMMANDS if group == SKILLS and name in commands else group,
            "name": shown(name, project_dir) if group in (FILES, MEMORY) else name,
            "tokens": tokens,
            "basis": basis,
        }
        for (group, name), (tokens, basis) in fitted.items()
    ]
    free = max(0, known["total"] - used)
    limit = state["budget"]["tokens"] or known["total"]
    point = known["compaction_at"]
    return {
        "window": known["total"],
        "budget": limit,
        "used": used,
        "free": free,
        "buffer": min(free, known["total"] - point) if point is not None else 0,
        "estimated": not known["used"],
        "parts": sorted(parts, key=lambda part: -part["tokens"]),
        "categories": categories_of(
            ((part["group"], part["tokens"]) for part in parts), config, limit
        ),
    }


def segments_of(entries: Iterable[tuple[int, Any]], measure: Measure) -> list[Segment]:
    """The requests of a chain, each with what its answer and the entries after it hold.

    Entries come with their numbers; 0 stands for what a compaction has kept from before.
    """
    segments, seen = [Segment()], Seen()
    for number, entry in entries:
        kind = entry.get("type")
        if kind == "assistant":
            pieces = answer_pieces(entry, seen, measure)
            counts = counts_of(entry)
            if number == 0:
                segments[-1].since += pieces
            elif counts is not None:
                _answered(segments, entry, counts).answer += pieces
        elif kind == SHAPE and isinstance(shape := entry.get("shape"), dict):
            segments[-1].since += shape_pieces(shape, seen, measure)
        elif kind == "attachment":
            segments[0].since += snapshot_pieces(entry, seen, measure)
            segments[-1].since += attachment_pieces(entry, measure)
        elif kind in ("user", "system"):
            segments[-1].cleared += cleared_by(entry)
            segments[-1].since += said_pieces(entry, seen, measure)
        if entry.get("uuid") == segments[-1].parent is not None:
            carried = segments[-1]  # all this was written after the response that it led to
            segments[-2].since, carried.since = segments[-2].since + carried.since, []
    return segments


def _answered(segments: list[Segment], entry: Any, counts: dict[str, int]) -> Segment:
    """The request that a line of a response belongs to: a new one with its first line."""
    message = entry["message"]
    carried = input_of(counts)
    if carried and message.get("id") != segments[-1].message_id:
        family = family_of(text_of(message.get("model")))
        prior = PRIOR * FAMILIES[family][0]
        segments.append(Segment(message.get("id"), carried, prior, entry.get("parentUuid")))
    segments[-1].output = counts["output_tokens"]
    return segments[-1]


def pieces_on_disk(project_dir: str, config_dir: str | None, measure: Measure) -> list[Piece]:
    """What a session begins with, where its transcript does not say."""
    texts = memory_files.standing_texts(project_dir, config_dir)
    servers = ", ".join(memory_files.mcp_servers(project_dir))
    unknown = Piece(OVERHEAD, f"with MCP tools of {servers}" if servers else "", 0.0)
    return [*(Piece(group, name, measure(text)) for group, name, text in texts), unknown]


def shown(path: str, project_dir: str) -> str:
    """A path as people know it: from the project's folder, where it is below."""
    return below(path, project_dir)


def starting_tokens(attribution: Attribution) -> int:
    """What the next session of this project will begin with, before it is told anything."""
    return sum(part["tokens"] for part in attribution["parts"] if part["group"] in STANDING)


def saved_by_clear(state: State, attribution: Attribution | None = None) -> int:
    """Tokens that a clear now would free: the use without what the next session begins with.

    With an attribution that is known by its parts, else as the session's first request told it.
    The reload context is taken off as well.
    """
    reload_tokens = RELOAD_TOKENS
    if attribution is None:
        start = state["usage"]["overhead"]
    else:
        start = starting_tokens(attribution)
        seen = [part["tokens"] for part in attribution["parts"] if part["group"] == RELOAD]
        reload_tokens = sum(seen) or RELOAD_TOKENS
    return max(0, state["context_window"]["projected"] - start - reload_tokens)
