"""The slash commands' files: putting them beside the client's settings, and taking them away.

Each file ends with a seal, a checksum of what stands above it. A file whose seal is not right was
written or changed by a user: it is theirs, and neither replaced nor removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from clearpoint.install.registering import settings_path
from clearpoint.install.settings_file import remove_settings, write_settings

if TYPE_CHECKING:
    from clearpoint.install.registering import Scope

ANSWERED = ("status", "spec", "phase", "step", "decide", "issue", "note", "artifact", "checkpoint",
            "continue", "snooze", "search")  # fmt: skip
"""Those that the hook carries out by itself."""
COMMANDS = (*ANSWERED, "handover")
PLACE = ("commands", "clearpoint")
"""Below the settings' folder: the client calls the commands in it `/clearpoint:NAME`."""
SEAL = "\n<!-- clearpoint "
SEAL_END = " -->\n"


@dataclass(frozen=True)
class Changes:
    """The files that were changed, or would be, and those that are somebody else's."""

    folder: Path
    changed: tuple[str, ...]
    foreign: tuple[str, ...]


def commands_folder(scope: Scope, project: Path, config_dir: Path) -> Path:
    """Return the folder that holds our commands in a scope."""
    return settings_path(scope, project, config_dir).parent.joinpath(*PLACE)


def put(folder: Path, *, dry_run: bool = False) -> Changes:
    """Write the commands' files; those of others stay. Raises SettingsError."""
    changed, foreign = [], []
    for name in COMMANDS:
        path, text = folder / f"{name}.md", sealed(packaged(name))
        standing = read(path)
        if standing is not None and not is_sealed(standing):
            foreign.append(name)
        elif standing != text:
            changed.append(name)
            if not dry_run:
                write_settings(path, text, standing)
    return Changes(folder, tuple(changed), tuple(foreign))


def remove(folder: Path, *, dry_run: bool = False) -> Changes:
    """Delete Clearpoint's files, and folders that are then empty. Raises SettingsError."""
    standing = {name: read(folder / f"{name}.md") for name in COMMANDS}
    ours = [name for name, text in standing.items() if text is not None and is_sealed(text)]
    foreign = [name for name, text in standing.items() if text is not None and name not in ours]
    for name in ours if not dry_run else ():
        remove_settings(folder / f"{name}.md", standing[name] or "")
    if ours and not dry_run:
        with contextlib.suppress(OSError):
            for emptied in (folder.parent, folder.parent.parent):
                emptied.rmdir()
    return Changes(folder, tuple(ours), tuple(foreign))


def is_foreign(client_folder: str, name: str) -> bool:
    """Tell whether a folder of the client's has a command of this name that is not Clearpoint's."""
    text = read(Path(client_folder).joinpath(*PLACE, f"{name}.md"))
    return text is not None and not is_sealed(text)


def packaged(name: str) -> str:
    """Return a command's text as it ships."""
    return files("clearpoint").joinpath("data", "commands", f"{name}.md").read_text("utf-8")


def sealed(text: str) -> str:
    """Return a text with the seal that makes it Clearpoint's."""
    return f"{text}{SEAL}{checksum(text)}{SEAL_END}"


def is_sealed(text: str) -> bool:
    """Tell whether a text is as we wrote it, in this version or another."""
    above, seal, below = text.replace("\r\n", "\n").rpartition(SEAL)
    return bool(seal) and below == checksum(above) + SEAL_END


def checksum(text: str) -> str:
    """Return a short checksum of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(path: Path) -> str | None:
    """Return a file's text, None if there is none; a text of another shape reads as empty."""
    if path.is_symlink() or not path.is_file():
        return "" if os.path.lexists(path) else None
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""
