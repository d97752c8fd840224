"""Pushing and pulling the snapshots of a project's sessions through git.

A session has one writer, the machine that it ran on, so nothing ever conflicts: a push adds a
commit to the session's own ref, `refs/clearpoint/<user>/<session>`. Where somebody has moved that
ref, the next commit has both for parents. A pull takes the refs of one user, and of these what is
valid; a session of this machine is never replaced by what comes from elsewhere.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.sync import encryption, snapshot
from clearpoint.sync.git import Commit, GitError
from clearpoint.sync.snapshot import HEAD, HEAD_LIMIT_BYTES, SEALED, SIZE_LIMIT_BYTES, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clearpoint.sync.git import Git
    from clearpoint.sync.remote import Remote
    from clearpoint.sync.snapshot import Head

SENT, TAKEN = "refs/clearpoint", "refs/taken"
"""Where a remote has snapshots, and we what we sent; where we have what was pulled."""
TRIES = 3
REFS_LIMIT = 5_000
TREE_ENTRY = "100644 blob"
REJECTED = "!"


class Taken(NamedTuple):
    """A snapshot that was pulled."""

    session_id: str
    commit: str
    head: Head
    files: dict[str, bytes]


def commit(git: Git, remote: Remote, snapshots: Iterable[tuple[Head, dict[str, bytes]]]) -> None:
    """Put snapshots on their sessions' refs here."""
    tips = git.tips(f"{SENT}/{remote['user']}/")
    git.write([as_commit(remote, head, files, tips) for head, files in snapshots])


def as_commit(
    remote: Remote, head: Head, files: Mapping[str, bytes], tips: Mapping[str, str]
) -> Commit:
    """A snapshot as the commit that follows the last one of its session."""
    if remote["recipients"]:
        sealed = encryption.encrypt(snapshot.packed(files), remote["recipients"])
        files = {SEALED: sealed}
    ref = ref_of(SENT, remote["user"], head["session_id"])
    parents = [tips[ref]] if ref in tips else []
    at = seconds_of(head["at"]) or 0.0
    return Commit(ref, parents, {HEAD: snapshot.head_bytes(head), **files}, "snapshot", at)


def push(git: Git, remote: Remote, session_ids: Iterable[str]) -> dict[str, str]:
    """Push the sessions' refs; return those that could not be, with the reason. Raises GitError."""
    refs = {ref_of(SENT, remote["user"], one): one for one in session_ids}
    failed: dict[str, str] = {}
    for _ in range(TRIES):
        failed = rejected(git, remote, refs) if refs else {}
        if not failed:
            return {}
        refs = {ref: refs[ref] for ref in failed if ref in refs}
        for ref in refs:
            join(git, remote, ref)
    return {refs[ref]: reason for ref, reason in failed.items()}


def rejected(git: Git, remote: Remote, refs: Iterable[str]) -> dict[str, str]:
    """Push refs as they are; return those that the remote did not take. Raises GitError."""
    specs = [f"{ref}:{ref}" for ref in refs]
    try:
        git.run("push", "--no-verify", "--porcelain", remote["url"], *specs)
    except GitError as error:
        report = error.output.decode("utf-8", "replace")
        lines = [line.split("\t") for line in report.splitlines() if line.startswith(REJECTED)]
        found = {line[1].partition(":")[0]: line[2] for line in lines if len(line) > 2}
        if not found:
            raise
        return found
    return {}


def join(git: Git, remote: Remote, ref: str) -> None:
    """Make our newest snapshot follow what the remote has on this ref by now as well."""
    fetch(git, remote, [ref])
    target = TAKEN + ref.removeprefix(SENT)
    tips = git.tips(ref, target)
    if theirs := tips.get(target):
        files = git.read(tips[ref], list(tree_of(git, tips[ref])))
        git.write([Commit(ref, [theirs, tips[ref]], files, "join", time.time())])
        git.run("update-ref", "-d", target)


def fetch(git: Git, remote: Remote, refs: Iterable[str]) -> None:
    """Fetch what the remote has on refs, without its past. Raises GitError."""
    options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--force")
    specs = [f"+{ref}:{TAKEN}{ref.removeprefix(SENT)}" for ref in refs]
    git.run("fetch", *options, remote["url"], *specs, limited=True)


def offered(git: Git, remote: Remote, user: str) -> dict[str, str]:
    """The sessions that the remote has of a user, each with its newest commit. Raises GitError."""
    prefix = f"{SENT}/{user}/"
    listed = git.run("ls-remote", "--quiet", remote["url"], f"{prefix}*")
    lines = listed.decode("utf-8", "replace").splitlines()
    found = {}
    for line in lines[:REFS_LIMIT]:
        name, _, ref = line.partition("\t")
        session_id = ref.removeprefix(prefix)
        if ref.startswith(prefix) and is_session_id(session_id):
            found[session_id] = name
    return found


def fetch_each(git: Git, remote: Remote, refs: list[str]) -> dict[str, str]:
    """Fetch refs, at once if that works; return those that could not be, with the reason."""
    try:
        if refs:
            fetch(git, remote, refs)
    except GitError as error:
        if len(refs) == 1:
            return {refs[0]: str(error)}
        return {
            ref: reason for one in refs for ref, reason in fetch_each(git, remote, [one]).items()
        }
    return {}


def read(git: Git, remote: Remote, session_id: str, name: str) -> Taken:
    """The snapshot in a commit that was fetched; raises SnapshotError, GitError."""
    sizes = tree_of(git, name)
    if sizes.get(HEAD, HEAD_LIMIT_BYTES + 1) > HEAD_LIMIT_BYTES:
        raise SnapshotError("it has no snapshot.json")
    if sum(sizes.values()) > SIZE_LIMIT_BYTES or len(sizes) > snapshot.FILES_LIMIT:
        raise SnapshotError("it is too large")
    files = git.read(name, list(sizes))
    head = snapshot.head_of(files.pop(HEAD))
    if head["session_id"] != session_id:
        raise SnapshotError("it belongs to another session")
    if set(files) == {SEALED}:
        files = snapshot.unpacked(encryption.decrypt(files[SEALED], remote["identity"]))
    return Taken(session_id, name, head, snapshot.checked(files))


def tree_of(git: Git, commit_name: str) -> dict[str, int]:
    """The files of a snapshot with their sizes; raises SnapshotError for anything but files."""
    found = {}
    listed = git.run("ls-tree", "-r", "-l", "-z", "--full-tree", commit_name)
    for line in filter(None, listed.decode("utf-8", "replace").split("\0")):
        facts, _, path = line.partition("\t")
        mode_and_kind, _, rest = facts.partition(" blob ")
        size = rest.split()[-1] if rest else ""
        if f"{mode_and_kind} blob" != TREE_ENTRY or not size.isdecimal():
            raise SnapshotError("it contains more than regular files")
        if not path.isprintable() or '"' in path:
            raise SnapshotError("it contains a file that does not belong in a snapshot")
        found[path] = int(size)
    return found


def ref_of(prefix: str, user: str, session_id: str) -> str:
    """The ref of a session."""
    return f"{prefix}/{user}/{session_id}"
