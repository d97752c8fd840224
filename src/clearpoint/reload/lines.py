"""The lines that the reload context is made of. Pure."""

from __future__ import annotations

from clearpoint.client import sanitize


class Line:
    """One line of the context: its place, its importance (lower is kept longer), its text."""

    __slots__ = ("rank", "text")

    def __init__(self, rank: float, text: str) -> None:
        self.rank = rank
        self.text = plain(text)


def plain(text: str) -> str:
    """The text as one line that nothing obeys: names of files and branches can hold anything."""
    return sanitize.line(text)


def listed(title: str, rank: float, items: list[str], limit: int) -> list[Line]:
    """A titled list whose later items go first when space is short."""
    if not items:
        return []
    shown = [Line(rank + place, f"- {item}") for place, item in enumerate(items[:limit])]
    return [Line(rank, f"{title}:"), *shown]
