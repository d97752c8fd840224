"""Files in play: what was read and changed, how often, how lately. Pure."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models import FileTouch, WorkState

FILES_LIMIT = 300
PATH_ARGUMENTS = {
    "Read": "file_path",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "Write": "file_path",
    "NotebookEdit": "notebook_path",
}
RECENCY_WEIGHT = 3.0
EDIT_WEIGHT = 1.0
READ_WEIGHT = 0.4
MOST_COUNTED = 8
RECENCY_SPAN = 12.0
"""Touches after which recency has lost most of its weight."""


def touched_path(tool: str, given: dict[str, Any]) -> str | None:
    """The path that a tool call reads or changes, None for other tools."""
    path = given.get(PATH_ARGUMENTS.get(tool, ""))
    return path if isinstance(path, str) and 0 < len(path) < 4_096 else None


def touch(work: WorkState, tool: str, path: str) -> None:
    """Count one touch of a file; beyond the limit the least important one is forgotten."""
    files = work["files"]
    work["touches"] += 1
    known = files.get(path) or {"reads": 0, "edits": 0, "turn": 0, "order": 0}
    known["reads" if tool == "Read" else "edits"] += 1
    known["order"] = work["touches"]
    files[path] = known
    if len(files) > FILES_LIMIT:
        del files[min(files, key=lambda name: score(files[name], work["touches"]))]


def score(touched: FileTouch, now: int) -> float:
    """How likely the file is needed again: recency first, then changes, then reads."""
    age = now - touched["order"]
    edits, reads = min(touched["edits"], MOST_COUNTED), min(touched["reads"], MOST_COUNTED)
    recency = RECENCY_WEIGHT / (1 + age / RECENCY_SPAN)
    return recency + EDIT_WEIGHT * math.sqrt(edits) + READ_WEIGHT * math.sqrt(reads)


def ranked(work: WorkState) -> list[str]:
    """The files, the most likely needed first."""
    files = work["files"]
    return sorted(files, key=lambda name: score(files[name], work["touches"]), reverse=True)
