"""How a status line of Clearpoint's names the other one that it runs and shows as well. Pure."""

from __future__ import annotations

from typing import NamedTuple

from clearpoint.client.registered import WITH, without_other

HERE, INHERITED = WITH
"""Before the command that stood there first, which comes back at uninstall; and before one that
stands in weaker settings still."""


class Beside(NamedTuple):
    """Another status line's command, and the option that names it."""

    option: str
    command: str


def split(words: list[str]) -> tuple[list[str], Beside | None]:
    """Return the words of our own command, and apart from them what it is run beside."""
    own = without_other(words)
    return own, Beside(*words[-2:]) if len(own) < len(words) else None
