"""Copies of a session: a fork beside it, and the return to a checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.reload import inherit
from clearpoint.session.stored import StoredSession
from clearpoint.store import checkpoints

if TYPE_CHECKING:
    from clearpoint.models.state import Lineage


def fork(kept: StoredSession, child_id: str) -> None:
    """Give a new session the work and the conversation of this one."""
    parent = kept.current()
    lineage: Lineage = {
        "parent_id": kept.session_id,
        "reason": "fork",
        "confidence": "exact",
        "evidence": "forked by hand",
    }
    child = StoredSession(kept.project, child_id, kept.env)
    with child.locked() as (update, state):
        state["lineage"] = lineage
        inherit.carry(parent, state)
        inherit.copy_conversation(parent, state)
        update.judge(state)
        child.write(update, state)


def restore(kept: StoredSession, name: str) -> str:
    """Take work state and user context from a checkpoint; return that of the state before.

    Raises CheckpointError.
    """
    then = kept.checkpoint(name)
    with kept.locked() as (update, state):
        before = checkpoints.take(kept.store, state, "before-restore")
        state["work_state"] = {**then["work_state"], "running": {}}
        state["user_context"] = then["user_context"]
        kept.write(update, state)
        checkpoints.save(kept.store, state, checkpoints.BY_HAND)
        kept.store.journal(kept.session_id, "Restore", checkpoint=name, kept=before)
    return before
