"""Long memory files in folders of the project, which Claude reads when it works there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "CLAUDE.md"
SKIPPED = frozenset((".git", "node_modules", ".venv", "venv", "dist", "build", "target", "vendor"))
FOLDERS_LIMIT = 20_000


def long_files(project: str, limit: int) -> Iterator[tuple[str, int]]:
    """Path and number of lines of each memory file below the project's own with more than that."""
    for number, (folder, folders, files) in enumerate(os.walk(project)):
        if number >= FOLDERS_LIMIT:
            return
        folders[:] = [one for one in folders if one not in SKIPPED and not one.startswith(".")]
        path = os.path.join(folder, NAME)
        if NAME in files and folder != project and (lines := _lines(path)) > limit:
            yield path, lines


def _lines(path: str) -> int:
    try:
        with open(path, "rb") as stream:
            return sum(1 for _ in stream)
    except OSError:
        return 0
