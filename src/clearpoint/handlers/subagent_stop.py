"""SubagentStop: what became of the subagent, for the record and the next one."""

from __future__ import annotations

from clearpoint.handoffs import hooks
from clearpoint.store import agents, processes
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event


def handle(event: Event) -> None:
    """Answer the event."""
    processes.refresh(event)
    folder = Store(event_root(event)).session_folder(event.session_id)
    if agent_id := hooks.agent_of(event):
        agents.end(folder, agent_id)
    hooks.stopped(event)
