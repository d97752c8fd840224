"""Registering Clearpoint's hooks in the client's settings, and taking them out again.

`install` and `uninstall` change one settings file each; nothing here prints. What was there stays
to the byte: `uninstall` right after `install` gives back the identical file, or none if there
was none. Which containers install had to make is read from the backup (see `settings_file`), not
from a marker among the settings, which are the user's, and not from a record elsewhere, which
would not move with them.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from clearpoint.client.registered import PROJECT, STATUSLINE, variable
from clearpoint.install import json_edit
from clearpoint.install import registration as reg
from clearpoint.install import settings_file as files
from clearpoint.install.executables import WINDOWS, refuse_broken, runner_for
from clearpoint.install.merging import merged, stripped
from clearpoint.install.other_statusline import INHERITED, Beside
from clearpoint.install.permissions import ALLOW, PERMISSIONS, place_of, rules_for
from clearpoint.install.settings_file import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.install.client import Version

Scope = Literal["project", "local", "user"]
SCOPES: tuple[Scope, ...] = ("local", "project", "user")
"""Strongest first, as the client weighs them."""


@dataclass(frozen=True)
class Result:
    """What one call did, or with `dry_run` would do.

    `events` are those whose entries changed (`statusLine` is among them); `backup` is the backup
    that stands there now; `beside` is the command of the status line that Clearpoint's runs too.
    """

    path: Path
    changed: bool
    diff: str
    backup: Path | None
    events: tuple[str, ...]
    beside: str = ""


def client_config_dir(environment: Mapping[str, str], home: Path) -> Path:
    """Return the client's own folder: `CLAUDE_CONFIG_DIR`, else `.claude` in the home folder."""
    return Path(environment.get("CLAUDE_CONFIG_DIR") or home / ".claude").absolute()


def settings_path(scope: Scope, project: Path, config_dir: Path) -> Path:
    """Return the settings file of a scope."""
    if scope == "user":
        return config_dir / "settings.json"
    name = "settings.json" if scope == "project" else "settings.local.json"
    return project.absolute() / ".claude" / name


def command_for(verb: Literal["install", "uninstall"], scope: Scope, project: Path) -> str:
    """Return what a user types to install or uninstall in this scope."""
    if scope == "project":
        return f"clearpoint {verb} --project {shlex.quote(str(project.absolute()))}"
    return f"clearpoint {verb} --{scope}"


def install(  # noqa: PLR0913 - one name for each choice a person has
    scope: Scope,
    project: Path,
    *,
    config_dir: Path,
    executables: Path,
    statusline: bool = False,
    replace_statusline: bool = False,
    dry_run: bool = False,
    client: Version | None = None,
    home: Path | None = None,
    windows: bool = WINDOWS,
) -> Result:
    """Register our hooks in a scope's settings; what is registered already is brought up to date.

    A status line that is ours is updated without `statusline` too. It runs and shows the one that
    was there before, or that weaker settings have; `replace_statusline` leaves that one out.
    Events that a `client` of this version does not know are left out. With the hooks go the
    permissions for Claude to search, and to read the state folders; that one names `home` as `~`.
    Raises SettingsError, with nothing changed.
    """
    path = settings_path(scope, project, config_dir)
    if scope != "user" and not project.is_dir():
        raise SettingsError(f"{project}: no such folder. Name the project with --project DIR.")
    old = files.read_settings(path)
    _refuse_odd_shapes(path, old or "")
    wants_statusline = statusline or reg.own_statusline(old or "") is not None
    beside = None
    if wants_statusline and not replace_statusline:
        _refuse_odd_statusline(path, old or "")
        beside = reg.other_statusline(old or "") or _inherited(scope, project, config_dir)
    executables = executables.absolute()
    runner = runner_for(executables, windows=windows)
    refuse_broken(executables, runner, statusline=wants_statusline)
    before, rules = files.read_backup(path), rules_for(config_dir, home)
    hooks = {
        hook.event: reg.hook_entry(hook, executables, runner) for hook in reg.hooks_known_to(client)
    }
    new = merged(
        old,
        before,
        _hook_entries(old or "", hooks, None if scope == "user" else project),
        reg.statusline_entry(executables, runner, beside) if wants_statusline else None,
        rules,
    )
    backup = files.standing_backup(path)
    if new != old and not dry_run:
        backup = files.write_backup(path, old and stripped(old, before, rules))
        files.write_settings(path, new, old)
    result = _result(path, old, new, backup, rules)
    return replace(result, beside=beside.command) if beside else result


def uninstall(
    scope: Scope,
    project: Path,
    *,
    config_dir: Path,
    dry_run: bool = False,
    home: Path | None = None,
) -> Result:
    """Take our entries out of a scope's settings, and only those.

    Containers that install had to make go once they are empty, so does the file, and a status line
    that was replaced comes back. The backup goes when it says the same as the file; it stays when
    the settings were changed in between. Raises SettingsError, with nothing changed.
    """
    path = settings_path(scope, project, config_dir)
    old, rules = files.read_settings(path), rules_for(config_dir, home)
    if old is None:
        return _result(path, None, None, files.standing_backup(path), rules)
    new = stripped(old, files.read_backup(path), rules)
    backup = files.standing_backup(path)
    if not dry_run:
        if new is None:
            files.remove_settings(path, old)
        elif new != old:
            files.write_settings(path, new, old)
        backup = files.drop_backup(path, new)
    return _result(path, old, new, backup, rules)


def _hook_entries(
    text: str, entries: dict[str, dict[str, object]], project: Path | None
) -> dict[str, dict[str, object]]:
    """Return our entry for each event; the project's variable stays where it leads to the same.

    It is written with braces: in the exec form the client expands no other spelling.
    """
    folder = str(project.absolute()) if project else ""
    for own in reg.own_hooks(text) if folder else ():
        entry = entries.get(own.event, {})
        name, rest = variable(own.command.program)
        if name == PROJECT and own.command.executable(folder, {}) == entry.get("command"):
            entry["command"] = f"${{{PROJECT}}}{rest}"
    return entries


def _result(
    path: Path, old: str | None, new: str | None, backup: Path | None, rules: Sequence[str]
) -> Result:
    was, now = _registered(old or "", rules), _registered(new or "", rules)
    events = tuple(event for event in {**was, **now} if was.get(event) != now.get(event))
    return Result(path, old != new, files.unified_diff(path, old, new), backup, events)


def _registered(text: str, rules: Sequence[str]) -> dict[str, list[object]]:
    """Map the events that we are registered for to our entries; the permissions are one of them."""
    found: dict[str, list[object]] = {}
    own_statusline = reg.own_statusline(text)
    for own in [*reg.own_hooks(text), *([own_statusline] if own_statusline else [])]:
        span = json_edit.locate(text, own.pointer)
        found.setdefault(own.event, []).append(json_edit.decode(text[span.value : span.end]))
    if allowed := [rule for rule in rules if place_of(text, rule)]:
        found[PERMISSIONS] = [*allowed]
    return found


def _refuse_odd_shapes(path: Path, text: str) -> None:
    hooks = files.parsed(text).get("hooks", {})
    if not isinstance(hooks, dict):
        raise _odd_shape(path, text, ("hooks",), "an object", hooks)
    for hook in reg.HOOKS:
        groups = hooks.get(hook.event, [])
        if not isinstance(groups, list):
            raise _odd_shape(path, text, ("hooks", hook.event), "a list", groups)
    permissions = files.parsed(text).get(PERMISSIONS, {})
    if not isinstance(permissions, dict):
        raise _odd_shape(path, text, (PERMISSIONS,), "an object", permissions)
    if not isinstance(rules := permissions.get(ALLOW, []), list):
        raise _odd_shape(path, text, (PERMISSIONS, ALLOW), "a list", rules)


def _odd_shape(
    path: Path, text: str, pointer: json_edit.Pointer, wanted: str, value: object
) -> SettingsError:
    place = files.position(text, json_edit.locate(text, pointer).start)
    return SettingsError(
        f'{path}:{place}: "{".".join(map(str, pointer))}" must be {wanted}, not'
        f" {files.kind(value)}. Nothing was changed; correct it and run the command again."
    )


def _inherited(scope: Scope, project: Path, config_dir: Path) -> Beside | None:
    """Return the status line that the client would otherwise show, from weaker settings."""
    for weaker in SCOPES[SCOPES.index(scope) + 1 :]:
        text = files.read_settings(settings_path(weaker, project, config_dir)) or ""
        found = reg.other_statusline(text)
        if found or reg.has_statusline(text):
            return Beside(INHERITED, found.command) if found else None
    return None


def has_odd_statusline(path: Path) -> bool:
    """Tell whether a settings file has a status line that names no command."""
    return _is_odd_statusline(files.read_settings(path) or "")


def _is_odd_statusline(text: str) -> bool:
    is_known = reg.own_statusline(text) or reg.other_statusline(text)
    return reg.has_statusline(text) and not is_known


def _refuse_odd_statusline(path: Path, text: str) -> None:
    if not _is_odd_statusline(text):
        return
    place = files.position(text, json_edit.locate(text, (STATUSLINE,)).start)
    raise SettingsError(
        f"{path}:{place}: the status line there has no command. Nothing was changed; keep"
        " it with --no-statusline, or add --replace-statusline."
    )
