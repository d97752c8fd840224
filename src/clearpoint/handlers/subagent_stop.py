"""SubagentStop: what became of the subagent, for the record and the next one."""

from __future__ import annotations

from clearpoint.handoffs import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event


def handle(event: Event) -> None:
    """Answer the event."""
    hooks.stopped(event)
