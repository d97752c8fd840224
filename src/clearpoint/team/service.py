"""A project's way to the team's database: parcels into the outbox, the outbox to the server."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from clearpoint.history import requests
from clearpoint.lowlevel.files import QuickLock, write_atomically
from clearpoint.models.usage import Cursor
from clearpoint.redaction.prefilter import masked
from clearpoint.search.reading import seconds
from clearpoint.search.sources import pieces
from clearpoint.session.recovery import whole_state
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.store.store import Store
from clearpoint.sync import remote, snapshot
from clearpoint.sync.sessions import composed
from clearpoint.team.database import TeamError, check, connect, in_words
from clearpoint.team.deliver import deliver
from clearpoint.team.outbox import Outbox
from clearpoint.team.parcel import parcel
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.sync.remote import Remote
    from clearpoint.team.parcel import Passage

OUTBOX, LOCK, SENT = "outbox", "team.lock", "team.json"
LOCK_S = 5.0


class Sent(TypedDict):
    """How far a session has gone into the outbox."""

    mark: list[int]
    """Changes whenever its state does."""
    cursor: Cursor | None
    """Where in its transcript."""
    turn: int
    number: int
    """Passages so far."""
    requests: int
    """Requests so far."""


NEW: Sent = {"mark": [], "cursor": None, "turn": 0, "number": 0, "requests": 0}


class TeamProject:
    """One project with the team's database; raises TeamError if it has none."""

    def __init__(self, project: str, root: str, own_folder: str, env: Mapping[str, str]) -> None:
        self.project, self.own_folder, self.env = project, own_folder, env
        found = remote.read(own_folder, remote.key_of(root), "postgres")
        if found is None:
            raise TeamError(
                "no team database is set for this project: clearpoint remote add postgres URL"
            )
        self.remote: Remote = found
        self.store = Store(root)
        self.outbox = Outbox(os.path.join(root, OUTBOX))

    def push(self, session_ids: Sequence[str] = (), *, by_itself: bool = False) -> int:
        """Put what has changed into the outbox and send all of it; return how many parcels went.

        By itself, nothing is tried while the server is backed off from. Raises TeamError.
        """
        self.store.make_root()
        with QuickLock(os.path.join(self.store.root, LOCK), LOCK_S):
            for session_id in session_ids or self.store.newest_ids():
                self.collect(session_id)
            return self.send(by_itself=by_itself)

    def send(self, *, by_itself: bool = False) -> int:
        """Send the outbox; raises TeamError, and everything waits for the next time."""
        import psycopg

        back_off = self.outbox.back_off()
        if not self.outbox.waiting() or (by_itself and time.time() < back_off.until):
            return 0
        try:
            with connect(self.remote["url"]) as connection:
                check(connection)
                number = self.outbox.send(lambda parcels: deliver(connection, parcels))
        except (TeamError, psycopg.Error) as error:
            self.outbox.note(back_off.failed(time.time()))
            raise TeamError(in_words(error)) from None
        self.outbox.note(back_off._replace(failures=0, until=0.0))
        return number

    def collect(self, session_id: str) -> bool:
        """Put a session's parcel into the outbox if it has changed; tell whether it has."""
        before = self._sent(session_id)
        written = self.store.written_state_path(session_id)
        status = os.stat(written)
        mark = [status.st_mtime_ns, status.st_size]
        if before["mark"] == mark:
            return False
        machine = remote.machine(self.own_folder)
        made = composed(self.project, session_id, machine, self.env, with_archive=False)
        state = whole_state(written, session_id)
        if made is None or state is None:
            return False
        head, files = made
        now: Sent = {**before, "mark": mark}
        path = state["system"]["transcript_path"]
        passages = new_passages(path, now) if path else []
        rows = [*requests.read(self.store.session_folder(session_id)).values()]
        usage = rows[max(0, before["requests"] - 1) :]  # the last one may have grown since
        now["requests"] = len(rows)
        texts = (files[snapshot.STATE].decode(), files.get(snapshot.HANDOVER, b"").decode())
        self.outbox.put(parcel(self.remote["project"], head, state, texts, usage, passages))
        write_atomically(self.store.path(session_id, SENT), seal({**now}))
        return True

    def _sent(self, session_id: str) -> Sent:
        try:
            sent: Any = read_sealed(self.store.path(session_id, SENT))
        except (OSError, DamagedStateError):
            return {**NEW}
        return {**NEW, **sent}


def new_passages(path: str, sent: Sent) -> list[Passage]:
    """The passages of a transcript beyond those that went before; moves along how far."""
    try:
        transcript = Transcript(path, sent["cursor"])
    except OSError:
        return []
    found: list[Passage] = []
    try:
        for piece in pieces(transcript):
            for one in piece.passages:
                sent["turn"] += one.kind == "prompt"
                sent["number"] += 1
                found.append(
                    {
                        "turn": sent["turn"],
                        "number": sent["number"],
                        "kind": one.kind,
                        "at": seconds(piece.timestamp),
                        "body": masked(one.text),
                    }
                )
        sent["cursor"] = transcript.cursor
    finally:
        transcript.close()
    return found
