"""What the client's settings files say on auto-compaction, as the environment it stands for.

Settings of the project's own user (`.claude/settings.local.json`) are stronger than the project's,
those stronger than the user's, and for switching it off the client's own file, `.claude.json`,
comes last. A variable of the environment is stronger than all of them; variables in the files'
`env` reach the hooks by themselves. Fast lane. Source: measured on Claude Code 2.1.329.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import read_bytes
from clearpoint.lowlevel.paths import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

OWN = "clearpoint"
"""Clearpoint's folder in the client's own."""
ENABLED = "autoCompactEnabled"
WINDOW = "autoCompactWindow"
OFF_VARIABLE = "DISABLE_AUTO_COMPACT"
WINDOW_VARIABLE = "CLAUDE_CODE_AUTO_COMPACT_WINDOW"
SETTINGS_LIMIT_BYTES = 1 << 20
OWN_FILE_LIMIT_BYTES = 8 << 20


def with_settings(
    env: Mapping[str, str], project_dir: str, seen: list[int] | None = None
) -> dict[str, str]:
    """The environment, with auto-compaction as the settings files have it where it says nothing.

    `seen` is what was read of the client's own file before; it is brought up to date.
    """
    files = [read_object(path, SETTINGS_LIMIT_BYTES) for path in settings_paths(env, project_dir)]
    windows = [size for one in files if is_size(size := one.get(WINDOW))]
    switches = [on for one in files if isinstance(on := one.get(ENABLED), bool)]
    found = dict(env)
    if windows:
        found.setdefault(WINDOW_VARIABLE, str(windows[0]))
    if not (switches[0] if switches else own_switch(env, seen)):
        found[OFF_VARIABLE] = "1"
    return found


def settings_paths(env: Mapping[str, str], project_dir: str) -> list[str]:
    """The settings files, the strongest first."""
    project = os.path.join(project_dir, ".claude")
    paths = [os.path.join(project, "settings.local.json"), os.path.join(project, "settings.json")]
    own = config_dir(env)
    return [*paths, os.path.join(own, "settings.json")] if own else paths


def config_dir(env: Mapping[str, str]) -> str:
    """The client's own folder, empty if the environment does not tell."""
    own, named = home(env), env.get("CLAUDE_CONFIG_DIR") or ""
    if own and (named == "~" or named.startswith("~/")):
        named = own + named[1:]
    return named if os.path.isabs(named) else os.path.join(own, ".claude") if own else ""


def transcripts_folder(project_dir: str, env: Mapping[str, str]) -> str:
    """The folder of a project's transcripts, as the client names it after the project's path."""
    slug = "".join(char if char.isascii() and char.isalnum() else "-" for char in project_dir)
    return os.path.join(config_dir(env), "projects", slug)


def own_switch(env: Mapping[str, str], seen: list[int] | None = None) -> bool:
    """Whether auto-compaction is on in the client's own file.

    That can be large, and rarely tells: it is read again only where it has changed since `seen`,
    which is its time in ns, size and number, and the answer.
    """
    folder = env.get("CLAUDE_CONFIG_DIR") or home(env)
    path = os.path.join(folder, ".claude.json")
    try:
        found = os.stat(path) if folder else None
    except OSError:
        found = None
    if found is None:
        return True
    stamp = [found.st_mtime_ns, found.st_size, found.st_ino]
    if seen and seen[:-1] == stamp:
        return bool(seen[-1])
    marked = f'"{ENABLED}"'.encode() in content(path, OWN_FILE_LIMIT_BYTES)
    is_on = read_object(path, OWN_FILE_LIMIT_BYTES).get(ENABLED) is not False if marked else True
    if seen is not None:
        seen[:] = [*stamp, int(is_on)]
    return is_on


def read_object(path: str, limit: int) -> dict[str, Any]:
    """The JSON object in a file; empty if there is none."""
    try:
        value = fast_json.loads(content(path, limit))
    except fast_json.MalformedJSONError:
        return {}
    return value if isinstance(value, dict) else {}


def content(path: str, limit: int) -> bytes:
    """The bytes of a file; empty if it cannot be read."""
    try:
        return read_bytes(path, limit, follow=True)
    except OSError:
        return b""


def is_size(value: Any) -> bool:
    """Whether this can be a window, in tokens."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**11
