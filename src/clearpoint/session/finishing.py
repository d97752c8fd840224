"""Reading a session that has ended to its end, in a process of its own, which no hook waits for.

A slice at a time, as events do: a session that goes on from it soon has the lock.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from clearpoint.lowlevel.files import LOCK_POLL_S
from clearpoint.session.archive import archive
from clearpoint.session.update import SessionUpdate
from clearpoint.store import checkpoints

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_S = 300.0
"""Far more than any transcript takes; what is left is read when it is asked for."""

PAUSE_S = 4 * LOCK_POLL_S
"""Between slices, so that an event that waits for the lock gets it: it only tries now and then."""


def run(root: str, project: str, session_id: str, transcript: str, env: Mapping[str, str]) -> None:
    """Read and archive all that the transcript still holds.

    Raises TimeoutError if another process does not let go of the session's lock.
    """
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if not read_slice(SessionUpdate(session_id, project, env, root, transcript)):
            return
        time.sleep(PAUSE_S)


def read_slice(update: SessionUpdate) -> bool:
    """Read a slice of the lines that are left, or archive one; whether anything was done."""
    with update.store.lock(update.session_id):
        state = update.load()
        number = update.catch_up(state)
        is_whole = not update.behind and not state["backlog"]
        done = archive(update.store, state) is not None if is_whole else number > 0
        if is_whole and not done and state["usage"]["requests"]:
            checkpoints.take(update.store, state, "end")
        update.keep(state)
    return done
