"""Keeping a session whatever the client deletes: its archive, and its usage by request.

What is kept says how far in `kept.json`, so it goes on where it stopped. A session that the hooks
have seen keeps its archive by its state; one that they never saw is archived from its transcript
alone, and its state is asked for by name only.
"""

from __future__ import annotations

import os

from clearpoint.history import requests, unseen
from clearpoint.lowlevel.files import QuickLock, make_folder, write_atomically
from clearpoint.session import archive, pieces
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.transcript.reader import Transcript
from clearpoint.work.spoken import Speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from clearpoint.history.transcripts import Found
    from clearpoint.models.state import State
    from clearpoint.models.usage import Kept, Request
    from clearpoint.store.store import Store

FILE = "kept.json"
LOCK = "kept.lock"


def keep(  # noqa: PLR0913, PLR0917
    store: Store,
    found: Found,
    project: str,
    env: Mapping[str, str],
    within_s: float | None = None,
    state: State | None = None,
) -> int:
    """Keep what a transcript has beyond what is kept of it; return the bytes that were read.

    What is not reached within so many seconds is left for the next time. `state` is the session's,
    where it was just written.
    """
    store.prepare(found.session_id)
    with QuickLock(store.path(found.session_id, LOCK)):
        record = recorded(store, found.session_id)
        try:
            transcript = Transcript(
                found.path, record["cursor"] if record else None, within_s=within_s
            )
        except OSError:
            return 0
        try:
            return _keep(store, found, transcript, record, project, env, state)
        finally:
            transcript.close()


def _keep(  # noqa: PLR0913, PLR0917
    store: Store,
    found: Found,
    transcript: Transcript,
    record: Kept | None,
    project: str,
    env: Mapping[str, str],
    state: State | None,
) -> int:
    unread = transcript.unread
    if not unread:
        return 0
    seen = os.path.lexists(store.state_path(found.session_id))
    number = record["archives"] if record and not transcript.fresh else 0
    rows: dict[str, Request] = {}
    entries = requests.collected(transcript.entries(), rows)
    if seen:
        for _ in entries:
            pass
        if not transcript.behind and not is_archived(store, found.session_id, state):
            archive_by_state(project, found.session_id, env)
    else:
        number += 1
        folder = store.path(found.session_id, "archive")
        make_folder(folder)
        path = os.path.join(folder, f"{number:04}.md")
        archive.write(path, pieces.pieces(entries, Speech()))
    requests.add(store.session_folder(found.session_id), rows)
    now: Kept = {"cursor": transcript.cursor, "archives": number}
    write_atomically(store.path(found.session_id, FILE), seal({**now}))
    if not seen:
        if not transcript.behind:
            unseen.keep_state(store, found, project, env)
        date(store.session_folder(found.session_id), found.changed)
    return unread


def is_archived(store: Store, session_id: str, known: State | None = None) -> bool:
    """Whether a session's end has archived it as far as it was read."""
    try:
        state: Any = known or read_sealed(store.state_path(session_id))
        return bool(state["transcript"]["offset"] == state["archived"])
    except (OSError, DamagedStateError, KeyError, TypeError):
        return False


def archive_by_state(project: str, session_id: str, env: Mapping[str, str]) -> None:
    """Archive the rest of a session that the hooks have seen, and write down how far."""
    from clearpoint.session.stored import StoredSession

    session = StoredSession(project, session_id, env)
    with session.locked() as (update, state):
        session.catch_up(update, state)
        if archive.archive(session.store, state):
            session.write(update, state)


def recorded(store: Store, session_id: str) -> Kept | None:
    """How far a session is kept; None if nothing is, or it cannot be told."""
    try:
        record: Kept = read_sealed(store.path(session_id, FILE))
    except (OSError, DamagedStateError):
        return None
    return record


def is_kept(store: Store, found: Found) -> bool:
    """Whether a transcript is kept to its end."""
    record = recorded(store, found.session_id)
    return record is not None and record["cursor"]["offset"] >= found.bytes


def date(folder: str, changed: float) -> None:
    """Date what is kept of a session as its transcript is: its age is that of the session."""
    for place, _, names in os.walk(folder):
        for name in names:
            os.utime(os.path.join(place, name), (changed, changed), follow_symlinks=False)
