"""The next archive, recorded turn by turn, so that a compaction or a clear has only to close it.

Its pieces are kept beside the archives, a line each. The state says how far they go, so that what
was written before an end between two writes is written over; where they are lost or damaged, the
archive is made from the transcript. Fast lane.
"""

from __future__ import annotations

import os
import zlib

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import make_folder, open_regular, read_bytes, write_all
from clearpoint.session.pieces import read
from clearpoint.transcript.reader import Transcript
from clearpoint.work.spoken import Speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.models.usage import Recording
    from clearpoint.session.pieces import Piece
    from clearpoint.store.store import Store

RECORD_S = 0.05
"""Time limit per event for recording."""


class Recorded:
    """What is recorded: the pieces, how far in the transcript, and the calls without a result."""

    __slots__ = ("offset", "pieces", "speech")

    def __init__(self, offset: int, pieces: list[Piece], speech: Speech) -> None:
        self.offset, self.pieces, self.speech = offset, pieces, speech


def record(store: Store, state: State) -> None:
    """Record what the transcript holds beyond what is recorded, as far as there is time.

    What cannot be recorded is left for what closes the archive, which tells of it.
    """
    cursor, known = state["transcript"], state["recording"]
    if known is None or known["size"] > size_of(path_of(store, state)):
        known = new_recording(state["archived"])
    if cursor is None or cursor["offset"] <= known["offset"]:
        return
    try:
        transcript = Transcript(cursor["path"], None, within_s=RECORD_S)
    except OSError:
        return
    try:
        transcript.cursor["offset"] = known["offset"]
        speech = Speech(known["calls"], known["lines"])
        lines = [fast_json.dumps(list(piece)) + "\n" for piece in read(transcript, speech)]
        offset = transcript.cursor["offset"]
    finally:
        transcript.close()
    data = fast_json.encode("".join(lines))
    try:
        append(path_of(store, state), known["size"], data)
    except OSError:
        return
    state["recording"] = {
        "offset": offset,
        "size": known["size"] + len(data),
        "checksum": zlib.crc32(data, known["checksum"]),
        "calls": speech.calls,
        "lines": speech.lines,
    }


def append(path: str, size: int, data: bytes) -> None:
    """Put data behind so many bytes of a file, in the place of what stands there."""
    make_folder(os.path.dirname(path))
    descriptor = open_regular(path, os.O_RDWR | os.O_CREAT)
    try:
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        write_all(descriptor, data)
    except OSError:
        os.ftruncate(descriptor, size)  # on a full disk the state needs the room
        raise
    finally:
        os.close(descriptor)


def taken(store: Store, state: State) -> Recorded:
    """What is recorded for the next archive; nothing if that cannot be trusted."""
    known = state["recording"]
    nothing = Recorded(state["archived"], [], Speech())
    if known is None:
        return nothing
    try:
        data = read_bytes(path_of(store, state))[: known["size"]]
    except OSError:
        return nothing
    if len(data) < known["size"] or zlib.crc32(data) != known["checksum"]:
        return nothing
    pieces: list[Piece] = [tuple(fast_json.loads(line)) for line in data.splitlines()]
    return Recorded(known["offset"], pieces, Speech(known["calls"], known["lines"]))


def end(store: Store, state: State) -> None:
    """The archive is written: what was recorded for it is of no use any more."""
    state["recording"] = None
    try:
        os.unlink(path_of(store, state))
    except OSError:
        pass  # nothing was recorded


def new_recording(offset: int) -> Recording:
    """Nothing recorded behind the last archive."""
    return {"offset": offset, "size": 0, "checksum": 0, "calls": {}, "lines": {}}


def path_of(store: Store, state: State) -> str:
    """Where the pieces of the next archive are kept."""
    name = f"{len(state['archives']) + 1:04}.open"
    return store.path(state["session_id"], os.path.join("archive", name))


def size_of(path: str) -> int:
    """The size of a file; 0 if there is none."""
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
