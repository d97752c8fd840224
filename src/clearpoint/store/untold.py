"""What a hook found that has no way to say it: said by the next one that has. Fast lane.

One line each, in the project's state folder. A folder within the project, which others can write,
has none.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import append_line, read_bytes
from clearpoint.store.layout import is_own_folder

FILE = "untold"
AT_START = "untold-start"
"""What can wait until a session starts, where it stands in nobody's way."""
FILE_BYTES = 8_192


def leave(root: str, lines: list[str], name: str = FILE) -> None:
    """Leave lines for the next hook that can speak, or as `AT_START`."""
    if lines and is_own_folder(root):
        append_line(os.path.join(root, name), "\n".join(lines).encode("utf-8", "replace"))


def take(root: str, name: str = FILE) -> list[str]:
    """What was left, each line once; it is gone from then on."""
    path = os.path.join(root, name)
    if not is_own_folder(root) or not os.path.exists(path):
        return []
    try:
        left = read_bytes(path, FILE_BYTES).decode("utf-8", "replace")
    except OSError:
        left = ""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return []  # another one says it
    return list(dict.fromkeys(left.splitlines()))
