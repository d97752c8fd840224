"""The settings: built-in values, with the user's and the project's TOML files over them.

Without a file nothing is read but a few `stat` calls. With one, the validated result is kept with
the state as JSON, so that the fast lane never parses TOML; it is made again when a file changes, or
the built-in values do.
"""

from __future__ import annotations

import os

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import write_atomically
from clearpoint.store.checksummed import DamagedStateError, read_sealed, remainder, seal
from clearpoint.store.layout import SETTINGS, project_settings, user_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.models.config import Config


def config_paths(project: str, root: str, env: Mapping[str, str]) -> list[str]:
    """The files that may hold settings, the weakest first; `root` is the state folder.

    The user's for all projects, the repository's, and the user's for this project.
    """
    user = user_settings(env)
    paths = [*([user] if user else []), project_settings(project)]
    private = os.path.join(root, SETTINGS)
    return paths if private in paths else [*paths, private]


def load(project: str, root: str, env: Mapping[str, str]) -> tuple[Config, list[str]]:
    """The effective settings, and one line for each thing wrong with a file of them."""
    paths = config_paths(project, root, env)
    stamps = [stamp_of(path) for path in paths]
    if not any(stamps):
        return DEFAULTS, []
    made_from = {"paths": paths, "stamps": stamps, "defaults": fast_json.dumps(DEFAULTS)}
    kept = os.path.join(root, "config.json")
    try:
        cache = read_sealed(kept, remainder)
    except (OSError, DamagedStateError):
        cache = {}  # not kept yet, or damaged: read the files themselves
    if cache.get("made_from") == made_from:
        return cache["config"], cache["problems"]
    from clearpoint.config.file import read_all

    found = [path for path, stamp in zip(paths, stamps, strict=True) if stamp]
    config, problems = read_all(found, project)
    try:
        cache = {"made_from": made_from, "config": config, "problems": problems}
        write_atomically(kept, seal(cache, checksum=remainder))
    except OSError:
        pass  # a read-only folder: read again next time
    return config, problems


def stamp_of(path: str) -> list[int]:
    """Changes whenever the file does; empty if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size, found.st_ino]
