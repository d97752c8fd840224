"""UserPromptSubmit: count the prompt in, and in the usual case say nothing. Fast lane.

Said is what is due: a note for Claude, once per level; a reload context that did not arrive; what
the prompt's tags stand for; prompts that were held back before. At emergency, where the user
has asked for that, the prompt itself is held back.
"""

from __future__ import annotations

import os
import time

from clearpoint.advice import cold_return, strategy
from clearpoint.budget.levels import LEVELS
from clearpoint.client.commands import COMMAND
from clearpoint.client.replies import block, reply
from clearpoint.lowlevel import process
from clearpoint.reload import delivery
from clearpoint.session import state as session
from clearpoint.session.update import PROMPT_LOCK_S, PROMPT_S, SessionUpdate, update_for
from clearpoint.store import held_prompts, processes, tags
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store
from clearpoint.tokens import projection
from clearpoint.tokens.pending import PROMPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State


def handle(event: Event) -> dict[str, Any] | None:
    """Bring the state up to date before this prompt, and say what is due.

    A session that no other event has told of is left to Stop, but for tags.
    """
    prompt = event.text("prompt")
    if prompt.startswith(COMMAND):
        from clearpoint.handlers.slash_commands import answer_command

        if answered := answer_command(event):
            return answered
    root = event_root(event)
    folder = Store(root).session_folder(event.session_id)
    holder = process.identify(event.client_pid)
    before = processes.held_before(Store(root), holder, event.session_id)
    if not os.path.isdir(folder) and not before and not tags.called(root, prompt):
        return None
    update = update_for(event)
    try:
        return answer(update, event)
    except TimeoutError as error:
        from clearpoint.handlers.unlocked import at_prompt

        return reply("UserPromptSubmit", context=at_prompt(update, event, error, missed_reload))


def answer(update: SessionUpdate, event: Event) -> dict[str, Any] | None:
    """Bring a session that is known up to date; what is due."""
    prompt = event.text("prompt")
    with update.store.lock(event.session_id, PROMPT_LOCK_S):
        state, missed = update.load(), ""
        if update.is_new:
            from clearpoint.lineage.takeover import repair

            missed = repair(update, state, event)
        update.catch_up(state, PROMPT_S)
        update.judge(state, event)
        message = cold_note(update, state, event)
        if missed:
            from clearpoint.advice.messages import carried_over

            carried = carried_over(state, update.config, crashed=False)
            message = "\n".join(filter(None, [message, carried]))
        add_prompt(state, update.starts, prompt)
        strategy.rearm(state, update.starts, update.config)
        waiting = held_prompts.read(update.store, event.session_id)
        if is_held_back(event, state, update.config) and not held_prompts.is_among(prompt, waiting):
            return hold_back(update, state, event)
        released = ""
        if held_prompts.is_typed(prompt):
            released = held_prompts.release(update.store, event.session_id, prompt)
        note = strategy.claude_note(state)
        if note:
            state["advice"]["level_told"] = state["budget"]["level"]
        note = "\n".join(filter(None, [note, handover_request(state, update.config, prompt)]))
        again = missed or missed_reload(update, state)
        update.write(state)
        update.store.journal(
            event.session_id,
            "UserPromptSubmit",
            level=state["budget"]["level"],
            implausible=state["context_window"]["implausible"],
            told=bool(note),
            interrupted=state["usage"]["interrupted"],
            reloaded_again=bool(again),
            released=len(waiting),
        )
    tagged = tags.brought_in(event, update.config)
    parts = [part for part in (released, again, note, tagged) if part]
    answer = reply("UserPromptSubmit", message=message, context="\n\n".join(parts))
    return delivery.saying(answer, update.store, event.session_id, "prompt") if again else answer


def cold_note(update: SessionUpdate, state: State, event: Event) -> str:
    """What going on costs, where this prompt is the first after the prompt cache has expired."""
    now = time.time()
    is_theirs = event.attended is not False and held_prompts.is_typed(event.text("prompt"))
    notices = update.store.read_notices()
    if not is_theirs or not cold_return.is_cold_return(state, update.config, notices, now):
        return ""
    from clearpoint.simulate.bill import rewriting

    used, cache_s = state["context_window"]["projected"], state["usage"]["cache_seconds"]
    dollars = rewriting(state["model"], used, cache_s)
    return cold_return.cold_message(state, update.config, dollars)


def handover_request(state: State, config: Config, prompt: str) -> str:
    """The line that has Claude end this turn with a handover note, where the settings ask for it.

    Not for a command or a machine's prompt, and not while there is a current note.
    """
    if (
        config["reload"]["handover"] != "auto"
        or not held_prompts.is_typed(prompt)
        or prompt[:1] == "/"
    ):
        return ""
    from clearpoint.work import handover

    work, level = state["work_state"], state["budget"]["level"]
    if handover.is_current(work) or LEVELS.index(level) < LEVELS.index("warning"):
        return ""
    handover.ask(work, work["turn"] + 1, wanted=False)
    return handover.REQUEST


def missed_reload(update: SessionUpdate, state: State) -> str:
    """The reload context where nobody has said it, and once more where a response lacked it."""
    system, store = state["system"], update.store
    if not system["awaiting"]:
        return ""
    path, behind = update.transcript_path, system["reloaded_behind"]
    by = delivery.said_by(store, update.session_id)
    is_answered = state["usage"]["requests"] > system["reloaded_at"]
    is_over = by == "prompt" and is_answered
    if is_over or delivery.has_arrived(system["awaiting"], path, behind):
        system["awaiting"] = ""
        return ""
    return "" if by and not is_answered else delivery.kept(store, update.session_id)


def is_held_back(event: Event, state: State, config: Config) -> bool:
    """Whether a prompt may not go through: at emergency, where the user has asked for that.

    Nobody is there to clear an unattended run, and the client's own prompts are answers.
    """
    if not config["advice"]["enforce"] or state["advice"]["allowed"]:
        return False
    is_full = state["budget"]["level"] == "emergency"
    return is_full and event.attended is not False and held_prompts.is_typed(event.text("prompt"))


def hold_back(update: SessionUpdate, state: State, event: Event) -> dict[str, Any]:
    """Keep the prompt, and say why and what to do; what was due stays due."""
    from clearpoint.advice import messages

    held_prompts.hold(update.store, event.session_id, event.text("prompt"))
    reason = messages.held(state, update.config)
    used = state["context_window"]["projected"]
    update.judge(state, event)  # without the prompt
    update.write(state)
    update.store.journal(event.session_id, "UserPromptSubmit", level="emergency", held=used)
    return block("UserPromptSubmit", reason)


def is_last_prompt(state: State, prompt: str) -> bool:
    """Whether the newest prompt of the transcript is this one."""
    from clearpoint.redaction.prefilter import masked
    from clearpoint.work.words import PROMPT_CHARS

    return state["work_state"]["last_prompt"] == masked(prompt)[:PROMPT_CHARS]


def add_prompt(state: State, starts: dict[Level, int], prompt: str) -> None:
    """Count the prompt that is about to be sent into the projection and the level.

    One that stands in the transcript already, and has no answer yet, is counted there.
    """
    counted = state["usage"]
    if counted["pending"]["since"][PROMPT] and is_last_prompt(state, prompt):
        return
    window = state["context_window"]
    added = projection.estimate_prompt(counted["learner"], counted["model"], prompt)
    window["estimated"] = window["estimated"] or added > 0
    session.project(state, (window["implausible"] or window["projected"]) + added)
    state["budget"]["level"] = session.level_now(state, starts)
