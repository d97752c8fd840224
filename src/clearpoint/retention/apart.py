"""Tidying a state folder of many sessions in a process of its own, which no hook waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from clearpoint.config import load as settings
from clearpoint.retention import plan
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = """import os, sys
from clearpoint.retention.apart import run
os.name == "nt" or os.nice(10)
run(*sys.argv[1:], os.environ)
"""


def start(store: Store, project: str, session_id: str) -> None:
    """Start it, with the least claim on the processor."""
    with open(os.devnull, "r+b") as null:
        subprocess.Popen(  # noqa: S603  (this very interpreter, with two paths and an id)
            [sys.executable, "-I", "-c", PROGRAM, store.root, project, session_id],
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=True,
        )


def run(root: str, project: str, session_id: str, env: Mapping[str, str]) -> None:
    """Remove what may go, and note it in the journal."""
    store = Store(root)
    config, _ = settings.load(project, root, env)
    if removed := plan.tidy(store, config, time.time()):
        store.journal(session_id, "gc", removed=removed)
