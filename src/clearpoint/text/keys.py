"""Finding the sentences of a text that hold certain words.

Plain substring tests before any splitting, because this runs at every turn. Pure.
"""

from __future__ import annotations

from clearpoint.text.sentences import cut, lines, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST_CHARS = 5
"""A shorter sentence says nothing by itself, even where words are not parted by spaces."""


class Keys:
    """Words to look for: as they are in any case, in capitals only as written.

    Every lower-case ASCII key holds one of the stems, so that most texts are done with few tests.
    """

    __slots__ = ("capitals", "foreign", "plain", "stems")

    def __init__(self, stems: tuple[str, ...], *keys: str) -> None:
        self.stems = stems
        self.capitals = tuple(key for key in keys if key.isupper())
        self.plain = tuple(key for key in keys if key.isascii() and not key.isupper())
        self.foreign = tuple(key for key in keys if not key.isascii())

    def present(self, text: str) -> list[str]:
        """Those that a text holds."""
        lower = text.lower()
        found = []
        if [stem for stem in self.stems if stem in lower]:
            found = [key for key in self.plain if key in lower]
        if not text.isascii():
            found += [key for key in self.foreign if key in lower]
        return found + [key for key in self.capitals if key in text]


def matching(text: str, keys: Keys) -> Iterator[str]:
    """The sentences of a text that hold one of the keys, cleaned and cut to one line."""
    present = keys.present(text)
    for line in lines(text) if present else ():
        low = line.lower()
        if any(key in low or key in line for key in present):
            yield from (cut(part) for part in split(line) if keys.present(part))


def is_statement(said: str) -> bool:
    """Whether a sentence states something, rather than ask or suppose."""
    low = said.lower()
    enough = said.count(" ") >= 2 or (not said.isascii() and len(said) >= FEWEST_CHARS)
    return (
        enough and not said.endswith(("?", "？")) and not low.startswith(("if ", "falls ", "si "))
    )
