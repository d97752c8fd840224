"""Prompts that were held back: kept as they were typed, offered once where the work goes on.

They wait beside the state of the session that they were typed in, and move with its work from one
session to the next, in a single rename, so that two sessions never both have one.
"""

from __future__ import annotations

import os

from clearpoint.client import sanitize
from clearpoint.client.replies import cut
from clearpoint.client.vocabulary import NOTIFICATION
from clearpoint.lowlevel.files import make_folder, replace, write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.store.store import Store

FILE = "held.json"
SHOWN_UNITS = 8_000
"""A longer prompt is given to Claude as the file that holds it, and its beginning."""

GIVEN = (
    "Held prompt: the user typed the following before this prompt. It was held back because the "
    "context window was full, and nothing has been done about it yet. They know that it is offered "
    "here; what they write now says whether to act on it, and a short “go on” means yes."
)


def is_waiting(store: Store, session_id: str) -> bool:
    """Whether the session has a prompt that was held back."""
    return os.path.exists(store.path(session_id, FILE))


def is_typed(prompt: str) -> bool:
    """Whether a user may have written the prompt; what the client writes is never held back."""
    return bool(prompt.strip()) and not prompt.startswith(NOTIFICATION)


def is_among(prompt: str, prompts: list[str]) -> bool:
    """Whether the prompt is one of these; the client may trim its ends."""
    return prompt.strip() in [one.strip() for one in prompts]


def read(store: Store, session_id: str) -> list[str]:
    """The prompts that wait, the oldest first; a damaged file goes to quarantine."""
    try:
        prompts: list[str] = read_sealed(store.path(session_id, FILE))["prompts"]
    except FileNotFoundError:
        return []
    except DamagedStateError:
        store.quarantine(session_id, FILE)
        return []
    return prompts


def is_left_behind(store: Store, state: State, since: float) -> bool:
    """Whether nobody else will come back for the prompts of a session, last written after `since`.

    Who has gone from a session to another within the client may do so.
    """
    from clearpoint.lowlevel.clock import seconds_of
    from clearpoint.store import processes

    if state["ended"] == "resume" or (seconds_of(state["last_updated"]) or 0.0) < since:
        return False
    if not is_waiting(store, state["session_id"]):
        return False
    life = processes.life_of(store, state)
    return life != "running" if state["ended"] else life == "ended"


def hold(store: Store, session_id: str, prompt: str) -> None:
    """Keep one more prompt; raises OSError if it cannot be kept, and then it must go through."""
    _write(store, session_id, [*read(store, session_id), prompt])


def move(store: Store, from_id: str, to_id: str) -> None:
    """Have the prompts of one session wait in another."""
    already = read(store, to_id)
    try:
        replace(store.path(from_id, FILE), store.path(to_id, FILE))
    except FileNotFoundError:
        return  # it has none, or another process was quicker
    if already:
        _write(store, to_id, [*already, *read(store, to_id)])


def release(store: Store, session_id: str, prompt: str) -> str:
    """Let a prompt through, and give with it, as context, those that wait; none waits any more.

    The prompt itself, sent again, needs no context. All are kept as files of the archive.
    """
    waiting = read(store, session_id)
    kept = [(one, _archive(store, session_id, one)) for one in waiting]
    if waiting:
        os.unlink(store.path(session_id, FILE))
    parts = [_quoted(one, path) for one, path in kept if not is_among(prompt, [one])]
    return "\n".join([GIVEN, *parts]) if parts else ""


def _quoted(prompt: str, path: str) -> str:
    """A prompt as it was typed, and the file that has all of it where this is its beginning."""
    shown = cut(prompt, SHOWN_UNITS)
    where = "" if shown == prompt else f' beginning_only="true" whole_text="{path}"'
    return f"<held_prompt{where}>\n{sanitize.lines(shown)}\n</held_prompt>"


def _write(store: Store, session_id: str, prompts: list[str]) -> None:
    write_atomically(store.path(session_id, FILE), seal({"prompts": prompts}))


def _archive(store: Store, session_id: str, prompt: str) -> str:
    """Keep a prompt as a text file; return its path."""
    folder = store.path(session_id, "archive")
    make_folder(folder)
    number = sum(name.startswith("prompt-") for name in os.listdir(folder)) + 1
    path = os.path.join(folder, f"prompt-{number}.txt")
    write_atomically(path, prompt.encode("utf-8", "replace"))
    return path
