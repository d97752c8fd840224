"""The offer of earlier work at a start: one line on the screen, nothing for Claude. Pure.

Whether the new session is about that work is the user's to say.
"""

from __future__ import annotations

from clearpoint.advice.catalogue import words
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.reload import task
from clearpoint.text import sentences
from clearpoint.text.phrases import SPANS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import State

ID_CHARS = 8
ASKED_CHARS = 80


def unfinished(  # noqa: PLR0913  (one per fact)
    free: Iterable[State],
    claimed: Collection[str],
    span_s: float,
    now: float,
    *,
    config: Config,
    has_command: bool,
) -> str:
    """Offer the newest session of this checkout that ended unfinished; empty without one.

    `free` are its sessions that no client holds, the newest first; `claimed` those that another
    continues; `span_s` how long ago it may have ended, `now` in seconds of the epoch.
    """
    for state in free:
        age_s = now - (seconds_of(state["last_updated"]) or 0.0)
        if state["session_id"] not in claimed and state["ended"] and age_s <= span_s:
            if not (is_wanted(state) and (left := still_open(state, config))):
                return ""
            said = words(state, config)
            return said["unfinished"].format(
                about=about(state, said),
                age=age(age_s, said),
                parts=left,
                how=command(state, said, has_command=has_command),
            )
    return ""


def is_wanted(state: State) -> bool:
    """Whether the work of a session that the user ended may be offered."""
    keep = state["persistence"]
    wanted = keep["auto_load_history"] and keep["context_preservation"] != "none"
    return wanted and state["system"]["attended"] is not False


def age(seconds: float, said: Mapping[str, str]) -> str:
    """`3 days`, `5 hours`, `20 minutes`, `a moment`, in the words of a catalogue."""
    for length, name in SPANS:
        if seconds >= 2 * length:
            return said[f"{name}s"].format(n=round(seconds / length))
    return said["moment"]


def still_open(state: State, config: Config) -> str:
    """What a session left open: steps, or a check that failed; empty for nothing."""
    work, said = state["work_state"], words(state, config)
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    failed = [
        *work["failing"],
        *(one for one, check in work["checks"].items() if not check["passed"]),
    ]
    if opened:
        number = said["step" if len(opened) == 1 else "steps"].format(n=len(opened))
        return f"{number}: {sentences.cut(opened[0])}"
    return f"{said['failed_check']}: {sentences.cut(failed[0])}" if failed else ""


def probable(state: State, config: Config, *, has_command: bool) -> str:
    """Offer a session that this one probably continues."""
    said = words(state, config)
    return said["probable"].format(
        session=state["session_id"][:ID_CHARS],
        about=about(state, said),
        how=command(state, said, has_command=has_command),
    )


def about(state: State, said: Mapping[str, str]) -> str:
    """What a session was about, as a part of a sentence."""
    work = state["work_state"]
    typed = task.prompts(work)
    start = task.setter(work, typed)
    asked = task.typed(typed[start]["text"]) if start >= 0 else work["first_prompt"] or ""
    spec = said["on_spec"].format(fact=work["current_spec"]) if work["current_spec"] else ""
    return f"{spec} (“{sentences.cut(asked, ASKED_CHARS)}”)" if asked not in spec else spec


def command(state: State, said: Mapping[str, str], *, has_command: bool) -> str:
    """What the user types to continue a session, where the slash command is there or not."""
    session_id = state["session_id"][:ID_CHARS]
    if has_command:
        return f"/clearpoint:continue {session_id}"
    return said["run_continue"].format(session=session_id)
