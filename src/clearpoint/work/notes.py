"""Decisions, issues and preferences as they are kept: each once, the newest word in force. Pure."""

from __future__ import annotations

from clearpoint.text import issues, sentences
from clearpoint.text.similarity import REVERSED, SAME, carrying, is_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from clearpoint.models.work import Noted, WorkState
    from clearpoint.transcript.entry import Entry

    Concerning = tuple[str, str]

LIMIT = 40
CLOSED = 0.5
"""The same if somebody says that something is fixed."""


def note(
    work: WorkState,
    key: Literal["decisions", "issues"],
    entry: Entry,
    said: Iterable[str],
    concerning: Concerning | None = None,
) -> None:
    """Keep each of the sentences; what says the same, or what one takes back, gives way to it.

    `concerning` is what a reply was about: the text, and the entry of the message that it is from.
    """
    kept = work[key]
    for text in said:
        if text in work["hand_removed"]:
            continue
        words = carrying(text)
        low = text.lower()
        share = REVERSED if any(cue in low for cue in sentences.REVERSALS) else SAME
        kept[:] = [
            old
            for old in kept
            if old["text"] != text and (is_own(old) or not is_about(words, old["text"], share))
        ][1 - LIMIT :]
        made: Noted = {
            "text": text,
            "at": entry.get("timestamp"),
            "entry": entry.get("uuid"),
            "turn": work["turn"],
            "order": work["touches"],
        }
        if concerning:
            made["object"], made["object_entry"] = concerning
        kept.append(made)


def settle(work: WorkState, *, whole_tests: bool) -> None:
    """A check passed: issues about what was changed since they were named are settled.

    Where it was all tests, what was said to be still failing is settled too.
    """
    forget_causes(work)
    changed = [
        (path.rpartition("/")[2], touched["order"], touched.get("defined", []))
        for path, touched in work["files"].items()
        if touched["edits"]
    ]
    work["issues"] = [
        issue
        for issue in work["issues"]
        if is_own(issue)
        or not (
            (whole_tests and any(word in issue["text"].lower() for word in issues.FAILURES))
            or _is_changed(issue, changed)
        )
    ]


def forget_causes(work: WorkState) -> None:
    """Something passed, or was committed: causes that were found before the last change go."""
    work["issues"] = [
        issue
        for issue in work["issues"]
        if is_own(issue)
        or work["edited"] <= issue.get("order", 0)
        or not issues.is_cause(issue["text"])
    ]


def _is_changed(issue: Noted, changed: list[tuple[str, int, list[str]]]) -> bool:
    """Whether a file that an issue names, or something in it, was changed after that."""
    since, text = issue.get("order", 0), issue["text"]
    return any(
        order > since and (name in text or any(one in text for one in defined))
        for name, order, defined in changed
    )


def close(work: WorkState, said: Iterable[str]) -> None:
    """Somebody says that something is fixed: the issues that are about it go."""
    for text in said:
        words = carrying(text)
        work["issues"] = [
            issue
            for issue in work["issues"]
            if is_own(issue) or not is_about(words, issue["text"], CLOSED)
        ]


def is_own(old: Noted) -> bool:
    """Whether a user set the note by hand: it belongs to no entry."""
    return old["entry"] is None


def wish(kept: list[str], said: str) -> list[str]:
    """The preferences with one more, the newest last."""
    words = carrying(said)
    return [*[old for old in kept if not is_about(words, old, SAME)][1 - LIMIT :], said]
