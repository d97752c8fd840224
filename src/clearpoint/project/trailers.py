"""Trailers that a commit has lost when it was made again: `Reviewed-by: …`, ids of other tools.

`git commit --amend -m` writes a new message, and what hooks had added to the old one is gone.
"""

from __future__ import annotations

from clearpoint.project.git_command import git_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState
    from clearpoint.project.repository import Repository

FORMAT = "--format=%x00%(trailers:only,unfold)"
HEX = frozenset("0123456789abcdef")
KEPT = 3
CHARS = 100


def note(work: WorkState, repository: Repository) -> None:
    """Note at the newest commit, if it takes another one's place, which trailers it lacks."""
    made = work["commits"][-1] if work["commits"] else None
    before = made.get("amends", "") if made else ""
    if made and repository.top and _is_hash(before) and _is_hash(made["hash"]):
        made["lost"] = lost(repository, before, made["hash"])


def lost(repository: Repository, before: str, now: str) -> list[str]:
    """The trailers of one commit that another one lacks; nothing if git has not got both."""
    what = ("--no-walk=unsorted", FORMAT, before, now)
    found = [text.splitlines() for text in git_output(repository.top, "log", *what).split("\0")[1:]]
    if len(found) != 2:
        return []
    old, new = found
    return [row[:CHARS] for row in old if row.strip() and row not in new][:KEPT]


def _is_hash(name: str) -> bool:
    return bool(name) and HEX.issuperset(name)
