"""SessionStart: link the session to the one it continues, and give its work back to Claude.

What composes a reload is loaded where there is one to give. It keeps its limit by an estimate:
loading the encoder takes longer than all the rest.
"""

from __future__ import annotations

import time

from clearpoint import checkpoints, held, links, trust, usage, window
from clearpoint.advice.messages import carried_over, offered_prompts
from clearpoint.catchup import Sitting
from clearpoint.clock import now_text, seconds_of
from clearpoint.delivery import mark_in, read_to
from clearpoint.files import read_bytes, write_atomically
from clearpoint.lineage import Candidate, find_parent
from clearpoint.recovery import rebuild
from clearpoint.replies import reply
from clearpoint.sealed import DamagedStateError
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models.state import State

CANDIDATES_LIMIT = 50
DISCLOSED_LIMIT = 60


def handle(event: Event) -> dict[str, Any] | None:
    """Bring up the state of a session that begins, and reload what it continues."""
    sitting = Sitting(event)
    source = event.text("source") or "startup"
    held_before = links.held_by(sitting.store, event.client_pid)
    with sitting.store.lock(event.session_id):
        state = sitting.load()
        parent, offered = None, ""
        known: list[State] = []
        if source in ("startup", "clear", "fork") and not state["usage"]["requests"]:
            known = others(sitting)
            parent = link(sitting, state, source, held_before, known)
            if parent is None and source == "startup":
                offered = offered_work(sitting, known)
            elif parent:
                take_over(sitting, parent, state, source)
        seen = state["work_state"]["touches"]
        sitting.catch_up(state)
        if source == "compact" and state["usage"]["since_boundary"]:
            usage.expect_boundary(state["usage"], state["advice"]["begins"])
        state["ended"] = None
        reason = state["lineage"]["reason"] if parent else source
        text = composed(sitting, state, reason, seen) or offered
        state["system"]["reloaded_at"] = state["usage"]["requests"]
        state["system"]["reloaded_behind"] = read_to(state["transcript"], event.transcript_path)
        sitting.judge(state)
        waiting = waiting_prompts(sitting, source, parent, known)
        message = unknown_model_note(state, known)
        state["system"]["awaiting"] = mark_in(text)
        sitting.write(state)
        if text:
            write_atomically(given_path(sitting), text.encode())
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
            reload_tokens=estimated(text),
        )
    if event.client_pid:
        links.record(sitting.store, event.client_pid, event.session_id, now_text())
    was_taken = bool(text) and reason in ("clear", "crash")
    if was_taken:
        message.append(carried_over(state, sitting.config, crashed=reason == "crash"))
    if waiting:
        message.append(offered_prompts(state, sitting.config, waiting))
    message += hygiene_note(sitting, source)
    return reply("SessionStart", message="\n".join([*sitting.problems, *message]), context=text)


def unknown_model_note(state: State, known: list[State]) -> list[str]:
    """That the window of a model is only assumed: said once for each model in a project."""
    window_now, model = state["context_window"], state["model"] or ""
    note = window.note_on(window_now["source"], window_now["total"], model)
    said = [one["advice"]["fired"].get("window") for one in (state, *known)]
    if not note or model in said:
        return []
    state["advice"]["fired"]["window"] = model
    return [note]


def hygiene_note(sitting: Sitting, source: str) -> list[str]:
    """What takes up context without need, for a person who asked for it, once per session."""
    is_new = source in ("startup", "clear", "fork")
    attended = sitting.event.env.get("CLAUDE_CODE_SESSION_ATTENDED") != "0"
    if not (sitting.config["hygiene"]["note"] and is_new and attended):
        return []
    from clearpoint import hygiene

    event, store = sitting.event, sitting.store
    found = hygiene.examine(event.project_dir, event.env, store, sitting.config, conversations=1)
    return [said] if (said := hygiene.note(found)) else []


def link(
    sitting: Sitting, state: State, source: str, held_before: str | None, known: list[State]
) -> State | None:
    """Find the session among those known that this one continues; give its state.

    What was found once stays: the hook may have been stopped after that, and is run again.
    """
    event = sitting.event
    if state["lineage"]["parent_id"] is None:
        state["lineage"] = find_parent(
            source,
            held_before,
            candidates(sitting, known),
            context_tokens=event.number("context_tokens"),
            crash_span_s=crash_span_s(sitting),
        )
    parent_id = state["lineage"]["parent_id"]
    return next((one for one in known if one["session_id"] == parent_id), None)


def take_over(sitting: Sitting, parent: State, state: State, source: str) -> None:
    """Give the session its parent's work, whose conversation is archived unless it goes on."""
    from clearpoint.archive import archive
    from clearpoint.reload import carry

    parent_id = parent["session_id"]
    if source != "fork":  # a turn that nobody saw the end of is in the transcript only
        rebuild(sitting.event, parent_id)
    with sitting.store.lock(parent_id):
        parent = readable(sitting, parent_id) or parent
        if source != "fork" and archive(sitting.store, parent):
            sitting.store.write_state(parent)
    carry.carry(parent, state)
    if source == "fork":
        carry.copy_conversation(parent, state)


def waiting_prompts(
    sitting: Sitting, source: str, parent: State | None, known: list[State]
) -> list[str]:
    """The prompts that were held back and wait in this session from now on."""
    store, own_id = sitting.store, sitting.event.session_id
    givers = [parent] if parent and source != "fork" else []
    if source == "startup":
        since = time.time() - crash_span_s(sitting)
        givers += [one for one in known if held.is_left_behind(store, one, since)]
    for giver in givers:
        if held.is_waiting(store, giver["session_id"]):
            held.move(store, giver["session_id"], own_id)
            break
    return held.read(store, own_id)


def crash_span_s(sitting: Sitting) -> float:
    """How old a crashed session may be to be carried over; nothing into unattended runs."""
    if sitting.event.env.get("CLAUDE_CODE_SESSION_ATTENDED") == "0":
        return 0.0
    return sitting.config["reload"]["after_crash_hours"] * 3_600


def others(sitting: Sitting) -> list[State]:
    """The states of the person's other sessions in the project, the newest ones."""
    path = sitting.event.transcript_path
    newest = sitting.others()
    own = trust.first_own(newest, path, CANDIDATES_LIMIT)
    chosen = {*own, *newest[:CANDIDATES_LIMIT]}
    states = [readable(sitting, one, mend=one in own) for one in newest if one in chosen]
    return [state for state in states if state is not None
            and (state["session_id"] in own or trust.continues_own(state, path))]  # fmt: skip


def offered_work(sitting: Sitting, known: list[State]) -> str:
    """What to say of a session here that ended with open steps, empty where there is none."""
    if not known:
        return ""
    from clearpoint.reload.offer import offer

    return offer(known, links.holders(sitting.store), crash_span_s(sitting))


def candidates(sitting: Sitting, known: list[State]) -> list[Candidate]:
    """The sessions that could be continued, as far as linking asks."""
    held, now = links.holders(sitting.store), time.time()
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


def readable(sitting: Sitting, session_id: str, *, mend: bool = True) -> State | None:
    """Another session's state; a damaged one is rebuilt or, like an unusable one, passed over."""
    try:
        return sitting.store.read_state(session_id)
    except DamagedStateError:
        return rebuild(sitting.event, session_id) if mend else None
    except OSError:
        return None


def composed(sitting: Sitting, state: State, reason: str, seen: int) -> str:
    """The reload context for this start, empty where there is nothing to carry."""
    if reason == "startup":
        return ""
    from clearpoint import reload, tags
    from clearpoint.reload.context import context

    if reason not in reload.HEADS:
        return ""
    text, now = context(sitting, state, reason, seen)
    if now.files:
        state["disclosure"] = [one.as_kept() for one in now.files][:DISCLOSED_LIMIT]
    if used := {long: name for long, name in now.references.items() if f"@{name}" in text}:
        tags.keep(sitting.store.root, used)
    return text


def given_path(sitting: Sitting) -> str:
    """Where the newest reload context of a session is kept as it was given."""
    return sitting.store.path(sitting.event.session_id, "reload.md")


def given_before(sitting: Sitting) -> str:
    """The newest reload context of a session, as it was given; empty where there is none."""
    try:
        return read_bytes(given_path(sitting)).decode("utf-8", "replace")
    except OSError:
        return ""
