"""SubagentStart: the subagent's minimal context, and that it runs."""

from __future__ import annotations

from clearpoint.handoffs import hooks
from clearpoint.store import agents, processes
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event


def handle(event: Event) -> dict[str, Any] | None:
    """Answer the event."""
    processes.refresh(event)
    folder = Store(event_root(event)).session_folder(event.session_id)
    agents.begin(folder, hooks.agent_of(event))
    return hooks.started(event)
