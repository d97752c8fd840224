"""SessionEnd: the final snapshot, the closing record that links go by, and what is kept for later.

Registered as an asynchronous hook, which outlives the client's exit; nothing depends on it.
"""

from __future__ import annotations

import time

from clearpoint.session.update import PATIENCE_S, update_for
from clearpoint.store import checkpoints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event
    from clearpoint.session.update import SessionUpdate


def handle(event: Event) -> None:
    """Close the session's record."""
    sitting = update_for(event)
    reason = event.text("reason") or "other"
    with sitting.store.lock(event.session_id, PATIENCE_S):
        state = sitting.load()
        if sitting.is_new:
            from clearpoint.lineage.takeover import repair

            repair(sitting, state, event)
        sitting.catch_up(state, PATIENCE_S)
        sitting.judge(state, event)
        state["ended"] = reason
        if reason == "clear":
            from clearpoint.session.archive import archive

            archive(sitting.store, state, PATIENCE_S)
        if state["usage"]["requests"]:
            checkpoints.take(sitting.store, state, "end")
        sitting.write(state)
        sitting.store.journal(
            event.session_id, "SessionEnd", reason=reason, used=state["context_window"]["used"]
        )
    if not sitting.behind:  # else the next that reads this transcript keeps it
        keep_for_later(event)
        tidy(sitting)
    if sitting.config["telemetry"]["metrics"]:
        from clearpoint.telemetry.send import send

        send(sitting.store, state, sitting.config, event.env)


def tidy(sitting: SessionUpdate) -> None:
    """Once a day, remove what `clearpoint gc` would; nobody waits for it here."""
    from clearpoint.retention import plan

    if removed := plan.tidy(sitting.store, sitting.config, time.time()):
        sitting.store.journal(sitting.session_id, "gc", removed=removed)


def keep_for_later(event: Event) -> None:
    """Archive the session, and bring the search index up to date where there is one."""
    from clearpoint.history import keep, transcripts
    from clearpoint.search import refresh
    from clearpoint.store.layout import event_root, own_folder
    from clearpoint.store.store import Store
    from clearpoint.sync.background import exchange_in_background

    found = transcripts.transcript(event.transcript_path)
    if found is None:
        return
    keep.keep(Store(event_root(event)), found, event.project_dir, event.env)
    own = own_folder(event.env)
    if refresh.exists(own):
        refresh.opened(own, event.env).close()
    exchange_in_background("push", event)
