"""Handoffs in the client, by themselves: a package for each subagent that Claude starts.

The call that starts a subagent makes the package (PreToolUse), its start gives it the minimal
context (SubagentStart), and its end is recorded (SubagentStop). Source: measured on Claude Code
2.1.329. A start names only the agent and its kind, so several of a kind that start together are
told of all their packages; the end names the call.
"""

from __future__ import annotations

import time

from clearpoint.client.replies import reply, sanitized
from clearpoint.client.vocabulary import AGENT_TOOLS
from clearpoint.handoffs import matrix, subagents
from clearpoint.handoffs.checksum import MAIN, giver
from clearpoint.handoffs.create import make, name_of, sizes
from clearpoint.handoffs.errors import HandoffError
from clearpoint.handoffs.history import told
from clearpoint.handoffs.reconcile import lineage_of, settled
from clearpoint.handoffs.record import Record
from clearpoint.handoffs.render import minimal_context
from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import now_text
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.handoffs.create import Made
    from clearpoint.handoffs.shapes import Handoff, PlainPackage, PlainPredecessor
    from clearpoint.models.config import HandoffPolicy
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate

    Reply = dict[str, Any] | None

USUAL_AGENT = "general-purpose"
"""What the client starts where the call names no kind."""
SESSIONS_BACK = 5


def called(event: Event) -> Reply:
    """PreToolUse: make the package for the subagent that this call starts."""
    given = event.payload.get("tool_input")
    if event.text("tool_name") not in AGENT_TOOLS or not isinstance(given, dict):
        return None
    return hand_over(
        event,
        to_agent=name_of(given.get("subagent_type")) or USUAL_AGENT,
        task=name_of(given.get("description")),
        call=event.text("tool_use_id"),
    )[0]


def agent_of(event: Event) -> str:
    """The id of the subagent that an event is of or from, empty for none and for an odd one."""
    found = event.text("agent_id")
    return found if is_session_id(found) else ""


def started(event: Event) -> Reply:
    """SubagentStart: give the subagent its minimal context."""
    agent_id, kind = agent_of(event), name_of(event.text("agent_type"))
    if not agent_id or not kind:
        return None
    record = Record(Store(event_root(event)), event.session_id)
    with record.lock():
        history = told(record.lines(), event.session_id)
        if history.of_agent(agent_id):
            record.note("started", agent_id=agent_id)
            return None  # taken up again: it has its context
        found = history.candidates(kind, event.text("prompt_id"))
        names = [one["handoff_id"] for one in found]
        only = names[0] if len(names) == 1 else None
        if found:
            record.note("started", agent_id=agent_id, handoff_id=only, candidates=names)
    if not found:  # no call of Clearpoint's started it
        package = hand_over(event, to_agent=kind, agent_id=agent_id)[1]
        return given_to(record, package, [], event.project_dir) if package else None
    package = record.read(names[0])
    return given_to(record, package, [] if only else found, event.project_dir)


def stopped(event: Event) -> None:
    """SubagentStop: record the result, its size and its files."""
    agent_id, path = agent_of(event), event.transcript_path
    if not agent_id or not event.text("agent_type") or path is None:
        return  # a compaction's summarizer
    record = Record(Store(event_root(event)), event.session_id)
    answer = event.text("last_assistant_message")
    before = told(record.lines(), event.session_id).of_agent(agent_id)
    known_requests = before["requests"] if before else 0
    own_path = subagents.transcript_of(path, agent_id)
    course = subagents.awaited(own_path, answer, known_requests)
    call = subagents.call_of(path, agent_id)
    with record.lock():
        history = told(record.lines(), event.session_id)
        one, note = history.of_agent(agent_id) or history.of_call(call), ""
        if one is None:
            waiting = [history.handoffs[name] for name in history.unbound.get(agent_id, ())]
            one = next((free for free in waiting if free["agent_id"] is None), None)
            note = "one of several of its type; the client did not say which"
        if one is not None:
            record.note(
                "ended",
                agent_id=agent_id,
                handoff_id=one["handoff_id"],
                status="failed" if course.status == "failed" else "completed",
                note=note,
                **subagents.facts(course, event.project_dir, answer),
            )


def hand_over(
    event: Event, *, to_agent: str, task: str = "", call: str = "", agent_id: str = ""
) -> tuple[Reply, PlainPackage | None]:
    """Make and record a package; return the reply that its policy asks for, and the package.

    `agent_id` is the subagent that has started already, without a call that was seen.
    """
    from clearpoint.session.update import update_for

    update = update_for(event)
    settings = update.config["handoffs"]
    if not settings["subagents"]:
        return None, None
    update.store.prepare(event.session_id)
    record = Record(update.store, event.session_id)
    caller = None if agent_id else agent_of(event) or None
    state = update.load()
    read_to_call(update, state, "" if caller else call)
    update.judge(state, event, is_late=True)
    from_agent = (name_of(event.text("agent_type")) if caller else "") or MAIN
    with record.lock():
        before = predecessor(record, event, caller)
        pair = (giver(from_agent, before), to_agent)
        policy = matrix.policy(settings, *pair)
        said = "" if policy == "allow" else matrix.described(settings, *pair)
        facts = {
            "policy": policy,
            "task": task,
            "call": call,
            "caller": caller,
            "prompt_id": event.text("prompt_id"),
            "transcript": event.transcript_path or "",
            "pid": event.client_pid,
        }
        agents = {"from_agent": from_agent, "to_agent": to_agent}
        if policy == "deny":
            record.note("refused", handoff_id=call or agent_id, note=said, **agents, **facts)
            return asked(policy, said), None
        try:
            made = made_for(update, state, before, **agents)
        except HandoffError as error:
            record.note("refused", handoff_id=call or agent_id, note=str(error), **agents, **facts)
            return reply("PreToolUse", message=f"No handoff to {to_agent}: {error}"), None
        place = record.place(made.package["handoff_id"], update.project)
        size = estimated(minimal_context(made.package, place=place))
        record.keep(made.package, made.tags, "created", **sizes(made, size), **facts)
        if agent_id:
            record.note("started", agent_id=agent_id, handoff_id=made.package["handoff_id"])
    return asked(policy, said), made.package


def read_to_call(update: SessionUpdate, state: State, call: str) -> None:
    """Read the new lines, waiting a moment for those up to the call if they are not there yet.

    A call of a subagent's is never there: it stands in the subagent's own transcript.
    """
    end = time.monotonic() + subagents.LAG_S
    update.catch_up(state)
    while call and call not in state["work_state"]["running"] and time.monotonic() < end:
        time.sleep(subagents.LAG_POLL_S)
        update.catch_up(state, max(0.0, end - time.monotonic()))


def made_for(
    update: SessionUpdate,
    state: State,
    before: PlainPredecessor | None,
    from_agent: str,
    to_agent: str,
) -> Made:
    """The package; a subagent has a window of its own, with the same beginning as the session's."""
    return make(
        state,
        update.config,
        from_agent=from_agent,
        to_agent=to_agent,
        now=now_text(),
        store=update.store,
        project=update.project,
        available=max(0, state["context_window"]["total"] - state["advice"]["begins"]),
        measure=estimated,
        before=before,
    )


def predecessor(record: Record, event: Event, caller: str | None) -> PlainPredecessor | None:
    """The agent that ended last, of those that the same caller started, here or before a clear."""
    history = settled(record, event.project_dir, event.text("prompt_id"))
    found = history.finished(caller)
    if found is None and caller is None:
        for session_id in lineage_of(record, SESSIONS_BACK)[1:]:
            earlier = Record(record.store, session_id)
            found = found or told(earlier.lines(), session_id).finished(None)
    return as_predecessor(found) if found else None


def as_predecessor(one: Handoff) -> PlainPredecessor:
    """What the next package says of a handoff that has ended."""
    return {
        "handoff_id": one["handoff_id"],
        "agent": one["to_agent"],
        "outcome": one["status"],
        "tokens": one["tokens"],
        "files": one["files"],
    }


def asked(policy: HandoffPolicy, said: str) -> Reply:
    """What the client is told for a policy; without a word the call goes on as it would."""
    if policy in ("ask", "deny"):
        decision = {"permissionDecision": policy, "permissionDecisionReason": sanitized(said)}
        return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}
    return reply("PreToolUse", message=f"Handoff outside the matrix: {said}") if said else None


def given_to(record: Record, package: PlainPackage, beside: list[Handoff], project: str) -> Reply:
    """The minimal context for a subagent, and for those of its kind that start beside it."""
    place = record.place("ID" if beside else package["handoff_id"], project)
    together = [(one["handoff_id"], one["task"]) for one in beside]
    return reply("SubagentStart", context=minimal_context(package, place=place, beside=together))
