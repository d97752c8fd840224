"""How a status line of ours names the other one that it runs and shows as well. Pure."""

from __future__ import annotations

import shlex
from typing import NamedTuple

HERE = "--with"
"""Before the command that stood in place of ours: it comes back when ours goes."""
INHERITED = "--with-inherited"
"""Before one that stands in weaker settings still."""


class Beside(NamedTuple):
    """Another status line's command, and the option that names it."""

    option: str
    command: str


def shell_words(command: str) -> list[str]:
    """Return the words of a shell command, none where its quotes do not close."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def split(words: list[str]) -> tuple[list[str], Beside | None]:
    """Return the words of our own command, and apart from them what it is run beside."""
    if len(words) > 2 and words[-2] in (HERE, INHERITED):
        return words[:-2], Beside(*words[-2:])
    return words, None
