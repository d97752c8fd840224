"""UserPromptSubmit: in the usual case, nothing, at once. Fast lane.

Stop left a verdict. Only where it holds a note for Claude, where the transcript has grown a turn
that no Stop has seen (an interrupted one), where this prompt may reach the next level or be held
back, where one that was held back waits, where a reload context has not been seen to arrive, or
where the prompt calls for a tag, is the state itself read.
"""

from __future__ import annotations

import os

from clearpoint.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import Verdict

COMMAND = "/clearpoint:"
"""How a prompt begins that we answer ourselves."""
CHARS_PER_TOKEN_AT_LEAST = 2
TAIL_BYTES = 8_192
"""What the client writes after a Stop hook without a new turn: summaries, modes, costs."""


def handle(event: Event) -> dict[str, Any] | None:
    """Say what is due, if anything is."""
    if event.text("prompt").startswith(COMMAND):
        from clearpoint.slash import answer_command

        if answer := answer_command(event):
            return answer
    store = Store(event.state_root)
    verdict = store.read_verdict(event.session_id)
    tagged = calls_tags(event)
    known = verdict is not None or os.path.exists(store.path(event.session_id, "state.json"))
    if not known and not tagged:
        return None
    if verdict is not None and not tagged and is_quiet(event, verdict):
        store.journal(event.session_id, "UserPromptSubmit", level=verdict["level"])
        return None
    from clearpoint.prompting import answer_prompt

    return answer_prompt(event, verdict)


def calls_tags(event: Event) -> bool:
    """Whether the prompt calls for a tag that is kept."""
    prompt = event.text("prompt")
    if "@" not in prompt:
        return False
    from clearpoint import tags

    return bool(tags.called(event.state_root, prompt))


def is_quiet(event: Event, verdict: Verdict) -> bool:
    """Whether the verdict still holds and there is nothing to say."""
    if verdict["note"] or verdict["awaiting"]:
        return False
    tokens = len(event.text("prompt")) // CHARS_PER_TOKEN_AT_LEAST
    for ahead in (verdict["next_level_at"], verdict["holds_from"]):
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
