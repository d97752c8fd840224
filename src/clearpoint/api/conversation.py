"""The whole conversation of a session: its archives, and what is not archived yet.

Of a session without either, what its state tells: prompts, decisions, the last answer.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from clearpoint.lowlevel.files import read_bytes
from clearpoint.session.archive import archive, messages_in
from clearpoint.store.store import Store
from clearpoint.text.summary import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.work import WorkState
    from clearpoint.session.stored import StoredSession

WITHIN_S = 60.0
ARCHIVE_BYTES = 64 << 20


def conversation(kept: StoredSession) -> list[Message]:
    """The messages in order, each with its archive's name and line as pointer."""
    state = kept.current()
    found = [one for name in state["archives"] for one in _read(kept.store.root, name)]
    with tempfile.TemporaryDirectory() as place:
        if name := archive(Store(place), state, WITHIN_S):
            found += _read(place, name)
    return found or list(_recorded(state["work_state"]))


def _recorded(work: WorkState) -> Iterator[Message]:
    """What the state holds of the conversation, pointers counted from 0 (`state:0`)."""
    prompts = [one for one in (work["first_prompt"], *work["prompts"]) if one]
    said = [("user", one) for one in dict.fromkeys(prompts)]
    said += [("assistant", one["text"]) for one in work["decisions"]]
    said += [("assistant", work["last_answer"])] if work["last_answer"] else []
    for number, (role, text) in enumerate(said):
        yield Message(role, text, f"state:{number}")


def _read(root: str, name: str) -> Iterator[Message]:
    try:
        text = read_bytes(os.path.join(root, name), ARCHIVE_BYTES).decode("utf-8", "replace")
    except OSError:  # removed by `clearpoint gc`, or by the user
        return
    for message in messages_in(text):
        yield message._replace(pointer=f"{os.path.basename(name)}:{message.pointer}")
