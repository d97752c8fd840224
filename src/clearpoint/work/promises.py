"""What Claude says it will do once something else is done. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.work import background

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState

LIMIT = 3
CONDITIONS = ("once ", "when ", "as soon as ", "after ", "until ")
PROMISES = ("i'll ", "i will ", "we'll ", "we will ", "i'm going to ", "i can then ")
OF_THE_USER = ("you ", "your ", "you've", "you're", "you'd", "if ")
"""What a condition holds that the user has to meet, or that may not come."""
ENDINGS = ("done", "finish", "complete", "return", "report", "ready", "ends", "ended", "result",
           "come back", "comes back", "back", "pass", "green", "lands", "landed", "in place",
           "through", "that")  # fmt: skip
"""What a condition holds where it waits for the end of something."""


def hear(work: WorkState, text: str) -> None:
    """Take in what an answer of Claude's promises."""
    low = text.lower()
    if any(one in low for one in CONDITIONS) and any(one in low for one in PROMISES):
        kept = [*work["promised"], *promised(text)]
        work["promised"] = list(dict.fromkeys(kept))[-LIMIT:]


def go_on(work: WorkState) -> None:
    """Claude goes on with its work, or the user with theirs: what nothing is waited for is over."""
    if not background.is_busy(work):
        work["promised"] = []


def promised(text: str) -> Iterator[str]:
    """The sentences that say what Claude will do once something is done."""
    for said in sentences.sentences(text):
        low = f" {said.lower()} "
        starts = [low.find(f" {one}") for one in CONDITIONS if f" {one}" in low]
        if starts and any(one in low for one in PROMISES) and not said.endswith(("?", "…")):
            condition = low[min(starts) :].split(",", 1)[0]
            is_end = any(word in condition for word in ENDINGS)
            if is_end and not any(f" {word}" in low for word in OF_THE_USER):
                yield said
