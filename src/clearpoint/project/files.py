"""The project's files on disk: which there are, what they hold, what they measure.

Token counts are kept by path, size and time of change, so that a file is measured once.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import read_bytes, write_atomically
from clearpoint.project import tiers, worktree
from clearpoint.project.repository import Repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from clearpoint.models.state import State
    from clearpoint.project.tiers import Disclosed

FILES_LIMIT = 20_000
TEXT_BYTES = 400_000
BULK = 30
"""A commit of more files says nothing about what belongs together."""
SKIPPED = frozenset((".git", ".clearpoint", "node_modules", ".venv", "venv", "__pycache__", "dist",
                     "build", "target", ".mypy_cache", ".ruff_cache", ".pytest_cache"))  # fmt: skip
CACHE_NAME = "tokens.json"
CACHE_BYTES = 8 << 20
"""A larger cache is made again."""
COUNTED_BYTES = 1 << 20
"""As much text is measured at one time; the other files wait for the next."""


def disclosed(
    state: State,
    project: str,
    root: str,
    measure: Callable[[str], int],
    repository: Repository | None = None,
) -> list[Disclosed]:
    """The project's files by tier, those of the first three with their sizes in tokens.

    Sizes are kept in the state folder `root`, unless `persistence.cache_enabled` is off.
    """
    work = state["work_state"]
    current = tiers.worked_on(work, project)
    texts = {path: text for path in current if (text := text_of(project, path)) is not None}
    repository = repository or Repository(project, root)
    known, together = listed(project, repository), changed_together(project, current, repository)
    found = tiers.disclose(work, project, known, texts, together)
    cache = TokenCache(root if state["persistence"]["cache_enabled"] else None, measure)
    counted = [
        one._replace(tokens=cache.count(project, one.path)) if one.tier < tiers.TIERS[-1] else one
        for one in found
    ]
    cache.keep()
    return counted


def listed(project: str, repository: Repository | None = None) -> list[str]:
    """The project's files, relative to it: what git knows, else what lies there."""
    repository = repository or Repository(project)
    known = [*repository.tracked(), *worktree.untracked(repository.status())]
    if known:
        folder = worktree.shown(os.path.realpath(project), os.path.realpath(repository.top))
        prefix = "" if folder == "." else f"{folder}/"
        inside = [path[len(prefix) :] for path in known if path.startswith(prefix)]
        if inside:
            return inside[:FILES_LIMIT]
    return lying_in(project)[:FILES_LIMIT]


def lying_in(project: str) -> list[str]:
    """The files in a folder and below it, but for what is made or installed there.

    Links to folders are not followed, and after `FILES_LIMIT` files no folder more is read.
    """
    found: list[str] = []
    waiting = [""]
    while waiting and len(found) < FILES_LIMIT:
        inside = waiting.pop()
        folders, files = entries(os.path.join(project, inside))
        found += (inside + name for name in files)
        waiting += (f"{inside}{name}/" for name in reversed(folders))
    return found


def entries(folder: str) -> tuple[list[str], list[str]]:
    """The folders in a folder, and its files, by name; nothing of one that cannot be read."""
    folders, files = [], []
    try:
        with os.scandir(folder) as found:
            for one in found:
                if not one.is_dir():
                    files.append(one.name)
                elif one.name not in SKIPPED and not one.is_symlink():
                    folders.append(one.name)
    except OSError:
        return [], []
    return sorted(folders), sorted(files)


def changed_together(
    project: str, paths: Collection[str], repository: Repository | None = None
) -> dict[str, int]:
    """How many of the newest commits changed each other file along with one of these."""
    counts: dict[str, int] = {}
    for commit in (repository or Repository(project)).commits() if paths else ():
        files = set(commit.files)
        if len(files) <= BULK and not files.isdisjoint(paths):
            for path in files.difference(paths):
                counts[path] = counts.get(path, 0) + 1
    return counts


def text_of(project: str, path: str) -> str | None:
    """A file's text, None if it cannot be read as one."""
    try:
        return read_bytes(os.path.join(project, path), TEXT_BYTES).decode("utf-8")
    except (OSError, ValueError):
        return None


class TokenCache:
    """Token counts of files, kept in a state folder; without one, counted every time."""

    def __init__(self, root: str | None, measure: Callable[[str], int]) -> None:
        self._path = os.path.join(root, CACHE_NAME) if root else None
        self._measure = measure
        self._before = self._load()
        self._now: dict[str, list[int]] = {}
        self._left = COUNTED_BYTES

    def count(self, project: str, path: str) -> int | None:
        """The tokens of a file; None if it is no text or not there, or has to wait."""
        full = os.path.join(project, path)
        try:
            found = os.stat(full)
        except OSError:
            return None
        stamp = [found.st_size, found.st_mtime_ns]
        kept = self._before.get(full)
        if kept and kept[:2] == stamp:
            self._now[full] = kept
            return kept[2]
        text = text_of(project, path) if found.st_size <= self._left else None
        if text is None:
            return None
        self._left -= found.st_size
        tokens = self._measure(text)
        self._now[full] = [*stamp, tokens]
        return tokens

    def keep(self) -> None:
        """Write the counts that were asked for, where they are new."""
        if self._path is None or self._now == self._before:
            return
        try:
            write_atomically(self._path, fast_json.encode(fast_json.dumps(self._now) + "\n"))
        except OSError:
            return  # a read-only folder: counted again next time

    def _load(self) -> dict[str, list[int]]:
        if self._path is None:
            return {}
        try:
            kept: Any = fast_json.loads(read_bytes(self._path, CACHE_BYTES))
        except (OSError, fast_json.MalformedJSONError):
            return {}
        rows = kept.items() if isinstance(kept, dict) else ()
        return {
            path: row
            for path, row in rows
            if isinstance(row, list) and len(row) == 3 and all(isinstance(one, int) for one in row)
        }
