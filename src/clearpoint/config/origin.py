"""Where each setting in force comes from: built in, a file and its line, or the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.config.file import read_all, read_table
from clearpoint.config.load import config_paths
from clearpoint.store.layout import project_settings, user_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = ("private", "project", "user")
"""The user's own for this project, the repository's, the user's for all; the strongest first."""
SHOWN_VARIABLES = {
    "CLEARPOINT_DIR": "state folder",
    "NO_COLOR": "no colour",
    "CLAUDE_CONFIG_DIR": "Claude Code's own folder",
    "CLAUDE_CODE_AUTO_COMPACT_WINDOW": "window used for auto-compaction",
    "CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "percent at which auto-compaction starts",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS": "tokens reserved for the answer",
    "CLAUDE_CODE_DISABLE_1M_CONTEXT": "no long windows",
    "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "window of an unknown model",
    "DISABLE_AUTO_COMPACT": "no auto-compaction",
    "DISABLE_COMPACT": "no compaction",
}
"""Variables that change what we do, and what they do."""


class Setting(NamedTuple):
    """One setting in force; `kind` is `default`, a file's, or `environment`."""

    key: str
    value: Any
    kind: str
    place: str
    """The file and line, or the variable; empty for what is built in."""


class Source(NamedTuple):
    """One file that may hold settings."""

    kind: str
    path: str
    found: bool


def sources(project: str, root: str, env: Mapping[str, str]) -> list[Source]:
    """The files of the project and of the user, the strongest first; `root` is the state folder."""
    user, repository = user_settings(env), project_settings(project)
    kinds = {user: "user", repository: "project"}
    paths = reversed(config_paths(project, root, env))
    return [Source(kinds.get(path, "private"), path, os.path.exists(path)) for path in paths]


def settings_in_force(
    project: str, root: str, env: Mapping[str, str]
) -> tuple[list[Setting], list[str]]:
    """Every setting with its origin, in the order of the documented file, and what is wrong."""
    files = [source for source in sources(project, root, env) if source.found]
    config, problems = read_all([file.path for file in reversed(files)], project)
    tables = [(file, *read_table(file.path)[:2]) for file in files]
    found = []
    for key, value in leaves(config):
        setting = Setting(key, value, "default", "")
        for file, table, places in tables:
            if dict(leaves(table)).get(key, leaves) == value:
                line = places.get(key)
                setting = Setting(key, value, file.kind, f"{file.path}:{line}" if line else "")
                break
        if key == "statusline.colour" and value and env.get("NO_COLOR"):
            setting = Setting(key, False, "environment", "NO_COLOR")
        found.append(setting)
    return found, problems


def leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The dotted names of a table's values, and the values."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
