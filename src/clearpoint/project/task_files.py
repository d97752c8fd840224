"""The checkboxes of files of tasks as they stand on disk, where somebody may have ticked them.

Only files that the work has touched, and those of its specification, are read.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import read_bytes
from clearpoint.work import step_lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState

FILE_BYTES = 200_000
FILES_LIMIT = 8
SPEC_FOLDERS = ("specs", ".specify/specs", ".kiro/specs", ".moai/specs", "openspec/changes",
                "docs/specs")  # fmt: skip
NAMES = ("tasks.md", "todo.md", "plan.md", "spec.md")


def take(work: WorkState, project: str) -> None:
    """Take the steps from the first file of tasks that has any, unless others are known better."""
    for path in _candidates(work, project):
        if rows := step_lists.in_file(path, _text(path, project)):
            known = [(step, status) for step, status in work["tasks"].values()]
            if rows != known:
                step_lists.take_file(work, path, rows, is_whole=True)
            return


def _candidates(work: WorkState, project: str) -> Iterator[str]:
    """The file that the steps are from; else those of the specification and the newest touched."""
    if work["steps_source"] == "file":
        yield work["steps_entry"]
        return
    if spec := work["current_spec"]:
        for folder in SPEC_FOLDERS:
            yield from (os.path.join(project, folder, spec, name) for name in NAMES)
    touched = sorted(work["files"].items(), key=lambda item: -item[1]["order"])
    found = [path for path, one in touched if one["edits"] and path.lower().endswith(".md")]
    yield from found[:FILES_LIMIT]


def _text(path: str, project: str) -> str:
    """What a file within the project holds; empty if it cannot be read."""
    whole, top = os.path.realpath(path), os.path.realpath(project)
    if not whole.startswith(top + os.sep) or not os.path.isfile(whole):
        return ""
    try:
        return read_bytes(whole, FILE_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
