"""The reload context: what Claude needs to go on, composed within its budget. Pure.

The most important lines come first and the least important go when it does not fit. It states
facts, names where they are from, and repeats no content that the client restores by itself; of
files it gives names only, because which of them the client reads again cannot be known.
"""

from __future__ import annotations

import zlib

from clearpoint.client import replies
from clearpoint.project.paths import shown_path
from clearpoint.project.survey import ProjectState
from clearpoint.reload import (
    contents,
    earlier,
    file_sections,
    handed_over,
    sections,
    standing,
    task,
    unread_part,
)
from clearpoint.reload.known import Known
from clearpoint.reload.view import BESIDE_SUMMARY, ROOMS, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.reload.lines import Line

    Section = Callable[[View], list[Line]]

__all__ = ["HEADS", "ProjectState", "compose", "shown_path"]

HEADS = {
    "clear": "carried over by Clearpoint from the session before /clear",
    "compact": "facts that the summary leaves out",
    "crash": "the work of the last session here, which ended unexpectedly",
    "continue": "carried over by Clearpoint from session {parent} at the user's request",
    "fork": "this session branched off from session {parent}, which continues separately",
    "resume": "what changed since this session was left",
}
MEANWHILE_ALONE = ("resume", "fork")
"""The conversation itself is there again."""
NAMES = 80
PLAN_LINES = {"everything": 40}
PLAN_LINES_SHOWN = 12
SOURCE = ". For reference; the user's latest messages take precedence."
OFFERED = ". For reference; the user has not said whether to continue it."
ITEM = ("- ", "  ")
COMPACT_TOKENS = 400
"""After a compaction the summary holds the rest."""
FILLING_RANK = 30.0
"""What stands behind it is there to fill what room is left."""
CRASH_TOKENS = 700
"""After a crash nobody has asked for the work yet: it is offered, in short."""
LIMITS = {"compact": COMPACT_TOKENS, "crash": CRASH_TOKENS}


def limit_of(reason: str, config: Config) -> int:
    """The most tokens that a context takes which is given for this reason."""
    most = config["reload"]["max_tokens"]
    return min(most, LIMITS.get(reason, most))


def compose(  # noqa: PLR0913  (what a reload is made of)
    state: State,
    reason: str,
    config: Config,
    *,
    mark: str,
    measure: Callable[[str], int],
    project_dir: str = "",
    now: ProjectState | None = None,
    summary: str = "",
) -> str:
    """The context for a session that starts for this reason, empty if there is nothing to say.

    `measure` gives the tokens of a text; `now` is what is true of the project at present;
    `summary` is the client's own of a compaction, if it is known.
    """
    keep = state["persistence"]
    if not keep["auto_load_history"] or keep["context_preservation"] == "none":
        return ""
    now = now or ProjectState()
    labels = contents.labels_of(state, sections.DONE_SHOWN)
    limit = limit_of(reason, config)
    text, known = "", Known(summary)
    for room in (BESIDE_SUMMARY,) if reason == "compact" else ROOMS:
        view = View(state, labels, room, measure, now, project_dir, known, reason)
        lines = _lines(view, reason, config)
        head = _head(view, reason, mark, lines)
        text, rank = _fit(head, lines, limit, measure) if head else ("", 0.0)
        if rank >= min(FILLING_RANK, max((line.rank for line in lines), default=0.0)):
            break
    return text


def _head(view: View, reason: str, mark: str, lines: list[Line]) -> str:
    """The first line: the mark of this very context, and what it is; empty if there is none."""
    parent = view.state["lineage"]["parent_id"] or ""
    if not lines and not (reason == "fork" and parent):
        return ""
    stamp = zlib.crc32("\n".join(line.text for line in lines).encode()) & 0xFFFF
    about = HEADS.get(reason, HEADS["clear"]).format(parent=parent)
    ending = "." if reason in MEANWHILE_ALONE else OFFERED if reason == "crash" else SOURCE
    return f"{mark}-{stamp:04x}: {about}{ending}"


def _lines(view: View, reason: str, config: Config) -> list[Line]:
    """What there is to say, in its order."""
    amount = view.state["persistence"]["context_preservation"]
    is_brief = amount == "critical_only"
    if reason == "compact":
        from clearpoint.reload.beside_summary import lines as beside

        return beside(view)
    is_alone = reason in MEANWHILE_ALONE
    hours = config["reload"]["stale_hours"]
    lines = sections.meanwhile(view, hours, is_looked_up=not is_alone)
    if not is_alone:
        lines += _work(view, is_brief=is_brief)
        lines += file_sections.files(view.state, config["reload"]["files"], view.project, view.now)
        lines += file_sections.related(view.now, view.state, view.project)
        if not is_brief:
            lines += sections.tools(view.state) + sections.tags(view.now) + contents.contents(view)
    if reason in ("clear", "continue") and not is_brief:
        lines += sections.plan(view.state, PLAN_LINES.get(amount, PLAN_LINES_SHOWN), view.now)
        is_all = amount == "everything"
        lines += sections.names_in_play(view.state, NAMES, lines) if is_all else []
        lines += file_sections.inlined(view.now, has_code=is_all)
    return lines


def _work(view: View, *, is_brief: bool) -> list[Line]:
    """The work itself: its state first, then what was said and decided."""
    steps = sections.steps_left if is_brief else sections.steps
    parts: list[Section] = [
        unread_part.unread, handed_over.note, standing.unfinished, task.task, standing.where,
        standing.checks, task.waiting, sections.answer, earlier.items, task.also_said,
        sections.decided, steps,
        sections.noted_down, sections.artifacts, sections.user, handed_over.summary,
    ]  # fmt: skip
    return [line for section in parts for line in section(view)]


def _fit(
    head: str, lines: list[Line], limit: int, measure: Callable[[str], int]
) -> tuple[str, float]:
    """As many of the lines as fit, the most important ones, and the rank of the last of them.

    Empty if none fits.
    """
    if not lines:
        return head, 0.0
    ranks = sorted({line.rank for line in lines})

    def text(kept: int) -> str:
        chosen = [line.text for line in lines if line.rank <= ranks[kept - 1]] if kept else []
        return "\n".join([head, *_with_items(chosen)]) if chosen else ""

    low, high = 0, len(ranks)
    while low < high:
        middle = (low + high + 1) // 2
        candidate = text(middle)
        fits = replies.units(candidate) <= replies.CONTEXT_LIMIT_UNITS
        if fits and (len(candidate.encode()) <= limit or measure(candidate) <= limit):
            low = middle
        else:
            high = middle - 1
    return text(low), ranks[low - 1] if low else 0.0


def _with_items(lines: list[str]) -> list[str]:
    """The lines without titles that have lost all their items."""
    following = [*lines[1:], ""]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not line.endswith(":") or line.startswith(ITEM) or after.startswith(ITEM)
    ]
