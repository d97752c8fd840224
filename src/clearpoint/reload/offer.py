"""The offer of earlier work at a start: one line on the screen, nothing for Claude. Pure.

Whether the new session is about that work is the user's to say.
"""

from __future__ import annotations

from clearpoint.lowlevel.clock import seconds_of
from clearpoint.reload.sections import age
from clearpoint.text import sentences
from clearpoint.text.phrases import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from clearpoint.models.state import State

ID_CHARS = 8


def unfinished(  # noqa: PLR0913  (one per fact)
    here: list[State],
    running: Collection[str],
    claimed: Collection[str],
    span_s: float,
    now: float,
    *,
    has_command: bool,
) -> str:
    """Offer the newest session of this checkout that ended unfinished; empty without one.

    `here` are its sessions, the newest first; `running` those that a client holds, `claimed` those
    that another continues; `span_s` how long ago it may have ended, `now` in seconds of the epoch.
    """
    for state in here:
        age_s = now - (seconds_of(state["last_updated"]) or 0.0)
        is_free = state["session_id"] not in running and state["session_id"] not in claimed
        if is_free and state["ended"] and age_s <= span_s:
            if not is_unfinished(state):
                return ""
            work = state["work_state"]
            opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
            return (
                f"The last session here{about(state)} ended {age(age_s)} ago with"
                f" {counted(len(opened), 'open step')}: {sentences.cut(opened[0])}."
                f" To continue it: {command(state, has_command=has_command)}"
            )
    return ""


def is_unfinished(state: State) -> bool:
    """Whether a session that the user ended has steps open."""
    work, keep = state["work_state"], state["persistence"]
    wanted = keep["auto_load_history"] and keep["context_preservation"] != "none"
    attended = state["system"]["attended"] is not False
    return wanted and attended and bool(work["current_step"] or work["pending_steps"])


def probable(state: State, evidence: str, *, has_command: bool) -> str:
    """Offer a session that this one probably continues."""
    return (
        f"This may continue session {state['session_id'][:ID_CHARS]}{about(state)} ({evidence})."
        f" To take over its work: {command(state, has_command=has_command)}"
    )


def about(state: State) -> str:
    """What a session was about, as a part of a sentence."""
    work = state["work_state"]
    if work["current_spec"]:
        return f" on {work['current_spec']}"
    asked = work["first_prompt"] or ""
    return f" (“{sentences.cut(asked, 60)}”)" if asked else ""


def command(state: State, *, has_command: bool) -> str:
    """What the user types to continue a session, where the slash command is there or not."""
    session_id = state["session_id"][:ID_CHARS]
    if has_command:
        return f"/clearpoint:continue {session_id}"
    return f"run clearpoint continue {session_id} and start Claude Code again"
