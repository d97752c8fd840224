"""Taking over what was read of the session before only after its work was given to this one."""

from __future__ import annotations

from clearpoint.lineage import candidates
from clearpoint.lineage.takeover import UNREAD_BYTES, unread_bytes
from clearpoint.reload import inherit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate


def complete(update: SessionUpdate, state: State) -> None:
    """Give the session what the one before has said since, once that is read to its end."""
    known = state["work_state"]["unread"]
    if known is None:
        return
    parent = candidates.readable(update, known["session"])
    if parent and (parent["backlog"] or unread_bytes(parent) > UNREAD_BYTES):
        return  # it is still being read
    if parent:
        inherit.complete(parent, state, known["turn"])
    state["work_state"]["unread"] = None
