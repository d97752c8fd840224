"""What may go of a project's state folder and what must stay, by age and by size.

Sessions that a running client holds stay, with all that they continue: their decisions point into
its archives. So does what was written within a day, and a crashed session for as long as it can be
carried over. Nothing outside the folder is touched, and no link is followed.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.clock import DAY_S, HOUR_S
from clearpoint.retention import inventory
from clearpoint.session.recovery import furthest_checkpoint, whole_state
from clearpoint.session.stored import full_lock
from clearpoint.store import held_prompts, processes

if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.retention.inventory import Item
    from clearpoint.store.store import Store

MEGABYTE = 1_000_000
OPEN_ELSEWHERE = (
    "it may still be open elsewhere, such as in a container; to remove it anyway: clearpoint gc"
    " --unclosed"
)
POINTED = re.compile(r"\Asessions/([\w-]+)/")


class Removal(NamedTuple):
    """An item that may go, and why."""

    item: Item
    reason: str


class Plan(NamedTuple):
    """What goes. `kept` are the sessions that stay though they are too old or too much, and why."""

    removals: tuple[Removal, ...]
    kept: dict[str, str]
    bytes_before: int

    @property
    def freed(self) -> int:
        """Bytes of what goes."""
        return sum(removal.item.bytes for removal in self.removals)


def plan(store: Store, config: Config, now: float, *, unclosed: bool = False) -> Plan:
    """Decide what goes by `[retention]`: what is too old, then the oldest until the rest fits.

    With `unclosed`, the user knows that no old session is open where it cannot be seen from here.
    """
    days, megabytes = config["retention"]["days"], config["retention"]["megabytes"]
    before = inventory.size_of(store.root)
    removals = [Removal(one, "left by killed processes") for one in inventory.leftovers(store, now)]
    removals += [
        Removal(one, "of processes that have ended")
        for one in inventory.dead_links(store, now - crash_span_s(config))
    ]
    needed = in_use(store, config, now, may_be_open=not unclosed)
    kept: dict[str, str] = {}
    rest = before - sum(removal.item.bytes for removal in removals)
    items = [*inventory.sessions(store), *inventory.quarantined(store)]
    for item in sorted(items, key=lambda one: one.changed):
        if days and now - item.changed > days * DAY_S:
            reason = f"not written for {days} days"
        elif megabytes and rest > megabytes * MEGABYTE:
            reason = f"the oldest, above {megabytes} MB"
        else:
            continue
        if item.kind == "session" and item.name in needed:
            kept[item.name] = needed[item.name]
        else:
            removals.append(Removal(item, reason))
            rest -= item.bytes
    return Plan(tuple(removals), kept, before)


def carry_out(store: Store, planned: Plan) -> list[tuple[Removal, str]]:
    """Remove what was planned; return what could not be, each with the reason in words."""
    failed = []
    for removal in planned.removals:
        try:
            remove(store, removal.item)
        except FileNotFoundError:
            continue  # it went by itself
        except OSError as error:
            failed.append((removal, error.strerror or str(error)))
    return failed


def tidy(store: Store, config: Config, now: float) -> int:
    """Remove what has grown too old or too large; return the number of items.

    Links stay: a process that does not show here can run beside us, in another container.
    """
    planned = plan(store, config, now)
    removals = tuple(one for one in planned.removals if one.item.kind != "link")
    planned = planned._replace(removals=removals)
    return len(planned.removals) - len(carry_out(store, planned))


def remove(store: Store, item: Item) -> None:
    """Remove one item whole; raises OSError, also where it is in use by now."""
    path = item.path
    if item.kind == "session":
        with full_lock(store, item.name):
            if inventory.last_written(path) > item.changed or item.name in processes.holders(store):
                raise BlockingIOError(errno.EBUSY, "in use again", path)
        trash = os.path.join(store.root, f"{item.name}.{os.getpid()}.{time.monotonic_ns():x}.tmp")
        os.rename(path, trash)  # first, so that no half of a session is ever seen
        path = trash
    if os.path.isdir(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def in_use(store: Store, config: Config, now: float, *, may_be_open: bool = True) -> dict[str, str]:
    """The sessions that must stay, each with the reason.

    Where the lineage of one cannot be read, all stay.
    """
    reasons = dict.fromkeys(processes.holders(store), "in use by a running Claude Code")
    found, crash_s = inventory.sessions(store), crash_span_s(config)
    for item in found:
        if held_prompts.is_waiting(store, item.name):
            reasons.setdefault(item.name, "it has a held prompt")
        elif now - item.changed < DAY_S:
            reasons.setdefault(item.name, "it was written within a day")
        elif why := left_open(store, item, now - crash_s, may_be_open=may_be_open):
            reasons.setdefault(item.name, why)
    waiting = list(reasons)
    while waiting:
        session_id = waiting.pop()
        state = state_of(store, session_id)
        if state is None and has_state(store, session_id):
            unread = f"the lineage of {session_id} cannot be read"
            return {**dict.fromkeys((item.name for item in found), unread), **reasons}
        for one in continued_by(state) if state else ():
            if one not in reasons:
                reasons[one] = f"{session_id} continues it"
                waiting.append(one)
    return reasons


def crash_span_s(config: Config) -> float:
    """How long a crashed session can be carried over."""
    return config["reload"]["after_crash_hours"] * HOUR_S


def left_open(store: Store, item: Item, since: float, *, may_be_open: bool) -> str:
    """Why a session that nobody closed must stay; empty if it may go."""
    state = state_of(store, item.name)
    if state is None or state["ended"] is not None:
        return ""
    if processes.life_of(store, state) == "unknown":
        return OPEN_ELSEWHERE if may_be_open else ""
    is_crash = state["usage"]["used"] and item.changed > since
    return "it can be carried over after its crash" if is_crash else ""


def continued_by(state: State) -> set[str]:
    """The sessions that this one needs: its parent, and those whose archives it points into."""
    work = state["work_state"]
    pointing = (*work["decisions"], *work["issues"], *work["notes"], *work["spans"])
    pointed = (POINTED.match(one.get("pointer") or "") for one in pointing)
    named = {found[1] for found in pointed if found} | {state["lineage"]["parent_id"] or ""}
    return {one for one in named if is_session_id(one)} - {state["session_id"]}


def state_of(store: Store, session_id: str) -> State | None:
    """A session's state, of its best checkpoint if it is damaged; None if there is none."""
    path = store.state_path(session_id)
    return whole_state(path, session_id) or furthest_checkpoint(store, session_id)


def has_state(store: Store, session_id: str) -> bool:
    """Whether there ever was a state."""
    names = ("state.json", "checkpoints")
    return any(os.path.lexists(store.path(session_id, name)) for name in names)
