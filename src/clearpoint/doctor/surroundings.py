"""What the environment has a starting Python load, and how far that concerns Clearpoint."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from clearpoint.doctor.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CUSTOM = frozenset({"sitecustomize", "usercustomize"})
"""What Python runs by itself as it starts."""
NAMED = 3
"""How many modules are named."""
WINDOWS = os.name == "nt"


def examine(env: Mapping[str, str], *, windows: bool = WINDOWS) -> Iterator[Finding]:
    """Look at the variables that decide what Python loads as it starts.

    Hooks start isolated from both but on Windows, where an installer's program starts them.
    """
    scope = "hooks too" if windows else "hooks start without it"
    if home := env.get("PYTHONHOME"):
        text = f"PYTHONHOME is set ({home}): this command starts only if that suits its Python"
        yield _finding("PYTHONHOME", f"{text}; {scope}")
    if replaced := replacing(env.get("PYTHONPATH", "")):
        named = ", ".join(replaced[:NAMED])
        text = f"PYTHONPATH has modules that shadow Python's own: {named}"
        yield _finding("PYTHONPATH", f"{text}. They can keep this command from starting; {scope}")


def _finding(name: str, text: str) -> Finding:
    return Finding("installation.environment", "warning", text, command=f"unset {name}")


def replacing(named: str) -> list[str]:
    """Files and folders in the folders of `PYTHONPATH` that stand for a module of Python's own."""
    names = CUSTOM | sys.stdlib_module_names
    return [
        path
        for folder in (named.split(os.pathsep) if named else ())
        for entry in _entries(folder or ".")
        if (path := os.path.join(folder, entry)) and _module(path) in names
    ]


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _module(path: str) -> str:
    """The module that a path stands for; a folder is one if it is a package."""
    name = os.path.basename(path)
    if name.endswith(".py"):
        return name.removesuffix(".py")
    return name if os.path.isfile(os.path.join(path, "__init__.py")) else ""
