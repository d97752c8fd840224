"""Claude's newest calls: where the work stood when a compaction came into its middle. Pure."""

from __future__ import annotations

from clearpoint.client.vocabulary import PATH_ARGUMENTS, READ, SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from clearpoint.models.work import WorkState

KEPT = 6
COMMAND_CHARS = 240


def note(work: WorkState, name: str, known: Sequence[str], *, failed: bool) -> None:
    """Keep a call whose result has come: what it did, to what, and its lines or that it failed.

    Of files only what succeeded counts; the same once more in a row counts once.
    """
    if name in SHELLS and known:
        row = ["ran", " ".join(known[0].split())[:COMMAND_CHARS], "failed" if failed else ""]
    elif name in PATH_ARGUMENTS:
        if failed or not known:
            return
        is_read = name == READ
        row = ["read" if is_read else "edited", known[0], "".join(known[1:2]) if is_read else ""]
    else:
        return  # the name of another tool tells nothing
    kept = work["recent_calls"]
    if kept and kept[-1][:2] == row[:2]:
        del kept[-1]
    work["recent_calls"] = [*kept, row][-KEPT:]


def span(given: dict[str, Any]) -> str:
    """The lines that a call reads, `677-766`; empty for all of them."""
    first, number = given.get("offset"), given.get("limit")
    if isinstance(first, int) and isinstance(number, int) and number > 0 and first >= 0:
        return f"{first}-{first + number - 1}"
    return ""
