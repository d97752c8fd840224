"""What a /clear carries over: told before, and prepared."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Literal, TypedDict

from clearpoint.reload.build import foretold
from clearpoint.reload.compose import MEANWHILE_ALONE
from clearpoint.session.archive import archive
from clearpoint.store import checkpoints
from clearpoint.store.store import Store
from clearpoint.text import nearest
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from clearpoint.session.stored import StoredSession

Reason = Literal["clear", "compact", "crash", "fork", "resume"]
REASONS: tuple[Reason, ...] = ("clear", "compact", "crash", "fork", "resume")


class ClearPlan(TypedDict):
    """What `Session.prepare_for_clear` gives."""

    session_id: str
    checkpoint: str
    archive: str | None
    """The archive file, relative to the state folder; None if there was nothing to archive."""
    context: str
    """What the next session is told."""
    tokens: int
    """Tokens of the context, in cl100k_base."""
    next: str
    """What the user does next."""


def foretell(kept: StoredSession, reason: Reason) -> str:
    """What a session that continues this one is told; nothing is written."""
    if reason not in REASONS:
        hint = nearest.hint(str(reason), REASONS) or "."
        raise ValueError(f"unknown reason {reason!r}{hint} The reasons are {', '.join(REASONS)}.")
    seen = kept.read()["work_state"]["touches"]
    state = kept.current()
    with tempfile.TemporaryDirectory() as place:
        if reason not in MEANWHILE_ALONE:
            archive(Store(place), state)
        return foretold(kept.update(), state, reason, seen)


def prepare(kept: StoredSession) -> ClearPlan:
    """Checkpoint and archive the session, and return what a `/clear` would carry over."""
    with kept.locked() as (update, state):
        kept.catch_up(update, state)
        name = checkpoints.take(kept.store, state, "before-clear")
        archived = archive(kept.store, state)
        kept.write(update, state)
        text = foretold(update, state, "clear")
    return {
        "session_id": kept.session_id,
        "checkpoint": name,
        "archive": archived,
        "context": text,
        "tokens": encoder.count(text),
        "next": "Type /clear in Claude Code: the session after it is given this context.",
    }
