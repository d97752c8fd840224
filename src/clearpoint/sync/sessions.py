"""A project's sessions as snapshots: composed from what is kept, and kept from what was pulled."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from clearpoint.api.session import Session
from clearpoint.history.archives import archives
from clearpoint.history.requests import FILE as REQUESTS
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.lowlevel.files import make_folder, read_bytes, write_atomically
from clearpoint.lowlevel.paths import home
from clearpoint.redaction.prefilter import masked
from clearpoint.session.recovery import whole_state
from clearpoint.store.checksummed import seal
from clearpoint.sync import snapshot
from clearpoint.sync.portable import marks_of, portable, received, without
from clearpoint.sync.snapshot import Head, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.state import State
    from clearpoint.store.store import Store
    from clearpoint.sync.exchange import Taken

ARCHIVE_LIMIT_BYTES = 16 << 20
"""A longer archive file stays where it is."""


def composed(
    project: str, session_id: str, machine: str, env: Mapping[str, str], *, with_archive: bool
) -> tuple[Head, dict[str, bytes]] | None:
    """A session's snapshot; None for one that came from elsewhere, or has no whole state."""
    session = Session.load(project, session_id, env=env)
    state = session.current()
    if state.get("origin"):
        return None
    marks = marks_of([project, os.path.realpath(project)], home(env))
    moved = portable(state, marks)
    head: Head = {
        "format": snapshot.FORMAT,
        "session_id": session_id,
        "machine": machine,
        "at": state["last_updated"],
        "requests": state["usage"]["requests"],
    }
    files: dict[str, bytes] = {}
    if handover := session.resumption_context("clear"):
        files[snapshot.HANDOVER] = masked(handover).encode()
    files |= kept_files(session_root(session), session_id, with_archive=with_archive)
    texts = {name: without(data.decode("utf-8", "replace"), marks) for name, data in files.items()}
    return head, {name: fast_json.encode(text) for name, text in texts.items()} | {
        snapshot.STATE: seal(moved)
    }


def session_root(session: Session) -> str:
    """The state folder that a session is kept in."""
    return os.path.dirname(os.path.dirname(session.folder))


def kept_files(root: str, session_id: str, *, with_archive: bool) -> dict[str, bytes]:
    """What is kept beside a session's state, by its name in a snapshot."""
    found = {}
    try:
        path = os.path.join(root, "sessions", session_id, REQUESTS)
        found[snapshot.REQUESTS] = read_bytes(path, ARCHIVE_LIMIT_BYTES)
    except OSError:
        pass  # no request is kept of it yet
    for one in archives(root, session_id) if with_archive else ():
        if one.bytes <= ARCHIVE_LIMIT_BYTES:
            found[f"archive/{os.path.basename(one.path)}"] = read_bytes(one.path)
    return found


def take_over(store: Store, taken: Taken, origin: str) -> bool:
    """Keep a pulled snapshot; tell whether it is news. Raises SnapshotError for a wrong state.

    A session of this machine stays as it is.
    """
    known = whole_state(store.state_path(taken.session_id), taken.session_id)
    if known and not is_newer(taken.head, known):
        return False
    state = received(state_in(taken), origin)
    store.prepare(taken.session_id)
    with store.lock(taken.session_id):
        for name, content in taken.files.items():
            if name not in (snapshot.STATE, snapshot.HANDOVER):
                path = store.path(taken.session_id, *name.split("/"))
                make_folder(os.path.dirname(path))
                write_atomically(path, masked(content.decode("utf-8", "replace")).encode())
        store.write_state(state)
    date(store.state_path(taken.session_id), state)
    return True


def is_newer(head: Head, known: State) -> bool:
    """Whether a snapshot is newer than a session that came from elsewhere before."""
    if not known.get("origin"):
        return False
    then = (known["usage"]["requests"], known["last_updated"])
    return (head["requests"], head["at"]) > then


def state_in(taken: Taken) -> State:
    """The state of a snapshot, once its bytes and its shape are sure; raises SnapshotError."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "state.json")
        write_atomically(path, taken.files[snapshot.STATE])
        state = whole_state(path, taken.session_id)
    if state is None:
        raise SnapshotError("its state is damaged, or belongs to another session or version")
    return state


def date(path: str, state: State) -> None:
    """Date a pulled state as it was written, so that it is not the newest session here."""
    at = seconds_of(state["last_updated"]) or 0.0
    os.utime(path, (at, at))
