"""The permission rules that let Claude read and search its past, without being asked. Pure.

The state lies outside of the project, where the client asks before each read. With the rule for it
among `permissions.allow` it does not, for the Read tool and for `grep` in Bash alike. Source:
measured on Claude Code 2.1.329. The other rule is for `clearpoint search`, which changes nothing
but its own index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearpoint.client.settings import OWN
from clearpoint.install import json_edit
from clearpoint.install.settings_file import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.install.json_edit import Pointer

PERMISSIONS, ALLOW = "permissions", "allow"
SEARCH_RULE = "Bash(clearpoint search:*)"


def rules_for(config_dir: Path, home: Path | None) -> tuple[str, ...]:
    """Return the rules that go with the hooks."""
    return read_rule(config_dir, home), SEARCH_RULE


def read_rule(config_dir: Path, home: Path | None) -> str:
    """Return the rule for reading; below `home` it is the same for all who share the settings.

    An absolute path begins with two slashes, as the client has it.
    """
    folder = config_dir / OWN
    if home and folder.is_relative_to(home):
        return f"Read(~/{folder.relative_to(home).as_posix()}/**)"
    drive = folder.drive.removesuffix(":").lower()
    inside = folder.as_posix().removeprefix(folder.drive).lstrip("/")
    return f"Read(//{drive + '/' if drive else ''}{inside}/**)"


def allowed(text: str) -> list[object]:
    """Return what a settings text allows; empty if it says nothing or has another shape."""
    permissions = parsed(text).get(PERMISSIONS)
    rules = permissions.get(ALLOW) if isinstance(permissions, dict) else None
    return rules if isinstance(rules, list) else []


def with_rule(text: str, rule: str) -> str:
    """Return the settings with the rule, which goes last; the same text where it is there."""
    rules = allowed(text)
    if rule in rules:
        return text
    if not json_edit.has(text, (PERMISSIONS,)):
        text = json_edit.put(text, (PERMISSIONS,), {})
    if not json_edit.has(text, (PERMISSIONS, ALLOW)):
        return json_edit.put(text, (PERMISSIONS, ALLOW), [rule])
    return json_edit.put(text, (PERMISSIONS, ALLOW, len(rules)), rule)


def place_of(text: str, rule: str) -> Pointer | None:
    """Return where the rule stands, None if it does not."""
    rules = allowed(text)
    return (PERMISSIONS, ALLOW, rules.index(rule)) if rule in rules else None
