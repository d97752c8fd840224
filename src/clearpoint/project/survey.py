"""Looking up what the project is like now, for work that is given back."""

from __future__ import annotations

import os
import time

from clearpoint.lowlevel.clock import seconds_of
from clearpoint.project import excerpts, files
from clearpoint.project.git import checkout
from clearpoint.project.paths import below
from clearpoint.store import tags
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import NamedTuple

    from clearpoint.models.state import State
    from clearpoint.project.excerpts import Piece
    from clearpoint.project.repository import Repository
    from clearpoint.project.tiers import Disclosed
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

LOOKED_AT = 50
"""Files that are looked up on disk."""
CHANGES_MATTER = ("resume", "fork", "crash")
"""After these, others may have written what the conversation holds an older version of."""


def look(  # noqa: PLR0913  (what there is to look at)
    state: State,
    reason: str,
    project: str,
    root: str,
    *,
    seen: int,
    measure: Callable[[str], int],
    repository: Repository | None = None,
) -> ProjectState:
    """Look the project up for a state that is given back for this reason.

    `root` is the state folder; `seen` how many touches of files the work held when it was left;
    `repository` the one around the project, if that was asked already. Nothing is written but
    what is kept of token counts and of git.
    """
    branch, head = checkout(project)
    left_at = left(state)
    changed = changed_on_disk(state, left_at, seen) if reason in CHANGES_MATTER else []
    age_s = max(0.0, time.time() - left_at)
    if reason in ("resume", "fork"):
        return ProjectState(branch=branch, head=head, changed=changed, age_s=age_s)
    is_told = reason != "compact"  # the client reads files again after a compaction
    found = files.disclosed(state, project, root, measure, repository) if is_told else []
    kept = tags.names(root)
    return ProjectState(
        root=below(root, project),
        branch=branch,
        head=head,
        changed=changed,
        gone=gone_from_disk(state),
        tags=[name for name in kept if not tags.is_made(name)],
        files=found,
        pieces=excerpts.of(state["work_state"], found, project, files.text_of),
        references=tags.references(root, long_texts(state)),
        time_s=time.time(),
        age_s=age_s,
        line_counts=repository.line_counts() if repository and not is_told else {},
    )


def long_texts(state: State) -> list[str]:
    """The texts of a state that are given back in part only."""
    work = state["work_state"]
    return [plan] if (plan := work["plan"] or "") and len(plan) > tags.LONG_CHARS else []


def changed_on_disk(state: State, since: float, seen: int) -> list[str]:
    """Files in play that were written or removed after a time in seconds, the likeliest first.

    What the session itself has touched after its first `seen` touches is not somebody else's doing.
    """
    work = state["work_state"]
    found = []
    for path in file_activity.ranked(work)[:LOOKED_AT]:
        touched = work["files"][path]
        if not os.path.isabs(path) or (touched["order"] > seen and touched["edits"]):
            continue
        try:
            if os.stat(path).st_mtime > since:
                found.append(path)
        except (OSError, ValueError):
            found.append(path)
    return found


def gone_from_disk(state: State) -> set[str]:
    """Files in play that are not on disk any more."""
    paths = file_activity.ranked(state["work_state"])[:LOOKED_AT]
    return {path for path in paths if os.path.isabs(path) and not os.path.lexists(path)}


def left(state: State) -> float:
    """When a session was left, in seconds: at the end of its last turn."""
    last = state["system"]["left_at"] or seconds_of(state["last_updated"])
    return last if last is not None else time.time()


class ProjectState(NamedTuple):
    """What is known of the project and of the time between; empty if nothing was looked up."""

    root: str = ".clearpoint"
    """The state folder, from the project where it lies in it."""
    branch: str | None = None
    head: str | None = None
    changed: Sequence[str] = ()
    """Files in play that were written or removed since the work was left, the likeliest first."""
    gone: Collection[str] = ()
    """Files in play that are not on disk any more."""
    tags: Sequence[str] = ()
    """The tags that the user keeps."""
    files: Sequence[Disclosed] = ()
    """The project's files by tier."""
    pieces: Sequence[Piece] = ()
    """Small parts of the files being worked on."""
    references: Mapping[str, str] = {}  # nobody writes to it
    """Long texts, and the names of the tags that hold them whole."""
    time_s: float = 0.0
    """When that is, in seconds of the epoch; 0 if nothing was looked up."""
    age_s: float = 0.0
    """How long ago the work was left."""
    line_counts: Mapping[str, tuple[int, int]] = {}  # nobody writes to it
    """Lines added and removed in each changed file since the last commit, at a compaction."""
