"""The state on disk: one folder per project, one folder per session in it.

`state.json` begins with a checksum over the rest of its bytes. Writes replace the file whole, under
a lock file that is never deleted; what does not check out is moved to `quarantine/`, never
deleted. Standard library only: the fast lane reads and writes here.
"""

from __future__ import annotations

import os
import time
import zlib

from clearpoint import quickjson
from clearpoint.clock import now_text
from clearpoint.files import (
    QuickLock,
    append_line,
    make_folder,
    read_bytes,
    write_atomically,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from clearpoint.models import State, Verdict

SCHEMA_VERSION = 1
SEAL = b'{\n "checksum": "%08x",\n'
GITIGNORE = b"*\n!config.toml\n"
FAULTS_LIMIT_BYTES = 256 << 10


class DamagedStateError(Exception):
    """`state.json` is there, but its bytes are not what was written."""


class Store:
    """Where one project's state is kept."""

    __slots__ = ("root",)

    def __init__(self, root: str) -> None:
        self.root = root

    def session_folder(self, session_id: str) -> str:
        """The folder of one session, which may not exist yet."""
        return os.path.join(self.root, "sessions", session_id)

    def path(self, session_id: str, *parts: str) -> str:
        """A file or folder of one session."""
        return os.path.join(self.session_folder(session_id), *parts)

    def newest_ids(self) -> list[str]:
        """The sessions that have a state, the one written last first."""
        try:
            names = os.listdir(os.path.join(self.root, "sessions"))
        except OSError:
            return []
        written = []
        for name in names:
            try:
                found = os.stat(self.path(name, "state.json"))
            except OSError:
                continue
            written.append((found.st_mtime_ns, name))
        return [name for _, name in sorted(written, reverse=True)]

    def prepare(self, session_id: str) -> None:
        """Make the session's folder, and on first use the project's with its `.gitignore`."""
        if os.path.isdir(self.session_folder(session_id)):
            return
        make_folder(self.session_folder(session_id))
        ignore = os.path.join(self.root, ".gitignore")
        if not os.path.exists(ignore):
            write_atomically(ignore, GITIGNORE)

    def lock(self, session_id: str) -> AbstractContextManager[object]:
        """The session's lock, by the cheap means of the fast lane."""
        return QuickLock(self.path(session_id, "state.lock"))

    def read_state(self, session_id: str) -> State | None:
        """The state as written, None where there is none; raises DamagedStateError."""
        try:
            data = read_bytes(self.path(session_id, "state.json"))
        except FileNotFoundError:
            return None
        return unseal(data)

    def write_state(self, state: State) -> None:
        """Replace the session's state."""
        write_atomically(self.path(state["session_id"], "state.json"), seal(state))

    def read_verdict(self, session_id: str) -> Verdict | None:
        """What the last event left for `UserPromptSubmit`; None where it cannot be read."""
        try:
            verdict = quickjson.loads(read_bytes(self.path(session_id, "verdict.json")))
        except (OSError, quickjson.MalformedJSONError):
            return None
        whole = isinstance(verdict, dict) and verdict.get("session_id") == session_id
        return verdict if whole and "awaiting" in verdict else None

    def write_verdict(self, verdict: Verdict) -> None:
        """Replace the session's verdict."""
        data = quickjson.encode(quickjson.pretty(verdict, 1) + "\n")
        write_atomically(self.path(verdict["session_id"], "verdict.json"), data)

    def journal(self, session_id: str, event: str, **facts: Any) -> None:
        """One line in the session's audit trail: sizes and names, never what was typed."""
        line = quickjson.dumps({"at": now_text(), "event": event, **facts})
        append_line(self.path(session_id, "journal.jsonl"), quickjson.encode(line))

    def record_fault(self, name: str, line: str, session_id: str | None) -> None:
        """One line in the project's list of faults, which keeps to a size."""
        make_folder(self.root)
        path = os.path.join(self.root, "faults.jsonl")
        fault = {"at": now_text(), "hook": name, "session_id": session_id, "fault": line}
        if os.path.exists(path) and os.path.getsize(path) > FAULTS_LIMIT_BYTES:
            os.replace(path, path + ".1")
        append_line(path, quickjson.encode(quickjson.dumps(fault)))

    def quarantine(self, session_id: str, name: str) -> str | None:
        """Move a damaged file out of the way; give where it went, None if it was gone."""
        folder = os.path.join(self.root, "quarantine")
        make_folder(folder)
        target = os.path.join(folder, f"{session_id}.{time.time_ns()}.{name}")
        try:
            os.rename(self.path(session_id, name), target)
        except FileNotFoundError:
            return None
        return target


def seal(state: State) -> bytes:
    """The bytes of a state file: its checksum first, then the state."""
    body = quickjson.encode(quickjson.pretty(state)[2:] + "\n")
    return SEAL % zlib.crc32(body) + body


def unseal(data: bytes) -> State:
    """The state in such bytes; raises DamagedStateError where they are not as written."""
    body = data[len(SEAL % 0) :]
    if data[: len(SEAL % 0)] != SEAL % zlib.crc32(body):
        raise DamagedStateError("the checksum does not fit")
    state: State = quickjson.loads(data)
    state.pop("checksum")  # type: ignore[typeddict-item]
    return state
