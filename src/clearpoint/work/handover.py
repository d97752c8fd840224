"""The handover note that Claude writes itself, taken from its answer. Pure. Fast lane.

A note is asked for by `/clearpoint:handover`, or by a line in a prompt's context where the settings
say so; only then is one taken. It stands at the end of the answer, between two marks on lines of
their own.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.words import Handover
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

OPENING = "<handover>"
CLOSING = "</handover>"
OURS = "/clearpoint:"
COMMAND = f"{OURS}handover"
NOTE_CHARS = 12_000
TOKENS = 600
"""The size that is kept; Claude is asked for no more."""
PARTS = ("goal", "where it stands", "next")
"""What a note cannot do without, each as a line begins with it."""
REQUEST = (
    "The user's settings ask for a handover note at the end of this turn's answer, for a new "
    "session to start with: between the lines <handover> and </handover>, at most 600 tokens, as "
    "Goal; Where it stands; Decided, because; Refused, why; Checks; Next."
)
"""What Claude is told where the settings ask for a note."""


def ask(work: WorkState, turn: int, *, wanted: bool) -> None:
    """Expect a note in the answer of this turn; `wanted` by the user, and not by a setting."""
    work["handover_turn"], work["handover_wanted"] = turn, wanted


def hear(work: WorkState, entry: Entry, text: str) -> str:
    """Take the note from a text of Claude's, if one was asked for in this turn; return the rest.

    An answer to the user's wish for a note says nothing beside it.
    """
    if work["handover_turn"] < work["turn"] or OPENING not in text:
        return text
    work["handover"] = note_in(text, entry, work)
    return "" if work["handover_wanted"] else text.rpartition(OPENING)[0].rstrip()


def note_in(text: str, entry: Entry, work: WorkState) -> Handover:
    """The last note of a text, with what is wrong with its shape."""
    body, closing, after = text.rpartition(OPENING)[2].partition(CLOSING)
    low = body.lower()
    missing = [part for part in PARTS if part not in low]
    problems = [
        *(["its end is not marked"] if not closing else []),
        *(["it is not at the end of the answer"] if after.strip() else []),
        *([f"it does not say: {', '.join(missing)}"] if missing else []),
    ]
    return {
        "text": body.strip()[:NOTE_CHARS],
        "at": entry.get("timestamp") or "",
        "entry": entry.get("uuid") or "",
        "turn": work["turn"],
        "touches": work["touches"],
        "problem": "; ".join(problems),
    }


def fitted(text: str, measure: Callable[[str], int]) -> str:
    """The first lines of a note that fit its size in tokens."""
    lines = text.splitlines()
    while len(lines) > 1 and measure("\n".join(lines)) > TOKENS:
        del lines[-1]
    kept = "\n".join(lines)
    while measure(kept) > TOKENS:
        kept = kept[: len(kept) * 9 // 10]
    return kept


def missed(work: WorkState) -> bool:
    """Whether the user asked for a note in this turn, and there is none of it."""
    note, turn = work["handover"], work["handover_turn"]
    is_due = work["handover_wanted"] and turn >= work["turn"]
    return is_due and (note is None or note["turn"] < turn)


def taken(
    work: WorkState, before: Handover | None, measure: Callable[[str], int]
) -> tuple[str, str]:
    """What the user is told at the end of a turn: the message's name, and what is wrong.

    Both are empty if no note was to come, and the second one for a good note.
    """
    if missed(work):
        work["handover_turn"] = -1  # said once
        return "note_missing", ""
    note = work["handover"]
    if note is None or (before and note["entry"] == before["entry"]):
        return "", ""
    if (tokens := measure(note["text"])) > TOKENS:
        note["text"] = fitted(note["text"], measure)
        too_long = f"it takes about {tokens} tokens, the first {TOKENS} are kept"
        note["problem"] = "; ".join(filter(None, [too_long, note["problem"]]))
    if note["problem"]:
        return "note_but", note["problem"]
    return ("note_taken" if work["handover_wanted"] else ""), ""


def is_current(work: WorkState) -> bool:
    """Whether there is a note, and no file was changed since."""
    note = work["handover"]
    return note is not None and bool(note["text"]) and work["edited"] <= note["touches"]
