"""Bringing a session's state up to date with its transcript: load, read, fold, judge, write.

The joining code that every event shares. The fast lane stays in it; what is rare (a damaged
state, a long backlog) is handed to the full lane in the same process.
"""

from __future__ import annotations

import os
import time

from clearpoint.budget import window
from clearpoint.client.model_ids import is_same
from clearpoint.client.settings import with_settings
from clearpoint.config import load as settings
from clearpoint.lowlevel import checks, fast_json, process
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import read_bytes
from clearpoint.lowlevel.paths import home
from clearpoint.project.git import checkout
from clearpoint.session import state as session
from clearpoint.session.load import load
from clearpoint.session.warm_start import learned
from clearpoint.store import processes, status_facts, untold
from clearpoint.store.index import Known
from clearpoint.store.layout import checkout_of, event_root, has_earlier_state, is_own_folder
from clearpoint.store.store import Store
from clearpoint.transcript.reader import BACKLOG_BYTES, NEWEST_BYTES, Transcript
from clearpoint.work import worktrees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.models.usage import Learner
    from clearpoint.session.backlog import Whole

STATUSLINE_BYTES = 64 << 10
CATCH_UP_S = 1.5
"""What a turn has written is read up to so long, for most of it is the newest answer."""
BACKLOG_S = 0.3
"""The same of more than turns write: it is read over several events, and somebody waits.

An event that may wait longer uses no more of the processor for it.
"""
OTHERS_LIMIT = 60
"""No start looks at more of the sessions before it."""
READINGS_LIMIT = 4
"""A rewind takes back what was folded: the transcript is read again without the dead stretch."""
PROMPT_S = 0.5
PROMPT_LOCK_S = 0.3
"""A prompt waits no longer for a backlog or a lock; the next Stop reads on."""
PATIENCE_S = 1.5
"""The same before a compaction, which takes longer itself, for any stretch that is unread."""


def update_for(event: Event) -> SessionUpdate:
    """The work of this event on its session; state of an earlier version is moved first."""
    root = event_root(event)
    if has_earlier_state(event.project_dir, root):
        from clearpoint.store.migration import move

        transcripts = os.path.dirname(event.transcript_path or "")
        move(event.project_dir, root, transcripts, event.session_id)
    return SessionUpdate(
        event.session_id, event.project_dir, event.env, root, event.transcript_path
    )


class SessionUpdate:
    """The work of one event or command on one session, with the settings in force.

    `env` is the client's environment, `root` the state folder. Nothing is read of the session
    before `load`, and nothing written before a lock is taken.
    """

    __slots__ = (
        "_others", "behind", "config", "env", "is_new", "problems", "project", "session_id",
        "set_aside", "starts", "store", "transcript_path", "whole",
    )  # fmt: skip

    def __init__(
        self,
        session_id: str,
        project: str,
        env: Mapping[str, str],
        root: str,
        transcript_path: str | None = None,
    ) -> None:
        self.session_id = session_id
        self.project = project
        self.env = env
        self.transcript_path = transcript_path
        self.store = Store(root)
        self.config: Config
        self.config, self.problems = settings.load(project, root, env)
        self.behind = False
        self.set_aside: list[str] = []
        """What to say where the work of a transcript that is gone was kept."""
        self.is_new = False
        """Whether `load` found nothing of the session."""
        self.starts: dict[Level, int] = {}
        self.whole: Whole | None = None
        """What reads the lines that the state has skipped, once it was looked up."""
        self._others: list[Known] | None = None

    def others(self) -> list[Known]:
        """The newest of the project's other sessions, looked up once: there may be many.

        All of them where the state is in the project, which can hold what is not the user's own.
        """
        if self._others is None:
            if is_own_folder(self.store.root):
                known = self.store.newest(OTHERS_LIMIT)
            else:
                known = [Known(one, 0, None) for one in self.store.newest_ids()]
            self._others = [one for one in known if one.session_id != self.session_id]
        return self._others

    def load(self) -> State:
        """The session's state: as kept, recovered if it is damaged, new if there is none."""
        state = load(self.store, self.session_id, self.config, self.warm_start)
        self.is_new = not os.path.exists(self.store.state_path(self.session_id))
        if state["backlog"]:
            from clearpoint.session import backlog

            self.whole = backlog.load(self.store, state, self.warm_start)
            if self.whole.reaches(state):
                backlog.take_place(state, self.whole)
        return state

    def warm_start(self) -> Learner:
        """What the project's other sessions have learned of token sizes, if that is wanted."""
        wanted = self.config["persistence"]["cache_enabled"]
        ids = [one.session_id for one in self.others()] if wanted else []
        return learned(self.store, ids, self.transcript_path)

    def catch_up(
        self, state: State, within_s: float | None = CATCH_UP_S, backlog_s: float = BACKLOG_S
    ) -> int:
        """Fold what the transcript has that the state has not; return the number of entries.

        What is not reached in time is left for the next event, and `behind` is set. Of very much
        the newest lines come first (see `backlog`); without a time all of it is read. `backlog_s`
        is the time for more than turns take.
        A transcript that cannot be read leaves the state as it is: the client creates it with
        the first prompt, and never with `--no-session-persistence`.
        """
        path, begun = self.transcript_path, time.monotonic()
        end = None if within_s is None else begun + within_s
        number = 0
        for _ in range(READINGS_LIMIT if path else 0):
            known = len(state["work_state"]["dead"])
            number += self._read(state, path or "", end, backlog_s)
            if len(state["work_state"]["dead"]) == known:
                break
            from clearpoint.session.recovery import go_back

            go_back(self.store, state)
        if path and state["backlog"]:
            number += self._read_skipped(state, path, end and min(end, begun + BACKLOG_S))
        return number

    def _read_skipped(self, state: State, path: str, end: float | None) -> int:
        """Fold a slice of what the state has skipped; all of it where there is no time."""
        from clearpoint.session import backlog

        self.whole = self.whole or backlog.load(self.store, state, self.warm_start)
        number = self.whole.read_on(self.store, path, self.config, end)
        if end is None and self.whole.reaches(state):
            backlog.take_place(state, self.whole)
        else:
            backlog.take_beginning(state, self.whole)
        return number

    def _read(self, state: State, path: str, end: float | None, backlog_s: float) -> int:
        """Fold what stands behind the cursor; return the number of entries."""
        try:
            transcript = Transcript(path, state["transcript"])
        except FileNotFoundError:
            self._miss(state, path)
            return 0
        except OSError:
            return 0
        is_long = transcript.unread > BACKLOG_BYTES
        try:
            if transcript.fresh and state["transcript"] is not None:
                from clearpoint.session.recovery import start_over

                # A fork has its parent's cursor until then; what is missing was kept already.
                if state["transcript"]["path"] and not state["system"]["is_missing"]:
                    self._set_aside(state, "transcript_replaced")
                start_over(self.store, state)
            state["system"]["is_missing"] = False
            state["transcript"] = transcript.cursor
            if end is not None and transcript.unread > NEWEST_BYTES:
                from clearpoint.session import backlog

                self.whole = backlog.skip(state, transcript) or self.whole
            elif state["to_count"] and self.whole and not self.whole.has_read:
                from clearpoint.session import counting

                counting.count(state, transcript.descriptor)
            transcript.end = end
            if end and is_long:
                transcript.end = min(end, time.monotonic() + backlog_s)
                transcript.processor_end = time.process_time() + BACKLOG_S
            number = session.fold(state, transcript.entries(), self.config, end)
            self.behind = transcript.behind
            return number
        finally:
            transcript.close()

    def _miss(self, state: State, path: str) -> None:
        """The transcript is not there; one that was read before was deleted, which is said once."""
        cursor = state["transcript"]
        if cursor is None or cursor["path"] != path or state["system"]["is_missing"]:
            return
        state["system"]["is_missing"] = True
        self._set_aside(state, "transcript_deleted")

    def _set_aside(self, state: State, which: str) -> None:
        """Keep the work of a transcript that is gone; this message tells where."""
        from clearpoint.advice.catalogue import words
        from clearpoint.session.recovery import set_aside

        said = words(state, self.config)[which]
        self.set_aside.append(set_aside(self.store, state, said))

    def judge(self, state: State, event: Event | None = None, *, is_late: bool = False) -> None:
        """Bring window and budget up to date, and what the event tells of the client.

        An event that `is_late` may come after the client has gone elsewhere, or for good.
        """
        system = state["system"]
        if event is not None:
            session.note_client(state, event, is_late=is_late)
            holder = process.identify(event.client_pid)
            system["process"] = holder or (system["process"] if is_late else None)
            processes.hold(self.store, holder, self.session_id, is_late=is_late)
            if not is_late:
                top = checkout_of(self.project, home(self.env))
                system["checkouts"] = worktrees.with_newest(system["checkouts"], top)
        system["transcript_path"] = self.transcript_path or system["transcript_path"]
        system["head"] = checkout(self.project)[1] or system["head"]
        reported = self.reported_window(state)
        env = with_settings(self.env, self.project, system["client_file"])
        newest = None
        if self.behind and self.transcript_path:
            from clearpoint.session.newest_use import newest_use

            newest = newest_use(self.transcript_path, state["usage"]["learner"])
        table = window.model_table()
        self.starts = session.judge(state, self.config, table, reported, env, newest)

    def reported_window(self, state: State) -> int:
        """The window that the status line last showed for this model, 0 if it did not."""
        path = self.store.window_path(self.session_id)
        try:
            seen = fast_json.loads(read_bytes(path, STATUSLINE_BYTES))
        except (OSError, fast_json.MalformedJSONError):
            return 0
        size, model = (seen.get("size"), seen.get("model")) if isinstance(seen, dict) else (0, "")
        if not checks.is_count(size) or not checks.is_name(model):
            return 0
        current = state["usage"]["model"] or state["model"] or model
        return size if is_same(current, model) else 0

    def write(self, state: State) -> bytes:
        """Keep the state, and what the status line shows of it; return the bytes of its file."""
        state["last_updated"] = now_text()
        data = self.keep(state)
        status_facts.write(self.store.session_folder(self.session_id), session.status_of(state))
        untold.leave(self.store.root, self.set_aside)
        return data

    def keep(self, state: State) -> bytes:
        """Keep the state, and what reads the lines that it has skipped; see `write`."""
        whole = self.whole
        if whole is None:
            return self.store.write_state(state)
        from clearpoint.session import backlog

        if state["backlog"]:
            backlog.keep(self.store, state, whole)
        data = self.store.write_state(state)
        if not state["backlog"]:
            backlog.forget(self.store, self.session_id)
        return data

    def untold(self) -> list[str]:
        """What this event or one before it, which could not speak, found of the transcript."""
        return list(dict.fromkeys([*untold.take(self.store.root), *self.set_aside]))
