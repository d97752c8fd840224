"""A state that reads the same on another machine: no path of this one, no user name. Pure.

Paths in the project count from it, those in the home folder from `~`. What belongs to this machine
alone (process, transcript, cursor) is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from clearpoint.redaction.prefilter import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.models.state import State

HOME = "~"
NAME_END = r"(?![\w.-])"
ARCHIVE = re.compile(r"sessions/[\w-]{1,64}/archive/\d{4,}\.md")
POINTER = re.compile(ARCHIVE.pattern + r":\d{1,9}")
LOCAL = ("client_pid", "process", "project", "transcript_path", "cwd", "shell_folder")
"""Facts of the state's `system` that hold on one machine only."""


def marks_of(projects: Sequence[str], home: str) -> list[tuple[str, str]]:
    """What stands for each folder of this machine.

    `projects` are all names of the project's folder on it (its worktrees, its real path).
    """
    marks = [(one.rstrip("/"), "") for one in sorted(projects, key=len, reverse=True) if one]
    return [*marks, (home.rstrip("/"), HOME)] if home else marks


def portable(state: State, marks: Sequence[tuple[str, str]]) -> State:
    """The state as another machine can use it, masked once more."""
    found: State = moved(state, marks)
    for name in LOCAL:
        if name in found["system"]:
            found["system"][name] = None  # type: ignore[literal-required]
    found["transcript"] = None
    return found


def moved(value: Any, marks: Sequence[tuple[str, str]]) -> Any:
    """A JSON value in which each folder is replaced by its mark, in keys and texts."""
    if isinstance(value, str):
        return masked(without(value, marks))
    if isinstance(value, list):
        return [moved(one, marks) for one in value]
    if isinstance(value, dict):
        return {without(key, marks): moved(one, marks) for key, one in value.items()}
    return value


def without(text: str, marks: Sequence[tuple[str, str]]) -> str:
    """A text with a mark in place of each folder: `src/a.py` for `/home/ada/shop/src/a.py`."""
    for folder, mark in marks:
        if folder in text:
            below = f"{mark}/" if mark else ""
            text = text.replace(f"{folder}/", below)
            text = re.sub(re.escape(folder) + NAME_END, mark or ".", text)
    return text


def is_inside(path: Any) -> bool:
    """Whether a path counts from the project, and stays in it on any system."""
    if not isinstance(path, str) or not path or path.startswith(("/", HOME, "\\")):
        return False
    return ":" not in path[:2] and ".." not in path.replace("\\", "/").split("/")


def received(state: State, origin: str) -> State:
    """A state that came from another machine, without what could lead out of the project."""
    work = state["work_state"]
    work["files"] = {path: one for path, one in work["files"].items() if is_inside(path)}
    work["artifacts"] = [path for path in work["artifacts"] if is_inside(path)]
    for agent in work["agents"].values():
        agent.pop("transcripts", None)
    for noted in (*work["decisions"], *work["issues"], *work["notes"], *work["spans"]):
        if not POINTER.fullmatch(noted.get("pointer") or ""):
            noted.pop("pointer", None)
    state["archives"] = [one for one in state["archives"] if ARCHIVE.fullmatch(one)]
    state["disclosure"] = [one for one in state["disclosure"] if is_inside(one["path"])]
    state["transcript"] = None
    state["origin"] = origin
    for name in LOCAL:
        if name in state["system"]:
            state["system"][name] = None  # type: ignore[literal-required]
    return state
