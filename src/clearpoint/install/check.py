"""Whether what is registered still works, and in one line each what to type if it does not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from clearpoint.client.registered import STATUSLINE, kebab
from clearpoint.install import registration as reg
from clearpoint.install.executables import State, executable_state
from clearpoint.install.registering import SCOPES, Scope, command_for, settings_path
from clearpoint.install.settings_file import SettingsError, parsed, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLUGIN = "clearpoint@"
"""How the client's name of our plugin begins; its marketplace follows."""


@dataclass(frozen=True)
class Registered:
    """One of our entries: its event (or `statusLine`), the executable, and whether it can run.

    `program` is the executable as the settings spell it.
    """

    event: str
    executable: Path
    state: State
    program: str = field(default="", compare=False)


@dataclass(frozen=True)
class Check:
    """What one settings file says of us.

    `absent` are the events without a Clearpoint entry; `problem` tells why a file cannot be read;
    `hooks_disabled` is the file's `disableAllHooks`, None if it says nothing; `plugin` is our
    plugin by its name with its marketplace, where the file enables it: it brings hooks of its own.
    """

    scope: Scope
    path: Path
    registered: tuple[Registered, ...] = ()
    absent: tuple[str, ...] = ()
    problem: str | None = None
    hooks_disabled: bool | None = None
    plugin: str | None = None


def check(
    project: Path, *, config_dir: Path, env: Mapping[str, str] = MappingProxyType({})
) -> tuple[Check, ...]:
    """Look into the local, the project's and the user's settings, in this order."""
    return tuple(_check(settings_path(scope, project, config_dir), scope, project, env)
                 for scope in SCOPES)  # fmt: skip


def explain(checks: Sequence[Check], project: Path) -> tuple[str, ...]:
    """Return one line for each thing that keeps Clearpoint from working, with its remedy."""
    lines = [check.problem for check in checks if check.problem]
    if not any(has_hooks(check) or check.plugin for check in checks):
        command = command_for("install", "project", project)
        return (*lines, f"No hooks are registered for this project. Run: {command}")
    for found in checks:
        command = command_for("install", found.scope, project)
        lines += [f"{found.path}: {fault}. Run: {command}" for fault in _faults(found)]
    return (*lines, *_disabled(checks), *_twice(checks, project))


def _check(path: Path, scope: Scope, project: Path, env: Mapping[str, str]) -> Check:
    try:
        text = read_settings(path) or ""
    except SettingsError as error:
        return Check(scope, path, problem=str(error))
    entries = reg.own_hooks(text)
    statusline = reg.own_statusline(text)
    events = {entry.event for entry in entries if entry.command.event == kebab(entry.event)}
    return Check(
        scope,
        path,
        registered=tuple(
            _registered(entry, str(project.absolute()), env)
            for entry in [*entries, *([statusline] if statusline else [])]
        ),
        absent=tuple(hook.event for hook in reg.EXPECTED if hook.event not in events),
        hooks_disabled=_disables_hooks(text),
        plugin=_enabled_plugin(text),
    )


def _registered(entry: reg.Entry, project: str, env: Mapping[str, str]) -> Registered:
    executable = Path(entry.command.executable(project, env))
    program = entry.command.program
    return Registered(entry.event, executable, executable_state(executable), program)


def _disables_hooks(text: str) -> bool | None:
    value = parsed(text).get("disableAllHooks")
    return value if isinstance(value, bool) else None


def _enabled_plugin(text: str) -> str | None:
    plugins = parsed(text).get("enabledPlugins")
    known = plugins.items() if isinstance(plugins, dict) else ()
    return next((name for name, on in known if on is True and name.startswith(PLUGIN)), None)


def has_hooks(found: Check) -> bool:
    """Whether a settings file registers a hook, and not only the status line."""
    return any(entry.event != STATUSLINE for entry in found.registered)


def _faults(found: Check) -> list[str]:
    faults: dict[tuple[State, Path], list[str]] = {}
    for entry in found.registered:
        if entry.state != "ready":
            place = (entry.state, entry.executable.parent)
            faults.setdefault(place, []).append(entry.event)
    lines = [
        f"{', '.join(events)} cannot run, because the executable in {folder} is"
        f" {state} (was the environment moved or deleted?)"
        for (state, folder), events in faults.items()
    ]
    if has_hooks(found) and found.absent:
        lines.append(f"not registered for {', '.join(found.absent)}")
    return lines


def _disabled(checks: Sequence[Check]) -> list[str]:
    """Name the strongest file that says anything about hooks if what it says is off."""
    telling = [found for found in checks if found.hooks_disabled is not None]
    if not telling or not telling[0].hooks_disabled:
        return []
    return [f'{telling[0].path}: no hook runs, "disableAllHooks" is true. Set it to false.']


def _twice(checks: Sequence[Check], project: Path) -> list[str]:
    """Name files that register the hooks once more: the client runs each spelling by itself."""
    spelled: dict[str, Check] = {}
    for found in checks:
        running = [e for e in found.registered if e.event != STATUSLINE and e.state == "ready"]
        if running:
            spelled.setdefault(running[0].program.removesuffix(running[0].executable.name), found)
    named = list(spelled.values())
    return [
        f"{found.path}: hooks run twice, because {named[0].path} registers"
        f" {_other(named[0], found)}."
        f" Run: {command_for('uninstall', found.scope, project)}"
        for found in named[1:]
    ]


def _other(first: Check, second: Check) -> str:
    """What two files register: executables of two folders, or one folder in two spellings."""
    folders = {os.path.realpath(found.registered[0].executable.parent) for found in (first, second)}
    return "another installation's" if len(folders) > 1 else "the same ones by another path"
