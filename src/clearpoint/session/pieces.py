"""What was said and done in a transcript, piece by piece, as the archive takes it. Fast lane.

Secrets are masked before a piece is made. What a tool printed is passed over undecoded.
"""

from __future__ import annotations

from clearpoint.redaction import prefilter
from clearpoint.work.spoken import ANSWER, SUMMARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clearpoint.transcript.entry import Entry
    from clearpoint.transcript.reader import Transcript
    from clearpoint.work.spoken import Speech

    Piece = tuple[str, str | None, bool, str, str]
    """The entry that a piece is from, when that was, whether it was queued; heading and text."""

QUEUE = "queue-operation"
CLAUDES = (ANSWER, SUMMARY)
"""The headings of what Claude says, which is masked in its entry."""
LINE = "command"
"""What a shell is given: it is read whole, for the checks that it runs."""
GIVEN_CHARS = 1_000


def read(transcript: Transcript, speech: Speech) -> Iterator[Piece]:
    """The pieces of a transcript from where its cursor stands."""
    entries = transcript.entries(passes_over=speech.passes_over)
    return pieces(entries, speech)


def pieces(entries: Iterable[Entry], speech: Speech) -> Iterator[Piece]:
    """The pieces of entries.

    One that was begun is checked for secrets to its end: what is withheld here is lost for good.
    """
    for entry in entries:
        masked = prefilter.mask(lean(entry), None, prefilter.never)
        uuid, at, is_queued = entry.get("uuid"), entry.get("timestamp"), entry.get("type") == QUEUE
        for spoken in speech.of(masked):
            heading, text = spoken
            if heading not in CLAUDES:  # some words of the user stand in results
                heading, text = map(prefilter.masked, spoken)
            yield uuid or "", at, is_queued, heading, text


def lean(entry: Entry) -> Entry:
    """The entry with the beginnings of what calls were given: no more is kept, or masked."""
    content = entry.get("message", {}).get("content")
    for block in content if isinstance(content, list) else ():
        if block.get("type") == "tool_use":
            block["input"] = {
                key: value[:GIVEN_CHARS] if isinstance(value, str) and key != LINE else value
                for key, value in (block.get("input") or {}).items()
            }
    return entry
