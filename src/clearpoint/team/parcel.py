"""What is sent of one session: a snapshot, its usage, and its passages. Pure.

A parcel is a plain JSON object, so that it can wait on disk for a server that is away.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from clearpoint.models.usage import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clearpoint.models.state import State
    from clearpoint.sync.snapshot import Head

TASK_CHARS = 300
NUL = "\x00"
"""The one character that PostgreSQL keeps in no text."""


class Passage(TypedDict):
    """A passage as it is searched for."""

    turn: int
    number: int
    kind: str
    at: int
    body: str


class Parcel(TypedDict):
    """What is sent of one session at once; `digest` tells two parcels of a session apart."""

    format: int
    digest: str
    project: str
    session_id: str
    machine: str
    at: str
    requests: int
    used: int
    model: str | None
    phase: str
    task: str
    state: str
    handover: str
    usage: list[Request]
    passages: list[Passage]


def parcel(  # noqa: PLR0913, PLR0917
    project: str,
    head: Head,
    state: State,
    texts: tuple[str, str],
    usage: Iterable[Request],
    passages: Iterable[Passage],
) -> Parcel:
    """Put a session's parcel together; `texts` are the state as a file and the hand-over."""
    written, handover = texts
    work = state["work_state"]
    return {
        "format": 1,
        "digest": hashlib.sha256(written.encode()).hexdigest()[:32],
        "project": project,
        "session_id": head["session_id"],
        "machine": head["machine"],
        "at": head["at"],
        "requests": head["requests"],
        "used": state["context_window"]["used"],
        "model": state["model"],
        "phase": work["phase"],
        "task": (work["first_prompt"] or "")[:TASK_CHARS],
        "state": written,
        "handover": handover,
        "usage": list(usage),
        "passages": list(passages),
    }


def storable(value: Any) -> Any:
    """A JSON value without the character that no text in the database may hold."""
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {key: storable(one) for key, one in value.items()}
    return value
