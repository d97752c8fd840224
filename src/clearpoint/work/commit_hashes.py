"""Hashes of commits: whether two are the same, and those given by a rebase. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.work import WorkState

HASH_CHARS = 6
"""Fewer signs of a hash name no commit."""


def is_same(word: str, name: str) -> bool:
    """Whether one of two hashes is the beginning of the other."""
    return min(len(word), len(name)) >= HASH_CHARS and (
        word.startswith(name) or name.startswith(word)
    )


def renew(work: WorkState) -> None:
    """Git was asked: commits that were made again have the hash that it gives for the subject."""
    newest = work["git"]["commits"] if work["git"] else []
    for commit in work["commits"]:
        found = [one[0] for one in newest if len(one) > 1 and one[1] == commit["subject"]]
        if commit.get("is_rewritten") and len(found) == 1:
            if not is_same(found[0], commit["hash"]):
                commit["amends"], commit["hash"] = commit["hash"], found[0]
            del commit["is_rewritten"]
