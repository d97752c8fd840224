"""Whose state it is: a session is the user's own where the client has a transcript of it.

A state folder can come with a repository, checksums and all. What is asked for by the id of the
current session is not affected, since nobody can know that id beforehand; but what is found by
looking around is believed only where the client's own folder, which no repository reaches, holds
a transcript of the same id beside the current one, or of the session that it says it continues:
that id, too, nobody else can know. Standard library only: the fast lane asks too.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.checks import is_session_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import State


def is_own(session_id: str, transcript_path: str | None) -> bool:
    """Whether the client has a transcript of the session beside this one."""
    folder = os.path.dirname(transcript_path or "")
    return bool(folder) and os.path.isfile(os.path.join(folder, f"{session_id}.jsonl"))


def first_own(session_ids: list[str], transcript_path: str | None, limit: int) -> list[str]:
    """The first of these sessions that are the user's own; no more are looked at than needed."""
    found: list[str] = []
    for session_id in session_ids:
        if len(found) == limit:
            break
        if is_own(session_id, transcript_path):
            found.append(session_id)
    return found


def continues_own(state: State, transcript_path: str | None) -> bool:
    """Whether the session names one of the user's own as the one that it continues.

    A client writes no transcript before the first prompt.
    """
    parent_id = state["lineage"]["parent_id"]
    return is_session_id(parent_id) and is_own(parent_id, transcript_path)
