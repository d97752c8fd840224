"""Status line: how full, how long, where the work stands. Fast lane.

The client's own figures come with the event, so the line is right even before there is a state.
The window size, which no other event carries, is kept for the hooks.
"""

from __future__ import annotations

import os
import time

from clearpoint.budget.window import LONG_WINDOW_TOKENS, number
from clearpoint.client.model_ids import is_long
from clearpoint.config import load as settings
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_name
from clearpoint.lowlevel.files import is_content, write_atomically
from clearpoint.statusline import line
from clearpoint.statusline.facts import client_window, what_there_is
from clearpoint.store import status_facts
from clearpoint.store.layout import WINDOW, event_root, session_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.statusline.companion import Companion, PortableCompanion

MARGIN_CELLS = 4
"""What the client keeps free of the terminal's width, measured on 2.1.329."""


def handle(event: Event) -> str:
    """One line for the terminal, below what another command says that was set before."""
    other = start_other(event)
    root = event_root(event)
    config, _ = settings.load(event.project_dir, root, event.env)
    record_window(root, event)
    wanted, folder = config["statusline"], session_folder(root, event.session_id)
    known = status_facts.read(folder, event.session_id)
    shown = what_there_is(event, config, known, time.time(), folder)
    width = number(event.env.get("COLUMNS"))
    coloured = wanted["colour"] and "NO_COLOR" not in event.env
    room = max(1, width - MARGIN_CELLS) if width else 0
    ours = line.line(shown, wanted, room, coloured=coloured)
    theirs = ""
    if other:
        given = fast_json.encode(fast_json.dumps(event.payload))
        theirs = other.talk(given, wanted["wait_seconds"]).decode("utf-8", "replace").rstrip()
    return "".join(f"{text}\n" for text in (theirs, ours) if text)


def start_other(event: Event) -> Companion | PortableCompanion | None:
    """The command that was set before Clearpoint's, started; None if there is none that starts."""
    if not event.arguments:
        return None
    from clearpoint.statusline import companion

    command = companion.command_in(event.arguments)
    try:
        return companion.start(command) if command else None
    except OSError:
        return None


def record_window(root: str, event: Event) -> None:
    """Keep the client's window size for the hooks, where it is new."""
    size, _ = client_window(event)
    model: Any = event.payload.get("model")
    name = model.get("id") if isinstance(model, dict) else None
    if not size and is_name(name) and is_long(name):
        size = LONG_WINDOW_TOKENS
    if not size or not is_name(name):
        return
    data = fast_json.encode(fast_json.dumps({"size": size, "model": name}) + "\n")
    path = os.path.join(session_folder(root, event.session_id), WINDOW)
    if is_content(path, data):
        return
    from clearpoint.store.store import Store

    try:
        Store(root).prepare(event.session_id)
        write_atomically(path, data)
    except OSError:
        return  # a read-only folder: the line is still right
