"""Which subagents of a session run: a file for each, made and removed by their own events.

Each Stop sets it right by the client's own list, for an agent can end without an event.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.files import make_folder, open_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAME = "agents"
AGENT, RUNNING = "subagent", "running"
"""A background task's `type` and `status` in the client's list."""


def running(session_folder: str) -> list[str]:
    """The ids of the subagents that run."""
    try:
        return os.listdir(os.path.join(session_folder, NAME))
    except OSError:
        return []


def begin(session_folder: str, agent_id: str) -> None:
    """Note that a subagent has started."""
    folder = os.path.join(session_folder, NAME)
    if not is_session_id(agent_id) or not os.path.isdir(session_folder):
        return
    try:
        make_folder(folder)
        os.close(open_regular(os.path.join(folder, agent_id), os.O_WRONLY | os.O_CREAT))
    except OSError:
        return  # a folder that cannot be written: the line goes without


def end(session_folder: str, agent_id: str) -> None:
    """Note that a subagent has ended."""
    try:
        os.unlink(os.path.join(session_folder, NAME, agent_id))
    except OSError:
        return  # it was not noted


def keep_running(session_folder: str, tasks: Any) -> None:
    """Forget the subagents that the client does not list among what runs, and add the others."""
    if not isinstance(tasks, list):
        return
    found = [task for task in tasks if isinstance(task, dict) and task.get("type") == AGENT]
    listed = {str(task.get("id")) for task in found if task.get("status", RUNNING) == RUNNING}
    known = set(running(session_folder))
    for agent_id in known - listed:
        end(session_folder, agent_id)
    for agent_id in listed - known:
        begin(session_folder, agent_id)
