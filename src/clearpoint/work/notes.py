"""Decisions, issues and preferences as they are kept: each once, the newest word in force. Pure."""

from __future__ import annotations

from clearpoint.text import decisions, issues
from clearpoint.text.similarity import REVERSED, SAME, carrying, is_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from clearpoint.models.words import Noted
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

    Concerning = tuple[str, str]

LIMIT = 40
ANSWERS_LIMIT = 80
"""Answers to questions of choice, which stay until they are overruled."""
ANSWERED = " — "
"""Between a question and its answer."""
CLOSED = 0.5
"""The same if somebody says that something is fixed."""


def note(  # noqa: PLR0913  (what, of whom, and what about)
    work: WorkState,
    key: Literal["decisions", "issues"],
    entry: Entry,
    said: Iterable[str],
    concerning: Concerning | None = None,
    *,
    is_answer: bool = False,
) -> None:
    """Keep each of the sentences; what says the same, or what one takes back, gives way to it.

    `concerning` is what a reply was about: the text, and the entry of the message that it is from.
    An answer to a question of choice gives way only to another answer to it, and to a reversal.
    """
    kept = work[key]
    for text in said:
        if text in work["hand_removed"]:
            continue
        kept[:] = [
            old for old in kept if is_own(old) or not _gives_way(old, text, is_answer=is_answer)
        ]
        _trim(kept)
        made: Noted = {
            "text": text,
            "at": entry.get("timestamp"),
            "entry": entry.get("uuid"),
            "turn": work["turn"],
            "order": work["touches"],
        }
        if concerning:
            made["object"], made["object_entry"] = concerning
        if is_answer:
            made["is_answer"] = True
        kept.append(made)


def _gives_way(old: Noted, text: str, *, is_answer: bool) -> bool:
    """Whether what was noted before gives way to a new text."""
    low = text.lower()
    is_reversal = any(cue in low for cue in decisions.REVERSALS)
    if old["text"] == text:
        return True
    if old.get("is_answer") and is_answer:
        return old["text"].partition(ANSWERED)[0] == text.partition(ANSWERED)[0]
    if old.get("is_answer") and not is_reversal:
        return False
    return is_about(carrying(text), old["text"], REVERSED if is_reversal else SAME)


def _trim(kept: list[Noted]) -> None:
    """Make room for one more: the oldest go, answers of choice last."""
    answers = [one for one in kept if one.get("is_answer")]
    others = [one for one in kept if not one.get("is_answer")]
    dropped = {id(one) for one in (*answers[: 1 - ANSWERS_LIMIT], *others[: 1 - LIMIT])}
    if dropped:
        kept[:] = [one for one in kept if id(one) not in dropped]


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
