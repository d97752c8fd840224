"""Context hygiene: what takes up context without need, what to do about it and what that saves.

Looked at are the memory files on disk, what the newest sessions' requests list, the MCP servers
that are configured, and the newest conversations. Full lane: transcripts are read and measured.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from clearpoint.attribution.attribution import attribute
from clearpoint.client.settings import config_dir
from clearpoint.hygiene import conversation, listings, memory
from clearpoint.hygiene.savings import Looked, Saving
from clearpoint.lowlevel.paths import home
from clearpoint.session.recovery import whole_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.store.store import Store

__all__ = ["Saving", "examine", "note"]

LOOKED_INTO = 3
"""How many of the newest conversations are read through."""
TRANSCRIPT_BYTES = 64 << 20
"""A longer transcript is passed over: reading it takes seconds."""


def examine(
    project: str,
    env: Mapping[str, str],
    store: Store,
    config: Config,
    conversations: int = LOOKED_INTO,
) -> list[Saving]:
    """Everything that could be saved, the most first."""
    states = newest_states(store, config["hygiene"]["sessions"])
    folder = config_dir(env)
    looked = look_into(states, config, project, folder, conversations)
    own_file = os.path.join(env.get("CLAUDE_CONFIG_DIR") or home(env), ".claude.json")
    newest = looked[0].attribution if looked else None
    found = [*memory.look(project, folder, config, states[0]["model"] if states else None)]
    configured = listings.configured_servers(project, folder, own_file)
    found += listings.look_at_servers(configured, states, newest)
    if newest:
        found += listings.look_at_descriptions(newest, config)
    in_sessions = [saving for one in looked for saving in conversation.look(one)]
    for check in dict.fromkeys(saving.check for saving in in_sessions):
        same = (saving for saving in in_sessions if saving.check == check)
        found.append(max(same, key=lambda saving: saving.tokens))
    return sorted(found, key=lambda saving: -saving.tokens)


def newest_states(store: Store, number: int) -> list[State]:
    """The newest sessions that have asked the model something."""
    found: list[State] = []
    for session_id in store.newest_ids():
        state = whole_state(store.state_path(session_id), session_id)
        if state and state["usage"]["requests"]:
            found.append(state)
        if len(found) >= number:
            break
    return found


def look_into(
    states: Sequence[State], config: Config, project: str, folder: str, number: int
) -> list[Looked]:
    """The newest sessions whose transcript can be read, with the parts of their contexts."""
    found: list[Looked] = []
    for state in states:
        path = state["system"]["transcript_path"] or ""
        if len(found) == number:
            break
        if is_readable(path):
            attribution = attribute(path, state, config, project, folder)
            found.append(Looked(state, attribution, project, folder))
    return found


def is_readable(path: str) -> bool:
    """Whether there is a transcript, and it is not too long."""
    return os.path.isfile(path) and os.path.getsize(path) <= TRANSCRIPT_BYTES


def note(savings: Sequence[Saving]) -> str:
    """One line for a user on what is found, the most first; empty if nothing is. Pure."""
    if not savings:
        return ""
    most = savings[0]
    said = f" ({most.said})" if most.said else ""
    more = f" {len(savings) - 1} more:" if len(savings) > 1 else " What to do:"
    return f"Context hygiene: {most.text}{said}.{more} clearpoint doctor"
