"""SubagentStart: the subagent's minimal context."""

from __future__ import annotations

from clearpoint.handoffs import in_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event


def handle(event: Event) -> dict[str, Any] | None:
    """Answer the event."""
    return in_client.started(event)
