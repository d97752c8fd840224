"""What the project's newest sessions have learned of token sizes: where a new one starts from.

Each session keeps what it learned in its own state, so there is nothing more to write or to lock.
Fast lane: it is read once per session, when its state is made.
"""

from __future__ import annotations

from clearpoint.session.load import read
from clearpoint.store import ownership
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.tokens import projection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.usage import Learner
    from clearpoint.store.store import Store

SESSIONS = 6
"""The calibration is full after some tens of requests; more sessions tell nothing new."""


def learned(store: Store, session_ids: list[str], transcript_path: str | None) -> Learner:
    """The merged learners of the first of the user's own sessions among these that can be read.

    `transcript_path` is that of the current session.
    """
    found: list[Learner] = []
    for session_id in ownership.first_own(session_ids, transcript_path, SESSIONS):
        try:
            state = read(store, session_id)
        except (DamagedStateError, OSError):
            continue
        if state is not None:
            found.append(state["usage"]["learner"])
    return projection.merge(reversed(found))
