"""What the next session of a checkout is asked to continue: one small file, used once."""

from __future__ import annotations

import os

from clearpoint.lowlevel.checks import is_session_id, is_text
from clearpoint.lowlevel.files import write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.store.store import Store

FILE = "continue.json"


def write_order(store: Store, project: str, session_id: str, now: str) -> None:
    """Ask the next session of a project to continue one."""
    store.make_root()
    order = {"project": project, "session_id": session_id, "at": now}
    write_atomically(os.path.join(store.root, FILE), seal(order, 1))


def read_order(store: Store) -> dict[str, str] | None:
    """What was asked for, None if nothing was."""
    try:
        order: Any = read_sealed(os.path.join(store.root, FILE))
    except (OSError, DamagedStateError):
        return None
    is_whole = is_session_id(order.get("session_id")) and is_text(order.get("project"))
    return order if is_whole and is_text(order.get("at")) else None


def remove_order(store: Store) -> None:
    """Forget it."""
    try:
        os.unlink(os.path.join(store.root, FILE))
    except FileNotFoundError:
        return  # another process was quicker
