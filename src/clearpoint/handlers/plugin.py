"""Any event of the plugin's: passed on to its handler, unless settings register us for it too.

Then the hook of the settings does the work and this one steps back, whichever of the two starts
first: what decides is in files that both see alike. Fast lane.
"""

from __future__ import annotations

import os

from clearpoint.client import settings as client_settings
from clearpoint.client.registered import EVENTS, kebab, own_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event

PERMISSION = "PermissionRequest"
"""The plugin alone answers it: settings hold a permission rule instead."""
HEARD = ("SessionStart", "UserPromptSubmit", "Stop")
"""Events whose message the user sees."""
HANDLERS = {name: kebab(name).replace("-", "_") for name in (*EVENTS, PERMISSION)}


def handle(event: Event) -> dict[str, Any] | str | None:
    """Do what the event's own hook does; nothing for an event that this version does not know."""
    name = event.text("hook_event_name")
    if name not in HANDLERS or is_registered(event, name):
        return None
    handler = __import__(f"clearpoint.handlers.{HANDLERS[name]}", fromlist=["handle"])
    answer: dict[str, Any] | str | None = handler.handle(event)
    if name in HEARD and os.path.exists(mark := data_file(event, "ready")):
        answer = with_welcome(event, answer, mark)
    return with_failure(event, answer) if name == "SessionStart" else answer


def data_file(event: Event, name: str) -> str:
    """A file of the plugin's own."""
    return os.path.join(event.env.get("CLAUDE_PLUGIN_DATA") or os.devnull, name)


def with_welcome(event: Event, answer: Any, mark: str) -> dict[str, Any] | None:
    """The answer, with the word that the plugin has set itself up."""
    from clearpoint.config import load as settings
    from clearpoint.handlers.welcome import first_words
    from clearpoint.store.layout import event_root

    os.unlink(mark)
    config, _ = settings.load(event.project_dir, event_root(event), event.env)
    ready = first_words(event.env, config, name="ready")
    said = [(answer or {}).get("systemMessage"), *ready]
    return joined(answer, said)


def joined(answer: Any, said: list[Any]) -> dict[str, Any] | None:
    """The answer with these lines as its message; without any, as it is."""
    message = "\n".join(text for text in said if isinstance(text, str) and text)
    return {**(answer or {}), "systemMessage": message} if message else answer


def with_failure(event: Event, answer: Any) -> dict[str, Any] | None:
    """The answer, with what is to be said of an update of the plugin that has failed."""
    failure = client_settings.read_object(
        data_file(event, "failed.json"), client_settings.SETTINGS_LIMIT_BYTES
    )
    return joined(answer, [failure.get("systemMessage"), (answer or {}).get("systemMessage")])


def is_registered(event: Event, name: str) -> bool:
    """Whether the client's settings start an executable of Clearpoint's for this event."""
    for path in client_settings.settings_paths(event.env, event.project_dir):
        settings = client_settings.read_object(path, client_settings.SETTINGS_LIMIT_BYTES)
        for _, command in own_commands(settings, name):
            program = command.executable(event.project_dir, event.env)
            if command.event == kebab(name) and os.access(program, os.X_OK):
                return True
    return False
