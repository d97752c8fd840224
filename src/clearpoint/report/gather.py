"""One or all sessions of a project as a self-contained page for a browser.

    html = render(gather("/path/to/project", None, os.environ))

The page needs no network: its charting library, style and script are in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint import __version__
from clearpoint.api.session import Session
from clearpoint.attribution.attribution import attribute, shown
from clearpoint.report.family import Branch, line_to, members, trees
from clearpoint.report.history import History, history_of, joined, level_steps
from clearpoint.report.page import render
from clearpoint.report.spending import Spending, spending_of
from clearpoint.report.usage import Spent, in_transcript, subagents_of, summed
from clearpoint.report.verdict import Verdict, verdict
from clearpoint.session.find import open_store
from clearpoint.session.load import read
from clearpoint.session.recovery import whole_state
from clearpoint.simulate.bill import rereading
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
    steps: list[tuple[int, dict[Level, int]]]
    """Where the levels of the sessions drawn begin, each set from a point of the history on."""
    history: History
    line: list[str]
    """The sessions whose course is shown, this one last."""
    spending: Spending | None
    """None if the transcript is gone."""
    verdict: Verdict | None
    spent: list[Spent]
    """The requests of all sessions whose course is shown."""
    files: list[tuple[str, FileTouch]]
    """Files in play, the most important first; paths as they are known in the project."""
    artifacts: list[str]

    @property
    def limit(self) -> int:
        """What percentages are of: the budget, or the window where none is judged yet."""
        return self.state["budget"]["tokens"] or self.state["context_window"]["total"]

    @property
    def saved(self) -> float | None:
        """Dollars that the clear of the verdict would have saved; None if that is not known.

        What it saves would have been read from the prompt cache: less than that it is not.
        """
        model = self.state["model"]
        return rereading(model, self.verdict.tokens) if self.verdict and model else None

    @property
    def cost(self) -> float | None:
        """Dollars of this session alone; None if that is not known."""
        own = [one for one in self.spent if one.session_id == self.state["session_id"]]
        return whole_cost(own)

    @property
    def line_cost(self) -> float | None:
        """Dollars of all sessions whose course is shown."""
        return whole_cost(self.spent)


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

    @property
    def days(self) -> list[dict[str, Any]]:
        """Tokens and cost of the sessions on the page, by day."""
        return summed([one for session in self.sessions for one in session.spent], "day")


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
    """Another session's state, one of an earlier version included; None if it is damaged."""
    try:
        return read(store, session_id)
    except (DamagedStateError, OSError):
        return whole_state(store.state_path(session_id), session_id)


def told_of(state: State, line: list[State], session: Session) -> SessionReport:
    """One session, its course being that of the line that ends with it."""
    drawn = line[-CARRIED_SESSIONS:]
    store, config = Store(session.root), session.config
    histories = [history_of(one, [*occurrences(store, one["session_id"])], config) for one in drawn]
    history = joined(histories)
    work = state["work_state"]
    project = session.project
    return SessionReport(
        state=state,
        steps=level_steps(drawn, histories),
        history=history,
        line=[one["session_id"] for one in drawn],
        spending=spending(state, config, project),
        verdict=verdict(history, state["advice"]["begins"]),
        spent=[spent for one in drawn for spent in spent_by(one, project)],
        files=[(shown(path, project), work["files"][path]) for path in file_activity.ranked(work)],
        artifacts=[shown(path, project) for path in work["artifacts"]],
    )


def spent_by(state: State, project: str) -> list[Spent]:
    """The requests of a session and its subagents, as far as their transcripts are there."""
    path = state["system"]["transcript_path"]
    if path is None:
        return []
    rows = in_transcript(path)
    for other in subagents_of(path):
        rows.update(in_transcript(other))
    return [Spent(state["session_id"], project, row) for row in rows.values()]


def whole_cost(spent: list[Spent]) -> float | None:
    """Dollars of these requests; None without any, or if a model has no price."""
    rows = summed(spent, "model")
    costs = [row["cost"] for row in rows]
    return sum(costs) if costs and None not in costs else None


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
