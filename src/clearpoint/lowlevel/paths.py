"""Paths as every part here can compare them, and the user's folder. Pure. Fast lane.

Windows takes `/` wherever it takes a backslash, so its paths are kept with `/` from where they
come in; a POSIX path may hold a backslash in a name and stays as it is.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def portable(path: str) -> str:
    r"""The path with `/`, where it is one of Windows: `C:\shop\a.py`, `\\server\shop\a.py`.

    The drive is written with a capital: clients and tools write both, for the same folder.
    """
    if path.startswith("\\\\"):
        return path.replace("\\", "/")
    if path[1:3] in (":\\", ":/") and path[:1].isalpha() and path[:1].isascii():
        return path[:1].upper() + path[1:].replace("\\", "/")
    return path


def home(env: Mapping[str, str]) -> str:
    """The user's folder, empty if the environment does not tell."""
    return env.get("HOME") or env.get("USERPROFILE") or ""
