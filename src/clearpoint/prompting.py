"""The prompts that are not quiet: a note for Claude, an interrupted turn, a reload sent again."""

from __future__ import annotations

from clearpoint import advice, budget, tokens
from clearpoint.catchup import Sitting
from clearpoint.reload import mark_of
from clearpoint.replies import reply
from clearpoint.transcript import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import Level, State, Verdict


def answer_prompt(event: Event, verdict: Verdict | None) -> dict[str, Any] | None:
    """Bring the state up to date before this prompt, and say what is due.

    Without a verdict, which was damaged or deleted, a reload context may still be awaited.
    """
    sitting = Sitting(event)
    with sitting.store.lock(event.session_id):
        state = sitting.load()
        sitting.catch_up(state)
        sitting.judge(state)
        add_prompt(state, sitting.starts, event.text("prompt"))
        advice.rearm(state, sitting.starts, sitting.config)
        note = advice.claude_note(state)
        if note:
            state["advice"]["level_told"] = state["budget"]["level"]
        again = ""
        awaiting = verdict["awaiting"] if verdict else mark_of(event.session_id)
        if awaiting and has_arrived(event, awaiting):
            awaiting = ""
        elif awaiting and state["usage"]["requests"]:
            from clearpoint.handlers.session_start import reload_again

            again, awaiting = reload_again(sitting, state), ""
        sitting.write(state, "", awaiting)
        sitting.store.journal(
            event.session_id,
            "UserPromptSubmit",
            level=state["budget"]["level"],
            told=bool(note),
            interrupted=state["usage"]["interrupted"],
            reloaded_again=bool(again),
        )
    return reply("UserPromptSubmit", context="\n\n".join(part for part in (again, note) if part))


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
