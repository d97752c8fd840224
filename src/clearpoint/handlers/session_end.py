"""SessionEnd: the final snapshot, the closing record that links go by, and what is kept for later.

Registered as an asynchronous hook, which outlives the client's exit; nothing depends on it.
"""

from __future__ import annotations

import os
import time

from clearpoint.client.events import attended
from clearpoint.session.update import update_for
from clearpoint.store import checkpoints, untold
from clearpoint.store.layout import EARLIER_INDEX, SEARCH_INDEX, own_folder
from clearpoint.tokens.sizes import estimated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate


LOCK_S = 1.5
READ_S = 1.2
WHOLE_S = 2.4
"""The whole takes no longer: what is left is read and archived by a process of its own."""
LEAST_S = 0.1
FEW_SESSIONS = 300
"""Of more, what may go is looked for in a process of its own."""


def handle(event: Event) -> None:
    """Close the session's record."""
    end = time.monotonic() + WHOLE_S
    update = update_for(event)
    try:
        state = close(update, event)
    except TimeoutError as error:  # nobody looks any more: the next start reads what is left
        line = f"{error.strerror}: {error.filename}; the next start of a session reads what is left"
        update.store.record_fault("SessionEnd", line, event.session_id)
        return
    if update.behind or state["backlog"]:
        from clearpoint.lowlevel.apart import start

        ids = (update.store.root, update.project, update.session_id)
        start("clearpoint.session.finishing", *ids, event.transcript_path or "")
    else:
        keep_for_later(update, event, state, max(LEAST_S, end - time.monotonic()))
        weigh_beginning(update, state)
        tidy(update)
    if update.config["telemetry"]["metrics"]:
        from clearpoint.telemetry.send import send

        send(update.store, state, update.config, event.env)


def close(update: SessionUpdate, event: Event) -> State:
    """Read what there is, and record the end; raises TimeoutError while another holds the lock."""
    reason = event.text("reason") or "other"
    with update.store.lock(event.session_id, LOCK_S):
        state = update.load()
        if update.is_new:
            from clearpoint.lineage.takeover import repair

            repair(update, state, event)
        update.catch_up(state, READ_S, READ_S)  # nobody waits, and the next start needs it
        update.judge(state, event, is_late=True)
        state["ended"] = reason
        archive_rest(update, state)
        data = update.write(state)
        if state["usage"]["requests"]:
            checkpoints.take(update.store, state, "end", data)
        update.store.journal(
            event.session_id, "SessionEnd", reason=reason, used=state["context_window"]["used"]
        )
    return state


def archive_rest(update: SessionUpdate, state: State) -> None:
    """Archive what no archive holds yet, if there is any."""
    cursor = state["transcript"]
    if cursor and cursor["offset"] > state["archived"]:
        from clearpoint.session.archive import archive

        archive(update.store, state)


def weigh_beginning(update: SessionUpdate, state: State) -> None:
    """Leave word for the next start that this project's sessions begin heavy; once in a project.

    It takes longer than a start may, so it is done here, where nobody waits, and once a day.
    """
    limit = sum(state["budget"]["allocation"].get("system", {}).values())
    path = state["system"]["transcript_path"]
    if state["advice"]["begins"] <= limit or not path or attended(update.env) is False:
        return
    from clearpoint.diet.overhead import OVERHEAD, overhead

    notices = update.store.read_notices()
    if OVERHEAD in notices["named"] or not update.store.is_first_today(OVERHEAD, time.time()):
        return
    from clearpoint.advice.catalogue import words
    from clearpoint.diet.first_request import first_request

    first = first_request(path, estimated) if os.path.isfile(path) else None
    if note := overhead(first, limit, words(state, update.config)["heavy"]) if first else "":
        untold.leave(update.store.root, [note], untold.AT_START)
        update.store.write_notices({**notices, "named": [*notices["named"], OVERHEAD]})


def tidy(update: SessionUpdate) -> None:
    """Once a day, remove what `clearpoint gc` would; nobody waits for it here."""
    now = time.time()
    if not update.store.is_first_today("gc", now):
        return
    if len(os.listdir(os.path.join(update.store.root, "sessions"))) > FEW_SESSIONS:
        from clearpoint.lowlevel.apart import start

        start("clearpoint.retention.apart", update.store.root, update.project, update.session_id)
        return
    from clearpoint.retention import plan

    if removed := plan.tidy(update.store, update.config, now):
        update.store.journal(update.session_id, "gc", removed=removed)


def keep_for_later(update: SessionUpdate, event: Event, state: State, within_s: float) -> None:
    """Keep the session's figures, and bring the search index up to date if there is one."""
    from clearpoint.history import keep, transcripts

    found = transcripts.transcript(event.transcript_path)
    if found is None:
        return
    keep.keep(update.store, found, event.project_dir, event.env, within_s, state)
    own = own_folder(event.env)
    if any(os.path.exists(os.path.join(own, name)) for name in (SEARCH_INDEX, EARLIER_INDEX)):
        from clearpoint.search import upkeep

        upkeep.keep_up(own, event.env, within_s)
    if update.config["remote"]["sync"]:
        from clearpoint.sync.background import exchange_in_background

        exchange_in_background("push", event)
