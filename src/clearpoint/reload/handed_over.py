"""What was written for the next session: Claude's note, the compaction's summary. Pure."""

from __future__ import annotations

from clearpoint.lowlevel.clock import seconds_of
from clearpoint.reload.sections import age
from clearpoint.reload.view import Words, together
from clearpoint.text.phrases import counted
from clearpoint.work import compaction, handover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View

NOTE_RANK = 1.0
SUMMARY_RANK = 20.5


def note(view: View) -> list[Line]:
    """The handover note as Claude wrote it, while no file was changed since; else where it is."""
    work = view.work
    written = work["handover"]
    if not written or not written["text"]:
        return []
    at = view.place(written.get("pointer"))
    later = work["turn"] - written["turn"]
    if not handover.is_current(work):
        said = f"Claude wrote a handover note {counted(later, 'prompt')} ago, before later edits"
        return together(25, [f"{said}{at}."] if at else [])
    begun = seconds_of(written["at"])
    old = f", {age(view.now.time_s - begun)} ago" if begun and view.now.time_s else ""
    since = f"; {counted(later, 'prompt')} since, no edits" if later > 0 else ""
    text = handover.fitted(written["text"], view.measure)
    title = f"Handover note that Claude wrote for this session{old}{since}{at}:"
    return together(NOTE_RANK, [title, *(f"  {row}" for row in text.splitlines())])


def summary(view: View) -> list[Line]:
    """What the summary of the last compaction says is pending, current and next.

    It is old once a prompt was answered since.
    """
    found = view.work["summary"]
    if not found or not compaction.is_current(view.work):
        return []
    turns = view.work["turn"] - found["turn"]
    when = f"{counted(turns, 'prompt')} ago" if turns > 0 else "in this turn"
    title = f"As of the last compaction, {when} (some may be done)"
    words = Words(found["text"], found.get("pointer"))
    return together(SUMMARY_RANK, view.quoted(title, words, view.room.prompt // 2, opens=True))
