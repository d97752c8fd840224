"""The work on each step: between which entries it was the current one. Pure.

The archive tells by it where the work on a step can be read, and sums up what was long.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import StepSpan, WorkState
    from clearpoint.transcript.entry import Entry

LIMIT = 20


def follow(work: WorkState, entry: Entry) -> None:
    """Another step may be current since this entry: the span before it ends, and one begins."""
    opened = at_hand(work)
    step = work["current_step"]
    if step == (opened["step"] if opened else None):
        return
    uuid = entry.get("uuid") or ""
    if opened:
        opened["ended"] = uuid
    if step:
        span: StepSpan = {"step": step, "begun": uuid, "ended": None}
        work["spans"] = [*work["spans"][1 - LIMIT :], span]


def at_hand(work: WorkState) -> StepSpan | None:
    """The span that has not ended."""
    last = work["spans"][-1] if work["spans"] else None
    return last if last and last["ended"] is None else None


def told(work: WorkState, step: str) -> str:
    """A step that is done, with what came of it where that was long."""
    span = newest(work, step)
    return f"{step} — {span['gist']}" if span and "gist" in span else step


def newest(work: WorkState, step: str) -> StepSpan | None:
    """The last span of a step that has ended; None if nothing is known of it."""
    ended = (span for span in reversed(work["spans"]) if span["ended"] is not None)
    return next((span for span in ended if span["step"] == step), None)
