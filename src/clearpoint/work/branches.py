"""Rewinds: which stretches of a transcript hang on a branch that the user has left. Pure.

The client writes nothing at a rewind; the next prompt hangs where an earlier one hung. What lies
between the two is dead from then on, and the fold is done again without it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

LIMIT = 300
DEAD_LIMIT = 100


def is_live(work: WorkState, entry: Entry) -> bool:
    """Whether an entry stands outside every stretch that is known to be dead."""
    dead = work["dead"]
    if not dead:
        return True
    uuid = entry.get("uuid") or ""
    if work["dead_until"] and uuid == work["dead_until"]:
        work["dead_until"] = ""
    if not work["dead_until"]:
        work["dead_until"] = next((end for start, end in reversed(dead) if start == uuid), "")
    return not work["dead_until"]


def follow(work: WorkState, entry: Entry) -> None:
    """Take in where a prompt hangs: beside an earlier one, it takes the conversation back."""
    parent, uuid = entry.get("parentUuid") or "", entry.get("uuid") or ""
    for place, (anchor, first) in enumerate(work["branches"]):
        if anchor == parent and first != uuid:
            work["dead"] = [*work["dead"], [first, uuid]][-DEAD_LIMIT:]
            work["branches"] = work["branches"][:place]
            break
    work["branches"] = [*work["branches"][1 - LIMIT :], [parent, uuid]]


def cross_boundary(work: WorkState) -> None:
    """Behind a compaction a prompt without a parent is no way back to the first one."""
    work["branches"] = [one for one in work["branches"] if one[0]]
