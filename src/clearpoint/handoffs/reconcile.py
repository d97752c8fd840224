"""Closing what ended unannounced: the client tells of a subagent's end only where it went well.

An API error, an interrupt, a stopped task and a killed client fire no event that we hear; what the
client wrote about the subagent tells them apart.
"""

from __future__ import annotations

import os

from clearpoint.handoffs import subagents
from clearpoint.handoffs.history import History, told
from clearpoint.session.load import read
from clearpoint.store import processes
from clearpoint.store.checksummed import DamagedStateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.handoffs.record import Record
    from clearpoint.handoffs.shapes import Handoff, Status
    from clearpoint.handoffs.subagents import Course

CLIENT_ENDED = "Claude Code ended"
REFUSED = "the call was not carried out"


def settled(record: Record, project: str, prompt_id: str | None = None) -> History:
    """The session's history, after what has ended meanwhile was recorded; under its lock.

    `prompt_id` is that of the current prompt: what an earlier one made and nobody took up was
    refused by the client, or by the user that it asked.
    """
    history = told(record.lines(), record.session_id)
    _bind(record, history)
    changed = False
    for one in history.handoffs.values():
        if one["status"] in ("running", "created"):
            changed |= _settle(record, one, project, prompt_id)
    return told(record.lines(), record.session_id) if changed else history


def _bind(record: Record, history: History) -> None:
    """Find the handoffs of subagents that started together, where the client tells by now."""
    for agent_id, names in list(history.unbound.items()):
        waiting = [history.handoffs[name] for name in names if name in history.handoffs]
        for one in waiting:
            call = subagents.call_of(one["transcript"], agent_id)
            if call and call == one["call"]:
                record.note("started", agent_id=agent_id, handoff_id=one["handoff_id"])
                one["agent_id"] = agent_id
                del history.unbound[agent_id]


def _settle(record: Record, one: Handoff, project: str, prompt_id: str | None) -> bool:
    """Record the end of one handoff, if it has ended; tell whether it has."""
    gone = one["pid"] is not None and not processes.is_running(one["pid"])
    if one["agent_id"] is None:
        past = gone or prompt_id not in (None, one["prompt_id"])
        if one["status"] != "created" or not one["call"] or not past:
            return False
        record.note("not started", handoff_id=one["handoff_id"], note=REFUSED)
        return True
    course = subagents.seen(subagents.transcript_of(one["transcript"], one["agent_id"]))
    status = _status(course, one["transcript"], one["agent_id"], gone)
    if status == "running":
        return False
    record.note(
        "ended",
        agent_id=one["agent_id"],
        handoff_id=one["handoff_id"],
        status=status,
        note=CLIENT_ENDED if course.status == "running" else "",
        **subagents.facts(course, project),
    )
    return True


def _status(course: Course, transcript: str, agent_id: str, gone: bool) -> Status:
    """How a subagent stands; one that has only just completed is about to be announced."""
    if course.status == "running":
        return "interrupted" if gone else "running"
    announced = gone or subagents.is_finished(transcript, agent_id)
    return course.status if announced or course.status != "completed" else "running"


def lineage_of(record: Record, limit: int) -> list[str]:
    """The session and those that it continues, the newest first."""
    found = [record.session_id]
    while len(found) < limit:
        parent = _parent(record, found[-1])
        if parent is None or parent in found:
            return found
        found.append(parent)
    return found


def _parent(record: Record, session_id: str) -> str | None:
    if not os.path.isdir(record.store.session_folder(session_id)):
        return None
    try:
        state = read(record.store, session_id)
    except (DamagedStateError, OSError):
        return None
    return state["lineage"]["parent_id"] if state else None
