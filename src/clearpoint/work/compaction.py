"""What the client's own summary of a compaction says of the work that is left. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.transcript.content import texts_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

TITLES = ("pending", "current work", "next step", "next:", "next steps", "remaining", "open task",
          "open question", "unresolved", "still to do", "to do", "todo")  # fmt: skip
TITLE_CHARS = 60
KEPT_CHARS = 4_000
ANALYSIS = "</analysis>"
TAGS = ("<summary>", "</summary>")
ENDINGS = (
    "Please continue the conversation",
    "If you need specific details",
    "Continue the convers",
)
"""What the client puts behind the summary."""


def hear(work: WorkState, entry: Entry) -> None:
    """Take in the summary that a compaction leaves in the conversation."""
    message: Any = entry.get("message")
    content = message.get("content") if isinstance(message, dict) else ""
    if text := work_left("\n".join(texts_in(content))):
        work["summary"] = {"text": text, "turn": work["turn"], "entry": entry.get("uuid") or ""}


def is_current(work: WorkState) -> bool:
    """Whether there is a summary of a compaction, and no prompt was answered since."""
    summary = work["summary"]
    return summary is not None and not (summary.get("is_answered") and work["last_words"])


def pending(summary: str) -> list[str]:
    """The lines of a summary's section on what is pending."""
    return list(_sections(summary.rpartition(ANALYSIS)[2], TITLES[:1]))


def work_left(summary: str) -> str:
    """The sections of a summary on what is pending, current and next."""
    return "\n".join(_sections(summary.rpartition(ANALYSIS)[2], TITLES))[:KEPT_CHARS].strip()


def _sections(summary: str, titles: Sequence[str]) -> Iterator[str]:
    """The lines of those sections."""
    is_wanted = False
    for line in summary.splitlines():
        bare = line.strip()
        if bare in TAGS or bare.startswith(ENDINGS):
            is_wanted = False
        elif is_title(line):
            is_wanted = any(title in bare.lower() for title in titles)
        if is_wanted and bare:
            yield line.rstrip()


def is_title(line: str) -> bool:
    """Whether a line begins a section: `7. Pending Tasks:`, `## Next step`, `**Current Work**`."""
    bare = line.strip()
    if line[:1].isspace() or len(bare.partition(":")[0]) > TITLE_CHARS:
        return False
    number, dot, rest = bare.partition(".")
    is_numbered = dot and number.isdecimal() and rest[:1] == " "
    return bool(is_numbered or bare.startswith("#") or (bare.startswith("**") and ":" in bare))
