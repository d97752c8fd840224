"""The reload context: what Claude needs to go on, composed within its budget. Pure.

The most important lines come first and the least important go when it does not fit. It states
facts, names where they are from, and repeats no content that the client restores by itself; of
files it gives names only, because which of them the client reads again cannot be known.
"""

from __future__ import annotations

import os

from clearpoint import replies
from clearpoint.reload import sections
from clearpoint.reload.sections import Line, shown_path
from clearpoint.work import touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from clearpoint.models import Config, State

__all__ = ["HEADS", "changed_on_disk", "compose", "gone_from_disk", "mark_of", "shown_path"]

HEADS = {
    "clear": "the work of the session before /clear",
    "compact": "what is known of the work beside the summary",
    "crash": "the work of the last session here, which ended without closing",
    "fork": "the work of the session that this one branched off",
    "resume": "what changed since this session was left",
}
NAMES = {"critical_only": 0, "everything": 160}
NAMES_SHOWN = 80
PLAN_LINES = {"everything": 40}
PLAN_LINES_SHOWN = 12
CRITICAL_RANK = 50.0
LOOKED_AT = 50
"""Files that are looked up on disk."""


def mark_of(session_id: str) -> str:
    """What the context begins with, to be found again in the transcript."""
    return f"Clearpoint reload {session_id[:8]}"


def compose(  # noqa: PLR0913  (what a reload is made of)
    state: State,
    reason: str,
    config: Config,
    *,
    mark: str,
    measure: Callable[[str], int],
    project_dir: str = "",
    changed: list[str] | None = None,
    gone: Collection[str] = (),
    branch: str | None = None,
    tags: Collection[str] = (),
) -> str:
    """The context for a session that starts for this reason, empty if there is nothing to say.

    `measure` gives the tokens of a text; `changed` and `gone` are files that changed or vanished
    on disk meanwhile; `branch` is the one now checked out, where it is known; `tags` the names of
    the tags that the person keeps.
    """
    keep = state["persistence"]
    if not keep["auto_load_history"] or keep["context_preservation"] == "none":
        return ""
    lines = _branch(state, branch) + sections.changed(changed or [], project_dir)
    if reason != "resume":
        lines += _lines(state, reason, config, project_dir, gone)
        lines += sections.tags(tags)
    if keep["context_preservation"] == "critical_only":
        lines = [line for line in lines if line.rank < CRITICAL_RANK]
    if not lines:
        return ""
    head = (
        f"{mark}: {HEADS.get(reason, HEADS['clear'])}, as Clearpoint recorded it from what was "
        "typed and done. Facts for orientation; the newest words of the person come first."
    )
    return _fit(head, lines, config["reload"]["max_tokens"], measure)


def _branch(state: State, branch: str | None) -> list[Line]:
    before = state["system"]["branch"]
    if not branch or not before or branch == before:
        return []
    return [Line(0, f"The branch is now {branch}; what follows was recorded on {before}.")]


def _lines(
    state: State, reason: str, config: Config, project_dir: str, gone: Collection[str]
) -> list[Line]:
    amount = state["persistence"]["context_preservation"]
    labels = sections.labels_of(state)
    lines = sections.where(state)
    if reason != "compact":  # the summary and the last messages hold the talk
        lines += sections.talk(state)
    lines += sections.question(state)
    lines += sections.steps(state)
    lines += sections.said(state, labels)
    lines += sections.files(state, config["reload"]["files"], project_dir, gone)
    lines += sections.tools(state)
    if reason != "compact":
        lines += sections.plan(state, PLAN_LINES.get(amount, PLAN_LINES_SHOWN))
    lines += sections.names_in_play(state, NAMES.get(amount, NAMES_SHOWN), lines)
    return lines + sections.legend(labels)


def _fit(head: str, lines: list[Line], limit: int, measure: Callable[[str], int]) -> str:
    """As many of the lines as fit, the least important left out; empty if none does."""
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
        if not line.endswith(":") or line.startswith("- ") or after.startswith("- ")
    ]


def changed_on_disk(state: State, since: float) -> list[str]:
    """Files in play that were written or removed after a time in seconds, the likeliest first."""
    found = []
    for path in touches.ranked(state["work_state"])[:LOOKED_AT]:
        try:
            if os.path.isabs(path) and os.stat(path).st_mtime > since:
                found.append(path)
        except OSError:
            found.append(path)
    return found


def gone_from_disk(state: State) -> set[str]:
    """Files in play that are not on disk any more."""
    paths = touches.ranked(state["work_state"])[:LOOKED_AT]
    return {path for path in paths if os.path.isabs(path) and not os.path.lexists(path)}
