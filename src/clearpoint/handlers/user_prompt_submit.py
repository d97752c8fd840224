"""UserPromptSubmit: in the usual case, nothing, at once. Fast lane.

Stop left a verdict. Only where it holds a note for Claude, where the transcript has grown a turn
that no Stop has seen (an interrupted one), where this prompt may reach the next level, or where a
reload context has not been seen to arrive, is the state itself read.
"""

from __future__ import annotations

import os

from clearpoint.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import Verdict

CHARS_PER_TOKEN_AT_LEAST = 2
TAIL_BYTES = 8_192
"""What the client writes after a Stop hook without a new turn: summaries, modes, costs."""


def handle(event: Event) -> dict[str, Any] | None:
    """Say what is due, if anything is."""
    store = Store(event.state_root)
    verdict = store.read_verdict(event.session_id)
    if verdict is None and not os.path.exists(store.path(event.session_id, "state.json")):
        return None
    if verdict is not None and is_quiet(event, verdict):
        store.journal(event.session_id, "UserPromptSubmit", level=verdict["level"])
        return None
    from clearpoint.prompting import answer_prompt

    return answer_prompt(event, verdict)


def is_quiet(event: Event, verdict: Verdict) -> bool:
    """Whether the verdict still holds and there is nothing to say."""
    if verdict["note"] or verdict["awaiting"]:
        return False
    tokens = len(event.text("prompt")) // CHARS_PER_TOKEN_AT_LEAST
    ahead = verdict["next_level_at"]
    if ahead is not None and verdict["projected"] + tokens >= ahead:
        return False
    return not has_new_turn(event.transcript_path, verdict["size"])


def has_new_turn(path: str | None, size: int) -> bool:
    """Whether the transcript holds an answer, or much text, behind what was read."""
    if path is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        grown = os.fstat(descriptor).st_size - size
        if not 0 <= grown <= TAIL_BYTES:
            return True
        os.lseek(descriptor, size, os.SEEK_SET)
        return b'"assistant"' in os.read(descriptor, grown)
    except OSError:
        return False
    finally:
        os.close(descriptor)
