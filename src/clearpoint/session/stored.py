"""One session's state as it is kept: read, locked, brought up to date and written.

This is how programs and people get at it. The hooks have the client's event in hand instead.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock

from clearpoint.client import events
from clearpoint.lowlevel.files import FILE_MODE, LOCK_TIMEOUT_S
from clearpoint.session.load import read
from clearpoint.session.recovery import whole_checkpoint
from clearpoint.session.update import SessionUpdate
from clearpoint.store import checkpoints
from clearpoint.store.checkpoints import CheckpointError
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import State

OF_THE_CLIENT = ("CLAUDE_PID", "CLAUDE_CODE_SESSION_ATTENDED")
"""Variables that tell of the process that started a hook, and say nothing here."""


def full_lock(store: Store, session_id: str) -> FileLock:
    """The session's lock as programs and people take it: the file that the hooks lock too."""
    return FileLock(store.lock_path(session_id), LOCK_TIMEOUT_S, mode=FILE_MODE)


class StoredSession:
    """One session in a project's state folder, which need not be there yet.

    Raises InputError for a session id that cannot be a file name.
    """

    __slots__ = ("env", "model", "project", "root", "session_id", "store")

    def __init__(
        self, project: str, session_id: str, env: Mapping[str, str], model: str | None = None
    ) -> None:
        self.project = events.project_folder(project)
        self.session_id = events.session_id(session_id)
        known = events.known_to_hooks(env)
        self.env = {name: known[name] for name in known if name not in OF_THE_CLIENT}
        self.model = model
        self.root = state_root(self.project, self.env)
        self.store = Store(self.root)

    def update(self) -> SessionUpdate:
        """Work on the session; its transcript is known once its state is."""
        return SessionUpdate(self.session_id, self.project, self.env, self.root)

    @property
    def exists(self) -> bool:
        """Whether there is a state."""
        return os.path.exists(self.store.state_path(self.session_id))

    @property
    def config(self) -> Config:
        """The settings in force."""
        return self.update().config

    def read(self) -> State:
        """The state as last written, in the shape of `clearpoint.models.state.State`.

        A damaged one is repaired first.
        """
        try:
            state = read(self.store, self.session_id)
        except DamagedStateError:
            state = None
        if state is None:
            with self.locked() as (update, state):
                self.catch_up(update, state)
                self.write(update, state)
        return state

    def current(self) -> State:
        """The state with what the transcript holds beyond it; nothing is written.

        When it was last updated stays: to look at a session is not to use it.
        """
        state = self.read()
        before = state["last_updated"]
        self.catch_up(self.update(), state)
        state["last_updated"] = before
        return state

    @contextmanager
    def locked(self) -> Iterator[tuple[SessionUpdate, State]]:
        """The state under the lock; what is to be kept is written by the caller."""
        update = self.update()
        self.store.prepare(self.session_id)
        with full_lock(self.store, self.session_id):
            state = update.load()
            state["model"] = self.model or state["model"]
            yield update, state

    def catch_up(self, update: SessionUpdate, state: State) -> None:
        """Take in what the transcript has beyond the state, in memory."""
        update.transcript_path = state["system"]["transcript_path"]
        if update.catch_up(state, within_s=None):
            update.judge(state)

    def write(self, update: SessionUpdate, state: State) -> None:
        """Keep the state, judged at least once.

        What was judged before stands: it depends on the client's own environment.
        """
        if not state["context_window"]["total"]:
            update.judge(state)
        update.write(state)

    def checkpoint(self, name: str) -> State:
        """The state of a checkpoint; raises CheckpointError for none, and a damaged one."""
        checkpoints.read(self.store, self.session_id, name)  # says what is wrong with it
        state = whole_checkpoint(self.store, self.session_id, name)
        if state is None:
            raise CheckpointError(f"checkpoint {name!r} is damaged, or of another version")
        return state
