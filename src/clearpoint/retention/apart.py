"""Tidying a state folder of many sessions in a process of its own, which no hook waits for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from clearpoint.config import load as settings
from clearpoint.retention import plan
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping


def run(root: str, project: str, session_id: str, env: Mapping[str, str]) -> None:
    """Remove what may go, and note it in the journal."""
    store = Store(root)
    config, _ = settings.load(project, root, env)
    if removed := plan.tidy(store, config, time.time()):
        store.journal(session_id, "gc", removed=removed)
