"""The project's other sessions, as one that begins finds them: which it continues or may offer.

They are looked up and read here; `lineage` judges them.
"""

from __future__ import annotations

import os
import time

from clearpoint.client.events import attended
from clearpoint.client.settings import config_dir
from clearpoint.lineage.rules import Candidate, find_parent
from clearpoint.lowlevel import process
from clearpoint.lowlevel.clock import HOUR_S, seconds_of
from clearpoint.lowlevel.paths import home
from clearpoint.session.find import NewerStateError
from clearpoint.session.heading import heading
from clearpoint.session.load import read
from clearpoint.session.state import SCHEMA_VERSION
from clearpoint.session.update import SessionUpdate
from clearpoint.store import ownership, processes
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.layout import checkout_of, is_own_folder, repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from clearpoint.client.events import Event
    from clearpoint.models.state import Process, State
    from clearpoint.store.index import Known

CANDIDATES_LIMIT = 50
REBUILD_LOCK_S = 0.3
REBUILD_S = 0.2
"""A start waits no longer for what nobody read of the session before."""


def known_to(update: SessionUpdate) -> list[State]:
    """The states of the user's other sessions in the project, the newest ones."""
    path = update.transcript_path
    if is_own_folder(update.store.root):  # nobody else can have put anything there
        states = [beginning(update, one) for one in update.others()[:CANDIDATES_LIMIT]]
        return [one for one in states if one and not one["origin"]]
    newest = [one.session_id for one in update.others()]
    own = ownership.first_own(newest, path, CANDIDATES_LIMIT)
    chosen = {*own, *newest[:CANDIDATES_LIMIT]}
    states = [readable(update, one, mend=one in own) for one in newest if one in chosen]
    here = [one for one in states if one and not one["origin"]]  # others are asked for by name
    return [state for state in here
            if (state["session_id"] in own or ownership.continues_own(state, path))]  # fmt: skip


def beginning(update: SessionUpdate, known: Known) -> State | None:
    """Another session's state, as far as the index has it; whole where it is behind."""
    if known.noted is None or known.noted["schema_version"] != SCHEMA_VERSION:
        return readable(update, known.session_id)
    return heading(known.noted, lambda: readable(update, known.session_id))


def readable(update: SessionUpdate, session_id: str, *, mend: bool = True) -> State | None:
    """Another session's state; a damaged one is rebuilt or, like an unusable one, passed over."""
    try:
        return read(update.store, session_id)
    except DamagedStateError:
        return rebuild(update, session_id) if mend else None
    except OSError:
        return None


def link(
    update: SessionUpdate, state: State, event: Event, held_before: str | None, known: list[State]
) -> State | None:
    """Find the session among those known that this one continues; return its state.

    What was found once stays: the hook may have been stopped after that, and is run again.
    `held_before` is the session that the client's process held last.
    """
    if state["lineage"]["parent_id"] is None:
        state["lineage"] = find_parent(
            event.text("source") or "startup",
            held_before,
            _candidates(update, known, process.identify(event.client_pid)),
            context_tokens=event.number("context_tokens"),
            crash_span_s=crash_span_s(update),
            is_known_client=process.identify(event.client_pid) is not None,
        )
    if state["lineage"]["confidence"] != "exact":
        return None
    parent_id = state["lineage"]["parent_id"]
    is_known = any(one["session_id"] == parent_id for one in known)
    return readable(update, parent_id) if parent_id and is_known else None


def offered(update: SessionUpdate, state: State, known: list[State]) -> str:
    """One line on work that this session may be meant to continue; empty if there is none."""
    from clearpoint.reload import offer

    span_s = crash_span_s(update)
    if not known or not span_s:
        return ""
    parent_id = state["lineage"]["parent_id"]
    if state["lineage"]["reason"] == "fork":
        return ""  # it holds its parent's conversation already
    if parent_id and state["lineage"]["confidence"] == "probable":
        probable = next((one for one in known if one["session_id"] == parent_id), None)
        has_command = is_command_there(update)
        return offer.probable(probable, update.config, has_command=has_command) if probable else ""
    if state["lineage"]["reason"] != "startup":
        return ""
    free = (one for one in known if one["ended"] and is_free(update, one))
    claimed = {str(one["lineage"]["parent_id"]) for one in known if is_claim(one)}
    has_command = is_command_there(update)
    return offer.unfinished(
        free, claimed, span_s, time.time(), config=update.config, has_command=has_command
    )


def is_free(update: SessionUpdate, state: State) -> bool:
    """Whether a session is of this checkout, or left to it, and no client holds it."""
    is_near = is_here(update, state) or is_left_to(update, state)
    return is_near and processes.life_of(update.store, state) != "running"


def is_command_there(update: SessionUpdate) -> bool:
    """Whether the slash command was installed, or a plugin brings it."""
    file = os.path.join("commands", "clearpoint", "continue.md")
    folders = (os.path.join(update.project, ".claude"), config_dir(update.env))
    is_file = any(folder and os.path.isfile(os.path.join(folder, file)) for folder in folders)
    return is_file or bool(update.env.get("CLAUDE_PLUGIN_DATA"))


def is_here(update: SessionUpdate, state: State) -> bool:
    """Whether a session is of the same checkout; earlier versions kept no more than its folder."""
    place = state["system"]["project"] or state["system"]["cwd"] or update.project
    if place == update.project:
        return True
    ours = os.path.realpath(update.project)
    found = os.path.realpath(place)
    return found == ours or (not state["system"]["project"] and found.startswith(ours + os.sep))


def is_left_to(update: SessionUpdate, state: State) -> bool:
    """Whether a session is of a worktree that is gone, which the main checkout offers then."""
    place = state["system"]["project"]
    if not place or os.path.isdir(place):
        return False
    own_home, project = home(update.env), update.project
    return checkout_of(project, own_home) == repository(project, own_home)


def crash_span_s(update: SessionUpdate) -> float:
    """How old a crashed session may be to be carried over; nothing into unattended runs."""
    if attended(update.env) is False:
        return 0.0
    return update.config["reload"]["after_crash_hours"] * HOUR_S


def _candidates(
    update: SessionUpdate, known: list[State], client: Process | None
) -> list[Candidate]:
    """The sessions that could be continued, as far as linking asks; `client` is our own process."""
    now = time.time()
    claimed = {one["lineage"]["parent_id"] for one in known if is_claim(one)}
    return [candidate(update, one, client, now, claimed) for one in known]


def candidate(
    update: SessionUpdate,
    state: State,
    client: Process | None,
    now: float,
    claimed: Collection[str | None],
) -> Candidate:
    """One session as far as linking asks; its client and its folder are looked at only if asked."""
    return Candidate(
        state["session_id"],
        age_s=now - (seconds_of(state["last_updated"]) or 0.0),
        ended=state["ended"],
        life=lambda: processes.life_of(update.store, state),
        claimed=state["session_id"] in claimed,
        attended=state["system"]["attended"] is not False,
        used=state["usage"]["used"] or int(state["lineage"]["parent_id"] is not None),
        is_here=lambda: is_here(update, state),
        is_ours=client is not None and state["system"]["process"] == client,
    )


def is_claim(state: State) -> bool:
    """Whether a session has taken over the work of its parent, which is then done with.

    A fork goes on beside its parent.
    """
    lineage = state["lineage"]
    return lineage["reason"] != "fork" and lineage["confidence"] not in ("probable", "unknown")


def keep(other: SessionUpdate, state: State) -> None:
    """Keep a state; what a full disk does not take is worth having all the same."""
    try:
        other.keep(state)
    except OSError:
        return


def rebuild(
    update: SessionUpdate, session_id: str, timeout: float = REBUILD_LOCK_S
) -> State | None:
    """Recover another session's state with its transcript; None if that is not possible.

    It may be busy, lost, or a newer Clearpoint's. `update` is the work on a session beside it.
    """
    folder = os.path.dirname(update.transcript_path or "")
    beside = os.path.join(folder, f"{session_id}.jsonl") if folder else None
    other = SessionUpdate(session_id, update.project, update.env, update.store.root, beside)
    try:
        with other.store.lock(session_id, timeout):
            state = other.load()
            other.transcript_path = state["system"]["transcript_path"] or beside
            other.catch_up(state, REBUILD_S)
            keep(other, state)
    except (OSError, NewerStateError):
        return None
    return state
