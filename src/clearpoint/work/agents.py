"""Agents and MCP servers in use: which, on what, and by which id they can be taken up. Pure.

Of an agent's answer only its id is read, letters and digits; never what it reports.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import AGENT_ID, SERVER_MARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.work import WorkState

AGENTS_LIMIT = 12
SERVERS_LIMIT = 12
TASK_CHARS = 100
ID_CHARS = 40
PARTS = "\n"


def note_server(work: WorkState, tool: str) -> None:
    """Count a call of an MCP server's tool, `mcp__server__tool`."""
    name = tool[len(SERVER_MARK) :].partition("__")[0]
    work["servers"].pop(name, None)
    work["servers"][name] = work["turn"]
    if len(work["servers"]) > SERVERS_LIMIT:
        del work["servers"][next(iter(work["servers"]))]


def starting(given: dict[str, Any]) -> str:
    """What is to be remembered of a call that starts an agent, until its answer names the id."""
    kind, task = given.get("subagent_type"), given.get("description")
    return PARTS.join(
        " ".join(text.split())[:TASK_CHARS] if isinstance(text, str) else ""
        for text in (kind, task)
    )


def note_agent(work: WorkState, started: str, answer: Any) -> None:
    """Keep an agent under the id that the client gave it; without an id it cannot be taken up."""
    name = id_in(answer)
    kind, _, task = started.partition(PARTS)
    if name:
        work["agents"].pop(name, None)
        work["agents"][name] = {"kind": kind, "task": task, "turn": work["turn"]}
        if len(work["agents"]) > AGENTS_LIMIT:
            del work["agents"][next(iter(work["agents"]))]


def id_in(answer: Any) -> str | None:
    """The agent's id in the client's own last lines of an answer."""
    blocks = answer if isinstance(answer, list) else [{"text": answer}]
    for block in reversed(blocks):
        text = block.get("text") if isinstance(block, dict) else None
        if isinstance(text, str) and AGENT_ID in text:
            rest = text.rpartition(AGENT_ID)[2][: ID_CHARS + 1]
            end = 0
            while end < len(rest) and rest[end].isascii() and rest[end].isalnum():
                end += 1
            return rest[:end] if 0 < end <= ID_CHARS else None
    return None
