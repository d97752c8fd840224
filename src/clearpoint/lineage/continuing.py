"""Continuing a session because the user asked for it: today's or last week's, however it ended."""

from __future__ import annotations

from clearpoint.lineage import candidates
from clearpoint.lineage.takeover import await_delivery, composed, take_over
from clearpoint.lowlevel.clock import HOUR_S, seconds_of
from clearpoint.session import state as session
from clearpoint.store import checkpoints, processes
from clearpoint.store.orders import read_order, remove_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate

ORDER_SPAN_S = HOUR_S
"""So long the next session of a checkout takes up what was asked for outside of a session."""
REASON = "continue"


def take_up(update: SessionUpdate, state: State, parent: State) -> str:
    """Give a session the work of another one, and then its own on top of it; return the context.

    The other session may be open still: it goes on apart, and nothing of it changes.
    """
    is_open = processes.life_of(update.store, parent) == "running"
    state["lineage"] = {
        "parent_id": parent["session_id"], "reason": REASON, "confidence": "exact",
        "evidence": "asked for by the user",
    }  # fmt: skip
    take_over(update, parent, state, REASON, is_closed=not is_open)
    checkpoints.save(update.store, state, checkpoints.START)
    if state["transcript"]:
        state["transcript"] = None
        session.start_over(state, state["work_state"])
    update.catch_up(state, None)
    text = composed(update, state, REASON, state["work_state"]["touches"])
    await_delivery(update, state, text)
    return text


def ordered(update: SessionUpdate, now: float) -> State | None:
    """The session that the next start of this checkout was asked to continue; asked for once."""
    order = read_order(update.store)
    if order is None or order["project"] != update.project:
        return None
    remove_order(update.store)
    if not 0 <= now - (seconds_of(order["at"]) or 0.0) <= ORDER_SPAN_S:
        return None
    return candidates.readable(update, order["session_id"])
