"""The projects that the client has worked in and that hold sessions of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from clearpoint.client.events import state_root
from clearpoint.session.find import project_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEAD_BYTES = 512 << 10
"""A transcript names its folder in its first entries, between snapshots of the client's prompt."""
FOLDER = re.compile(rb'(?<!\\)"cwd":("(?:[^"\\]|\\.)+")')


def watched_projects(config_dir: str, env: Mapping[str, str]) -> list[str]:
    """The projects with a state folder, by the transcripts in the client's own folder."""
    found: dict[str, str] = {}
    for folder in map(folder_of, newest_transcripts(Path(config_dir) / "projects")):
        project = project_around(folder, env) if folder else ""
        root = state_root(project, env)
        if project and (Path(root) / "sessions").is_dir():
            found.setdefault(root, project)
    return [*found.values()]


def newest_transcripts(projects: Path) -> Iterator[Path]:
    """The newest transcript of each project."""
    for folder in sorted(projects.glob("*/")):
        transcripts = [path for path in folder.glob("*.jsonl") if path.is_file()]
        if transcripts:
            yield max(transcripts, key=lambda path: path.stat().st_mtime_ns)


def folder_of(transcript: Path) -> str:
    """The folder that a transcript was written in; empty where it does not say."""
    try:
        with transcript.open("rb") as stream:
            named = FOLDER.search(stream.read(HEAD_BYTES))
        return str(json.loads(named[1])) if named else ""
    except (OSError, ValueError):
        return ""
