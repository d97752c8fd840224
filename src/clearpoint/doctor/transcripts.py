"""What the client will delete of the project's transcripts, and whether that is kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from clearpoint.doctor.findings import Case, Finding
from clearpoint.history.outlook import outlook
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.text.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON_DAYS = 7


def examine(case: Case) -> Iterator[Finding]:
    """Look at the project's transcripts."""
    seen = outlook(case.project, case.env)
    if seen.next_at is None:
        return
    rule = f"Claude Code deletes a transcript after {counted(seen.days, 'day')} without a change"
    if seen.next_lost_at is None:
        text = f"All {counted(len(seen.transcripts), 'session')} archived; {rule}"
        yield Finding("transcripts.kept", "ok", text)
        return
    soon = seen.next_lost_at - case.now < SOON_DAYS * DAY_S
    yield Finding(
        "transcripts.kept",
        "warning" if soon else "note",
        f"{counted(len(seen.not_kept), 'session')} of {len(seen.transcripts)} not archived yet;"
        f" {rule}, the first on {day(seen.next_lost_at)}",
        command="clearpoint keep",
    )


def day(at: float) -> str:
    """A day as it is written: `2026-01-31`."""
    return time.strftime("%Y-%m-%d", time.localtime(at))
