"""The prompts that are not quiet.

A note for Claude is due, a turn was interrupted, a reload is sent again; a prompt is held back, or
brings those with it that were.
"""

from __future__ import annotations

import time

from clearpoint import advice, budget, held, tags, tokens
from clearpoint.catchup import Sitting
from clearpoint.reload import mark_of
from clearpoint.replies import block, reply
from clearpoint.transcript import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import Config, Level, State, Verdict


def answer_prompt(event: Event, verdict: Verdict | None) -> dict[str, Any] | None:
    """Bring the state up to date before this prompt, and say what is due.

    Without a verdict, which was damaged or deleted, a reload context may still be awaited.
    """
    sitting = Sitting(event)
    with sitting.store.lock(event.session_id):
        state = sitting.load()
        sitting.catch_up(state)
        sitting.judge(state)
        prompt = event.text("prompt")
        add_prompt(state, sitting.starts, prompt)
        advice.rearm(state, sitting.starts, sitting.config)
        waiting = held.read(sitting.store, event.session_id)
        if is_held_back(event, state, sitting.config) and not held.is_among(prompt, waiting):
            return hold_back(sitting, state, verdict)
        released = ""
        if held.is_typed(prompt):
            released = held.release(sitting.store, event.session_id, prompt)
        note = advice.claude_note(state)
        if note:
            state["advice"]["level_told"] = state["budget"]["level"]
        again = ""
        awaiting = verdict["awaiting"] if verdict else mark_of(event.session_id)
        if awaiting and has_arrived(event, awaiting):
            awaiting = ""
        elif awaiting and state["usage"]["requests"] > state["system"]["reloaded_at"]:
            from clearpoint.handlers.session_start import given_before

            again, awaiting = given_before(sitting), ""
        sitting.write(state, "", awaiting)
        sitting.store.journal(
            event.session_id,
            "UserPromptSubmit",
            level=state["budget"]["level"],
            told=bool(note),
            interrupted=state["usage"]["interrupted"],
            reloaded_again=bool(again),
            released=len(waiting),
        )
    tagged = tags.brought_in(event, sitting.config)
    parts = [part for part in (released, again, note, tagged) if part]
    return reply("UserPromptSubmit", context="\n\n".join(parts))


def is_held_back(event: Event, state: State, config: Config) -> bool:
    """Whether a prompt may not go through: at emergency, where the person has asked for that.

    Nobody is there to clear an unattended run, and the client's own prompts are answers.
    """
    if not config["advice"]["enforce"] or state["advice"]["allowed"]:
        return False
    is_attended = event.env.get("CLAUDE_CODE_SESSION_ATTENDED") != "0"
    is_full = state["budget"]["level"] == "emergency"
    return is_full and is_attended and held.is_typed(event.text("prompt"))


def hold_back(sitting: Sitting, state: State, verdict: Verdict | None) -> dict[str, Any]:
    """Keep the prompt, and say why and what to do; what was due stays due."""
    from clearpoint.advice import messages

    event = sitting.event
    held.hold(sitting.store, event.session_id, event.text("prompt"))
    reason = messages.held(state, sitting.config, time.time())
    used = state["context_window"]["projected"]
    sitting.judge(state)  # without the prompt
    sitting.write(state, *((verdict["note"], verdict["awaiting"]) if verdict else ("", "")))
    sitting.store.journal(event.session_id, "UserPromptSubmit", level="emergency", held=used)
    return block("UserPromptSubmit", reason)


def add_prompt(state: State, starts: dict[Level, int], prompt: str) -> None:
    """Count the prompt that is about to be sent into the projection and the level."""
    learner, model = state["usage"]["learner"], state["usage"]["model"]
    window = state["context_window"]
    window["projected"] += tokens.estimate_prompt(learner, model, prompt)
    state["budget"]["level"] = budget.level_of(window["projected"], starts)


def has_arrived(event: Event, mark: str) -> bool:
    """Whether the client's transcript holds the reload context with this mark."""
    try:
        transcript = Transcript(event.transcript_path or "", None)
    except OSError:
        return False
    try:
        return any(mark.encode() in line for line in transcript.lines())
    finally:
        transcript.close()
