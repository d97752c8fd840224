"""What Claude said of a check that failed, where it holds it for no fault of the work. Pure.

Its answer may call all green then, and both are true.
"""

from __future__ import annotations

from clearpoint.text import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.outcomes import Check
    from clearpoint.models.work import WorkState

FAIL = "fail"
EXCUSING = ("unrelated", "not related", "pre-existing", "preexisting", "not caused by", "flaky",
            "are all from", "is from", "are from", "already fail", "also fail", "fails on main",
            "fail on main", "without my change", "without our change", "before my change",
            "before our change", "environment", "not part of", "external", "expected")  # fmt: skip
REASON_CHARS = 160


def hear(work: WorkState, text: str) -> None:
    """Keep beside the newest check that failed in this turn what Claude says of its failures."""
    failed = newest_failure(work)
    if failed is None or FAIL not in text.lower():
        return
    for said in sentences.sentences(text):
        low = said.lower()
        if FAIL in low and any(words in low for words in EXCUSING):
            failed["reason"] = sentences.cut(said, REASON_CHARS)
            return


def newest_failure(work: WorkState) -> Check | None:
    """The newest check of this turn, if it has failed."""
    newest = next(reversed(work["checks"].values()), None)
    is_new = newest is not None and newest["turn"] == work["turn"]
    return newest if is_new and newest and not newest["passed"] else None
