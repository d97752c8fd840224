"""The archives that are kept of past sessions, in all projects."""

from __future__ import annotations

import os
import re

from clearpoint.history.transcripts import Found
from clearpoint.lowlevel.checks import is_session_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ARCHIVE = re.compile(r"\d{4,}\.md")
"""A summary beside it is called otherwise."""


def state_folders(own_folder: str) -> list[str]:
    """The state folders of all projects."""
    return [entry.path for entry in folders(os.path.join(own_folder, "projects"))]


def all_archives(state_folder: str) -> Iterator[Found]:
    """The archive files of a project's sessions, those of a session in their order."""
    for session in folders(os.path.join(state_folder, "sessions")):
        if is_session_id(session.name):
            yield from archives(state_folder, session.name)


def archives(state_folder: str, session_id: str) -> Iterator[Found]:
    """The archive files of one session, in their order."""
    for entry in scanned(os.path.join(state_folder, "sessions", session_id, "archive")):
        if ARCHIVE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            status = entry.stat(follow_symlinks=False)
            yield Found(entry.path, session_id, status.st_size, status.st_mtime)


def folders(path: str) -> list[os.DirEntry[str]]:
    """The folders in a folder, by name; no link is followed."""
    return [entry for entry in scanned(path) if entry.is_dir(follow_symlinks=False)]


def scanned(path: str) -> list[os.DirEntry[str]]:
    """What is in a folder, by name; nothing if there is no such folder."""
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
