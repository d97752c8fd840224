"""The lines that the reload context is made of. Pure."""

from __future__ import annotations

KEPT = "\t\xa0\u200c\u200d\u3000"
"""Not printable, but part of what people and programs write on one line."""
WRAPPER = "system-reminder>"
"""The client puts a context between a pair of these; no name in it may close that."""


class Line:
    """One line of the context: its place, its importance (lower is kept longer), its text."""

    __slots__ = ("rank", "text")

    def __init__(self, rank: float, text: str) -> None:
        self.rank = rank
        self.text = plain(text)


def plain(text: str) -> str:
    """The text as one line that nothing obeys: names of files and branches can hold anything."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char in KEPT else "?" for char in text)
    return text.replace(WRAPPER, WRAPPER.replace("-", " "))


def listed(title: str, rank: float, items: list[str], limit: int) -> list[Line]:
    """A titled list whose later items go first when space is short."""
    if not items:
        return []
    shown = [Line(rank + place, f"- {item}") for place, item in enumerate(items[:limit])]
    return [Line(rank, f"{title}:"), *shown]
