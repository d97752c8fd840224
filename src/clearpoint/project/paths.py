"""A path as it is shown within its project."""

from __future__ import annotations

from clearpoint.lowlevel.paths import portable
from clearpoint.text import sentences

PATH_CHARS = 200


def shown_path(path: str, project_dir: str) -> str:
    """A path as it is shown: relative to the project where it lies in it, on one line."""
    prefix = project_dir.rstrip("/") + "/"
    return sentences.cut(path.removeprefix(prefix) if project_dir else path, PATH_CHARS)


def below(path: str, folder: str) -> str:
    """The path as it counts from a folder, as it is if it is not below it."""
    whole, prefix = portable(path), portable(folder).rstrip("/") + "/"
    return whole.removeprefix(prefix) if whole.startswith(prefix) else path
