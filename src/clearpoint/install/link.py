"""The bare word `clearpoint`: a link in `~/.local/bin` where no PATH leads to this installation.

A file beside the executables names the link and the settings that it was made with; the link goes
with the last of them. What stands in its place already is never touched.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from clearpoint.lowlevel.files import read_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = "clearpoint"
RECORD = "clearpoint-link"
RECORD_BYTES = 64 << 10
BIN = (".local", "bin")


def word_for(executables: Path, env: Mapping[str, str]) -> str:
    """What to type for this installation: the bare word where it leads there, else the path."""
    program, found = executables / PROGRAM, shutil.which(PROGRAM, path=env.get("PATH", ""))
    return PROGRAM if found and is_same(Path(found), program) else str(program)


def link(
    executables: Path, settings: Path, home: Path | None, env: Mapping[str, str]
) -> Path | None:
    """Make the bare word work, where a link can do so; the link that was made, or None."""
    program = executables / PROGRAM
    record, rows = executables / RECORD, recorded(executables)
    if home is None or os.name == "nt" or not program.exists():
        return None
    place = home.joinpath(*BIN, PROGRAM)
    is_ours = bool(rows) and rows[0] == str(place) and is_same(place, program)
    is_free = word_for(executables, env) != PROGRAM and not os.path.lexists(place)
    if not is_ours and not (is_free and is_on_path(place.parent, env)):
        return None
    wanted = [str(place), *dict.fromkeys([*(rows[1:] if is_ours else ()), str(settings)])]
    try:
        write_atomically(str(record), "\n".join(wanted).encode())
        if not is_ours:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(program)
    except OSError:
        return None  # a folder that cannot be written: the path is named instead
    return None if is_ours else place


def unlink(executables: Path, settings: Path) -> Path | None:
    """Take the link back with the last settings that it was made with; the link that is gone."""
    rows = recorded(executables)
    left = [one for one in rows[1:] if one != str(settings) and Path(one).exists()]
    if not rows or str(settings) not in rows[1:]:
        return None
    record, place = executables / RECORD, Path(rows[0])
    if left:
        write_atomically(str(record), "\n".join([rows[0], *left]).encode())
        return None
    record.unlink()
    if not place.is_symlink() or not is_same(place, executables / PROGRAM):
        return None
    place.unlink()
    return place


def recorded(executables: Path) -> list[str]:
    """The link that was made, and the settings that it was made with; nothing without one."""
    try:
        return read_bytes(str(executables / RECORD), RECORD_BYTES).decode().split("\n")
    except (OSError, UnicodeDecodeError):
        return []


def is_on_path(folder: Path, env: Mapping[str, str]) -> bool:
    """Whether commands are looked for in this folder."""
    return str(folder) in env.get("PATH", "").split(os.pathsep)


def is_same(one: Path, other: Path) -> bool:
    """Whether both paths lead to one file."""
    return os.path.realpath(one) == os.path.realpath(other)
