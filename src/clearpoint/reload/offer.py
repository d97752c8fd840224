"""The offer at a fresh start: that the last session here ended with open steps, in short. Pure.

Nothing of it is carried over: what the new session is about is the person's to say.
"""

from __future__ import annotations

from clearpoint.lowlevel.clock import seconds_of
from clearpoint.reload.sections import age
from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from clearpoint.models.state import State

STEPS_SHOWN = 3


def offer(known: list[State], held: Collection[str], span_s: float, now: float) -> str:
    """What to say of the newest session that ended unfinished in this span; empty without one.

    `known` are the project's other sessions, the newest first; `held` those that a client holds;
    `now` is in seconds of the epoch.
    """
    claimed = {state["lineage"]["parent_id"] for state in known}
    for state in known:
        age_s = now - (seconds_of(state["last_updated"]) or 0.0)
        is_free = state["session_id"] not in held and state["session_id"] not in claimed
        if is_free and state["ended"] and age_s <= span_s:
            return said(state, age_s) if is_unfinished(state) else ""
    return ""


def is_unfinished(state: State) -> bool:
    """Whether a session that a person ended has steps open."""
    work, keep = state["work_state"], state["persistence"]
    wanted = keep["auto_load_history"] and keep["context_preservation"] != "none"
    attended = state["system"]["attended"] is not False
    return wanted and attended and bool(work["current_step"] or work["pending_steps"])


def said(state: State, age_s: float) -> str:
    """The offer itself."""
    work, session_id = state["work_state"], state["session_id"]
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    shown = "; ".join(sentences.cut(step) for step in opened[:STEPS_SHOWN])
    about = f" on {work['current_spec']}" if work["current_spec"] else ""
    return (
        f"Clearpoint reload {session_id[:8]}: the last session here{about} ended {age(age_s)} ago"
        f" with open steps: {shown}. The user has not said whether to continue it; `clearpoint"
        f" reload {session_id[:8]}` tells more, `claude --resume {session_id}` resumes it."
    )
