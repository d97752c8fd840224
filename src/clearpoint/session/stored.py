"""One session's state as it is kept: read, locked, brought up to date and written.

This is how programs and people get at it. The hooks have the client's event in hand instead.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock

from clearpoint.client.events import Event
from clearpoint.lowlevel.files import FILE_MODE, LOCK_TIMEOUT_S
from clearpoint.session.recovery import whole_checkpoint
from clearpoint.session.update import SessionUpdate
from clearpoint.store import checkpoints
from clearpoint.store.checkpoints import CheckpointError
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import State

OF_THE_CLIENT = ("CLAUDE_PID", "CLAUDE_CODE_SESSION_ATTENDED")
"""Variables that tell of the process that started a hook, and say nothing here."""


def full_lock(store: Store, session_id: str) -> FileLock:
    """The session's lock as programs and people take it: the file that the hooks lock too."""
    return FileLock(store.path(session_id, "state.lock"), LOCK_TIMEOUT_S, mode=FILE_MODE)


class StoredSession:
    """One session in a project's state folder, which need not be there yet.

    Raises InputError for a session id that cannot be a file name.
    """

    __slots__ = ("event", "store")

    def __init__(
        self, project: str, session_id: str, env: Mapping[str, str], model: str | None = None
    ) -> None:
        payload = {"session_id": session_id, "model": model}
        known = {name: value for name, value in env.items() if name not in OF_THE_CLIENT}
        self.event = Event(payload, {**known, "CLAUDE_PROJECT_DIR": project})
        self.store = Store(self.event.state_root)

    @property
    def session_id(self) -> str:
        """The whole id."""
        return self.event.session_id

    @property
    def exists(self) -> bool:
        """Whether there is a state."""
        return os.path.exists(self.store.path(self.session_id, "state.json"))

    @property
    def config(self) -> Config:
        """The settings in force."""
        return SessionUpdate(self.event).config

    def read(self) -> State:
        """The state as last written, in the shape of `clearpoint.models.state.State`.

        A damaged one is mended first.
        """
        try:
            state = self.store.read_state(self.session_id)
        except DamagedStateError:
            state = None
        if state is None:
            with self.locked() as (sitting, state):
                self.catch_up(sitting, state)
                self.write(sitting, state)
        return state

    def current(self) -> State:
        """The state with what the transcript holds beyond it; nothing is written."""
        state = self.read()
        self.catch_up(SessionUpdate(self.event), state)
        return state

    @contextmanager
    def locked(self) -> Iterator[tuple[SessionUpdate, State]]:
        """The state under the lock; what is to be kept is written by the caller."""
        sitting = SessionUpdate(self.event)
        self.store.prepare(self.session_id)
        with full_lock(self.store, self.session_id):
            yield sitting, sitting.load()

    def catch_up(self, sitting: SessionUpdate, state: State) -> None:
        """Take in what the transcript has beyond the state, in memory."""
        sitting.event.transcript_path = state["system"]["transcript_path"]
        if sitting.catch_up(state, within_s=None):
            sitting.judge(state)

    def write(self, sitting: SessionUpdate, state: State) -> None:
        """Keep the state, judged at least once.

        What was judged before stands: it depends on the client's own environment.
        """
        if not state["context_window"]["total"]:
            sitting.judge(state)
        sitting.write(state)

    def checkpoint(self, name: str) -> State:
        """The state of a checkpoint; raises CheckpointError for none, and a damaged one."""
        checkpoints.read(self.store, self.session_id, name)  # says what is wrong with it
        state = whole_checkpoint(self.store, self.session_id, name)
        if state is None:
            raise CheckpointError(f"checkpoint {name!r} is damaged, or of another version")
        return state
