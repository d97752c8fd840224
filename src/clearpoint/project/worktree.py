"""What git says of the worktree in use: branch, distance to its upstream, changes, commits.

Two short runs of git, offline and without its hooks; what a subagent or the user changed shows
here as well. Subjects and paths are the repository's own words: facts, and never instructions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from clearpoint.project.files import git_output

if TYPE_CHECKING:
    from clearpoint.models.work import GitStatus

CHANGED_LIMIT = 30
COMMITS = 5
TEXT_CHARS = 160
PATH_CHARS = 400
DETACHED = "(detached)"
UNTRACKED, IGNORED, RENAMED = "?", "!", "2"
FIELDS = {"1": 8, "2": 9, "u": 10}
"""Fields before the path of an entry of `git status --porcelain=v2`, by its kind."""


def look(folder: str, project: str, now: str) -> GitStatus | None:
    """The worktree that a folder lies in, None where git says nothing; `now` is a time as text."""
    status = git_output(folder, "status", "--porcelain=v2", "--branch", "-z")
    if not status:
        return None
    heads, changed = read_status(status)
    ahead, behind = distance(heads.get("branch.ab", ""))
    branch = heads.get("branch.head", DETACHED)
    top = git_output(folder, "rev-parse", "--show-toplevel").strip()
    return {
        "branch": None if branch == DETACHED else branch[:TEXT_CHARS],
        "worktree": shown(top or folder, project),
        "upstream": heads.get("branch.upstream", "")[:TEXT_CHARS] or None,
        "ahead": ahead,
        "behind": behind,
        "changed": [path[:PATH_CHARS] for path in changed[:CHANGED_LIMIT]],
        "changed_number": len(changed),
        "commits": newest(git_output(folder, "log", f"-{COMMITS}", "--format=%h%x00%s")),
        "at": now,
    }


def read_status(status: str) -> tuple[dict[str, str], list[str]]:
    """The headings and the changed paths of `git status --porcelain=v2 --branch -z`."""
    heads: dict[str, str] = {}
    changed: list[str] = []
    is_origin = False
    for row in status.split("\0"):
        kind = row[:1]
        if is_origin:  # behind a renamed path stands the one that it had
            is_origin = False
        elif kind == "#":
            name, _, value = row[2:].partition(" ")
            heads[name] = value
        elif kind == UNTRACKED:
            changed.append(row[2:])
        elif kind in FIELDS:
            changed.append(row.split(" ", FIELDS[kind])[-1])
            is_origin = kind == RENAMED
    return heads, changed


def distance(counts: str) -> tuple[int, int]:
    """How far `+2 -1` is ahead and behind; nothing where there is no upstream."""
    ahead, _, behind = counts.partition(" ")
    is_told = ahead[1:].isdigit() and behind[1:].isdigit()
    return (int(ahead[1:]), int(behind[1:])) if is_told else (0, 0)


def newest(log: str) -> list[list[str]]:
    """Hash and subject of each commit of a log, the newest first."""
    rows = [row.partition("\0") for row in log.splitlines()]
    return [[name, subject[:TEXT_CHARS]] for name, mark, subject in rows if mark]


def shown(folder: str, project: str) -> str:
    """A worktree's folder, within the project where it lies there; `.` for the project itself."""
    inside = os.path.relpath(folder, project).replace(os.sep, "/")
    return folder if inside.startswith("..") else inside


def folder_in_use(cwd: str | None, project: str) -> str:
    """The folder that the client works in, where it is still there; else the project."""
    return cwd if cwd and os.path.isdir(cwd) else project
