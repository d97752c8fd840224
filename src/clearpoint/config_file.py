"""Reading the TOML files: every wrong key or value is named, and the rest still counts."""

from __future__ import annotations

import copy
import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from clearpoint.config import DEFAULTS
from clearpoint.models import Config

OPEN_TABLES = {"work.phase_commands"}
"""Tables whose keys the person chooses."""

_adapter: TypeAdapter[Config] = TypeAdapter(Config)


def read_all(paths: list[str]) -> tuple[Config, list[str]]:
    """Built-in values with each file over them; problems as `file: line N: what` lines."""
    config: Any = copy.deepcopy(DEFAULTS)
    problems: list[str] = []
    for path in paths:
        try:
            text = Path(path).read_text(encoding="utf-8")
            table = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(f"{path}: {getattr(error, 'strerror', None) or error}")
            continue
        problems += [f"{path}: {what}" for what in _merge(config, table, "", text)]
    return config, problems


def _merge(config: dict[str, Any], table: dict[str, Any], prefix: str, text: str) -> list[str]:
    """Put the table's good values into the settings; give what is wrong with the others."""
    problems = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key not in config and prefix.rstrip(".") not in OPEN_TABLES:
            near = difflib.get_close_matches(key, config, 1, 0.5)
            hint = f", did you mean {prefix}{near[0]}?" if near else ""
            problems.append(f"{_line(text, key)}unknown key {name}{hint}")
        elif isinstance(config.get(key), dict) and isinstance(value, dict):
            problems += _merge(config[key], value, name + ".", text)
        else:
            problems += [_line(text, key) + what for what in _set(config, key, value, name)]
    return problems


def _set(config: dict[str, Any], key: str, value: Any, name: str) -> list[str]:
    """Set one value, unless the whole would no longer be valid; give what is wrong."""
    trial: Any = copy.deepcopy(DEFAULTS)
    place = trial
    for part in name.split(".")[: name.count(".") - key.count(".")]:
        place = place[part]
    place[key] = value
    try:
        _adapter.validate_python(trial, strict=True)
    except ValidationError as error:
        reason = error.errors(include_input=False, include_url=False)[0]["msg"]
        return [f"{name}: {reason[0].lower()}{reason[1:]}"]
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return [f"{name}: must not be negative"]
    config[key] = value
    return []


def _line(text: str, key: str) -> str:
    """`line N: ` of the first line that sets the key, or nothing."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip().lstrip("[").replace('"', "")
        if bare.startswith(key) or f".{key}" in bare.split("=")[0]:
            return f"line {number}: "
    return ""
