"""One or all sessions of a project as a self-contained page for a browser.

    html = render(gather("/path/to/project", None, os.environ))

The page needs no network: its charting library, style and script are in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from clearpoint import __version__
from clearpoint.api.session import Session
from clearpoint.attribution.attribution import attribute, shown
from clearpoint.report.family import Branch, line_to, members, trees
from clearpoint.report.history import History, history_of, joined, level_starts
from clearpoint.report.page import render
from clearpoint.report.spending import Spending, spending_of
from clearpoint.session.find import open_store
from clearpoint.session.load import read
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.journal import occurrences
from clearpoint.store.store import Store
from clearpoint.work import file_activity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.models.work import FileTouch

__all__ = ["Report", "SessionReport", "gather", "render"]

CARRIED_SESSIONS = 20
"""Sessions before the current one whose course is shown with its own."""


class SessionReport(NamedTuple):
    """Everything that is told of one session."""

    state: State
    starts: dict[Level, int]
    history: History
    line: list[str]
    """The sessions whose course is shown, this one last."""
    spending: Spending | None
    """None if the transcript has gone."""
    files: list[tuple[str, FileTouch]]
    """Files in play, the most important first; paths as they are known in the project."""
    artifacts: list[str]


class Report(NamedTuple):
    """What the page shows."""

    project: str
    version: str
    made_at: float
    sessions: list[SessionReport]
    compared: list[State]
    trees: list[Branch]
    damaged: int
    """Sessions whose state cannot be read."""


def gather(project: str, session_id: str | None, env: Mapping[str, str]) -> Report:
    """What is known of a session, and of the others to compare it with; of all without an id.

    The course of a single session is shown together with those that it goes on from. Raises
    SessionError if there is no such session, OSError where its state cannot be read.
    """
    store = open_store(project, env)
    ids = store.newest_ids()
    kept = {one: readable(store, one) for one in ids}
    chosen = [session_id] if session_id else [one for one in ids if kept[one]]
    opened = {one: Session.load(project, one, env=env) for one in chosen}
    kept |= {one: session.current() for one, session in opened.items()}
    whole = [state for state in kept.values() if state is not None]
    told = []
    for one, session in opened.items():
        state = kept[one] or session.state
        line = line_to(state, whole) if session_id else [state]
        told.append(told_of(state, line, session))
    return Report(
        project=project,
        version=__version__,
        made_at=time.time(),
        sessions=told,
        compared=whole,
        trees=[tree for tree in trees(whole) if session_id is None or holds(tree, session_id)],
        damaged=len(kept) - len(whole),
    )


def readable(store: Store, session_id: str) -> State | None:
    """Another session's state, None if it is damaged."""
    try:
        return read(store, session_id)
    except (DamagedStateError, OSError):
        return None


def told_of(state: State, line: list[State], session: Session) -> SessionReport:
    """One session, its course being that of the line that ends with it."""
    drawn = line[-CARRIED_SESSIONS:]
    store, config = Store(session.root), session.config
    histories = [history_of(one, [*occurrences(store, one["session_id"])], config) for one in drawn]
    work = state["work_state"]
    project = session.project
    return SessionReport(
        state=state,
        starts=level_starts(state),
        history=joined(histories),
        line=[one["session_id"] for one in drawn],
        spending=spending(state, config, project),
        files=[(shown(path, project), work["files"][path]) for path in file_activity.ranked(work)],
        artifacts=[shown(path, project) for path in work["artifacts"]],
    )


def spending(state: State, config: Config, project: str) -> Spending | None:
    """Where the session's tokens are, None if its transcript cannot be read or holds none."""
    path = state["system"]["transcript_path"]
    if path is None or not state["context_window"]["total"]:
        return None
    try:
        return spending_of(attribute(path, state, config, project))
    except OSError:
        return None


def holds(tree: Branch, session_id: str) -> bool:
    """Whether a session is in a tree."""
    return any(state["session_id"] == session_id for state in members(tree))
