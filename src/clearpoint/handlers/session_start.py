"""SessionStart: link the session to the one it continues, and give its work back to Claude.

What composes a reload is loaded if there is one to give. It keeps its limit by an estimate:
loading the encoder takes longer than all the rest.
"""

from __future__ import annotations

import time

from clearpoint.advice import cold_return
from clearpoint.advice.catalogue import words
from clearpoint.advice.messages import carried_over, offered_prompts
from clearpoint.advice.notes import assumed_window
from clearpoint.client.events import attended
from clearpoint.client.replies import reply
from clearpoint.handlers.welcome import first_words
from clearpoint.lineage import candidates
from clearpoint.lineage.continuing import ordered, take_up
from clearpoint.lineage.takeover import await_delivery, composed, take_over
from clearpoint.lowlevel import process
from clearpoint.reload.delivery import saying
from clearpoint.session.update import SessionUpdate, update_for
from clearpoint.store import checkpoints, held_prompts, processes, untold
from clearpoint.tokens import usage
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

NEW = ("startup", "clear", "fork")
"""The sources of a session that has not begun yet."""


def handle(event: Event) -> dict[str, Any] | None:
    """Bring up the state of a session that begins, and reload what it continues."""
    update = update_for(event)
    source = event.text("source") or "startup"
    holder = process.identify(event.client_pid)
    held_before = processes.held_before(update.store, holder, event.session_id)
    with update.store.lock(event.session_id):
        state = update.load()
        is_new = source in NEW and not state["usage"]["requests"]
        known = candidates.known_to(update) if is_new else []
        asked = ordered(update, time.time()) if source == "startup" and is_new else None
        parent = None
        if is_new and not asked:
            parent = candidates.link(update, state, event, held_before, known)
        if parent:
            take_over(update, parent, state, source)
        elif source == "fork":
            count_as_in_parent(update, state, known)
        seen = state["work_state"]["touches"]
        update.catch_up(state)
        if source == "compact" and state["usage"]["since_boundary"]:
            usage.expect_boundary(state["usage"], state["advice"]["begins"])
        state["ended"] = None
        reason = state["lineage"]["reason"] if parent else source
        text = take_up(update, state, asked) if asked else composed(update, state, reason, seen)
        reason = "clear" if asked else reason
        offer = candidates.offered(update, state, known) if is_new and not (parent or asked) else ""
        update.judge(state, event)
        waiting = waiting_prompts(update, source, parent, known)
        message = first_words(update.env, update.config) if source == "startup" else []
        message += unknown_model_note(state, known, update.config) + cold_note(update, state, event)
        await_delivery(update, state, text)
        data = update.write(state)
        if parent and source != "fork":  # a fork's own transcript holds everything again
            checkpoints.save(update.store, state, checkpoints.START, data)
        journal(update, state, event, text)
    if source in NEW and update.config["remote"]["sync"]:
        from clearpoint.sync.background import exchange_in_background

        exchange_in_background("pull", event)
    message += [offer] if offer else []
    if text and reason in ("clear", "crash"):
        message.append(carried_over(state, update.config, crashed=reason == "crash"))
    if waiting:
        message.append(offered_prompts(state, update.config, waiting))
    message += [*hygiene_note(update, source), *untold.take(update.store.root, untold.AT_START)]
    answer = reply(
        "SessionStart",
        message="\n".join([*update.problems, *message, *update.untold()]),
        context=text,
    )
    return saying(answer, update.store, event.session_id, "start") if text else answer


def count_as_in_parent(update: SessionUpdate, state: State, known: list[State]) -> None:
    """A fork of another process is probably as large as the session of its size; no work is taken.

    Its own transcript, which is not written yet, tells all.
    """
    from clearpoint.reload import inherit

    parent_id = state["lineage"]["parent_id"]
    is_known = any(one["session_id"] == parent_id for one in known)
    parent = candidates.readable(update, parent_id) if parent_id and is_known else None
    if parent:
        inherit.copy_conversation(parent, state)


def waiting_prompts(
    update: SessionUpdate, source: str, parent: State | None, known: list[State]
) -> list[str]:
    """The prompts that were held back and wait in this session from now on."""
    store, own_id = update.store, update.session_id
    givers = [parent] if parent and source != "fork" else []
    if source == "startup":
        since = time.time() - candidates.crash_span_s(update)
        givers += [one for one in known if held_prompts.is_left_behind(store, one, since)]
    for giver in givers:
        if held_prompts.is_waiting(store, giver["session_id"]):
            held_prompts.move(store, giver["session_id"], own_id)
            break
    return held_prompts.read(store, own_id)


def cold_note(update: SessionUpdate, state: State, event: Event) -> list[str]:
    """What going on costs, where a session is resumed after its prompt cache has expired."""
    is_resumed = event.text("source") == "resume"
    if not is_resumed or event.payload.get("prompt_cache_likely_expired") is not True:
        return []
    notices = update.store.read_notices()
    if not cold_return.is_worth_telling(state, update.config, notices, time.time()):
        return []
    dollars: Any = event.payload.get("estimated_cache_write_usd")
    is_known = isinstance(dollars, int | float) and not isinstance(dollars, bool) and dollars > 0
    return [cold_return.cold_message(state, update.config, dollars if is_known else None)]


def unknown_model_note(state: State, known: list[State], config: Config) -> list[str]:
    """That the window of a model is only assumed: said once for each model in a project."""
    model = state["model"] or ""
    note = assumed_window(state, words(state, config))
    said = [one["advice"]["fired"].get("window") for one in (state, *known)]
    if not note or model in said:
        return []
    state["advice"]["fired"]["window"] = model
    return [note]


def journal(update: SessionUpdate, state: State, event: Event, text: str) -> None:
    """Note how the session began, and what it was given."""
    update.store.journal(
        event.session_id,
        "SessionStart",
        source=event.text("source") or "startup",
        parent=state["lineage"]["parent_id"],
        confidence=state["lineage"]["confidence"],
        used=state["context_window"]["used"],
        client_says=event.number("context_tokens"),
        reload_tokens=estimated(text),
    )


def hygiene_note(update: SessionUpdate, source: str) -> list[str]:
    """What takes up context without need, for a user who asked for it, once per session."""
    is_wanted = update.config["hygiene"]["note"] and source in NEW
    if not is_wanted or attended(update.env) is False:
        return []
    from clearpoint.hygiene import examination

    found = examination.examine(
        update.project, update.env, update.store, update.config, conversations=1
    )
    return [said] if (said := examination.note(found)) else []
