"""The reload context of one session: the project looked up, and the text composed from that."""

from __future__ import annotations

from clearpoint.lowlevel.clock import now_text
from clearpoint.project import survey
from clearpoint.reload import compose, inherit
from clearpoint.reload.delivery import mark_of
from clearpoint.session import state as session
from clearpoint.session import summaries
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.project.repository import Repository
    from clearpoint.project.survey import ProjectState
    from clearpoint.session.update import SessionUpdate

CARRIED = ("clear", "crash")
"""After these the work goes on in a session of its own."""


def context(
    update: SessionUpdate,
    state: State,
    reason: str,
    seen: int = 0,
    repository: Repository | None = None,
) -> tuple[str, ProjectState]:
    """What a session with this state is told as it starts for the reason, and what was looked up.

    `seen` is how many touches of files the work held when it was left; `repository` the one around
    the project, if that was asked already.
    """
    project, root = update.project, update.store.root
    now = survey.look(
        state, reason, project, root, seen=seen, measure=estimated, repository=repository
    )
    text = compose.compose(
        state,
        reason,
        update.config,
        mark=mark_of(state["session_id"]),
        measure=estimated,
        project_dir=project,
        now=now,
        summary=summaries.kept(update.store, update.session_id) if reason == "compact" else "",
    )
    return text, now


def foretold(update: SessionUpdate, state: State, reason: str, seen: int = 0) -> str:
    """What the session that goes on with this one's work will be told."""
    following = state
    if reason in CARRIED:
        following = session.new_state(state["session_id"], now_text(), update.config)
        inherit.carry(state, following)
    elif reason == "fork":
        following = {**state, "lineage": {**state["lineage"], "parent_id": state["session_id"]}}
    return context(update, following, reason, seen)[0]
