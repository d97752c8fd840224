"""Push and pull by themselves, in a process of their own that nobody waits for."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from clearpoint.config import load as settings
from clearpoint.store.layout import event_root, own_folder
from clearpoint.sync import remote

if TYPE_CHECKING:
    from clearpoint.client.events import Event

PROGRAM = "import sys; from clearpoint.cli.main import main; sys.exit(main(sys.argv[1:]))"


def exchange_in_background(command: str, event: Event) -> bool:
    """Start `push` or `pull` for the event's project where the user wants that; tell whether."""
    root = event_root(event)
    config, _ = settings.load(event.project_dir, root, event.env)
    if not config["remote"]["sync"]:
        return False
    key, own = remote.key_of(root), own_folder(event.env)
    if not any(remote.read(own, key, kind) for kind in remote.KINDS):
        return False
    given = [command, "--quiet", "--project", event.project_dir]
    with open(os.devnull, "r+b") as null:
        subprocess.Popen(  # noqa: S603  (this very interpreter, with the project's path)
            [sys.executable, "-I", "-c", PROGRAM, *given],
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=True,
        )
    return True
