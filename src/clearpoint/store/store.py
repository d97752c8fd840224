"""The state on disk: one folder per project, one folder per session in it.

Writes replace a file whole, under a lock file that is never deleted; what does not check out is
moved to `quarantine/`, never deleted. Standard library only: the fast lane reads and writes here.
"""

from __future__ import annotations

import os
import time

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import has_keys, is_session_id
from clearpoint.lowlevel.clock import DAY_S, now_text
from clearpoint.lowlevel.files import (
    LOCK_TIMEOUT_S,
    QuickLock,
    append_line,
    is_content,
    make_folder,
    refuse_foreign,
    refuse_link,
    replace,
    write_atomically,
)
from clearpoint.store import index
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.store.layout import WINDOW, is_own_folder, session_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from clearpoint.models.state import Notices, State

GITIGNORE = b"*\n!config.toml\n"
FOLDERS = ("sessions", "quarantine", "links", "tags", "handoffs")
"""Everything in the state folder that is a folder."""
FACT_CHARS = 500
"""A longer text has no place in a journal."""


class Store:
    """Where one project's state is kept."""

    __slots__ = ("root",)

    def __init__(self, root: str) -> None:
        self.root = root

    def session_folder(self, session_id: str) -> str:
        """The folder of one session, which may not exist yet."""
        return session_folder(self.root, session_id)

    def path(self, session_id: str, *parts: str) -> str:
        """A file or folder of one session."""
        return os.path.join(self.session_folder(session_id), *parts)

    def state_path(self, session_id: str) -> str:
        """The file of a session's state."""
        return self.path(session_id, "state.json")

    def kept_state_path(self, session_id: str) -> str:
        """The file with the state of a session that no hook has seen: it is asked for by name."""
        return self.path(session_id, "kept-state.json")

    def written_state_path(self, session_id: str) -> str:
        """The file that a session's state is read from: that of the hooks, where there is one."""
        path = self.state_path(session_id)
        kept = self.kept_state_path(session_id)
        return kept if os.path.exists(kept) and not os.path.lexists(path) else path

    def lock_path(self, session_id: str) -> str:
        """The file that is locked while a session's state changes."""
        return self.path(session_id, "state.lock")

    def window_path(self, session_id: str) -> str:
        """The file in which the status line leaves the window for the hooks."""
        return os.path.join(self.session_folder(session_id), WINDOW)

    def newest_ids(self) -> list[str]:
        """The sessions that have a state, the one written last first."""
        folder = os.path.join(self.root, "sessions")
        try:
            names = os.listdir(folder)
        except OSError:
            return []
        written = []
        for name in filter(is_session_id, names):
            try:
                found = os.stat(f"{folder}{os.sep}{name}{os.sep}state.json")
            except OSError:
                continue
            written.append((found.st_mtime_ns, name))
        return [name for _, name in sorted(written, reverse=True)]

    def newest(self, number: int) -> list[index.Known]:
        """The sessions that have a state, the one written last first, no more than this many."""
        ids: list[str] = []
        known = index.newest(self.root, number)
        if known is None:
            ids = self.newest_ids()
            index.rebuild(self.root, ids)
            known = index.newest(self.root, number)
        return known if known is not None else [index.Known(one, 0, None) for one in ids[:number]]

    def kept_ids(self) -> list[str]:
        """All sessions that anything is kept of, by id."""
        try:
            return sorted(filter(is_session_id, os.listdir(os.path.join(self.root, "sessions"))))
        except OSError:
            return []

    def unseen_ids(self) -> list[str]:
        """The sessions that are kept and that no hook has seen, by id."""
        return [
            one
            for one in self.kept_ids()
            if self.written_state_path(one) == self.kept_state_path(one)
        ]

    def prepare(self, session_id: str) -> None:
        """Make the session's folder, and the project's if there is none.

        Raises OSError if they are links, or another user's.
        """
        folder = self.session_folder(session_id)
        refuse_link(self.root)
        refuse_foreign(self.root)
        if not os.path.isdir(folder):
            self.make_root()
            is_current = index.is_current(self.root)
            make_folder(folder)
            if is_current:
                index.keep_current(self.root)
        refuse_foreign(folder)

    def make_root(self) -> None:
        """Make the project's folder; in a project, no version control is to take it up.

        Raises IrregularFileError if a link would lead what is written out of it.
        """
        make_folder(self.root)
        refuse_foreign(self.root)
        for name in FOLDERS:
            refuse_link(os.path.join(self.root, name))
        ignore = os.path.join(self.root, ".gitignore")
        if not is_own_folder(self.root) and not is_content(ignore, GITIGNORE):
            write_atomically(ignore, GITIGNORE)

    def lock(
        self, session_id: str, timeout: float = LOCK_TIMEOUT_S
    ) -> AbstractContextManager[object]:
        """The session's lock, by the cheap means of the fast lane; `timeout` in seconds.

        It is taken to write, so the session's folder is made if there is none.
        """
        self.prepare(session_id)
        return QuickLock(self.lock_path(session_id), timeout)

    def write_state(self, state: State) -> bytes:
        """Replace the session's state; return the bytes of its file."""
        path, data = self.state_path(state["session_id"]), seal(state)
        write_atomically(path, data)
        index.note(self.root, state, os.stat(path).st_mtime_ns)
        return data

    def read_notices(self) -> Notices:
        """What was told or put off for the whole project; nothing if that cannot be read."""
        from clearpoint.advice.snooze import new_notices

        try:
            found: Notices = read_sealed(os.path.join(self.root, "notices.json"))
        except (OSError, DamagedStateError):
            return new_notices()
        return found if has_keys(found, {**new_notices()}) else new_notices()

    def write_notices(self, notices: Notices) -> None:
        """Replace what was told or put off for the whole project."""
        self.make_root()
        write_atomically(os.path.join(self.root, "notices.json"), seal({**notices}))

    def journal(self, session_id: str, event: str, **facts: Any) -> None:
        """One line in the session's audit trail: sizes and names, never what was typed."""
        short = {
            name: value[:FACT_CHARS] if isinstance(value, str) else value
            for name, value in facts.items()
        }
        line = fast_json.dumps({"at": now_text(), "event": event, **short})
        append_line(self.path(session_id, "journal.jsonl"), fast_json.encode(line))

    def record_fault(self, name: str, line: str, session_id: str | None) -> None:
        """One line in the project's list of faults, which keeps to a size."""
        self.make_root()
        from clearpoint.store import faults

        faults.record(self.root, name, line, session_id)

    def is_first_today(self, deed: str, now: float) -> bool:
        """Whether this was not done in the project for a day; it counts as done from now on."""
        path = os.path.join(self.root, f"{deed}.done")
        try:
            if 0 <= now - os.stat(path).st_mtime < DAY_S:
                return False
        except FileNotFoundError:
            pass  # never done here
        write_atomically(path, b"")
        return True

    def quarantine(self, session_id: str, name: str) -> str | None:
        """Move a damaged file out of the way; return where it went, None if it was gone."""
        folder = os.path.join(self.root, "quarantine")
        make_folder(folder)
        target = os.path.join(folder, f"{session_id}.{time.time_ns()}.{name}")
        try:
            replace(self.path(session_id, name), target)
        except FileNotFoundError:
            return None
        return target
