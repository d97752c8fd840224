"""The state of a session that no hook has seen, folded from its transcript while there is one.

It stands in a file of its own, so that it is never the newest session, one that runs, or one that
another continues by itself: it has to be named. A hook that sees the session later goes on from it.
"""

from __future__ import annotations

from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import write_atomically
from clearpoint.session.update import SessionUpdate
from clearpoint.store.checksummed import seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.history.transcripts import Found
    from clearpoint.store.store import Store

ENDED = "other"
"""As the client says of a session that ended in no particular way."""


def keep_state(store: Store, found: Found, project: str, env: Mapping[str, str]) -> None:
    """Write the state as it was when the session was last used."""
    update = SessionUpdate(found.session_id, project, env, store.root, found.path)
    state = update.load()
    update.catch_up(state, None)
    update.judge(state)
    state["system"]["project"] = project
    state["system"]["head"] = None  # today's says nothing of then
    state["system"]["is_missing"] = True  # once the client has deleted the transcript
    state["last_updated"] = now_text(found.changed)
    state["ended"] = ENDED
    write_atomically(store.kept_state_path(found.session_id), seal(state))
