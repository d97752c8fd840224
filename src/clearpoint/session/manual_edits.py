"""Work state and usage as a person or a program sets them by hand. Pure.

What is set of the work is named in `hand_set`, which the folds over the transcript leave alone.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, get_args

from clearpoint.models.work import Phase
from clearpoint.redaction.prefilter import masked
from clearpoint.text import sentences
from clearpoint.tokens import projection
from clearpoint.tokens.usage import GROWTH_LIMIT
from clearpoint.work import tasks

if TYPE_CHECKING:
    from clearpoint.models.usage import Usage
    from clearpoint.models.work import Noted, WorkState

PHASES: tuple[Phase, ...] = get_args(Phase)
SPEC_CHARS = 80
NOTED_LIMIT = 40
NAMES = {"spec": "current_spec", "phase": "phase", "steps": "steps"}
"""What can be left to the transcript again, by the name that a person types."""


class WorkError(ValueError):
    """The work state cannot take this value; the text is one line for a person."""


def set_spec(work: WorkState, spec: str) -> None:
    """The specification at hand."""
    work["current_spec"] = sentences.cut(_given(spec, "the specification"), SPEC_CHARS)
    _mark(work, "current_spec")


def set_phase(work: WorkState, name: str) -> None:
    """The phase, one of the seven; raises WorkError with the nearest one otherwise."""
    work["phase"] = phase(name)
    _mark(work, "phase")


def phase(name: str) -> Phase:
    """The phase of this name; raises WorkError with the nearest one where there is none."""
    for known in PHASES:
        if name == known:
            return known
    near = difflib.get_close_matches(name.lower(), PHASES, 1, 0.4)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise WorkError(f"no phase {name!r}{hint} The phases are {', '.join(PHASES)}.")


def add_step(work: WorkState, text: str) -> None:
    """One more open step, the last."""
    step = sentences.cut(_given(text, "the step"), tasks.STEP_CHARS)
    _set_open(work, work["current_step"], [*work["pending_steps"], step])


def finish_step(work: WorkState, text: str = "") -> str:
    """Take a step as done and give it: the one at hand, or the open one that the text names.

    A text that names no open step is noted as done all the same; one that names several, and
    none at all where nothing is open, raise WorkError.
    """
    opened = [step for step in (work["current_step"], *work["pending_steps"]) if step]
    step = _named(opened, text) if text.strip() else next(iter(opened), None)
    if step is None:
        raise WorkError("no step is open; name the one that is done")
    pending = [other for other in work["pending_steps"] if other != step]
    _set_open(work, None if work["current_step"] == step else work["current_step"], pending)
    if step not in work["completed_steps"]:
        work["completed_steps"] = [*work["completed_steps"], step]
    return step


def add_artifact(work: WorkState, path: str) -> None:
    """One more file that the work has made."""
    path = _given(path, "the artifact")
    known = [other for other in work["artifacts"] if other != path]
    work["artifacts"] = [*known, path][-NOTED_LIMIT:]
    _mark(work, "artifacts")


def decide(work: WorkState, text: str, now: str) -> None:
    """One more decision; `now` is the time as text."""
    _note(work["decisions"], _given(text, "the decision"), now)
    _mark(work, "decisions")


def raise_issue(work: WorkState, text: str, now: str) -> None:
    """One more open issue."""
    _note(work["issues"], _given(text, "the issue"), now)
    _mark(work, "issues")


def note(work: WorkState, text: str, now: str) -> None:
    """One more note, which only people make."""
    _note(work["notes"], _given(text, "the note"), now)


def take_usage(counted: Usage, used: int, now: str) -> None:
    """Set the size of the context after one more response, as somebody else measured it."""
    if used > counted["used"] > 0:
        counted["growth"] = [*counted["growth"], used - counted["used"]][-GROWTH_LIMIT:]
    counted["used"] = counted["input"] = counted["turn_start"] = used
    counted["output"] = 0
    counted["boundary_tokens"] = None
    counted["pending"] = projection.new_pending()
    counted["peak"] = max(counted["peak"], used)
    counted["requests"] += 1
    counted["since_boundary"] += 1
    counted["at"] = now


def unset(work: WorkState, name: str) -> bool:
    """Leave a value to the transcript again; tell whether it was set by hand."""
    if name not in NAMES:
        raise WorkError(f"{name!r} cannot be set by hand; these can: {', '.join(NAMES)}")
    was_set = NAMES[name] in work["hand_set"]
    work["hand_set"] = [other for other in work["hand_set"] if other != NAMES[name]]
    return was_set


def _named(steps: list[str], text: str) -> str:
    """The one step that the text names, whole or in part; the text itself if none does."""
    low = text.strip().casefold()
    for step in steps:
        if step.casefold() == low:
            return step
    fits = [step for step in steps if low in step.casefold()]
    if len(fits) > 1:
        raise WorkError(f"{text!r} names several open steps: {'; '.join(fits)}")
    return fits[0] if fits else sentences.cut(text, tasks.STEP_CHARS)


def _set_open(work: WorkState, current: str | None, pending: list[str]) -> None:
    work["current_step"], work["pending_steps"] = current, pending
    work["next_step"] = pending[0] if pending else None
    work["stepped"] = work["turn"]
    _mark(work, "steps")


def _note(noted: list[Noted], text: str, now: str) -> None:
    said = sentences.cut(text)
    noted[:] = [old for old in noted if old["text"] != said][1 - NOTED_LIMIT :]
    noted.append({"text": said, "at": now, "entry": None})


def _mark(work: WorkState, name: str) -> None:
    if name not in work["hand_set"]:
        work["hand_set"] = [*work["hand_set"], name]


def _given(text: str, what: str) -> str:
    if not text.strip():
        raise WorkError(f"{what} is empty")
    return masked(text.strip())
