"""The settings: built-in values, with the person's and the project's TOML files over them.

Without a file nothing is read but two `stat` calls. With one, the validated result is kept beside
it as JSON, so that the fast lane never parses TOML; it is made anew when a file changes, or the
built-in values do.
"""

from __future__ import annotations

import os

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import write_atomically
from clearpoint.lowlevel.paths import home
from clearpoint.store.checksummed import DamagedStateError, read_sealed, seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.config import Config


def config_paths(root: str, env: Mapping[str, str]) -> list[str]:
    """The files that may hold settings, the weakest first."""
    own = home(env)
    folder = env.get("XDG_CONFIG_HOME") or (os.path.join(own, ".config") if own else "")
    paths = [os.path.join(folder, "clearpoint", "config.toml")] if folder else []
    return [*paths, os.path.join(root, "config.toml")]


def load(root: str, env: Mapping[str, str]) -> tuple[Config, list[str]]:
    """The effective settings, and one line for each thing wrong with a file of them."""
    paths = config_paths(root, env)
    stamps = [stamp_of(path) for path in paths]
    if not any(stamps):
        return DEFAULTS, []
    made_from = {"paths": paths, "stamps": stamps, "defaults": fast_json.dumps(DEFAULTS)}
    kept = os.path.join(root, "config.json")
    try:
        cache = read_sealed(kept)
    except (OSError, DamagedStateError):
        cache = {}  # not kept yet, or damaged: read the files themselves
    if cache.get("made_from") == made_from:
        return cache["config"], cache["problems"]
    from clearpoint.config.file import read_all

    config, problems = read_all([path for path, mark in zip(paths, stamps, strict=True) if mark])
    try:
        cache = {"made_from": made_from, "config": config, "problems": problems}
        write_atomically(kept, seal(cache))
    except OSError:
        pass  # a read-only folder: read again next time
    return config, problems


def stamp_of(path: str) -> list[int]:
    """Changes whenever the file does; empty where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size, found.st_ino]
