"""The status line: its pieces in the user's order, as many as fit, in colour. Pure. Fast lane.

`████████░░ 150k/200k budget 75% (window 1M) → ~152k · 6 turns left · 5h 42% (resets 14:00)`
"""

from __future__ import annotations

from clearpoint.statusline.pieces import LIMIT_NEAR, pieces, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearpoint.models.config import Colour, StatuslineConfig, StatusPiece
    from clearpoint.statusline.pieces import Shown

    Piece = tuple[StatusPiece, str]


COLOUR_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
BRIGHT = "bright_"
GAUGE = ("bar", "tokens", "projected", "level")
"""Pieces that belong together: a blank stands between them, and a dot between others."""
BY_LEVEL = ("bar", "level")
LIMITS = ("five_hour", "week")
LIMIT_LEVELS = ((95, "critical"), (LIMIT_NEAR, "warning"))
"""From so many percent of a rate limit on, it is coloured as this level is."""
WIDE_FROM = "\u2e80"
"""Where the scripts begin whose characters take two cells."""


def line(shown: Shown, config: StatuslineConfig, width: int = 0, *, coloured: bool = True) -> str:
    """The pieces that fit into so many cells, the first first; 0 is as wide as it gets.

    Where it is narrow they are brief at first, and then the last ones go.
    """
    kept: Sequence[Piece] = list(pieces(shown, config))
    if width and cells(joined(kept)) > width:
        kept = list(pieces(shown, config, is_brief=True))
    while width and kept and cells(joined(kept)) > width:
        kept = narrower(kept, shown)
    if not coloured:
        return joined(kept)
    return joined([(name, painted(text, colour_of(name, shown, config))) for name, text in kept])


def joined(kept: Sequence[Piece]) -> str:
    """The pieces with what stands between them."""
    text, before = "", ""
    for name, piece in kept:
        gap = "" if not before else " " if name in GAUGE and before in GAUGE else " · "
        text, before = text + gap + piece, name
    return text


def narrower(kept: Sequence[Piece], shown: Shown) -> Sequence[Piece]:
    """One piece less, the last first; of the gauge the percentage stays longest."""
    (name, text), is_gauge = kept[-1], kept[-1][0] in ("tokens", "projected")
    if len(kept) > 2 or not is_gauge or (len(kept) == 2 and kept[0][0] != "bar"):
        return kept[:-1]
    tokens = shown["used"] if name == "tokens" else max(shown["used"], shown["projected"])
    least = share(tokens, shown["budget"])
    if text != least:
        return [*kept[:-1], (name, least)]
    return kept[1:]


def colour_of(name: StatusPiece, shown: Shown, config: StatuslineConfig) -> Colour | None:
    """A piece's colour; None for the terminal's own."""
    colours = config["colours"]
    if name in colours:
        return colours[name]
    if name in BY_LEVEL:
        return colours.get(shown["level"])
    if name in LIMITS and (known := shown["five_hour" if name == "five_hour" else "week"]):
        level = next((level for start, level in LIMIT_LEVELS if known[0] >= start), "")
        return colours.get(level)  # type: ignore[call-overload, no-any-return]
    return None


def painted(text: str, colour: Colour | None) -> str:
    """The text in a colour: a name of the terminal's sixteen, or a number of its 256."""
    if colour is None:
        return text
    if isinstance(colour, int):
        code = f"38;5;{colour}"
    else:
        plain = colour.removeprefix(BRIGHT)
        code = str((30 if plain == colour else 90) + COLOUR_NAMES.index(plain))
    return f"\x1b[{code}m{text}\x1b[0m"


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if not text or max(text) < WIDE_FROM:
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
