"""What the client will delete of a project's transcripts, and when."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.client.settings import config_dir
from clearpoint.history import keep, transcripts
from clearpoint.session.find import project_around
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.history.transcripts import Found


class Outlook(NamedTuple):
    """A project's transcripts: after how many days the client deletes one, and those there are."""

    days: int
    transcripts: tuple[Found, ...]
    not_kept: tuple[Found, ...]

    @property
    def next_at(self) -> float | None:
        """When the client deletes the first of them, in seconds."""
        times = [transcripts.deleted_at(one, self.days) for one in self.transcripts]
        return min(times, default=None)

    @property
    def next_lost_at(self) -> float | None:
        """When the client deletes the first of those that are not kept."""
        times = [transcripts.deleted_at(one, self.days) for one in self.not_kept]
        return min(times, default=None)


def outlook(project: str, env: Mapping[str, str]) -> Outlook:
    """Look at a project's transcripts."""
    store = Store(state_root(project, env))
    found = [one for _, one in of_project(project, env)]
    not_kept = tuple(one for one in found if not keep.is_kept(store, one))
    return Outlook(transcripts.cleanup_days(env, project), tuple(found), not_kept)


def of_project(project: str, env: Mapping[str, str]) -> Iterator[tuple[str, Found]]:
    """The transcripts of a project, wherever in it the client was started, and its project."""
    root = state_root(project, env)
    for owner, found in everywhere(env):
        if owner == project or state_root(owner, env) == root:
            yield owner, found


def everywhere(env: Mapping[str, str]) -> Iterator[tuple[str, Found]]:
    """All of the client's transcripts, each with its project."""
    for folder in transcripts.project_folders(config_dir(env)):
        found = transcripts.transcripts(folder)
        named = next(filter(None, (transcripts.folder_of(one.path) for one in found)), "")
        if named:
            project = project_around(named, env) if os.path.isdir(named) else named
            yield from ((project, one) for one in found)
