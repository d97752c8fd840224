"""What became of each handoff: a fold over the lines of the record. Pure.

A subagent's start does not tell which call started it: where several of its kind start together,
it is bound to its handoff when it ends, by the call that the client then names.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from clearpoint.handoffs.shapes import Handoff, Line

OPEN = ("created", "running", "not started")
BEGINNINGS = ("created", "imported", "refused")


def new_handoff() -> Handoff:
    """A handoff of which nothing is known."""
    return {
        "handoff_id": "",
        "session_id": "",
        "from_agent": "",
        "to_agent": "",
        "created_at": "",
        "status": "created",
        "policy": "allow",
        "task": "",
        "predecessor": None,
        "size": 0,
        "original_size": 0,
        "caller": None,
        "call": "",
        "prompt_id": "",
        "transcript": "",
        "pid": None,
        "agent_id": None,
        "rounds": 0,
        "ended_at": None,
        "tokens": 0,
        "requests": 0,
        "result": "",
        "result_chars": 0,
        "files": [],
        "note": "",
    }


class History:
    """The handoffs of a session, in their order, and the starts that are not bound yet."""

    __slots__ = ("ended", "handoffs", "unbound")

    def __init__(self) -> None:
        self.handoffs: dict[str, Handoff] = {}
        self.unbound: dict[str, list[str]] = {}
        """Subagents whose handoff is one of several, with these."""
        self.ended: list[str] = []
        """The ids of those that ended, in the order of their ends."""

    def of_agent(self, agent_id: str) -> Handoff | None:
        """The handoff that a subagent has."""
        bound = (one for one in self.handoffs.values() if one["agent_id"] == agent_id)
        return next(bound, None)

    def of_call(self, call: str) -> Handoff | None:
        """The handoff that was made for a call."""
        made = (one for one in self.handoffs.values() if call and one["call"] == call)
        return next(made, None)

    def candidates(self, agent_type: str, prompt_id: str) -> list[Handoff]:
        """The handoffs that a subagent of this kind may have that starts now."""
        return [
            one
            for one in self.handoffs.values()
            if one["to_agent"] == agent_type
            and one["prompt_id"] == prompt_id
            and one["agent_id"] is None
            and one["status"] in OPEN
        ]

    def finished(self, caller: str | None) -> Handoff | None:
        """The one that ended last, of those that this caller started."""
        newest = (self.handoffs[name] for name in reversed(self.ended))
        return next((one for one in newest if one["caller"] == caller and one["ended_at"]), None)


def told(lines: Iterable[Line], session_id: str) -> History:
    """What the lines of one session's record tell."""
    history = History()
    for line in lines:
        event = line["event"]
        if event in BEGINNINGS:
            _begin(history, line, session_id)
        elif event == "started":
            _start(history, line)
        elif event == "ended":
            _end(history, line)
        elif event == "not started" and (one := history.handoffs.get(line.get("handoff_id", ""))):
            one["status"], one["note"] = "not started", line.get("note", "")
    return history


def _begin(history: History, line: Line, session_id: str) -> None:
    one: Any = new_handoff()
    one.update({key: value for key, value in line.items() if key in one})
    one.update(session_id=session_id, created_at=line["at"], status=line["event"])
    history.handoffs.setdefault(one["handoff_id"], one)


def _start(history: History, line: Line) -> None:
    agent_id = str(line.get("agent_id"))
    one = history.of_agent(agent_id) or history.handoffs.get(str(line.get("handoff_id")))
    if one:
        history.unbound.pop(agent_id, None)
        one["agent_id"], one["status"], one["ended_at"] = agent_id, "running", None
        one["rounds"] += 1
        return
    history.unbound[agent_id] = [str(name) for name in line.get("candidates") or ()]
    for name in history.unbound[agent_id]:
        if waiting := history.handoffs.get(name):
            waiting["status"] = "running"


def _end(history: History, line: Line) -> None:
    agent_id = str(line.get("agent_id"))
    one: Any = history.handoffs.get(str(line.get("handoff_id"))) or history.of_agent(agent_id)
    if one is None:
        return
    history.ended.append(one["handoff_id"])
    if history.unbound.pop(agent_id, None):
        one["rounds"] += 1
    one.update(agent_id=agent_id, ended_at=line["at"])
    for key in ("status", "tokens", "requests", "result", "result_chars", "files", "note"):
        one[key] = line.get(key, one[key])


def summary(handoffs: Sequence[Handoff]) -> dict[str, int]:
    """How many there are, in all and by status, and their sizes in tokens."""
    counted = {"handoffs": len(handoffs)}
    for one in handoffs:
        counted[one["status"]] = counted.get(one["status"], 0) + 1
    counted["context_tokens"] = sum(one["size"] for one in handoffs)
    counted["agent_tokens"] = sum(one["tokens"] for one in handoffs)
    return counted
