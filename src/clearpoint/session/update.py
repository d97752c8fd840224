"""Bringing a session's state up to date with its transcript: load, read, fold, judge, write.

The joining code that every event shares. The fast lane stays in it; what is rare (a damaged
state, a long backlog) is handed to the full lane in the same process.
"""

from __future__ import annotations

from clearpoint.budget import window
from clearpoint.client.model_ids import is_same
from clearpoint.client.settings import with_settings
from clearpoint.config import load as settings
from clearpoint.lowlevel import checks, fast_json
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import read_bytes
from clearpoint.project.git import checkout
from clearpoint.session import state as session
from clearpoint.session.warm_start import learned
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.store import Store
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State

CATCH_UP_S = 3.0
"""A longer backlog is read over several events: the client gives a hook seconds, not minutes."""
PATIENCE_S = 15.0
"""The same where the client gives a hook half a minute."""


class SessionUpdate:
    """One event's work on one session: where its state is kept, and the settings in force."""

    __slots__ = ("_others", "behind", "config", "event", "problems", "starts", "store")

    def __init__(self, event: Event) -> None:
        self.event = event
        self.behind = False
        self.store = Store(event.state_root)
        self.config: Config
        self.config, self.problems = settings.load(event.state_root, event.env)
        self.starts: dict[Level, int] = {}
        self._others: list[str] | None = None

    def others(self) -> list[str]:
        """The project's other sessions, the newest first, looked up once: there may be many."""
        if self._others is None:
            own_id = self.event.session_id
            self._others = [one for one in self.store.newest_ids() if one != own_id]
        return self._others

    def load(self) -> State:
        """The session's state: as kept, mended where it is damaged, new where there is none."""
        session_id = self.event.session_id
        try:
            state = self.store.read_state(session_id)
        except DamagedStateError:
            from clearpoint.session.recovery import mend

            state = mend(self.store, session_id)
        if state is None:
            state = session.new_state(session_id, now_text(), self.config)
            if self.config["persistence"]["cache_enabled"]:
                state["usage"]["learner"] = learned(
                    self.store, self.others(), self.event.transcript_path
                )
        return state

    def catch_up(self, state: State, within_s: float | None = CATCH_UP_S) -> int:
        """Fold what the transcript has that the state has not; give the number of entries.

        What is not reached in time is left for the next event, and `behind` is set.
        A transcript that cannot be read leaves the state as it is: the client creates it with
        the first prompt, and never with `--no-session-persistence`.
        """
        path = self.event.transcript_path
        if path is None:
            return 0
        try:
            transcript = Transcript(path, state["transcript"], within_s=within_s)
        except OSError:
            return 0
        try:
            if transcript.fresh and state["transcript"] is not None:
                from clearpoint.session.recovery import start_over

                start_over(self.store, state)
            state["transcript"] = transcript.cursor
            number = session.fold(state, transcript.entries(), self.config)
            self.behind = transcript.behind
            return number
        finally:
            transcript.close()

    def judge(self, state: State) -> None:
        """Bring window, budget and the facts about the client up to date."""
        event, system = self.event, state["system"]
        system["client_pid"] = event.client_pid or system["client_pid"]
        system["transcript_path"] = event.transcript_path or system["transcript_path"]
        system["permission_mode"] = event.text("permission_mode") or system["permission_mode"]
        system["cwd"] = event.text("cwd") or system["cwd"]
        system["head"] = checkout(event.project_dir)[1] or system["head"]
        system["attended"] = system["attended"] if event.attended is None else event.attended
        state["model"] = event.text("model") or state["model"]
        reported = self.reported_window(state)
        env = with_settings(event.env, event.project_dir)
        self.starts = session.judge(state, self.config, window.model_table(), reported, env)

    def reported_window(self, state: State) -> int:
        """The window that the status line last showed for this model, 0 if it did not."""
        path = self.store.path(self.event.session_id, "statusline.json")
        try:
            seen = fast_json.loads(read_bytes(path))
        except (OSError, fast_json.MalformedJSONError):
            return 0
        size, model = (seen.get("size"), seen.get("model")) if isinstance(seen, dict) else (0, "")
        if not checks.is_count(size) or not checks.is_name(model):
            return 0
        current = state["usage"]["model"] or state["model"] or model
        return size if is_same(current, model) else 0

    def write(self, state: State) -> None:
        """Keep the state, and what the status line shows of it."""
        state["last_updated"] = now_text()
        self.store.write_state(state)
        self.store.write_status(session.status_of(state))
