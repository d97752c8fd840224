"""The outbox: parcels wait on disk until the server has them, however long it is away.

A parcel is a file of its own, deleted once it is committed there. Sending it twice changes
nothing, so a process may be killed at any point.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import make_folder, read_bytes, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal
from clearpoint.team.parcel import Parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PARCEL = ".parcel.json"
BACK_OFF = "back-off.json"
DAMAGED = ".damaged"
FIRST_S, LONGEST_S = 30.0, 3_600.0
BATCH = 50
"""Parcels that are sent in one transaction."""


class Outbox:
    """The parcels of one project that are not sent yet, in a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def put(self, parcel: Parcel) -> None:
        """Add a parcel; the same one is there once."""
        make_folder(self.folder)
        name = f"{parcel['session_id']}.{parcel['digest']}{PARCEL}"
        write_atomically(os.path.join(self.folder, name), fast_json.encode(fast_json.dumps(parcel)))

    def waiting(self) -> list[str]:
        """The files of the parcels, the oldest first."""
        try:
            with os.scandir(self.folder) as entries:
                found = [
                    (one.stat(follow_symlinks=False).st_mtime_ns, one.path)
                    for one in entries
                    if one.name.endswith(PARCEL) and one.is_file(follow_symlinks=False)
                ]
        except FileNotFoundError:
            return []
        return [path for _, path in sorted(found)]

    def send(self, deliver: Callable[[Sequence[Parcel]], None]) -> int:
        """Deliver everything, a batch at a time; return how many. What fails stays."""
        sent = 0
        waiting = self.waiting()
        for start in range(0, len(waiting), BATCH):
            batch = [*self._read(waiting[start : start + BATCH])]
            if batch:
                deliver([parcel for _, parcel in batch])
            for path, _ in batch:
                os.unlink(path)
            sent += len(batch)
        return sent

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, Parcel]]:
        """The parcels in these files; a damaged one is put aside, so that it blocks no other."""
        from pydantic import TypeAdapter, ValidationError

        shape = TypeAdapter(Parcel)
        for path in paths:
            try:
                yield path, shape.validate_python(fast_json.loads(read_bytes(path)), strict=True)
            except (fast_json.MalformedJSONError, ValidationError):
                os.replace(path, path + DAMAGED)

    def back_off(self) -> BackOff:
        """How the last tries went."""
        try:
            kept = read_sealed(os.path.join(self.folder, BACK_OFF))
            return BackOff(int(kept["failures"]), float(kept["until"]))
        except (OSError, DamagedStateError, KeyError, TypeError, ValueError):
            return BackOff(0, 0.0)

    def note(self, back_off: BackOff) -> None:
        """Keep how a try went."""
        make_folder(self.folder)
        path = os.path.join(self.folder, BACK_OFF)
        write_atomically(path, seal({"failures": back_off.failures, "until": back_off.until}, 1))


class BackOff(NamedTuple):
    """Failed tries in a row, and until when nothing is tried by itself, in seconds."""

    failures: int
    until: float

    def failed(self, now: float, chance: float | None = None) -> BackOff:
        """After one more: twice as long as before, give or take half, an hour at most."""
        wait = min(LONGEST_S, FIRST_S * 2.0 ** min(self.failures, 20))
        share = random.random() if chance is None else chance  # noqa: S311  (only spreads the load)
        return BackOff(self.failures + 1, now + wait * (0.5 + share))
