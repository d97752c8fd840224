"""Any event of the plugin's: passed on to its handler, unless settings register us for it too.

Then the hook of the settings does the work and this one steps back, whichever of the two starts
first: what decides is in files that both see alike. Fast lane.
"""

from __future__ import annotations

import os

from clearpoint.client import settings as client_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event

HANDLERS = {
    "PreCompact": "pre_compact",
    "PreToolUse": "pre_tool_use",
    "SessionEnd": "session_end",
    "SessionStart": "session_start",
    "Stop": "stop",
    "SubagentStart": "subagent_start",
    "SubagentStop": "subagent_stop",
    "UserPromptSubmit": "user_prompt_submit",
}
PROJECT = "${CLAUDE_PROJECT_DIR}"


def handle(event: Event) -> dict[str, Any] | str | None:
    """Do what the event's own hook does; nothing for an event that this version does not know."""
    name = event.text("hook_event_name")
    if name not in HANDLERS or is_registered(event, name):
        return None
    handler = __import__(f"clearpoint.handlers.{HANDLERS[name]}", fromlist=["handle"])
    answer: dict[str, Any] | str | None = handler.handle(event)
    return with_failure(event, answer) if name == "SessionStart" else answer


def with_failure(event: Event, answer: Any) -> dict[str, Any] | None:
    """The answer, with what is to be said of an update of the plugin that has failed."""
    path = os.path.join(event.env.get("CLAUDE_PLUGIN_DATA") or os.devnull, "failed.json")
    failure = client_settings.read_object(path, client_settings.SETTINGS_LIMIT_BYTES)
    said = [failure.get("systemMessage"), (answer or {}).get("systemMessage")]
    message = "\n".join(text for text in said if isinstance(text, str))
    return {**(answer or {}), "systemMessage": message} if message else answer


def is_registered(event: Event, name: str) -> bool:
    """Whether the client's settings name an executable of ours for the event that is there."""
    for path in client_settings.settings_paths(event.env, event.project_dir):
        settings = client_settings.read_object(path, client_settings.SETTINGS_LIMIT_BYTES)
        hooks = settings.get("hooks")
        groups = hooks.get(name) if isinstance(hooks, dict) else None
        for group in groups if isinstance(groups, list) else ():
            entries = group.get("hooks") if isinstance(group, dict) else None
            for entry in entries if isinstance(entries, list) else ():
                if runs_ours(entry, HANDLERS[name], event.project_dir):
                    return True
    return False


def runs_ours(entry: Any, handler: str, project: str) -> bool:
    """Whether a settings entry names our executable for this handler, and it can be started."""
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(command, str):
        return False
    program = command if isinstance(entry.get("args"), list) else first_word(command)
    name = os.path.basename(program).removesuffix(".exe")
    if name not in ("clearpoint-hook", "clearpoint-" + handler.replace("_", "-")):
        return False
    return os.access(program.replace(PROJECT, project), os.X_OK)


def first_word(command: str) -> str:
    """The program of a shell command, without the quotes around it."""
    text = command.lstrip()
    quote = text[:1]
    return text[1:].partition(quote)[0] if quote in ("'", '"') else text.partition(" ")[0]
