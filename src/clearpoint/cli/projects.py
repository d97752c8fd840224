"""The projects that the client has worked in and that hold sessions of Clearpoint's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from clearpoint.history import transcripts
from clearpoint.session.find import project_around
from clearpoint.store.layout import state_root

if TYPE_CHECKING:
    from collections.abc import Mapping


def watched_projects(config_dir: str, env: Mapping[str, str]) -> list[str]:
    """The projects with a state folder, by the transcripts in the client's own folder."""
    found: dict[str, str] = {}
    for folder in transcripts.project_folders(config_dir):
        newest = transcripts.transcripts(folder)[:1]
        named = transcripts.folder_of(newest[0].path) if newest else ""
        project = project_around(named, env) if named else ""
        root = state_root(project, env)
        if project and os.path.isdir(os.path.join(root, "sessions")):
            found.setdefault(root, project)
    return [*found.values()]
