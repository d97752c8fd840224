"""The newest sessions of a project, a line for each writing: what a start asks of them.

There may be very many sessions, and little is asked of each. A line has a checksum, the
session's id, and what is asked; the last line of a session counts, and only while its state is of
the time that the line says. The index is made again if it is missing or damaged, or where a
session's folder has come or gone without it. Fast lane.
"""

from __future__ import annotations

import os
import zlib

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.files import QuickLock, append_line, read_bytes, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from clearpoint.models.state import State

NAME = "sessions-1.index"
"""The number is that of the lines' form."""
LOCK = "sessions.lock"
LOCK_S = 0.3
LIMIT_BYTES = 256 << 10
"""At this size only the last lines of the newest sessions are kept."""
HELD = 100
"""As many sessions as that."""


class Known:
    """One session of the index: when its state was written, in ns, and what was noted then."""

    __slots__ = ("changed", "noted", "session_id")

    def __init__(self, session_id: str, changed: int, noted: dict[str, Any] | None) -> None:
        self.session_id = session_id
        self.changed = changed
        self.noted = noted


def heading_of(state: State) -> dict[str, Any]:
    """What a start asks of the sessions before it."""
    said = state["advice"]
    return {
        "schema_version": state["schema_version"],
        "session_id": state["session_id"],
        "last_updated": state["last_updated"],
        "ended": state["ended"],
        "origin": state["origin"],
        "lineage": state["lineage"],
        "system": state["system"],
        "usage": {"used": state["usage"]["used"]},
        "advice": {"begins": said["begins"], "fired": said["fired"]},
    }


def note(root: str, state: State, changed: int) -> None:
    """Add a session whose state was just written, at this time in ns; an index behind is left."""
    path = os.path.join(root, NAME)
    if not is_current(root):
        return
    try:
        with QuickLock(os.path.join(root, LOCK), LOCK_S):
            if is_current(root):
                append_line(path, line_of(state["session_id"], [changed, heading_of(state)]))
                if os.stat(path).st_size > LIMIT_BYTES:
                    write(root, newest_lines(path))
    except (OSError, ValueError):
        forget(root)


def line_of(session_id: str, noted: list[Any] | None) -> bytes:
    """The line of a session; nothing is noted of one whose state cannot be used as it is."""
    text = fast_json.dumps(noted) if noted else ""
    rest = fast_json.encode(f"{session_id} {text}")
    return b"%08x %s" % (zlib.crc32(rest), rest)


def newest(root: str, number: int) -> list[Known] | None:
    """The sessions that were written last, the newest first; None if the index cannot tell."""
    try:
        if not is_current(root):
            return None
        found: list[Known] = []
        for session_id, line in lines_from_the_end(os.path.join(root, NAME)):
            known = known_as(root, session_id, line)
            if known is not None:
                found.append(known)
            if len(found) == number:
                break  # older lines are not even checked
    except (OSError, ValueError):
        return None
    return sorted(found, key=lambda one: -one.changed) or None  # an empty one may have been cut


def known_as(root: str, session_id: str, line: bytes) -> Known | None:
    """A session as its line and its state have it; None for one that has no state any more."""
    try:
        changed = os.stat(os.path.join(root, "sessions", session_id, "state.json")).st_mtime_ns
    except OSError:
        return None
    try:
        noted = fast_json.loads(line.split(b" ", 2)[2])
    except (IndexError, fast_json.MalformedJSONError):
        noted = None  # of a session that was only listed
    is_of_now = isinstance(noted, list) and len(noted) == 2 and noted[0] == changed
    return Known(session_id, changed, noted[1] if is_of_now else None)


def newest_lines(path: str) -> dict[str, bytes]:
    """The last line of each session, the newest first; raises OSError, ValueError for damage."""
    return dict(lines_from_the_end(path))


def lines_from_the_end(path: str) -> Iterator[tuple[str, bytes]]:
    """The last line of each session with its id; raises OSError, ValueError for damage."""
    found: set[str] = set()
    for line in reversed(read_bytes(path, 2 * LIMIT_BYTES).splitlines()):
        if line[:9] != b"%08x " % zlib.crc32(line[9:]):
            raise ValueError("a line of the index is damaged")
        session_id = line[9:].split(b" ", 1)[0].decode("ascii")
        if not is_session_id(session_id):
            raise ValueError("a line of the index names no session")
        if session_id not in found:
            found.add(session_id)
            yield session_id, line


def write(root: str, lines: dict[str, bytes]) -> None:
    """Replace the index by the newest of these lines."""
    kept = list(lines.values())[:HELD]
    write_atomically(os.path.join(root, NAME), b"".join(line + b"\n" for line in reversed(kept)))


def rebuild(root: str, session_ids: list[str]) -> None:
    """Make the index from the states of a project's sessions, whose ids come the newest first."""
    try:
        with QuickLock(os.path.join(root, LOCK), LOCK_S):
            write(root, {one: line_of(one, noted_of(root, one)) for one in session_ids[:HELD]})
    except OSError:
        forget(root)


def noted_of(root: str, session_id: str) -> list[Any] | None:
    """What is to be noted of a session, by its state; None if that cannot be used."""
    path = os.path.join(root, "sessions", session_id, "state.json")
    try:
        changed = os.stat(path).st_mtime_ns
        state = read_sealed(path)
        return [changed, heading_of(state)] if state["session_id"] == session_id else None
    except (OSError, DamagedStateError, KeyError, TypeError):
        return None


def is_current(root: str) -> bool:
    """Whether no session's folder has come or gone since the index was written.

    Of two in the same tick of the file system's clock nobody knows which was first.
    """
    try:
        written = os.stat(os.path.join(root, NAME)).st_mtime_ns
        return written > os.stat(os.path.join(root, "sessions")).st_mtime_ns
    except OSError:
        return False


def keep_current(root: str) -> None:
    """Say of an index that was current that it is so still: the new folder is Clearpoint's."""
    try:
        changed = os.stat(os.path.join(root, "sessions")).st_mtime_ns + 1
        os.utime(os.path.join(root, NAME), ns=(changed, changed))
    except OSError:
        return  # it is gone: made again when it is asked


def forget(root: str) -> None:
    """Have the index made again when it is asked."""
    try:
        os.unlink(os.path.join(root, NAME))
    except OSError:
        return  # there is none, or it cannot be removed from a folder that cannot be written
