"""What is in use at the end of a transcript, told before the rest of it has been read."""

from __future__ import annotations

import os

from clearpoint.lowlevel.records import copied
from clearpoint.tokens import usage
from clearpoint.transcript import decoder
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.usage import Learner, Usage

TAIL_BYTES = 1 << 20
"""The newest response is in there, but for what no conversation holds."""
USAGE = b'"usage":'
"""What stands in the lines of responses."""
RESPONSE_LINES = 24
"""So many of them are the newest response, and some before it."""


def newest_use(path: str, learner: Learner) -> Usage | None:
    """The use as the last lines have it; None if no response with a count is among them.

    `learner` is what is known of token sizes. What the session began with stands further above,
    so the use right after a compaction is not told.
    """
    try:
        transcript = Transcript(path, None)
    except OSError:
        return None
    try:
        start = beginning(transcript)
        if start is None:
            return None
        transcript.cursor["offset"] = start
        found: Usage = {**usage.new_usage(), "learner": copied(learner)}
        for entry in transcript.entries(decoder.decode):
            usage.fold(found, entry)
    except OSError:
        return None
    finally:
        transcript.close()
    return found if found["since_boundary"] else None


def beginning(transcript: Transcript) -> int | None:
    """Where the lines begin that tell of the newest responses; None if no line seems to."""
    start = max(0, transcript.size - TAIL_BYTES)
    os.lseek(transcript.descriptor, start, os.SEEK_SET)
    tail = os.read(transcript.descriptor, TAIL_BYTES)
    first = tail.find(b"\n") + 1 if start else 0
    place, found = len(tail), None
    for _ in range(RESPONSE_LINES):
        place = tail.rfind(USAGE, first, place)
        if place < 0:
            break
        found = max(first, tail.rfind(b"\n", 0, place) + 1)
    return None if found is None else start + found
