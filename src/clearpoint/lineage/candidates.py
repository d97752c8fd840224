"""The project's other sessions, as one that begins finds them: which it continues or may offer.

They are looked up and read here; `lineage` judges them.
"""

from __future__ import annotations

import os
import time

from clearpoint.client.events import attended
from clearpoint.lineage.rules import Candidate, find_parent
from clearpoint.lowlevel.clock import HOUR_S, seconds_of
from clearpoint.session.find import NewerStateError
from clearpoint.session.load import read
from clearpoint.session.update import SessionUpdate
from clearpoint.store import ownership, processes
from clearpoint.store.checksummed import DamagedStateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event
    from clearpoint.models.state import State

CANDIDATES_LIMIT = 50
REBUILD_LOCK_S = 0.3
REBUILD_S = 1.0
"""A start waits no longer for what nobody read of the session before."""


def known_to(sitting: SessionUpdate) -> list[State]:
    """The states of the person's other sessions in the project, the newest ones."""
    path = sitting.transcript_path
    newest = sitting.others()
    own = ownership.first_own(newest, path, CANDIDATES_LIMIT)
    chosen = {*own, *newest[:CANDIDATES_LIMIT]}
    states = [readable(sitting, one, mend=one in own) for one in newest if one in chosen]
    here = [one for one in states if one and not one["origin"]]  # others are asked for by name
    return [state for state in here
            if (state["session_id"] in own or ownership.continues_own(state, path))]  # fmt: skip


def readable(sitting: SessionUpdate, session_id: str, *, mend: bool = True) -> State | None:
    """Another session's state; a damaged one is rebuilt or, like an unusable one, passed over."""
    try:
        return read(sitting.store, session_id)
    except DamagedStateError:
        return rebuild(sitting, session_id) if mend else None
    except OSError:
        return None


def link(
    sitting: SessionUpdate, state: State, event: Event, held_before: str | None, known: list[State]
) -> State | None:
    """Find the session among those known that this one continues; give its state.

    What was found once stays: the hook may have been stopped after that, and is run again.
    `held_before` is the session that the client's process held last.
    """
    if state["lineage"]["parent_id"] is None:
        state["lineage"] = find_parent(
            event.text("source") or "startup",
            held_before,
            _candidates(sitting, known),
            context_tokens=event.number("context_tokens"),
            crash_span_s=crash_span_s(sitting),
        )
    parent_id = state["lineage"]["parent_id"]
    return next((one for one in known if one["session_id"] == parent_id), None)


def offered(sitting: SessionUpdate, known: list[State]) -> str:
    """What to say of a session here that ended with open steps, empty where there is none."""
    if not known:
        return ""
    from clearpoint.reload.offer import offer

    return offer(known, processes.holders(sitting.store), crash_span_s(sitting), time.time())


def crash_span_s(sitting: SessionUpdate) -> float:
    """How old a crashed session may be to be carried over; nothing into unattended runs."""
    if attended(sitting.env) is False:
        return 0.0
    return sitting.config["reload"]["after_crash_hours"] * HOUR_S


def _candidates(sitting: SessionUpdate, known: list[State]) -> list[Candidate]:
    """The sessions that could be continued, as far as linking asks."""
    held, now = processes.holders(sitting.store), time.time()
    claimed = {state["lineage"]["parent_id"] for state in known}
    return [
        Candidate(
            state["session_id"],
            age_s=now - (seconds_of(state["last_updated"]) or 0.0),
            ended=state["ended"],
            held=state["session_id"] in held,
            claimed=state["session_id"] in claimed,
            attended=state["system"]["attended"] is not False,
            used=state["usage"]["used"] or int(state["lineage"]["parent_id"] is not None),
        )
        for state in known
    ]


def rebuild(sitting: SessionUpdate, session_id: str) -> State | None:
    """Recover another session's state with its transcript; None where that is not possible.

    It may be busy, lost, or a newer Clearpoint's. `sitting` is the work on a session beside it.
    """
    folder = os.path.dirname(sitting.transcript_path or "")
    beside = os.path.join(folder, f"{session_id}.jsonl") if folder else None
    other = SessionUpdate(session_id, sitting.project, sitting.env, sitting.store.root, beside)
    try:
        with other.store.lock(session_id, REBUILD_LOCK_S):
            state = other.load()
            other.transcript_path = state["system"]["transcript_path"] or beside
            other.catch_up(state, REBUILD_S)
            other.store.write_state(state)
    except (OSError, NewerStateError):
        return None
    return state
