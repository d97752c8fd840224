"""Whether what is kept is whole, within bounds, and can be written; and the settings' files."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from rich.filesize import decimal

from clearpoint.doctor.findings import Case, Finding, owned, writable
from clearpoint.doctor.runs import ELSEWHERE
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.retention import inventory, plan
from clearpoint.session.find import NewerStateError
from clearpoint.session.load import read
from clearpoint.session.recovery import refuse_newer, whole_state
from clearpoint.store import checkpoints, processes
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.layout import IN_PROJECT, is_own_folder
from clearpoint.store.store import GITIGNORE
from clearpoint.text.phrases import counted, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.retention.inventory import Item
    from clearpoint.store.store import Store

STALE_S = 7 * DAY_S
OPEN_TO_OTHERS = 0o077
NAMED = 3


def examine(case: Case) -> Iterator[Finding]:
    """Look into the state folder."""
    yield from _settings(case)
    yield from _earlier(case)
    if not os.path.isdir(case.root):
        yield from _place(case)
        return
    yield from _folder(case)
    kept = inventory.sessions(case.store)
    yield from _integrity(case, kept)
    yield from _quarantine(case)
    yield from _stale(case, kept)
    yield from _leftovers(case)
    yield _size(case, kept)


def _settings(case: Case) -> Iterator[Finding]:
    for problem in case.settings[1]:
        yield Finding("state.settings", "warning", problem, "correct or remove that line")


def _earlier(case: Case) -> Iterator[Finding]:
    """What an earlier version kept in the project, and was not taken over."""
    old = os.path.join(case.project, IN_PROJECT, "sessions")
    if is_own_folder(case.root) and os.path.isdir(old):
        text = f"{case.shown(old)} holds unused sessions: Claude Code has no transcript"
        mend = "delete it if you do not need it"
        yield Finding("state.earlier", "note", f"{text} of them", mend, f"rm -r {shlex.quote(old)}")


def _place(case: Case) -> Iterator[Finding]:
    """There is no state folder yet: whether one can be made."""
    above, quoted = existing(os.path.dirname(case.root)), shlex.quote(case.root)
    if os.path.lexists(case.root):
        text = f"{case.root} is not a folder, so nothing can be stored"
        yield Finding("state.folder", "error", text, command=f"mv {quoted} {quoted}.old")
    elif not os.access(above, os.W_OK):
        text = f"{above} is not writable, so nothing can be stored"
        yield Finding("state.folder", "error", text, "store it elsewhere:", ELSEWHERE)
    elif is_foreign(above):
        text = f"{above}, where the state would be stored, belongs to another user ({owner(above)})"
        mend = "take it over (chown) if it should be yours, or store the state elsewhere:"
        yield Finding("state.folder", "warning", text, mend, ELSEWHERE)


def existing(folder: str) -> str:
    """The folder, or the nearest one above it that there is."""
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def is_foreign(path: str) -> bool:
    """Whether another user owns this."""
    return os.name == "posix" and os.stat(path).st_uid != os.geteuid()


def owner(path: str) -> str:
    """Who owns this, by name where the system knows one."""
    try:
        return Path(path).owner()
    except KeyError:
        return str(os.stat(path).st_uid)


def _folder(case: Case) -> Iterator[Finding]:
    if os.path.islink(case.root):
        text = f"{case.root} is a link, so no hook stores anything in it"
        yield Finding("state.folder", "error", text, command=f"rm {shlex.quote(case.root)}")
    if is_foreign(case.root):
        text = (
            f"{case.root} belongs to another user ({owner(case.root)}), so nothing is stored in it"
        )
        yield Finding("state.folder", "error", text, command=f"sudo {owned(case.root)}")
        return
    if not os.access(case.root, os.W_OK | os.X_OK):
        text = f"{case.root} is not writable, so nothing can be stored"
        yield Finding("state.folder", "error", text, command=writable(case.root))
    mode = stat.S_IMODE(os.stat(case.root).st_mode)
    if os.name == "posix" and mode & OPEN_TO_OTHERS:
        text = f"{case.shown(case.root)} can be read by others ({mode:o})"
        yield Finding(
            "state.privacy", "warning", text, command=f"chmod 700 {shlex.quote(case.root)}"
        )
    ignore = os.path.join(case.root, ".gitignore")
    if not is_own_folder(case.root) and not os.path.lexists(ignore):
        text = f"{case.shown(ignore)} is missing, so git would track what is stored"
        lines = GITIGNORE.decode().replace("\n", r"\n")
        command = f"printf '{lines}' > {shlex.quote(ignore)}"
        yield Finding("state.privacy", "warning", text, command=command)


def _integrity(case: Case, kept: list[Item]) -> Iterator[Finding]:
    """Each state and checkpoint is as it was written, or is named."""
    store, whole, copies = case.store, 0, 0
    for item in kept:
        try:
            whole += state_is_whole(store, item.name)
        except NewerStateError as error:
            yield Finding("state.newer", "warning", str(error))
        except DamagedStateError as error:
            text = f"The state of session {item.name} is damaged: {error}"
            command = f"clearpoint show {item.name}"
            mend = "it is rebuilt from checkpoint and transcript as soon as it is used"
            yield Finding("state.damaged", "warning", text, mend, command)
        except OSError as error:
            text = f"The state of session {item.name} cannot be read: {error.strerror}"
            yield Finding("state.damaged", "error", text, command=writable(case.root))
        for name in checkpoints.names(store, item.name):
            try:
                checkpoints.read(store, item.name, name)
                copies += 1
            except checkpoints.CheckpointError as error:
                text = f"Session {item.name}: {error}"
                path = store.path(item.name, "checkpoints", f"{name}.json")
                yield Finding("state.checkpoints", "note", text, command=f"rm {shlex.quote(path)}")
    told = f"{counted(whole, 'state')} and {counted(copies, 'checkpoint')}"
    yield Finding("state.integrity", "ok", f"{told} intact")


def state_is_whole(store: Store, session_id: str) -> bool:
    """Whether there is a state; raises DamagedStateError, NewerStateError, OSError.

    A whole one of an earlier version is as good: it is migrated at its next use.
    """
    try:
        return read(store, session_id) is not None
    except DamagedStateError:
        path = store.state_path(session_id)
        refuse_newer(path)
        if whole_state(path, session_id) is None:
            raise
    return True


def _quarantine(case: Case) -> Iterator[Finding]:
    found = inventory.quarantined(case.store)
    if not found:
        return
    newest = max(found, key=lambda one: one.changed)
    text = (
        f"{counted(len(found), 'damaged file')} put aside in {case.shown(case.root)}/quarantine"
        f" ({decimal(sum(one.bytes for one in found))}), the newest"
        f" {span(case.now - newest.changed)} ago"
    )
    days = case.settings[0]["retention"]["days"]
    mend = f"nothing: clearpoint gc removes them after {days} days" if days else "delete them"
    yield Finding("state.quarantine", "note", text, mend)


def _stale(case: Case, kept: list[Item]) -> Iterator[Finding]:
    """Sessions that nobody closed and no process holds."""
    stale = [
        one.name[:8]
        for one in kept
        if case.now - one.changed > STALE_S and was_lost(case.store, one.name)
    ]
    if stale:
        text = (
            f"{counted(len(stale), 'session')} of {len(kept)} never closed, over"
            f" {span(STALE_S)} ago: {some(stale)}"
        )
        yield Finding("state.stale", "note", text, command="clearpoint gc --days 7 --dry-run")


def was_lost(store: Store, session_id: str) -> bool:
    """Whether a session's process is known to have ended without closing it."""
    state = whole_state(store.state_path(session_id), session_id)
    if state is None or state["ended"] is not None:
        return False
    return processes.life_of(store, state) in ("ended", "rebooted")


def _leftovers(case: Case) -> Iterator[Finding]:
    found = inventory.leftovers(case.store, case.now)
    if found:
        text = f"{counted(len(found), 'temporary file')} of killed processes"
        size = decimal(sum(one.bytes for one in found))
        yield Finding("state.leftovers", "note", f"{text}, {size}", command="clearpoint gc")


def _size(case: Case, kept: list[Item]) -> Finding:
    size, limit = inventory.size_of(case.root), case.settings[0]["retention"]["megabytes"]
    text = f"{decimal(size)} in {case.shown(case.root)}, {counted(len(kept), 'session')}"
    if limit and size > limit * plan.MEGABYTE:
        return Finding(
            "state.size", "warning", f"{text}: more than {limit} MB (retention.megabytes)",
            command="clearpoint gc",
        )  # fmt: skip
    return Finding("state.size", "ok", text)


def some(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
