"""Agents and MCP servers in use: which, on what, and by which id they can be taken up. Pure.

Of an agent's answer only its id is read, letters and digits, and whether it goes on in the
background; never what it reports.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import AGENT_ID, AGENT_LAUNCHED, SERVER_MARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.work import Agent, WorkState

AGENTS_LIMIT = 12
SERVERS_LIMIT = 12
TASK_CHARS = 100
ID_CHARS = 40
PARTS = "\n"
CALLED = "call:"
"""Begins the key of an agent whose call has no result, and which has no id so far."""


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


def call(work: WorkState, call_id: str, started: str) -> None:
    """An agent is called; it runs at least until the result comes."""
    _keep(work, f"{CALLED}{call_id}", started, is_running=True)


def returned(work: WorkState, call_id: str) -> None:
    """The result of an agent's call has come."""
    work["agents"].pop(f"{CALLED}{call_id}", None)


def note_agent(work: WorkState, started: str, answer: str) -> None:
    """Keep an agent under the id that the client gave it; without an id it cannot be taken up."""
    if name := id_in(answer):
        _keep(work, name, started, is_running=answer.startswith(AGENT_LAUNCHED))


def _keep(work: WorkState, name: str, started: str, *, is_running: bool) -> None:
    kind, _, task = started.partition(PARTS)
    made: Agent = {"kind": kind, "task": task, "turn": work["turn"]}
    if is_running:
        made["is_running"] = True
    work["agents"].pop(name, None)
    work["agents"][name] = made
    if len(work["agents"]) > AGENTS_LIMIT:
        del work["agents"][next(iter(work["agents"]))]


def end(work: WorkState, name: str) -> None:
    """An agent in the background has ended."""
    if name in work["agents"]:
        work["agents"][name].pop("is_running", None)


def keep_running(work: WorkState, names: set[str]) -> None:
    """The client has listed what runs: an agent that it does not name has ended."""
    for name, agent in work["agents"].items():
        if name not in names and not name.startswith(CALLED):
            agent.pop("is_running", None)


def drop_calls(work: WorkState) -> None:
    """A new turn begins: a call from before that has no result gets none."""
    for name in [name for name in work["agents"] if name.startswith(CALLED)]:
        del work["agents"][name]


def unfinished(work: WorkState) -> list[Agent]:
    """The agents whose end is not known, the newest last."""
    return [agent for agent in work["agents"].values() if agent.get("is_running")]


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
