"""Packages and their history on disk: a folder per session in `handoffs/`.

A package is a file that is never changed; what becomes of it is a line in the folder's
`history.jsonl`. Both are written under the folder's lock, so that many agents at once lose nothing.
"""

from __future__ import annotations

import os

from clearpoint.handoffs import checksum
from clearpoint.handoffs.errors import HandoffError, IntegrityError
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import (
    QuickLock,
    append_line,
    make_folder,
    read_bytes,
    read_tail,
    write_atomically,
)
from clearpoint.project.paths import below
from clearpoint.store import tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from clearpoint.handoffs.shapes import Line, PlainPackage
    from clearpoint.store.store import Store

LOCK_TIMEOUT_S = 1.5
"""Longer than elsewhere: many agents can start at once."""
HISTORY_BYTES = 4 << 20
PACKAGE_BYTES = 256 << 10
LISTED = 5


class Record:
    """The handoffs of one session; `lock` it around what is read and then written."""

    __slots__ = ("folder", "session_id", "store")

    def __init__(self, store: Store, session_id: str) -> None:
        self.store = store
        self.session_id = session_id
        self.folder = os.path.join(store.root, "handoffs", session_id)

    def lock(self) -> QuickLock:
        """The lock of this session's handoffs."""
        make_folder(self.folder)
        return QuickLock(os.path.join(self.folder, "history.lock"), LOCK_TIMEOUT_S)

    def keep(
        self, package: PlainPackage, kept: Mapping[str, str], event: str, **facts: Any
    ) -> None:
        """Keep a package with the texts that its tags stand for, and begin its history."""
        for name, text in kept.items():
            tags.add(self.store.root, name, {"text": text, "path": None})
        path = self.path(package["handoff_id"])
        write_atomically(path, fast_json.encode(fast_json.pretty(package) + "\n"))
        before = package["predecessor"]
        self.note(
            event,
            handoff_id=package["handoff_id"],
            from_agent=package["from_agent"],
            to_agent=package["to_agent"],
            predecessor=before["handoff_id"] if before else None,
            **facts,
        )

    def note(self, event: str, **facts: Any) -> None:
        """Add a line to the history."""
        line = fast_json.dumps({"at": now_text(), "event": event, **facts})
        append_line(os.path.join(self.folder, "history.jsonl"), fast_json.encode(line))

    def lines(self) -> list[Line]:
        """The history as it is written; what is torn or damaged is passed over."""
        try:
            data = read_tail(os.path.join(self.folder, "history.jsonl"), HISTORY_BYTES)
        except OSError:
            return []
        found = fast_json.objects(data.splitlines())
        return [line for line in found if isinstance(line.get("event"), str)]

    def path(self, handoff_id: str) -> str:
        """Where a package is kept."""
        return os.path.join(self.folder, f"{handoff_id}.json")

    def place(self, handoff_id: str, project: str) -> str:
        """The same as Claude is told it: from the project where it lies in it."""
        return below(self.path(handoff_id), project)

    def read(self, handoff_id: str) -> PlainPackage:
        """A package that was made here; raises IntegrityError if it is not as it was made."""
        try:
            package: PlainPackage = fast_json.loads(self.bytes_of(handoff_id))
            if package["checksum"] == checksum.checksum_of(package):
                return package
        except (fast_json.MalformedJSONError, AttributeError, KeyError, TypeError):
            pass  # not a package at all
        raise IntegrityError(
            f"handoff {handoff_id} was modified after creation; create it again with clearpoint"
            " handoff create"
        )

    def bytes_of(self, handoff_id: str) -> bytes:
        """A package as it is kept; raises IntegrityError if it cannot be read."""
        try:
            return read_bytes(self.path(handoff_id), PACKAGE_BYTES)
        except OSError as error:
            raise IntegrityError(
                f"handoff {handoff_id} cannot be read ({error.strerror}): make it again with "
                "clearpoint handoff create"
            ) from None


def sessions(store: Store) -> list[str]:
    """The sessions that have handoffs, the one written last first."""
    folder = os.path.join(store.root, "handoffs")
    try:
        names = list(filter(is_session_id, os.listdir(folder)))
    except OSError:
        return []
    written = []
    for name in names:
        try:
            found = os.stat(os.path.join(folder, name, "history.jsonl"))
        except OSError:
            continue
        written.append((found.st_mtime_ns, name))
    return [name for _, name in sorted(written, reverse=True)]


def find(store: Store, beginning: str | None = None) -> tuple[Record, str]:
    """The package whose id begins like this, or the newest; raises HandoffError."""
    known: list[tuple[Record, str]] = []
    for session_id in sessions(store):
        record = Record(store, session_id)
        identifiers = [line["handoff_id"] for line in record.lines() if is_kept(record, line)]
        known += [(record, identifier) for identifier in reversed(identifiers)]
        if known and beginning is None:
            return known[0]
    if not known:
        raise HandoffError("no handoffs here yet; make one with clearpoint handoff create")
    fits = [one for one in known if beginning and one[1].startswith(beginning)]
    if len(fits) == 1:
        return fits[0]
    shown = ", ".join(one[1][:13] for one in (fits or known)[:LISTED])
    what = "matches several handoffs" if fits else "matches no handoff"
    raise HandoffError(f"{beginning!r} {what}; clearpoint handoff list shows them all: {shown}")


def is_kept(record: Record, line: Line) -> bool:
    """Whether a line of the history begins that of a package which is there."""
    if line["event"] not in ("created", "imported"):
        return False
    identifier = line.get("handoff_id")
    return isinstance(identifier, str) and os.path.exists(record.path(identifier))
