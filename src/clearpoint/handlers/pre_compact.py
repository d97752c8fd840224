"""PreCompact: checkpoint, archive, and tell the summarizer what to keep.

The client takes standard output as it stands, never as JSON, into the "Additional Instructions"
of its own summarizer, and shows it to the user at a manual `/compact`: plain, readable text.
"""

from __future__ import annotations

from clearpoint.client.replies import sanitized
from clearpoint.lowlevel.clock import now_text
from clearpoint.project import task_files, worktree
from clearpoint.project.repository import Repository
from clearpoint.reload.compaction import instructions
from clearpoint.session import summaries
from clearpoint.session.archive import archive
from clearpoint.session.update import PATIENCE_S, update_for
from clearpoint.store import checkpoints
from clearpoint.work import commit_hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.client.events import Event
    from clearpoint.session.update import SessionUpdate


def handle(event: Event) -> str | None:
    """Save what the compaction will take away; return the instructions."""
    update = update_for(event)
    try:
        return answer(update, event)
    except TimeoutError as error:
        from clearpoint.handlers.unlocked import at_compaction

        return sanitized(at_compaction(update, event, error)) or None


def answer(update: SessionUpdate, event: Event) -> str | None:
    """Checkpoint, archive, and judge; the instructions."""
    with update.store.lock(event.session_id):
        state = update.load()
        if update.is_new:
            from clearpoint.lineage.takeover import repair

            repair(update, state, event)
        update.catch_up(state, PATIENCE_S, PATIENCE_S)  # the compaction itself takes longer
        update.judge(state, event)
        folder = worktree.folder_in_use(state["system"]["cwd"], event.project_dir)
        state["work_state"]["git"] = worktree.look(
            folder, event.project_dir, now_text(), Repository(folder, update.store.root)
        )
        commit_hashes.renew(state["work_state"])
        task_files.take(state["work_state"], folder)
        try:
            # While lines are unread, an archive would hold the oldest, which are not needed.
            archived = None if state["backlog"] else archive(update.store, state)
            summaries.forget(update.store, event.session_id)
        finally:  # what cannot be archived is lost with the compaction: the state is not
            data = update.write(state)
            checkpoints.take(update.store, state, "before-compaction", data)
        update.store.journal(
            event.session_id,
            "PreCompact",
            trigger=event.text("trigger"),
            used=state["context_window"]["used"],
            archive=archived,
        )
    return sanitized(instructions(state)) or None
