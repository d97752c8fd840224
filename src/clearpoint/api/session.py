"""The Python interface to one session: what the hooks keep of it, for any program.

Every change is made under the session's lock and written atomically, so that a program, the
command line and the hooks can work on one session at once.

    from clearpoint import Session

    session = Session.create("/path/to/project", model="claude-opus-5-5")
    session.update_work(spec="SPEC-AUTH-001", phase="implementation", decision="Use JWT.")
    session.update_usage(512_000)           # "warning"
    session.resumption_context("clear")     # text
"""

from __future__ import annotations

import os
import tempfile
import uuid
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal, TypedDict

from clearpoint.client.events import InputError
from clearpoint.lowlevel.clock import now_text
from clearpoint.reload import inherit
from clearpoint.reload.build import foretold
from clearpoint.reload.compose import MEANWHILE_ALONE
from clearpoint.session import manual_edits
from clearpoint.session.archive import archive
from clearpoint.session.find import SessionError, existing_folder, find_session, open_store
from clearpoint.session.stored import StoredSession
from clearpoint.store import checkpoints
from clearpoint.store.store import Store
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import Budget, Level, State
    from clearpoint.models.work import WorkState

    Folder = str | os.PathLike[str]

Reason = Literal["clear", "compact", "crash", "fork", "resume"]
REASONS: tuple[Reason, ...] = ("clear", "compact", "crash", "fork", "resume")
GIVEN = "given by the program"
"""The source of a window that `update_usage` was told."""


class ClearPlan(TypedDict):
    """What `Session.prepare_for_clear` gives."""

    session_id: str
    checkpoint: str
    archive: str | None
    """The archive file, relative to the state folder; None where there was nothing to archive."""
    context: str
    """What the next session is told."""
    tokens: int
    """Tokens of the context, in cl100k_base."""
    next: str
    """What the person does next."""


class Session:
    """One session of a project; comes from `create` or `load`.

    Its properties are read anew each time. Every method can raise TimeoutError, where another
    process holds the session's lock, and OSError, where the state folder cannot be written.
    """

    __slots__ = ("_kept", "project")

    def __init__(self, project: str, kept: StoredSession) -> None:
        self.project = project
        self._kept = kept

    @classmethod
    def create(
        cls,
        project: Folder,
        session_id: str | None = None,
        model: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
    ) -> Session:
        """A new session; its id is made up where none is given.

        Raises SessionError for a project that is no folder, a bad id, and one that exists.
        """
        folder = existing_folder(project)
        try:
            new = StoredSession(folder, session_id or str(uuid.uuid4()), _environment(env), model)
        except InputError as error:
            raise SessionError(str(error)) from None
        with new.locked() as (update, state):
            if new.exists:
                raise SessionError(f"session {new.session_id} exists already; load it instead")
            update.judge(state)
            new.write(update, state)
            new.store.journal(new.session_id, "Create")
        return cls(folder, new)

    @classmethod
    def load(
        cls,
        project: Folder,
        session_id: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
    ) -> Session:
        """A session that exists: the newest, or the one whose id begins like this.

        Raises NoSessionError where the project has none, SessionError where none or several fit.
        """
        folder, known = existing_folder(project), _environment(env)
        found = find_session(open_store(folder, known), session_id)
        return cls(folder, StoredSession(folder, found, known))

    @property
    def session_id(self) -> str:
        """The whole id."""
        return self._kept.session_id

    @property
    def root(self) -> str:
        """The project's state folder."""
        return self._kept.store.root

    @property
    def folder(self) -> str:
        """Where the session's files are."""
        return self._kept.store.session_folder(self.session_id)

    @property
    def state(self) -> State:
        """The whole state as last written, in the shape of `clearpoint.models.state.State`."""
        return self._kept.read()

    @property
    def config(self) -> Config:
        """The settings in force."""
        return self._kept.config

    def current(self) -> State:
        """The state with what the transcript holds beyond it; nothing is written."""
        return self._kept.current()

    @property
    def budget(self) -> Budget:
        """Level, thresholds, growth per turn, turns left, suggestions, allocation."""
        return self.state["budget"]

    @property
    def level(self) -> Level:
        """`normal`, `monitor`, `warning`, `critical` or `emergency`."""
        return self.budget["level"]

    @property
    def work(self) -> WorkState:
        """Spec, phase, steps, artifacts, decisions, issues, files."""
        return self.state["work_state"]

    @property
    def checkpoints(self) -> list[str]:
        """The names of the checkpoints, the oldest first."""
        return checkpoints.names(self._kept.store, self.session_id)

    def update_work(  # noqa: PLR0913, PLR0917  (each is one value that can be set)
        self,
        spec: str | None = None,
        phase: str | None = None,
        completed_step: str | None = None,
        pending_step: str | None = None,
        artifact: str | None = None,
        decision: str | None = None,
        *,
        issue: str | None = None,
        note: str | None = None,
    ) -> WorkState:
        """Set or add what is given, and give the whole; a value set by hand stays.

        An empty `completed_step` is the step at hand. Raises WorkError (a ValueError), with
        nothing changed: an unknown phase is answered with the nearest one.
        """
        now = now_text()
        given: list[tuple[Callable[[WorkState, str], object], str | None]] = [
            (manual_edits.set_spec, spec),
            (manual_edits.set_phase, phase),
            (manual_edits.finish_step, completed_step),
            (manual_edits.add_step, pending_step),
            (manual_edits.add_artifact, artifact),
            (partial(manual_edits.decide, now=now), decision),
            (partial(manual_edits.raise_issue, now=now), issue),
            (partial(manual_edits.note, now=now), note),
        ]
        with self.changing_work() as work:
            for change, value in given:
                if value is not None:
                    change(work, value)
        return work

    @contextmanager
    def changing_work(self) -> Iterator[WorkState]:
        """The work state to change, under the lock; kept at the end unless something is raised.

        It is kept as a checkpoint too: no transcript could give back what was set by hand.
        """
        with self._kept.locked() as (update, state):
            yield state["work_state"]
            self._kept.write(update, state)
            checkpoints.save(self._kept.store, state, checkpoints.BY_HAND)
            self._kept.store.journal(
                self.session_id, "Set", by_hand=state["work_state"]["hand_set"]
            )

    def update_usage(self, used: int, window: int | None = None) -> Level:
        """Take over tokens that the program measured itself, and give the level they mean.

        `used` is the size of the context after a response; a `window` that was given once stays.
        Raises ValueError for numbers that cannot be.
        """
        if used < 0 or (window is not None and window <= 0):
            raise ValueError(f"no such numbers of tokens: used={used}, window={window}")
        with self._kept.locked() as (update, state):
            before = state["context_window"]
            remembered = before["total"] if before["source"] == GIVEN else 0
            manual_edits.take_usage(state["usage"], used, now_text())
            if size := window or remembered:
                settings = update.config["budget"]
                update.config = {**update.config, "budget": {**settings, "window": size}}
            update.judge(state)
            if size:
                state["context_window"]["source"] = GIVEN
            self._kept.write(update, state)
        return state["budget"]["level"]

    def resumption_context(self, reason: Reason = "clear") -> str:
        """What a session that goes on with this one's work is told, empty if nothing.

        After `clear` and `crash` that session has an id of its own, whose first 8 characters then
        stand in the first line in place of this one's.
        """
        if reason not in REASONS:
            raise ValueError(f"no reason {reason!r}; the reasons are {', '.join(REASONS)}")
        seen = self.work["touches"]
        state = self.current()
        with tempfile.TemporaryDirectory() as place:
            if reason not in MEANWHILE_ALONE:
                archive(Store(place), state)
            return foretold(self._kept.update(), state, reason, seen)

    def prepare_for_clear(self) -> ClearPlan:
        """Checkpoint and archive the session, and give what a `/clear` would carry across."""
        with self._kept.locked() as (update, state):
            self._kept.catch_up(update, state)
            name = checkpoints.take(self._kept.store, state, "before-clear")
            archived = archive(self._kept.store, state)
            self._kept.write(update, state)
            text = foretold(update, state, "clear")
        return {
            "session_id": self.session_id,
            "checkpoint": name,
            "archive": archived,
            "context": text,
            "tokens": encoder.count(text),
            "next": "Type /clear in Claude Code: the session after it is given this context.",
        }

    def fork(self, session_id: str | None = None) -> Session:
        """A session with this one's work and conversation, apart from it from here on.

        Its id is made up where none is given; the client takes it up as
        `claude --resume PARENT --fork-session --session-id ID`. Raises SessionError.
        """
        child = Session.create(self.project, session_id, self.state["model"], env=self._kept.env)
        parent = self.current()
        kept = StoredSession(self.project, child.session_id, self._kept.env)
        with kept.locked() as (update, state):
            state["lineage"] = {
                "parent_id": self.session_id,
                "reason": "fork",
                "confidence": "exact",
                "evidence": "forked by hand",
            }
            inherit.carry(parent, state)
            inherit.copy_conversation(parent, state)
            update.judge(state)
            kept.write(update, state)
        return child

    def checkpoint(self, name: str | None = None) -> str:
        """Keep a copy of the present state, under a name or the time; give its name.

        Raises CheckpointError for a name that cannot be given.
        """
        with self._kept.locked() as (update, state):
            self._kept.catch_up(update, state)
            if name is None:
                return checkpoints.take(self._kept.store, state, "manual")
            checkpoints.keep(self._kept.store, state, name)
        return name

    def restore(self, name: str) -> str:
        """Take the work state and the person's preferences back from a checkpoint.

        What was measured stays as it is. The present state is kept as a checkpoint first, whose
        name is given. Raises CheckpointError.
        """
        then = self._kept.checkpoint(name)
        with self._kept.locked() as (update, state):
            kept = checkpoints.take(self._kept.store, state, "before-restore")
            state["work_state"] = {**then["work_state"], "running": {}}
            state["user_context"] = then["user_context"]
            self._kept.write(update, state)
            checkpoints.save(self._kept.store, state, checkpoints.BY_HAND)
            self._kept.store.journal(self.session_id, "Restore", checkpoint=name, kept=kept)
        return kept


def _environment(env: Mapping[str, str] | None) -> Mapping[str, str]:
    return os.environ if env is None else env
