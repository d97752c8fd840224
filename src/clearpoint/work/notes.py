"""Decisions, issues and preferences as they are kept: each once, the newest word in force. Pure."""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.text.similarity import REVERSED, SAME, carrying, is_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.models.work import Noted
    from clearpoint.transcript.entry import Entry

LIMIT = 40


def note(kept: list[Noted], entry: Entry, said: Iterable[str]) -> None:
    """Keep each of the sentences; what says the same, or what one takes back, gives way to it."""
    for text in said:
        words = carrying(text)
        low = text.lower()
        share = REVERSED if any(cue in low for cue in sentences.REVERSALS) else SAME
        kept[:] = [
            old
            for old in kept
            if old["text"] != text and (is_own(old) or not is_about(words, old["text"], share))
        ][1 - LIMIT :]
        kept.append({"text": text, "at": entry.get("timestamp"), "entry": entry.get("uuid")})


def is_own(old: Noted) -> bool:
    """Whether a person set the note by hand: it belongs to no entry."""
    return old["entry"] is None


def wish(kept: list[str], said: str) -> list[str]:
    """The preferences with one more, the newest last."""
    words = carrying(said)
    return [*[old for old in kept if not is_about(words, old, SAME)][1 - LIMIT :], said]
