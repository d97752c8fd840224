"""SubagentStop: what became of the subagent, for the record and the next one.

The summarizer of a compaction ends as a subagent without a kind, and its answer is the summary.
"""

from __future__ import annotations

from clearpoint.handoffs import hooks
from clearpoint.session import summaries
from clearpoint.store import agents, processes
from clearpoint.store.layout import event_root
from clearpoint.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event


def handle(event: Event) -> None:
    """Answer the event."""
    processes.refresh(event)
    store = Store(event_root(event))
    answer = event.text("last_assistant_message")
    if not event.text("agent_type") and summaries.is_one(answer):
        summaries.keep(store, event.session_id, answer)
        return
    folder = store.session_folder(event.session_id)
    if agent_id := hooks.agent_of(event):
        agents.end(folder, agent_id)
    hooks.stopped(event)
