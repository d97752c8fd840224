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
            "before our change", "environment issue",
            "environmental", "this environment", "not part of", "external service",
            "as expected", "expected to fail", "expected failure")  # fmt: skip
REASON_CHARS = 160


def hear(work: WorkState, text: str) -> None:
    """Keep beside the newest checks, if they failed, what Claude says of their failures."""
    failed = newest_failures(work)
    if not failed or FAIL not in text.lower():
        return
    for said in sentences.sentences(text):
        low = said.lower()
        if FAIL in low and any(words in low for words in EXCUSING):
            for check in failed:
                check["reason"] = sentences.cut(said, REASON_CHARS)
            return


def newest_failures(work: WorkState) -> list[Check]:
    """The newest checks of this turn and of one kind, up to one that passed."""
    found: list[Check] = []
    for check in reversed(work["checks"].values()):
        if check["passed"] or check["turn"] != work["turn"]:
            break
        if found and check["kind"] != found[0]["kind"]:
            break
        found.append(check)
    return found
