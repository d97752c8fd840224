"""What the project's newest sessions have learned of token sizes: where a new one starts from.

Each session keeps what it learned in its own state, so there is nothing more to write or to lock.
Of a state no more than that is read. Fast lane: once per session, when its state is made.
"""

from __future__ import annotations

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import has_keys
from clearpoint.lowlevel.files import read_bytes
from clearpoint.session.state import SCHEMA_VERSION
from clearpoint.store import ownership
from clearpoint.store.checksummed import SEAL_BYTES, SEALED_BYTES, checks_out
from clearpoint.tokens import projection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.usage import Learner
    from clearpoint.store.store import Store

SESSIONS = 6
"""The calibration is full after some tens of requests; more sessions tell nothing new."""
FIT: dict[str, Any] = {"n": 0, "stale": 0, "matrix": [], "moment": [], "weights": []}
HEAD = b'\n  "learner": '
"""Only a field of a state's own parts begins a line with two blanks, and one has this name."""


def learned(store: Store, session_ids: list[str], transcript_path: str | None) -> Learner:
    """The merged learners of the first of the user's own sessions among these that can be read.

    `transcript_path` is that of the current session.
    """
    ids = ownership.first_own(session_ids, transcript_path, SESSIONS)
    found = [learner_of(store, one) for one in ids]
    return projection.merge(one for one in reversed(found) if one)


def learner_of(store: Store, session_id: str) -> Learner | None:
    """What one session has learned; None if its state cannot be read, or is of another version."""
    try:
        data = read_bytes(store.state_path(session_id), SEALED_BYTES)
    except OSError:
        return None
    own = f' "schema_version": {SCHEMA_VERSION},\n "session_id": "{session_id}",\n'
    place = data.find(HEAD)
    if not data.startswith(own.encode(), SEAL_BYTES) or place < 0 or not checks_out(data):
        return None
    learner: Any = fast_json.scan(data[place + len(HEAD) :].decode("utf-8", "replace"))[0]
    return learner if all(has_keys(fit, FIT) for fit in learner.values()) else None
