"""The checkout of a project: its branch and head, read from `.git` without starting git.

Standard library only: the fast lane reads here at every turn.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import read_bytes

REF = "ref: "
POINTER = "gitdir: "
BRANCHES = "refs/heads/"
SMALL_BYTES = 4_096
PACKED_BYTES = 4 << 20
HASH_CHARS = (40, 64)
SHORT_CHARS = 10
SHOWN_CHARS = 8


def checkout(project: str) -> tuple[str | None, str | None]:
    """The branch and the beginning of the head's hash; None for what cannot be told."""
    folder, pointed = git_head(project)
    head = head_hash(folder, pointed)
    return branch_in(pointed), head[:SHORT_CHARS] if head else None


def head_hash(folder: str, pointed: str = "") -> str | None:
    """The whole hash of the head in a git folder, whose `HEAD` says `pointed`; None if unknown."""
    pointed = pointed or _text(os.path.join(folder, "HEAD"))
    if not pointed.startswith(REF):
        return pointed if _is_hash(pointed) else None
    ref = pointed[len(REF) :]
    shared = _text(os.path.join(folder, "commondir"))
    common = os.path.join(folder, shared) if shared else folder
    found = _text(os.path.join(common, ref)) or _packed(common, ref)
    return found if _is_hash(found) else None


def place_shown(project: str) -> str:
    """The branch, or the commit if there is none; empty if neither can be told."""
    pointed = git_head(project)[1]
    return branch_in(pointed) or (pointed[:SHOWN_CHARS] if _is_hash(pointed) else "")


def branch_in(pointed: str) -> str | None:
    """The branch that a `HEAD` names; None for a commit.

    Git lets no part of a name begin with a dot: a repository with the reftable format, whose files
    do not tell the branch, has `refs/heads/.invalid` there.
    """
    name = pointed.removeprefix(REF + BRANCHES)
    return name if name and name != pointed and not name.startswith(".") else None


def git_head(project: str) -> tuple[str, str]:
    """The git folder of the repository that a folder lies in, and what its `HEAD` says.

    Both are empty outside of a repository.
    """
    folder = worktree_of(project)[1]
    return folder, _text(os.path.join(folder, "HEAD")) if folder else ""


def worktree_of(project: str) -> tuple[str, str]:
    """The top folder of the worktree that a folder lies in, and its git folder; empty if none.

    A `.git` that has no `HEAD` is none, as for git.
    """
    place = project
    while True:
        folder = os.path.join(place, ".git")
        if os.path.exists(folder):
            if not os.path.isdir(folder) and (pointer := _text(folder)).startswith(POINTER):
                folder = os.path.join(place, pointer[len(POINTER) :])  # a worktree or a submodule
            if _text(os.path.join(folder, "HEAD")):
                return place, folder
        above = os.path.dirname(place)
        if above == place:
            return "", ""
        place = above


def _packed(common: str, ref: str) -> str:
    """The hash of a reference that git keeps in its one file for many."""
    for line in _text(os.path.join(common, "packed-refs"), PACKED_BYTES).splitlines():
        head, _, name = line.partition(" ")
        if name == ref:
            return head
    return ""


def _is_hash(head: str) -> bool:
    return len(head) in HASH_CHARS and all(char in "0123456789abcdef" for char in head)


def _text(path: str, limit: int = SMALL_BYTES) -> str:
    try:
        return read_bytes(path, limit, follow=True).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return ""
