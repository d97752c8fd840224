"""Which entries of Claude Code's settings run Clearpoint, and which file each one starts.

An entry runs Clearpoint when the program it names carries one of Clearpoint's names
(`clearpoint-stop`, in any folder), so that entries of a moved or deleted environment are still
found. No marker is written into the settings. The plugin, `install` and `doctor` all ask here.
Fast lane. Source: exec and shell form as measured on Claude Code 2.1.329.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.paths import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

RUNNER = "clearpoint-hook"
"""The executable for every event, which takes the event's name."""
PREFIX = "clearpoint-"
STATUSLINE = "statusLine"
EVENTS = (
    "SessionStart", "UserPromptSubmit", "Stop", "PreCompact", "SessionEnd", "PreToolUse",
    "SubagentStart", "SubagentStop",
)  # fmt: skip
"""The events that have an executable of their own."""
WITH = ("--with", "--with-inherited")
"""Options before another status line's command, which stands last."""
PROJECT = "CLAUDE_PROJECT_DIR"


class OwnCommand:
    """A command of Clearpoint's: its program as written, and the event that it handles.

    `event` is in kebab case, and empty for a runner without an argument. `in_shell` tells who reads
    the program: a shell expands `$NAME`, the client itself only `${CLAUDE_PROJECT_DIR}`.
    """

    __slots__ = ("event", "in_shell", "program")

    def __init__(self, program: str, event: str, *, in_shell: bool) -> None:
        self.program = program
        self.event = event
        self.in_shell = in_shell

    def executable(self, project: str, env: Mapping[str, str]) -> str:
        """The path of the file that is started for a session of this project."""
        path = self._expanded(project, home(env))
        return on_path(path) if os.path.basename(path) == path else os.path.join(project, path)

    def _expanded(self, project: str, own_folder: str) -> str:
        name, rest = variable(self.program)
        if name == PROJECT and (self.in_shell or self.program.startswith("${")):
            return project + rest
        return own_folder + rest if name == "HOME" and self.in_shell else self.program


def own_command(entry: Any, event: str) -> OwnCommand | None:
    """The command of an entry for this event; None if the entry is somebody else's."""
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(command, str) or PREFIX not in command.lower():
        return None
    arguments = entry.get("args")
    in_shell = not isinstance(arguments, list)
    words = shell_words(command) if in_shell else [command]
    if event == STATUSLINE:
        words = without_other(words)
    if not words:
        return None
    name = words[0].replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    given = words[1:] if in_shell else arguments
    if name == RUNNER and len(words) <= len((RUNNER, "event")):
        return OwnCommand(words[0], str(given[0]) if given else "", in_shell=in_shell)
    if len(words) == 1 and name in names_for(event):
        return OwnCommand(words[0], name.removeprefix(PREFIX), in_shell=in_shell)
    return None


def own_commands(settings: Any, event: str) -> Iterator[tuple[tuple[int, int], OwnCommand]]:
    """Clearpoint's commands for an event, each with the numbers of its group and entry."""
    hooks = settings.get("hooks") if isinstance(settings, dict) else None
    groups = hooks.get(event) if isinstance(hooks, dict) else None
    for g, group in enumerate(groups if isinstance(groups, list) else ()):
        entries = group.get("hooks") if isinstance(group, dict) else None
        for e, entry in enumerate(entries if isinstance(entries, list) else ()):
            command = own_command(entry, event)
            if command:
                yield (g, e), command


def names_for(event: str) -> set[str]:
    """The executables that may stand in an entry for this event."""
    if event == STATUSLINE:
        return {"clearpoint-statusline"}
    return {PREFIX + kebab(name) for name in (event, *EVENTS)}


def kebab(event: str) -> str:
    """An event's name as executables carry it: `SessionStart` gives `session-start`."""
    return "".join(f"-{char}" if char.isupper() else char for char in event).lstrip("-").lower()


def variable(program: str) -> tuple[str, str]:
    """The variable that a program's path begins with, empty if there is none; then the rest."""
    if program.startswith("~/"):
        return "HOME", program[1:]
    if program.startswith("${"):
        name, _, rest = program[2:].partition("}")
        return name.partition(":")[0], rest
    name, slash, rest = program.partition("/")
    return (name[1:], slash + rest) if name.startswith("$") else ("", program)


def without_other(words: list[str]) -> list[str]:
    """The words of a status line's command without the other status line that it runs."""
    return words[:-2] if len(words) > 2 and words[-2] in WITH else words


def shell_words(command: str) -> list[str]:
    """The words of a shell command, none if its quotes do not close."""
    import shlex  # install writes the exec form, which needs none

    try:
        return shlex.split(command)
    except ValueError:
        return []


def on_path(name: str) -> str:
    """The file that a bare name starts, the name itself if there is none."""
    found = (os.path.join(folder, name) for folder in os.get_exec_path())
    return next((path for path in found if os.access(path, os.X_OK)), name)
