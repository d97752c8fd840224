"""Giving a session the work of the one that it continues, and the words for it."""

from __future__ import annotations

import os

from clearpoint.lineage import candidates
from clearpoint.lineage.candidates import rebuild
from clearpoint.lowlevel.clock import now_text, seconds_of
from clearpoint.lowlevel.paths import home
from clearpoint.lowlevel.process import identify
from clearpoint.reload import delivery
from clearpoint.store import checkpoints, held_prompts, processes
from clearpoint.store.layout import checkout_of
from clearpoint.transcript.reader import Transcript
from clearpoint.work import unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.client.events import Event
    from clearpoint.models.state import State
    from clearpoint.session.update import SessionUpdate

DISCLOSED_LIMIT = 60
IN_CONTEXT = ("compact", "resume")
"""Starts after which the conversation goes on."""
UNREAD_BYTES = 64 << 10
"""What the client writes behind the last turn is less."""
ROUNDED_S = 1.0
"""Fractions of seconds are dropped where times are read."""
TRIES = 2
"""How often archiving is tried if the disk fails."""
LOCK_S = 0.3
"""Who ends a long session may archive it for longer; its state can be read all the same."""


def take_over(
    update: SessionUpdate, parent: State, state: State, source: str, *, is_closed: bool = True
) -> None:
    """Give the session its parent's work, whose conversation is archived unless it goes on."""
    from clearpoint.reload import inherit
    from clearpoint.session.archive import archive

    parent_id = parent["session_id"]
    is_closed = is_closed and source != "fork"
    if is_closed:  # a turn that nobody saw the end of is in the transcript only
        parent = rebuild(update, parent_id, LOCK_S) or rebuild(update, parent_id, 0.0) or parent
    for _ in range(TRIES):
        try:
            with update.store.lock(parent_id, LOCK_S):
                parent = newest(candidates.readable(update, parent_id), parent)
                if is_closed and archive(update.store, parent):
                    update.store.write_state(parent)
            break
        except TimeoutError:  # its own end archives it
            parent = newest(candidates.readable(update, parent_id), parent)
            break
        except OSError:  # the disk fails: what was read is known all the same
            continue
    inherit.carry(parent, state)
    is_end = unread_bytes(parent) > UNREAD_BYTES
    if is_end:
        unread.forget_present(state["work_state"])
    if is_end or parent["backlog"]:
        unread.note(state["work_state"], parent, is_end=is_end)
    if source == "fork":
        inherit.copy_conversation(parent, state)


def newest(kept: State | None, known: State) -> State:
    """Whichever of two states of a session has read further."""
    if kept is None:
        return known
    return known if read_so_far(known) > read_so_far(kept) else kept


def read_so_far(state: State) -> int:
    """How much of its transcript a state has read."""
    return state["transcript"]["offset"] if state["transcript"] else 0


def unread_bytes(state: State) -> int:
    """How much of its transcript a state has not read; 0 if that cannot be told."""
    cursor = state["transcript"]
    try:
        return os.path.getsize(cursor["path"]) - cursor["offset"] if cursor else 0
    except OSError:
        return 0


def composed(update: SessionUpdate, state: State, reason: str, seen: int) -> str:
    """The reload context for this start, empty if there is nothing to carry.

    Where the conversation is still in the context and was not read to its end, nothing is better
    than what stood in its middle.
    """
    if reason == "startup" or (update.behind and reason in IN_CONTEXT):
        return ""
    from clearpoint.project import task_files, trailers, worktree
    from clearpoint.project.git import worktree_of
    from clearpoint.project.repository import Repository
    from clearpoint.reload import compose
    from clearpoint.reload.build import context
    from clearpoint.store import tags
    from clearpoint.work import commit_hashes

    if reason not in compose.HEADS:
        return ""
    project = update.project
    leave_gone_worktrees(state, project, update.env)
    folder = worktree.folder_in_use(state["system"]["cwd"], project)
    repository = Repository(folder, update.store.root)
    around = repository if worktree_of(project)[0] == repository.top else None
    if reason not in compose.MEANWHILE_ALONE:
        state["work_state"]["git"] = worktree.look(folder, project, now_text(), repository)
        commit_hashes.renew(state["work_state"])
        trailers.note(state["work_state"], repository)
        task_files.take(state["work_state"], folder)
    text, now = context(update, state, reason, seen, around)
    if now.files:
        state["disclosure"] = [one.as_kept() for one in now.files][:DISCLOSED_LIMIT]
    if used := {long: name for long, name in now.references.items() if f"@{name}" in text}:
        tags.keep(update.store.root, used)
    return text


def leave_gone_worktrees(state: State, project: str, env: Mapping[str, str]) -> None:
    """Have the paths of worktrees that were removed lead to the checkout that the work goes on in.

    A session of such a worktree can go on in the main checkout.
    """
    from clearpoint.work import worktrees

    work, here = state["work_state"], checkout_of(project, home(env))
    known = {*state["system"]["checkouts"], *worktrees.of_the_client(work)}
    gone = [top for top in known if not os.path.isdir(top)]
    if gone and os.path.isdir(here):
        worktrees.relocate(work, gone, here)


def repair(update: SessionUpdate, state: State, event: Event) -> str:
    """Link a session whose start failed; return the work that it should have been given.

    Only after a clear: this very process held the session that was cleared.
    """
    holder = identify(event.client_pid)
    before = processes.held_before(update.store, holder, event.session_id)
    parent = candidates.readable(update, before) if before else None
    if parent is None or parent["ended"] != "clear" or was_there(update, parent):
        return ""
    known = candidates.known_to(update)
    if parent["session_id"] in {one["lineage"]["parent_id"] for one in known}:
        return ""
    evidence = "the same client process; found by a later event"
    state["lineage"] = {
        "parent_id": parent["session_id"], "reason": "clear", "confidence": "exact",
        "evidence": evidence,
    }  # fmt: skip
    take_over(update, parent, state, "clear")
    if held_prompts.is_waiting(update.store, parent["session_id"]):
        held_prompts.move(update.store, parent["session_id"], update.session_id)
    text = composed(update, state, "clear", state["work_state"]["touches"])
    checkpoints.save(update.store, state, checkpoints.START)
    await_delivery(update, state, text)
    return text


def was_there(update: SessionUpdate, parent: State) -> bool:
    """Whether the session's own transcript is older than the last turn of the one before it.

    Then the client went back to an earlier session, which is no clear.
    """
    since = parent["system"]["left_at"] or seconds_of(parent["created_at"])
    began = began_at(update.transcript_path)
    return since is not None and began is not None and began < since - ROUNDED_S


def began_at(path: str | None) -> float | None:
    """When a transcript was begun, in seconds; None if it does not tell."""
    try:
        transcript = Transcript(path or "", None)
    except OSError:
        return None
    try:
        times = (seconds_of(entry.get("timestamp") or "") for entry in transcript.entries())
        return next((time for time in times if time), None)
    finally:
        transcript.close()


def await_delivery(update: SessionUpdate, state: State, text: str) -> None:
    """Keep what a session is given until its transcript shows that it has arrived."""
    system = state["system"]
    system["reloaded_at"] = state["usage"]["requests"]
    system["reloaded_behind"] = delivery.read_to(state["transcript"], update.transcript_path)
    system["awaiting"] = delivery.mark_in(text)
    if text:
        delivery.keep(update.store, update.session_id, text)
