"""Work state and usage as a user or a program sets them by hand. Pure.

Spec and phase that are set by hand stay as they are; `hand_set` names them. Steps, decisions,
issues and artifacts of the user's stand beside those that are observed, which go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from clearpoint.models.work import Phase
from clearpoint.redaction.prefilter import masked
from clearpoint.text import nearest, sentences
from clearpoint.tokens import projection
from clearpoint.tokens.usage import GROWTH_LIMIT
from clearpoint.work import tasks

if TYPE_CHECKING:
    from clearpoint.models.usage import Usage
    from clearpoint.models.work import WorkState

NoteKey = Literal["decisions", "issues", "notes"]
KINDS: dict[NoteKey, str] = {"decisions": "decision", "issues": "issue", "notes": "note"}

PHASES: tuple[Phase, ...] = get_args(Phase)
SPEC_CHARS = 80
NOTED_LIMIT = 40
STEPS_LIMIT = 60
NAMES = {"spec": "current_spec", "phase": "phase", "steps": "steps"}
"""What can be left to the transcript again, by the name that a user types."""


class WorkError(ValueError):
    """The work state cannot take this value; the text is one line for a user."""


def set_spec(work: WorkState, spec: str) -> None:
    """The current specification."""
    work["current_spec"] = sentences.cut(_given(spec, "the specification"), SPEC_CHARS)
    _mark(work, "current_spec")


def set_phase(work: WorkState, name: str) -> None:
    """The phase, one of the seven; raises WorkError with the nearest one otherwise."""
    work["phase"] = phase(name)
    _mark(work, "phase")


def phase(name: str) -> Phase:
    """The phase of this name; raises WorkError with the nearest one if there is none."""
    for known in PHASES:
        if name == known:
            return known
    hint = nearest.hint(name, PHASES) or "."
    raise WorkError(f"unknown phase {name!r}{hint} The phases are {', '.join(PHASES)}.")


def add_step(work: WorkState, text: str) -> None:
    """One more open step, the last."""
    step = sentences.cut(_given(text, "the step"), tasks.STEP_CHARS)
    work["hand_steps"].pop(step, None)
    _set_step(work, step, "pending")


def finish_step(work: WorkState, text: str = "") -> str:
    """Take a step as done and return it: the current one, or the open one that the text names.

    A number is that of an open step. Another text that names none is noted as done all the same;
    one that names several, and none at all where nothing is open, raise WorkError.
    """
    opened = open_steps(work)
    if text.strip().isdecimal():
        step: str | None = _chosen(opened, text, "open step")
    else:
        step = _named(opened, text) if text.strip() else next(iter(opened), None)
    if step is None:
        raise WorkError("no open step; say which step is done")
    _set_step(work, step, "completed")
    return step


def remove_step(work: WorkState, which: str) -> str:
    """Remove a step, from any source, and return it; `which` is its number or part of its text."""
    step = _chosen([*open_steps(work), *work["completed_steps"]], which, "step")
    _set_step(work, step, "removed")
    return step


def edit_step(work: WorkState, which: str, text: str) -> str:
    """Put other words for an open step, and return them."""
    step = _chosen(open_steps(work), which, "open step")
    said = sentences.cut(_given(text, "the step"), tasks.STEP_CHARS)
    status = "in_progress" if step == work["current_step"] else "pending"
    _set_step(work, step, "removed")
    _set_step(work, said, status)
    return said


def open_steps(work: WorkState) -> list[str]:
    """The steps that are not done, the current one first."""
    return [step for step in (work["current_step"], *work["pending_steps"]) if step]


def add_artifact(work: WorkState, given: str) -> None:
    """One more file that the work has made: a path, or a name and a path, `login=src/auth.py`."""
    name, equals, path = _given(given, "the artifact").partition("=")
    is_named = bool(equals and path.strip()) and "/" not in name
    path = path.strip() if is_named else given.strip()
    name = name.strip() if is_named else path.rpartition("/")[2]
    known = [other for other in work["artifacts"] if other != path]
    work["artifacts"] = [*known, path][-NOTED_LIMIT:]
    work["named_artifacts"] = {**work["named_artifacts"], name[:SPEC_CHARS]: path}


def edit_artifact(work: WorkState, which: str, given: str) -> None:
    """Replace an artifact that was set by hand; it becomes the last one."""
    wanted = _given(given, "the artifact")
    remove_artifact(work, which)
    add_artifact(work, wanted)


def remove_artifact(work: WorkState, which: str) -> str:
    """Forget an artifact that was set by hand, and return its name."""
    name = _chosen(list(work["named_artifacts"]), which, "artifact")
    path = work["named_artifacts"].pop(name)
    work["artifacts"] = [other for other in work["artifacts"] if other != path]
    return name


def decide(work: WorkState, text: str, now: str) -> None:
    """One more decision; `now` is the time as text."""
    _note(work, "decisions", _given(text, "the decision"), now)


def raise_issue(work: WorkState, text: str, now: str) -> None:
    """One more open issue."""
    _note(work, "issues", _given(text, "the issue"), now)


def note(work: WorkState, text: str, now: str) -> None:
    """One more note, which only people make."""
    _note(work, "notes", _given(text, "the note"), now)


def remove(work: WorkState, key: NoteKey, which: str) -> str:
    """Take a decision, an issue or a note away, and return its text.

    `which` is its number, from 1, or a part of it. What was observed is not noted again.
    """
    text = _chosen([one["text"] for one in work[key]], which, KINDS[key])
    work["hand_removed"] = [*work["hand_removed"], text][-NOTED_LIMIT:]
    work[key] = [one for one in work[key] if one["text"] != text]
    return text


def edit(work: WorkState, key: NoteKey, which: str, text: str) -> str:
    """Put other words for a decision, an issue or a note, and return them."""
    said = sentences.cut(_given(text, f"the {KINDS[key]}"))
    old = _chosen([one["text"] for one in work[key]], which, KINDS[key])
    work["hand_removed"] = [*work["hand_removed"], old][-NOTED_LIMIT:]
    work[key] = [
        {**one, "text": said, "entry": None} if one["text"] == old else one for one in work[key]
    ]
    return said


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
    if name == "steps":
        was_set = bool(work["hand_steps"])
        work["hand_steps"] = {}
        tasks.show(work)
        return was_set
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
        raise WorkError(f"{text!r} matches several open steps: {'; '.join(fits)}")
    return fits[0] if fits else sentences.cut(text, tasks.STEP_CHARS)


def _chosen(known: list[str], which: str, what: str) -> str:
    """The one that a number or a part of a text names; raises WorkError if it is not one."""
    low = which.strip().lstrip("#").casefold()
    if low.isdigit():
        if not 1 <= int(low) <= len(known):
            raise WorkError(f"there is no {what} {low}; there are {len(known)}")
        return known[int(low) - 1]
    fits = [one for one in known if low and low in one.casefold()]
    if len(fits) != 1:
        many = f"{which!r} names {len(fits)} of them: {'; '.join(fits)}" if fits else ""
        raise WorkError(many or f"no {what} holds {which!r}")
    return fits[0]


def _set_step(work: WorkState, step: str, status: str) -> None:
    """Say by hand how a step stands; what the to-do tools say of the others goes on."""
    work["hand_steps"] = {**work["hand_steps"], step: status}
    while len(work["hand_steps"]) > STEPS_LIMIT:
        del work["hand_steps"][next(iter(work["hand_steps"]))]
    tasks.show(work)
    work["steps_source"] = work["steps_source"] or "hand"


def _note(work: WorkState, key: NoteKey, text: str, now: str) -> None:
    said = sentences.cut(text)
    work["hand_removed"] = [old for old in work["hand_removed"] if old != said]
    work[key] = [old for old in work[key] if old["text"] != said][1 - NOTED_LIMIT :]
    work[key].append({"text": said, "at": now, "entry": None})


def _mark(work: WorkState, name: str) -> None:
    if name not in work["hand_set"]:
        work["hand_set"] = [*work["hand_set"], name]


def _given(text: str, what: str) -> str:
    if not text.strip():
        raise WorkError(f"{what} is empty")
    return masked(text.strip())
