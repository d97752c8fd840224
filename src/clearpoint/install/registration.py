"""Which hooks Clearpoint registers, what their entries say, and where a text holds them. Pure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.client.registered import (
    RUNNER,
    STATUSLINE,
    OwnCommand,
    kebab,
    own_command,
    own_commands,
    shell_words,
)
from clearpoint.install.other_statusline import HERE, Beside, split
from clearpoint.install.settings_file import parsed

if TYPE_CHECKING:
    from pathlib import PurePath

    from clearpoint.install.client import Version
    from clearpoint.install.json_edit import Pointer

HOOK_RUNNER = RUNNER
"""Registered for every event where scripts do not start by themselves."""


@dataclass(frozen=True)
class Hook:
    """An event that we register for; `timeout` in seconds, `matcher` what it is narrowed to.

    `since` is the first version of the client that knows it: an older one would ask at each start
    what to do about the unknown event. Source: the event names in the published clients.
    """

    event: str
    timeout: int
    survives_exit: bool = False
    matcher: str = ""
    since: Version = ()


HOOKS = (
    Hook("SessionStart", timeout=10),
    Hook("UserPromptSubmit", timeout=5),
    Hook("Stop", timeout=10),
    Hook("PreCompact", timeout=30),
    Hook("SessionEnd", timeout=30, survives_exit=True),
    Hook("PreToolUse", timeout=10, matcher="Agent|Task"),
    Hook("SubagentStart", timeout=10, since=(2, 0, 43)),
    Hook("SubagentStop", timeout=10),
)


def hooks_known_to(version: Version | None) -> list[Hook]:
    """The hooks that this version of the client knows; all of them if it is not known."""
    return [hook for hook in HOOKS if version is None or hook.since <= version]


EXPECTED = hooks_known_to(())
"""The hooks that every client knows."""


class Entry(NamedTuple):
    """One of our entries in a settings text: where it stands and what it runs."""

    event: str
    pointer: Pointer
    command: OwnCommand


def hook_command(
    event: str, executables: PurePath, runner: str | None = None
) -> tuple[str, list[str]]:
    """Return the program for an event and its arguments, as the exec form takes them.

    `runner` is the name of the one executable that serves every event; None is the event's own.
    """
    if runner:
        return str(executables / runner), [kebab(event)]
    return str(executables / f"clearpoint-{kebab(event)}"), []


def statusline_command(
    executables: PurePath, runner: str | None = None, beside: Beside | None = None
) -> str:
    """Return the status line's command, quoted for the shell that the client gives it to."""
    words = [str(executables / "clearpoint-statusline")]
    if runner:
        words = [(executables / runner).as_posix(), "statusline"]
    return shlex.join([*words, *(beside or ())])


def hook_entry(hook: Hook, executables: PurePath, runner: str | None = None) -> dict[str, object]:
    """Return the settings entry for one event."""
    program, arguments = hook_command(hook.event, executables, runner)
    entry: dict[str, object] = {
        "type": "command",
        "command": program,
        "args": arguments,
        "timeout": hook.timeout,
    }
    return entry | {"async": True} if hook.survives_exit else entry


def hook_group(event: str, entry: dict[str, object]) -> dict[str, object]:
    """Return the group that an entry of Clearpoint's stands in, narrowed to what concerns us."""
    matchers = [hook.matcher for hook in HOOKS if hook.event == event and hook.matcher]
    return {"matcher": matchers[0], "hooks": [entry]} if matchers else {"hooks": [entry]}


def statusline_entry(
    executables: PurePath, runner: str | None = None, beside: Beside | None = None
) -> dict[str, object]:
    """Return the value of `statusLine`, which has a shell form only."""
    return {"type": "command", "command": statusline_command(executables, runner, beside)}


def own_hooks(text: str) -> list[Entry]:
    """Return our hook entries in the order of the text; another shape is somebody else's."""
    settings = parsed(text)
    events = settings.get("hooks")
    return [
        Entry(event, ("hooks", event, group, "hooks", entry), command)
        for event in (events if isinstance(events, dict) else ())
        for (group, entry), command in own_commands(settings, event)
    ]


def own_statusline(text: str) -> Entry | None:
    """Return our status line entry, None when there is none or it is somebody else's."""
    command = own_command(parsed(text).get(STATUSLINE), STATUSLINE)
    return Entry(STATUSLINE, (STATUSLINE,), command) if command else None


def has_statusline(text: str) -> bool:
    """Return whether the settings name any status line."""
    return STATUSLINE in parsed(text)


def other_statusline(text: str) -> Beside | None:
    """Return the other status line, which may run beside Clearpoint's; None if there is none."""
    entry = parsed(text).get(STATUSLINE)
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(command, str) or not command.strip():
        return None
    return split(shell_words(command))[1] if own_statusline(text) else Beside(HERE, command)
