"""The checkout of a project: its branch and head, read from `.git` without starting git.

Standard library only: the fast lane reads here at every turn.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import read_bytes

HEAD_BYTES = 4_096


REF = "ref: "
BRANCHES = "refs/heads/"
SMALL_BYTES = 4_096
PACKED_BYTES = 4 << 20
HASH_CHARS = (40, 64)
SHORT_CHARS = 10


def checkout(project: str) -> tuple[str | None, str | None]:
    """The branch and the beginning of the head's hash; None for what cannot be told."""
    folder = git_folder(project)
    pointed = _text(os.path.join(folder, "HEAD")) if folder else ""
    if not folder or not pointed.startswith(REF):
        return None, _short(pointed)
    ref = pointed[len(REF) :]
    branch = ref.removeprefix(BRANCHES) if ref.startswith(BRANCHES) else None
    shared = _text(os.path.join(folder, "commondir"))
    common = os.path.join(folder, shared) if shared else folder
    return branch, _short(_text(os.path.join(common, ref)) or _packed(common, ref))


def git_folder(project: str) -> str | None:
    """The git folder of the repository that a folder lies in, None outside of one."""
    place = project
    while True:
        found = os.path.join(place, ".git")
        if os.path.isdir(found):
            return found
        if pointed := _text(found):  # a worktree: `gitdir: /path`
            return os.path.join(place, pointed.removeprefix("gitdir: "))
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above


def _packed(common: str, ref: str) -> str:
    """The hash of a reference that git keeps in its one file for many."""
    for line in _text(os.path.join(common, "packed-refs"), PACKED_BYTES).splitlines():
        head, _, name = line.partition(" ")
        if name == ref:
            return head
    return ""


def _short(head: str) -> str | None:
    is_hash = len(head) in HASH_CHARS and all(char in "0123456789abcdef" for char in head)
    return head[:SHORT_CHARS] if is_hash else None


def _text(path: str, limit: int = SMALL_BYTES) -> str:
    try:
        return read_bytes(path, limit).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def branch_of(folder: str) -> str:
    """The git branch, or the commit where there is none; empty outside of a repository."""
    git = os.path.join(folder, ".git")
    pointer = head_of(git)  # a worktree's is a file
    if pointer.startswith("gitdir: "):
        git = os.path.join(folder, pointer.removeprefix("gitdir: "))
    head = head_of(os.path.join(git, "HEAD"))
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else head[:8]


def head_of(path: str) -> str:
    """A small file's text; empty where there is none."""
    try:
        return read_bytes(path, HEAD_BYTES, follow=True).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return ""
