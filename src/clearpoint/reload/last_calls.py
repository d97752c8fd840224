"""What Claude did last before a compaction that came into the middle of a turn. Pure."""

from __future__ import annotations

from clearpoint.project.paths import shown_path
from clearpoint.reload.changes import name_of
from clearpoint.reload.view import together
from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View

RANK = 9.0
SHOWN = 4
COMMAND_CHARS = 80
LOOKING = ("git status", "git diff", "git log", "git show", "git branch")


def last_calls(view: View) -> list[Line]:
    """The newest calls, the newest last; none if Claude had come to the end of its answer.

    Checks and what git says are told by themselves.
    """
    work = view.work
    if _has_answered(work["last_words"]):
        return []
    rows = [
        row
        for row in work["recent_calls"]
        if not (row[0] == "ran" and _is_told(row[1], work["checks"]))
    ]
    shown = "; ".join(_told(view, row) for row in rows[-SHOWN:])
    return together(RANK, [f"Claude's last calls, newest last: {shown}."] if shown else [])


def _has_answered(words: str) -> bool:
    """Whether Claude's last words end an answer, and announce no call that was still to come."""
    rows = [row for row in words.splitlines() if row.strip()]
    last = next(reversed(list(sentences.split(rows[-1]))), "") if rows else ""
    return bool(last) and not (sentences.is_announcement(last) or last.endswith(":"))


def _is_told(command: str, checks: Collection[str]) -> bool:
    """Whether a command only asks git, or holds a check."""
    return command.startswith(LOOKING) or any(check in command for check in checks)


def _told(view: View, row: Sequence[str]) -> str:
    """`read rows.py, lines 20-60`, `edited rows.py`, `ran ls tests (failed)`."""
    what, subject, more = row
    if what == "ran":
        ending = " (failed)" if more else ""
        line = subject.replace(f"{view.project}/", "") if view.project else subject
        return f"ran `{sentences.cut(line, COMMAND_CHARS)}`{ending}"
    path = shown_path(subject, view.project)
    name = name_of(path) if view.known.names(path) else path
    return f"{what} {name}{f', lines {more}' if more else ''}"
