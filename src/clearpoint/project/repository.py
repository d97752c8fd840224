"""The repository around a folder, as git tells it: status, files, newest commits.

Git is started only where there is a repository, and once for what may change at any time. What
depends on the head or on the index alone is kept in the state folder, until that changes.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import write_atomically
from clearpoint.project.git import head_hash, worktree_of
from clearpoint.project.git_command import git_output
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any, NamedTuple
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

KEPT_NAME = "git.json"
COMMITS = 200
FORMAT = "--format=%x00%h%x00%s"
NAMED_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE")
"""Variables that name a repository apart from the folder's own."""


class Commit(NamedTuple):
    """One commit: what git shows of its hash, its subject, the files that it changed."""

    name: str
    subject: str
    files: Collection[str]


class Repository:
    """What git says of a folder; `root` is the state folder that keeps what does not change.

    Paths count from the top of the worktree.
    """

    __slots__ = ("_commits", "_git", "_kept", "_status", "_tracked", "folder", "root", "top")

    def __init__(self, folder: str, root: str | None = None) -> None:
        self.folder = folder
        self.root = root
        self.top, self._git = worktree_of(folder)
        if any(name in os.environ for name in NAMED_ELSEWHERE):
            self.top, self._git = git_output(folder, "rev-parse", "--show-toplevel").strip(), ""
        self._kept: dict[str, Any] | None = None
        self._status: str | None = None
        self._tracked: list[str] | None = None
        self._commits: list[Commit] | None = None

    def status(self) -> str:
        """What `git status --porcelain=v2 --branch -z` prints, each new file by itself."""
        if self._status is None:
            what = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all")
            self._status = git_output(self.top, "status", *what) if self.top else ""
        return self._status

    def tracked(self) -> list[str]:
        """The files that git keeps."""
        if self._tracked is None:
            text = self._remembered("tracked", self._index(), "ls-files", "-z") if self.top else ""
            self._tracked = [path for path in text.split("\0") if path]
        return self._tracked

    def commits(self) -> list[Commit]:
        """The newest commits with their files, the newest first."""
        if self._commits is None:
            what = (f"-{COMMITS}", "--name-only", FORMAT)
            text = self._remembered("log", self._head(), "log", *what) if self.top else ""
            self._commits = read_log(text)
        return self._commits

    def newest(self, number: int) -> list[Commit]:
        """The newest commits, the newest first; with their files where those were asked for."""
        if self._commits is not None or not self.top:
            return self.commits()[:number]
        return read_log(self._remembered("newest", self._head(), "log", f"-{number}", FORMAT))

    def first_of(self, meanings: Mapping[str, str]) -> str:
        """What the first of these names means that stands in git's folder; empty if none does."""
        for name, meaning in meanings.items():
            if self._git and os.path.lexists(os.path.join(self._git, name)):
                return meaning
        return ""

    def line_counts(self) -> dict[str, tuple[int, int]]:
        """How many lines of each changed file were added and removed since the last commit."""
        what = ("--numstat", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "HEAD")
        text = git_output(self.top, "diff", *what) if self.top else ""
        found = {}
        for row in text.split("\0"):
            added, _, rest = row.partition("\t")
            removed, _, path = rest.partition("\t")
            if path and added.isdecimal() and removed.isdecimal():
                found[path] = int(added), int(removed)
        return found

    def _head(self) -> str | None:
        """What tells whether there are other commits; None if that cannot be told."""
        return head_hash(self._git) if self._git else None

    def _index(self) -> list[int] | None:
        """What tells whether the index has changed; None if that cannot be told."""
        try:
            found = os.stat(os.path.join(self._git, "index")) if self._git else None
        except OSError:
            return None
        return [found.st_mtime_ns, found.st_size, found.st_ino] if found else None

    def _remembered(self, what: str, stamp: object, *arguments: str) -> str:
        """What git prints, as kept where its stamp is the same; no stamp: it cannot be kept."""
        kept = self._load()
        found = kept.get(what, {})
        if stamp is not None and (found.get("top"), found.get("stamp")) == (self.top, stamp):
            return str(found["text"])
        text = git_output(self.top, *arguments)
        if self.root and stamp is not None and text:
            kept[what] = {"top": self.top, "stamp": stamp, "text": text}
            try:
                write_atomically(os.path.join(self.root, KEPT_NAME), seal(kept, 1))
            except OSError:
                pass  # a read-only folder: asked again next time
        return text

    def _load(self) -> dict[str, Any]:
        if self._kept is None:
            self._kept = {}
            try:
                found = read_sealed(os.path.join(self.root, KEPT_NAME)) if self.root else {}
            except (OSError, DamagedStateError):
                return self._kept
            self._kept = {name: one for name, one in found.items() if is_kept(one)}
        return self._kept


def is_kept(one: Any) -> bool:
    """Whether this is something that was kept of git."""
    return isinstance(one, dict) and one.keys() == {"top", "stamp", "text"}


def read_log(text: str) -> list[Commit]:
    """The commits in what `git log --name-only --format=%x00%h%x00%s` prints."""
    parts = text.split("\0")[1:]
    found = []
    for name, rest in zip(parts[::2], parts[1::2], strict=False):
        subject, *files = rest.split("\n")
        found.append(Commit(name, subject, {file for file in files if file}))
    return found
