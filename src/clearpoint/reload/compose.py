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
from clearpoint.reload import file_sections, sections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.reload.lines import Line

__all__ = ["HEADS", "ProjectState", "compose", "shown_path"]

HEADS = {
    "clear": "the work of the session before /clear",
    "compact": "what is known of the work beside the summary",
    "crash": "the work of the last session here, which ended without closing; the person has not "
    "said whether to go on with it",
    "fork": "this session branched off from session {parent}, which goes on apart",
    "resume": "what changed since this session was left",
}
MEANWHILE_ALONE = ("resume", "fork")
"""The conversation itself is there again."""
NAMES = {"critical_only": 0, "everything": 160}
NAMES_SHOWN = 80
PLAN_LINES = {"everything": 40}
PLAN_LINES_SHOWN = 12
SOURCE = (
    ", as Clearpoint recorded it from what was typed and done. Facts for orientation; the newest "
    "words of the person come first."
)
ITEM = ("- ", "  ")
CRITICAL_RANK = 50.0
CRASH_TOKENS = 700
"""After a crash nobody has asked for the work yet: it is offered, in short."""


def compose(  # noqa: PLR0913  (what a reload is made of)
    state: State,
    reason: str,
    config: Config,
    *,
    mark: str,
    measure: Callable[[str], int],
    project_dir: str = "",
    now: ProjectState | None = None,
) -> str:
    """The context for a session that starts for this reason, empty if there is nothing to say.

    `measure` gives the tokens of a text; `now` is what is true of the project at present.
    """
    keep = state["persistence"]
    if not keep["auto_load_history"] or keep["context_preservation"] == "none":
        return ""
    now = now or ProjectState()
    lines = sections.meanwhile(state, now, config["reload"]["stale_hours"], project_dir)
    if reason not in MEANWHILE_ALONE:
        lines += _lines(state, reason, config, project_dir, now, measure)
    if keep["context_preservation"] == "critical_only":
        lines = [line for line in lines if line.rank < CRITICAL_RANK]
    parent = state["lineage"]["parent_id"] or ""
    is_fork = reason == "fork" and bool(parent)
    if not lines and not is_fork:
        return ""
    about = HEADS.get(reason, HEADS["clear"]).format(parent=parent)
    stamp = zlib.crc32("\n".join(line.text for line in lines).encode()) & 0xFFFF
    head = f"{mark}-{stamp:04x}: {about}"
    head += "." if reason in MEANWHILE_ALONE else SOURCE
    limit = config["reload"]["max_tokens"]
    return _fit(head, lines, min(limit, CRASH_TOKENS) if reason == "crash" else limit, measure)


def _lines(  # noqa: PLR0913, PLR0917  (what a reload is made of)
    state: State,
    reason: str,
    config: Config,
    project_dir: str,
    now: ProjectState,
    measure: Callable[[str], int],
) -> list[Line]:
    amount = state["persistence"]["context_preservation"]
    labels = sections.labels_of(state)
    lines = sections.where(state)
    if reason != "compact":  # the summary and the last messages hold the talk
        lines += sections.talk(state, now, measure)
    lines += sections.question(state)
    lines += sections.steps(state, labels)
    lines += sections.said(state, labels)
    lines += file_sections.files(state, config["reload"]["files"], project_dir, now)
    lines += file_sections.related(now, state, project_dir)
    lines += sections.tools(state)
    if reason == "clear":
        lines += sections.plan(state, PLAN_LINES.get(amount, PLAN_LINES_SHOWN), now)
    if reason != "crash":
        lines += sections.names_in_play(state, NAMES.get(amount, NAMES_SHOWN), lines)
    lines += sections.tags(now) + sections.legend(labels, now)
    return lines + (file_sections.inlined(now) if reason == "clear" else [])


def _fit(head: str, lines: list[Line], limit: int, measure: Callable[[str], int]) -> str:
    """As many of the lines as fit, the least important left out; empty if none does."""
    if not lines:
        return head
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
    return text(low)


def _with_items(lines: list[str]) -> list[str]:
    """The lines without titles that have lost all their items."""
    following = [*lines[1:], ""]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not line.endswith(":") or line.startswith(ITEM) or after.startswith(ITEM)
    ]
