"""PreToolUse on the Agent tool: a handoff package for the subagent that is about to start."""

from __future__ import annotations

from clearpoint.handoffs import hooks
from clearpoint.store import processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event


def handle(event: Event) -> dict[str, Any] | None:
    """Answer the event."""
    processes.refresh(event)
    return hooks.called(event)
