"""Whether the hooks are registered, can run, and are of one version; what switches them off."""

from __future__ import annotations

import os
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from clearpoint import __version__
from clearpoint.client.registered import STATUSLINE
from clearpoint.client.settings import OWN, SETTINGS_LIMIT_BYTES, read_object
from clearpoint.doctor import surroundings
from clearpoint.doctor.findings import Case, Finding
from clearpoint.install import check as install_check
from clearpoint.install import lane
from clearpoint.install.registering import command_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.install.check import Check

RUN = " Run: "
NOWHERE = "No hooks are registered"
MANAGED = {
    "disableAllHooks": "no hook runs, not even the status line",
    "allowManagedHooksOnly": "only your administrator's hooks run",
}
"""What an administrator's settings can say, and what it means for us."""
MANAGED_FOLDERS = {
    "darwin": "/Library/Application Support/ClaudeCode",
    "win32": r"C:\Program Files\ClaudeCode",
}
"""Where the client looks for them. Source: its documentation; on Linux measured on 2.1.329."""


def managed_folder() -> Path:
    """The folder of the settings that an administrator manages on this system."""
    return Path(MANAGED_FOLDERS.get(sys.platform, "/etc/claude-code"))


def examine(case: Case) -> Iterator[Finding]:
    """Look at the client's settings and at what they name."""
    checks = case.checks
    plugin = next(filter(None, (found.plugin for found in checks)), None)
    if plugin:
        text = (
            f"The plugin {plugin} is enabled: its hooks run unless settings register Clearpoint too"
        )
        yield Finding("installation.plugin", "ok", text)
    for line in install_check.explain(checks, Path(case.project)):
        text, _, command = line.partition(RUN)
        if not (plugin and text.startswith(NOWHERE)):
            yield Finding("installation.hooks", "error", text, command=command)
    for found in checks:
        yield from _registered(case, found)
    yield from _managed(case)
    yield from _denied(case, checks)
    yield from surroundings.examine(case.env)


def _registered(case: Case, found: Check) -> Iterator[Finding]:
    """What one settings file registers, where all of it can run, and of which version it is."""
    hooks = [one for one in found.registered if one.event != STATUSLINE]
    if not hooks or any(one.state != "ready" for one in found.registered):
        return
    folders = {one.executable.parent for one in hooks}
    versions = {version_in(folder) for folder in folders} - {None}
    if any(lane.state(folder) == "stale" for folder in folders):
        yield Finding(
            "installation.lane",
            "warning",
            "hooks start slower than necessary: their compiled code is out of date",
            command=command_for("install", found.scope, Path(case.project)),
        )
    line = " and the status line" if len(hooks) < len(found.registered) else ""
    yield Finding(
        "installation.hooks",
        "ok",
        f"{len(hooks)} hooks{line} are registered in {case.shown(found.path)}; all of them can run",
    )
    if versions - {__version__}:
        yield Finding(
            "installation.version",
            "warning",
            f"{case.shown(found.path)}: the hooks are of clearpoint"
            f" {' and '.join(sorted(filter(None, versions)))}, this command is of {__version__}",
            command=command_for("install", found.scope, Path(case.project)),
        )


def version_in(scripts: Path) -> str | None:
    """The version of clearpoint beside a folder of executables, None if no record tells.

    The record of installed packages is read; nothing that the settings name is started.
    """
    prefix = scripts.parent
    places = [*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"]
    found = distributions(name="clearpoint", path=[str(place) for place in places])
    return next((one.version for one in found), None)


def _managed(case: Case) -> Iterator[Finding]:
    """What the administrator's settings forbid."""
    paths = [case.managed / "managed-settings.json"]
    paths += sorted((case.managed / "managed-settings.d").glob("*.json"))
    for path in paths:
        managed = read_object(str(path), SETTINGS_LIMIT_BYTES)
        for key, meaning in MANAGED.items():
            if managed.get(key) is True:
                yield Finding(
                    "installation.managed",
                    "error",
                    f'{path}: {meaning}, "{key}" is true',
                    "ask your administrator; your own settings cannot override this",
                )


def _denied(case: Case, checks: tuple[Check, ...]) -> Iterator[Finding]:
    """Rules that keep Claude from reading what the hooks have archived for it."""
    names = {os.path.basename(case.root), OWN, str(case.config_dir), f"/{case.config_dir.name}/"}
    for found in checks:
        permissions = read_object(str(found.path), SETTINGS_LIMIT_BYTES).get("permissions")
        denied = permissions.get("deny") if isinstance(permissions, dict) else None
        for rule in denied if isinstance(denied, list) else ():
            if (
                isinstance(rule, str)
                and rule.startswith("Read")
                and any(name in rule for name in names)
            ):
                yield Finding(
                    "installation.permissions",
                    "warning",
                    f"{case.shown(found.path)}: Claude cannot read archives and handoffs, because"
                    f' the permission rule "{rule}" denies it',
                    f"remove that rule from {case.shown(found.path)}",
                )
