"""SessionStart: link the session to the one it continues, and give its work back to Claude."""

from __future__ import annotations

import time

from clearpoint import checkpoints, links, measure, reload, usage
from clearpoint.advice import carried
from clearpoint.archive import archive
from clearpoint.catchup import Sitting
from clearpoint.clock import now_text, seconds_of
from clearpoint.lineage import Candidate, find_parent
from clearpoint.recovery import full_lock, rebuild
from clearpoint.reload import carry
from clearpoint.replies import reply
from clearpoint.sealed import DamagedStateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import State

CANDIDATES_LIMIT = 50


def handle(event: Event) -> dict[str, Any] | None:
    """Bring up the state of a session that begins, and reload what it continues."""
    sitting = Sitting(event)
    source = event.text("source") or "startup"
    held_before = links.held_by(sitting.store, event.client_pid)
    with full_lock(sitting.store, event.session_id):
        state = sitting.load()
        left_at = seconds_of(state["last_updated"]) or time.time()
        parent = None
        if source in ("startup", "clear", "fork") and not state["usage"]["requests"]:
            parent = link(sitting, state, source, held_before)
        sitting.catch_up(state)
        if source == "compact" and state["usage"]["since_boundary"]:
            usage.void(state["usage"], 0)  # the client writes the boundary only after this event
        state["ended"] = None
        sitting.judge(state)
        reason = state["lineage"]["reason"] if parent else source
        text = composed(sitting, state, reason, left_at)
        awaiting = reload.mark_of(event.session_id) if text else ""
        sitting.write(state, "", awaiting)
        if parent and source != "fork":  # a fork's own transcript holds everything again
            checkpoints.save(sitting.store, state, checkpoints.START)
        sitting.store.journal(
            event.session_id,
            "SessionStart",
            source=source,
            parent=state["lineage"]["parent_id"],
            confidence=state["lineage"]["confidence"],
            used=state["context_window"]["used"],
            client_says=event.number("context_tokens"),
            reload_tokens=measure.count(text) if text else 0,
        )
    if event.client_pid:
        links.record(sitting.store, event.client_pid, event.session_id, now_text())
    message = "\n".join([*sitting.problems, *said(state, reason, text)])
    return reply("SessionStart", message=message, context=text)


def link(sitting: Sitting, state: State, source: str, held_before: str | None) -> str | None:
    """Find the session that this one continues and take its work over; give its id."""
    event = sitting.event
    found = find_parent(
        source,
        held_before,
        candidates(sitting, event.session_id),
        context_tokens=event.number("context_tokens"),
        crash_span_s=crash_span_s(sitting),
    )
    state["lineage"] = found
    parent_id = found["parent_id"]
    if parent_id is None:
        return None
    with full_lock(sitting.store, parent_id):
        parent = readable(sitting, parent_id)
        if parent is None:
            return None
        if source != "fork" and archive(sitting.store, parent):
            sitting.store.write_state(parent)
    carry.carry(parent, state)
    if source == "fork":
        carry.copy_conversation(parent, state)
    return parent_id


def crash_span_s(sitting: Sitting) -> float:
    """How old a crashed session may be to be carried over; nothing into unattended runs."""
    if sitting.event.env.get("CLAUDE_CODE_SESSION_ATTENDED") == "0":
        return 0.0
    return sitting.config["reload"]["after_crash_hours"] * 3_600


def candidates(sitting: Sitting, own_id: str) -> list[Candidate]:
    """The project's other sessions that could be continued, the newest ones."""
    store, now = sitting.store, time.time()
    held = links.holders(store)
    newest = [one for one in store.newest_ids() if one != own_id][:CANDIDATES_LIMIT]
    states = [readable(sitting, one) for one in newest]
    known = [state for state in states if state is not None]
    claimed = {state["lineage"]["parent_id"] for state in known}
    return [
        Candidate(
            state["session_id"],
            age_s=now - (seconds_of(state["last_updated"]) or 0.0),
            ended=state["ended"],
            held=state["session_id"] in held,
            claimed=state["session_id"] in claimed,
            attended=state["system"]["attended"] is not False,
            used=state["usage"]["used"],
        )
        for state in known
    ]


def readable(sitting: Sitting, session_id: str) -> State | None:
    """Another session's state; a damaged one is rebuilt, an unusable one passed over."""
    try:
        return sitting.store.read_state(session_id)
    except DamagedStateError:
        return rebuild(sitting.event, session_id)
    except OSError:
        return None


def composed(sitting: Sitting, state: State, reason: str, left_at: float) -> str:
    """The reload context for this start, empty where there is nothing to carry."""
    if reason not in reload.HEADS or (reason == "fork"):
        return ""
    changed = reload.changed_on_disk(state, left_at) if reason == "resume" else []
    return reload.compose(
        state,
        reason,
        sitting.config,
        mark=reload.mark_of(state["session_id"]),
        measure=measure.count,
        project_dir=sitting.event.project_dir,
        changed=changed,
    )


def reload_again(sitting: Sitting, state: State) -> str:
    """The reload context once more, for a session where it did not arrive."""
    return composed(sitting, state, state["lineage"]["reason"], time.time())


def said(state: State, reason: str, text: str) -> list[str]:
    """The line for the person: that the work was carried over, and how much of it."""
    if not text or reason not in ("clear", "crash"):
        return []
    work = state["work_state"]
    about = f" on {work['current_spec']}" if work["current_spec"] else ""
    whence = "" if reason == "clear" else " from a session that ended without closing"
    return [f"The work{about} was carried over{whence}. {carried(state)}"]
