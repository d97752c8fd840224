"""What git says of the worktree in use: branch, distance to its upstream, changes, commits.

What a subagent or the user changed shows here as well. Subjects and paths are the repository's own
words: facts, and never instructions.
"""

from __future__ import annotations

import os

from clearpoint.project.repository import Repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.outcomes import GitStatus

CHANGED_LIMIT = 30
COMMITS = 12
TEXT_CHARS = 160
PATH_CHARS = 400
FEW_INSIDE = 3
DETACHED = "(detached)"
UNTRACKED, IGNORED, RENAMED, UNMERGED = "?", "!", "2", "u"
UNFINISHED = {"rebase-merge": "rebase", "rebase-apply": "rebase", "MERGE_HEAD": "merge",
              "CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert",
              "BISECT_LOG": "bisect"}  # fmt: skip
"""What git keeps in its folder while something is unfinished there."""
FIELDS = {"1": 8, "2": 9, "u": 10}
"""Fields before the path of an entry of `git status --porcelain=v2`, by its kind."""


def look(
    folder: str, project: str, now: str, repository: Repository | None = None
) -> GitStatus | None:
    """The worktree that a folder lies in, None if git says nothing; `now` is a time as text."""
    repository = repository or Repository(folder)
    status = repository.status()
    if not status:
        return None
    heads, changed = read_status(status)
    new = untracked(status)
    changed += named(new, repository.tracked()) if new else []
    ahead, behind = distance(heads.get("branch.ab", ""))
    branch = heads.get("branch.head", DETACHED)
    return {
        "branch": None if branch == DETACHED else branch[:TEXT_CHARS],
        "worktree": shown(os.path.realpath(repository.top), project),
        "upstream": heads.get("branch.upstream", "")[:TEXT_CHARS] or None,
        "ahead": ahead,
        "behind": behind,
        "changed": [path[:PATH_CHARS] for path in changed[:CHANGED_LIMIT]],
        "changed_number": len(changed),
        "commits": [[one.name, one.subject[:TEXT_CHARS]] for one in repository.newest(COMMITS)],
        "at": now,
        "unfinished": repository.first_of(UNFINISHED),
        "conflicts": [path[:PATH_CHARS] for path in conflicts(status)[:CHANGED_LIMIT]],
    }


def read_status(status: str) -> tuple[dict[str, str], list[str]]:
    """The headings and the changed paths of `git status --porcelain=v2 --branch -z`.

    New files, which git does not keep yet, are not among them.
    """
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
        elif kind in FIELDS:
            changed.append(row.split(" ", FIELDS[kind])[-1])
            is_origin = kind == RENAMED
    return heads, changed


def conflicts(status: str) -> list[str]:
    """The files in what `git status` prints that are in conflict."""
    rows = status.split("\0")
    return [row.split(" ", FIELDS[UNMERGED])[-1] for row in rows if row[:2] == f"{UNMERGED} "]


def untracked(status: str) -> list[str]:
    """The new files in what `git status` prints."""
    kept, origins = [], False
    for row in status.split("\0"):
        if not origins and row[:1] == UNTRACKED:
            kept.append(row[2:])
        origins = not origins and row[:1] == RENAMED
    return kept


def folded(new: list[str], tracked: list[str]) -> list[str]:
    """New files, or the folders that hold nothing else: as git shows them by itself."""
    known: set[str] = set()
    for path in tracked:
        folder = path.rpartition("/")[0]
        while folder and folder not in known:
            known.add(folder)
            folder = folder.rpartition("/")[0]
    found: dict[str, None] = {}
    for path in new:
        parts = path.split("/")
        heads = ("/".join(parts[:length]) for length in range(1, len(parts)))
        whole = next((head for head in heads if head not in known), "")
        found[f"{whole}/" if whole else path] = None
    return list(found)


def named(new: list[str], tracked: list[str]) -> list[str]:
    """The same, but the files of a folder that holds no more than a few."""
    found: list[str] = []
    for path in folded(new, tracked):
        inside = [one for one in new if one.startswith(path)] if path.endswith("/") else []
        found += inside if 0 < len(inside) <= FEW_INSIDE else [path]
    return found


def distance(counts: str) -> tuple[int, int]:
    """How far `+2 -1` is ahead and behind; nothing if there is no upstream."""
    ahead, _, behind = counts.partition(" ")
    is_told = ahead[1:].isdigit() and behind[1:].isdigit()
    return (int(ahead[1:]), int(behind[1:])) if is_told else (0, 0)


def shown(folder: str, project: str) -> str:
    """A worktree's folder, within the project where it lies there; `.` for the project itself."""
    inside = os.path.relpath(folder, project).replace(os.sep, "/")
    return folder if inside.startswith("..") else inside


def folder_in_use(cwd: str | None, project: str) -> str:
    """The folder that the client works in, where it is still there; otherwise the project."""
    return cwd if cwd and os.path.isdir(cwd) else project
