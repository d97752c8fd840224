"""The lines that the reload context is made of. Pure."""

from __future__ import annotations


class Line:
    """One line of the context: its place, its importance (lower is kept longer), its text."""

    __slots__ = ("rank", "text")

    def __init__(self, rank: float, text: str) -> None:
        self.rank = rank
        self.text = text


def listed(title: str, rank: float, items: list[str], limit: int) -> list[Line]:
    """A titled list whose later items go first when space is short."""
    if not items:
        return []
    shown = [Line(rank + place, f"- {item}") for place, item in enumerate(items[:limit])]
    return [Line(rank, f"{title}:"), *shown]
