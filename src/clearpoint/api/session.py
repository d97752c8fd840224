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

import logging
import os
import uuid
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from clearpoint.api import clearing, copies, usage
from clearpoint.api.budget import passed, refuse
from clearpoint.api.handoffs import Handoff, hand_over
from clearpoint.api.view import SessionView
from clearpoint.client.events import InputError
from clearpoint.lowlevel.clock import now_text
from clearpoint.session import manual_edits
from clearpoint.session.find import SessionError, existing_folder, find_session, open_store
from clearpoint.session.manual_edits import WorkError
from clearpoint.session.stored import StoredSession
from clearpoint.session.user_edits import set_user
from clearpoint.store import checkpoints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from clearpoint.api.clearing import ClearPlan, Reason
    from clearpoint.models.state import Level, State, UserContext
    from clearpoint.models.work import WorkState
    from clearpoint.session.update import SessionUpdate

    Folder = str | os.PathLike[str]
    Environment = Mapping[str, Folder]
    Callbacks = list[Callable[["Session"], object]]
    Sessions = list["Session"]

logger = logging.getLogger("clearpoint")
logger.addHandler(logging.NullHandler())


class Session(SessionView):
    """One session of a project; comes from `create`, `load` or `list`.

    Its properties are read again each time. Every method can raise TimeoutError if another process
    holds the session's lock, and OSError if the state folder cannot be written.
    """

    __slots__ = ("_callbacks",)

    def __init__(self, project: str, kept: StoredSession) -> None:
        super().__init__(project, kept)
        self._callbacks: dict[Level, Callbacks] = {}

    @classmethod
    def create(
        cls,
        project: Folder,
        session_id: str | None = None,
        model: str | None = None,
        *,
        user_context: Mapping[str, object] | None = None,
        env: Environment | None = None,
    ) -> Session:
        """A new session; without an id it gets a random one.

        `user_context` says who the user is, as for `Session.user_context`. Raises SessionError for
        a project that is no folder, a bad id, and one that exists; WorkError for a bad context.
        """
        folder = existing_folder(project)
        try:
            new = StoredSession(folder, session_id or str(uuid.uuid4()), _environment(env), model)
        except InputError as error:
            raise SessionError(str(error)) from None
        with new.locked() as (update, state):
            if new.exists:
                raise SessionError(f"session {new.session_id} exists already; load it instead")
            set_user(state["user_context"], user_context or {})
            update.judge(state)
            new.write(update, state)
            new.store.journal(new.session_id, "Create")
        logger.info("session %s created in %s", new.session_id, folder)
        return cls(folder, new)

    @classmethod
    def load(
        cls,
        project: Folder,
        session_id: str | None = None,
        *,
        env: Environment | None = None,
    ) -> Session:
        """A session that exists: the newest, or the one whose id begins like this.

        Raises NoSessionError if the project has none, SessionError if none or several fit.
        """
        folder, known = existing_folder(project), _environment(env)
        found = find_session(open_store(folder, known), session_id)
        kept = StoredSession(folder, found, known)
        for problem in kept.update().problems:
            logger.warning("settings: %s", problem)
        return cls(folder, kept)

    @classmethod
    def list(cls, project: Folder, *, env: Environment | None = None) -> Sessions:
        """The project's sessions, newest first. Raises SessionError for one that is no folder."""
        folder, known = existing_folder(project), _environment(env)
        ids = open_store(folder, known).newest_ids()
        return [cls(folder, StoredSession(folder, one, known)) for one in ids]

    @property
    def user_context(self) -> UserContext:
        """The user: `language`, `user_name`, `expertise` and `preferences`.

        Set it to a dictionary with any of these: they are kept, whatever the transcript says, and
        the others stay. None leaves a value to be observed again. Raises WorkError.
        """
        return self.state["user_context"]

    @user_context.setter
    def user_context(self, given: Mapping[str, object]) -> None:
        with self._kept.locked() as (update, state):
            set_user(state["user_context"], given)
            self._keep_by_hand(update, state)

    def update_work(  # noqa: PLR0913, PLR0917  (each is one value that can be set)
        self,
        spec: str | None = None,
        phase: str | None = None,
        completed_step: str | None = None,
        pending_step: str | None = None,
        artifact: Folder | None = None,
        decision: str | None = None,
        *,
        issue: str | None = None,
        note: str | None = None,
    ) -> WorkState:
        """Set or add what is given, and return the whole; a value set by hand stays.

        An empty `completed_step` is the current step. Raises WorkError (a ValueError), with nothing
        changed: for an unknown phase it names the nearest one.
        """
        now = now_text()
        refuse_others(
            spec=spec, phase=phase, completed_step=completed_step, pending_step=pending_step,
            decision=decision, issue=issue, note=note,
        )  # fmt: skip
        given: list[tuple[Callable[[WorkState, str], object], str | None]] = [
            (manual_edits.set_spec, spec),
            (manual_edits.set_phase, phase),
            (manual_edits.finish_step, completed_step),
            (manual_edits.add_step, pending_step),
            (manual_edits.add_artifact, None if artifact is None else os.fspath(artifact)),
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
            self._keep_by_hand(update, state)

    def _keep_by_hand(self, update: SessionUpdate, state: State) -> None:
        self._kept.write(update, state)
        checkpoints.save(self._kept.store, state, checkpoints.BY_HAND)
        self._kept.store.journal(self.session_id, "Set", by_hand=state["work_state"]["hand_set"])

    def resolve(self, issue: str | int) -> str:
        """Close an open issue, named by its number from 1 or by a part of it, and return its text.

        Raises WorkError if that names none, or several.
        """
        with self.changing_work() as work:
            return manual_edits.remove(work, "issues", str(issue))

    def on(self, level: Level, callback: Callable[[Session], object]) -> None:
        """Call back with this session when `update_usage` newly reaches the level from below."""
        refuse(level, callback)
        self._callbacks.setdefault(level, []).append(callback)

    def update_usage(self, used: int, window: int | None = None) -> Level:
        """Take over tokens that the program measured itself, and return the level they mean.

        `used` is the size of the context after a response; a `window` that was given once stays.
        Callbacks of the levels that are newly reached are called. Raises ValueError for numbers
        that cannot be.
        """
        before, reached = usage.take(self._kept, used, window)
        for one in passed(before, reached):
            logger.info("session %s reached %s with %d tokens", self.session_id, one, used)
            for callback in self._callbacks.get(one, []):
                callback(self)
        return reached

    def hand_over(
        self,
        from_: str,
        to: str,
        *,
        next_step: str | None = None,
        available: int | None = None,
        allowed: bool = False,
    ) -> Handoff:
        """Hand this session's work from one agent to another: a package, made and recorded.

        `next_step` is what comes next, `available` the tokens that the receiver has left (those
        that the session has, if None): with few of them the package is compressed. Raises
        AgentCompatibilityError for a pair outside the matrix unless it is `allowed`,
        TokenBudgetError if the package cannot be made small enough.
        """
        made = hand_over(
            self._handoffs,
            self.session_id,
            from_,
            to,
            next_step=next_step,
            available=available,
            allowed=allowed,
        )
        if made.warning:
            logger.warning("handoff outside the matrix: %s", made.warning)
        logger.info("handoff %s from %s to %s, %d tokens", made.handoff_id, from_, to, made.tokens)
        return made

    def resumption_context(self, reason: Reason = "clear") -> str:
        """What a session that goes on with this one's work is told, empty if nothing.

        After `clear` and `crash` that session has an id of its own, whose first 8 characters then
        stand in the first line in place of this one's.
        """
        return clearing.foretell(self._kept, reason)

    def prepare_for_clear(self) -> ClearPlan:
        """Checkpoint and archive the session, and return what a `/clear` would carry across."""
        return clearing.prepare(self._kept)

    def fork(self, session_id: str | None = None) -> Session:
        """A session with this one's work and conversation, apart from it from here on.

        Without an id it gets a random one; the client takes it up as
        `claude --resume PARENT --fork-session --session-id ID`. Raises SessionError.
        """
        child = Session.create(self.project, session_id, self.state["model"], env=self._kept.env)
        copies.fork(self._kept, child.session_id)
        return child

    def checkpoint(self, name: str | None = None) -> str:
        """Keep a copy of the present state, under a name or the time; return its name.

        Raises CheckpointError for a name that cannot be given.
        """
        with self._kept.locked() as (update, state):
            self._kept.catch_up(update, state)
            if name is None:
                return checkpoints.take(self._kept.store, state, "manual")
            checkpoints.keep(self._kept.store, state, name)
        return name

    def restore(self, name: str) -> str:
        """Restore the work state and the user's preferences from a checkpoint.

        What was measured stays as it is. The present state is kept as a checkpoint first, whose
        name is given. Raises CheckpointError.
        """
        return copies.restore(self._kept, name)


def refuse_others(**given: object) -> None:
    """Raise WorkError for a value that is no text."""
    for name, value in given.items():
        if not isinstance(value, str | None):
            raise WorkError(f"{name} must be a string, not {value!r}")


def _environment(env: Environment | None) -> Mapping[str, str]:
    return os.environ if env is None else {name: os.fspath(env[name]) for name in env}
