"""Which sessions continue which, as a tree. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from clearpoint.models.state import State

GOES_ON = ("clear", "crash", "startup")
"""Reasons after which a session's own transcript holds nothing of the one that it continues."""
DEPTH_LIMIT = 20
"""Branches of branches beyond this are shown beside each other."""


class Branch(NamedTuple):
    """Sessions of which each continues the one before it, and what goes on from the last."""

    line: list[State]
    branches: list[Branch]


def trees(states: list[State]) -> list[Branch]:
    """The sessions as trees, each from a session whose parent is not among them.

    Sessions that name each other in a circle, which only damage could bring about, begin where
    they come first.
    """
    known = {state["session_id"]: state for state in states}
    children: dict[str | None, list[State]] = {}
    for state in states:
        children.setdefault(state["lineage"]["parent_id"], []).append(state)
    seen: set[str] = set()
    roots = [state for state in states if state["lineage"]["parent_id"] not in known]
    grown = [grow(root, children, seen) for root in roots]
    return grown + [grow(one, children, seen) for one in states if one["session_id"] not in seen]


def grow(
    root: State, children: dict[str | None, list[State]], seen: set[str], depth: int = 0
) -> Branch:
    """The tree below a session, which is taken out of what is left."""
    line, branches = [root], []
    seen.add(root["session_id"])
    waiting = unseen(root, children, seen)
    while waiting:
        if len(waiting) > 1 and depth < DEPTH_LIMIT:
            branches = [grow(one, children, seen, depth + 1) for one in waiting]
            break
        following = waiting.pop()
        seen.add(following["session_id"])
        line.append(following)
        waiting += unseen(following, children, seen)
    return Branch(line, branches)


def unseen(state: State, children: dict[str | None, list[State]], seen: set[str]) -> list[State]:
    """The sessions that continue this one."""
    return [one for one in children.get(state["session_id"], []) if one["session_id"] not in seen]


def members(tree: Branch) -> list[State]:
    """All sessions of a tree."""
    return [*tree.line, *(state for branch in tree.branches for state in members(branch))]


def line_to(state: State, states: list[State]) -> list[State]:
    """The sessions whose work this one goes on with after a clear or a crash, and itself last."""
    known = {one["session_id"]: one for one in states}
    line, seen = [state], {state["session_id"]}
    while line[0]["lineage"]["reason"] in GOES_ON:
        parent = known.get(line[0]["lineage"]["parent_id"] or "")
        if parent is None or parent["session_id"] in seen:
            break
        seen.add(parent["session_id"])
        line.insert(0, parent)
    return line
