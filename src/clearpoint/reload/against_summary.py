"""Where git and the checks say otherwise than a compaction's summary does. Pure.

Only its sections on what is pending, current and next are looked at, and only what they say in
plain words.
"""

from __future__ import annotations

from clearpoint.reload.known import flat
from clearpoint.work import compaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState
    from clearpoint.reload.view import View

CLEAN = ("working tree is clean", "working tree clean", "all changes are committed",
         "all changes have been committed", "everything is committed",
         "everything has been committed", "all work is committed", "nothing is uncommitted",
         "no uncommitted changes")  # fmt: skip
COMMITTING = ("commit ", "create the commit", "create a commit", "create the git commit",
              "stage and commit", "need to commit", "and commit")  # fmt: skip
"""How a row begins, or what stands first in it, that has something to be committed."""
RUNNING = ("run ", "re-run ", "rerun ", "need to run ", "execute ")
BULLETS = "-*0123456789.•[] "


def about_commits(view: View) -> str:
    """What is wrong in what the summary says of uncommitted work; empty if nothing is."""
    git = view.work["git"]
    if not git or git.get("unfinished"):
        return ""
    rows = list(_rows(view))
    if git["changed"] and any(words in row for row in rows for words in CLEAN):
        return "the summary calls everything committed"
    is_wanted = any(row.startswith(COMMITTING) for row in rows)
    if not git["changed"] and is_wanted and view.work["commits"]:
        return "the summary still lists a commit to be made"
    return ""


def already_run(view: View) -> list[str]:
    """Checks that the summary wants to be run, and that have passed since the last edit."""
    wanted = [row for row in _rows(view) if row.startswith(RUNNING)]
    return [
        f"`{command}` passed after the last edit"
        for command in _green(view.work)
        if any(flat(command) in row for row in wanted)
    ]


def _green(work: WorkState) -> list[str]:
    """The checks that have passed since the last edit."""
    found = work["checks"].items()
    return [name for name, one in found if one["passed"] and one["order"] >= work["edited"]]


def _rows(view: View) -> Iterator[str]:
    """What the summary says of the work that is left, row by row, without bullets."""
    for row in compaction.work_left(view.known.text).splitlines():
        yield flat(row).lstrip(BULLETS)
