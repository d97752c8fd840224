"""The client's own transcripts: where they are, whose they are, and when the client deletes them.

Source: `<config>/projects/<project path with every non-alphanumeric as '-'>/<session id>.jsonl`;
at a start the client deletes those that were last written `cleanupPeriodDays` ago.
"""

from __future__ import annotations

import os

from clearpoint.client.settings import SETTINGS_LIMIT_BYTES, read_object, settings_paths
from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import DAY_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NamedTuple
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

EXTENSION = ".jsonl"
CLEANUP = "cleanupPeriodDays"
CLEANUP_DAYS = 30
"""What the client takes where no settings file says otherwise."""
HEAD_BYTES = 512 << 10
"""A transcript names its folder in its first entries, between snapshots of the client's prompt."""
FOLDER = rb'(?<!\\)"cwd": ?("(?:[^"\\]|\\.)+")'


class Found(NamedTuple):
    """One transcript: its size in bytes, and when it was last written, in seconds."""

    path: str
    session_id: str
    bytes: int
    changed: float


def project_folders(config_dir: str) -> list[str]:
    """The client's folders of transcripts, one for each folder that it was started in."""
    try:
        with os.scandir(os.path.join(config_dir, "projects")) as entries:
            return sorted(one.path for one in entries if one.is_dir(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return []


def transcripts(folder: str) -> list[Found]:
    """The transcripts in one of these folders, the newest first; no link is followed."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name, extension = os.path.splitext(entry.name)
                if extension != EXTENSION or not is_session_id(name):
                    continue
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append(Found(entry.path, name, status.st_size, status.st_mtime))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found, key=lambda one: -one.changed)


def transcript(path: str | None) -> Found | None:
    """The transcript at a path; None if there is none, or it is named otherwise."""
    name, extension = os.path.splitext(os.path.basename(path or ""))
    if not path or extension != EXTENSION or not is_session_id(name) or not os.path.isfile(path):
        return None
    status = os.stat(path)
    return Found(path, name, status.st_size, status.st_mtime)


def folder_name(project: str) -> str:
    """What the client calls the folder of the transcripts of a project."""
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in project)


def folder_of(transcript: str) -> str:
    """The folder that a transcript was written in; empty if it does not say."""
    import json
    import re

    try:
        with open(transcript, "rb") as stream:
            named = re.search(FOLDER, stream.read(HEAD_BYTES))
        return str(json.loads(named[1])) if named else ""
    except (OSError, ValueError):
        return ""


def cleanup_days(env: Mapping[str, str], project: str) -> int:
    """After how many days the client deletes a transcript of this project."""
    for path in settings_paths(env, project):
        days = read_object(path, SETTINGS_LIMIT_BYTES).get(CLEANUP)
        if isinstance(days, int) and not isinstance(days, bool) and days >= 0:
            return days
    return CLEANUP_DAYS


def deleted_at(found: Found, days: int) -> float:
    """From when on the client's next start deletes a transcript, in seconds."""
    return found.changed + days * DAY_S
