"""Taking over what was read of the session before only after its work was given to this one."""

from __future__ import annotations

from clearpoint.lineage import candidates
from clearpoint.lineage.takeover import ROUNDED_S, UNREAD_BYTES, unread_bytes
from clearpoint.lowlevel.clock import seconds_of
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
    if parent and not has_gone_on(parent, state):
        inherit.complete(parent, state, known["turn"])
    state["work_state"]["unread"] = None


def has_gone_on(parent: State, state: State) -> bool:
    """Whether turns have ended in the session before since this one began: they are not of it."""
    left, began = parent["system"]["left_at"], seconds_of(state["created_at"])
    return left is not None and began is not None and left > began + ROUNDED_S
