"""A status line that is being edited: which pieces, in which order and colour. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from clearpoint.config.defaults import DEFAULTS
from clearpoint.models.config import ColourName, StatusPiece, StatusPreset
from clearpoint.statusline.pieces import PRESETS, wanted

if TYPE_CHECKING:
    from clearpoint.models.config import Colour, StatuslineConfig

COLOURS = sorted(get_args(ColourName), key=lambda name: name == "black")
"""The first of them, black, comes last: on most terminals it is not seen."""
NAMES: tuple[StatusPreset, ...] = get_args(StatusPreset)
BAR_LIMIT = 40
BY_LEVEL = ("bar", "level")
"""Pieces that have the colour of the level."""


class Draft:
    """The settings as they are edited; the cursor is on one piece."""

    def __init__(self, config: StatuslineConfig) -> None:
        self._config = config
        self.cursor = 0
        self.preset: StatusPreset = config["preset"]
        self.bar_cells = config["bar_cells"]
        self.colours: dict[Any, Colour] = {**config["colours"]}
        self._arrange(list(wanted(config)))

    def _arrange(self, chosen: list[StatusPiece]) -> None:
        rest = [piece for piece in get_args(StatusPiece) if piece not in chosen]
        self.order: list[StatusPiece] = [*chosen, *rest]
        self.chosen = set(chosen)

    @property
    def pieces(self) -> list[StatusPiece]:
        """The pieces that are shown, in order."""
        return [piece for piece in self.order if piece in self.chosen]

    @property
    def current(self) -> StatusPiece:
        """The piece that the cursor is on."""
        return self.order[self.cursor]

    @property
    def config(self) -> StatuslineConfig:
        """The settings with what was edited."""
        return {
            **self._config,
            "preset": self.preset,
            "pieces": self.pieces,
            "bar_cells": self.bar_cells,
            "colours": self.colours,
        }

    def move(self, steps: int) -> None:
        """Put the cursor on another piece."""
        self.cursor = (self.cursor + steps) % len(self.order)

    def carry(self, steps: int) -> None:
        """Move the piece under the cursor, and the cursor with it."""
        target = self.cursor + steps
        if 0 <= target < len(self.order):
            self.order.insert(target, self.order.pop(self.cursor))
            self.cursor = target

    def toggle(self) -> None:
        """Show the piece under the cursor, or hide it; the last one stays."""
        if self.chosen != {self.current}:
            self.chosen ^= {self.current}

    def recolour(self) -> None:
        """Give the piece under the cursor the next colour; after the last, none of its own."""
        if self.current in BY_LEVEL:
            return
        now = self.colours.pop(self.current, None)
        place = COLOURS.index(now) + 1 if now in COLOURS else 0
        if place < len(COLOURS):
            self.colours[self.current] = COLOURS[place]

    def resize(self, cells: int) -> None:
        """Make the bar longer or shorter."""
        self.bar_cells = min(BAR_LIMIT, max(1, self.bar_cells + cells))

    def next_preset(self) -> None:
        """Start over from the next preset."""
        self.preset = NAMES[(NAMES.index(self.preset) + 1) % len(NAMES)]
        self._arrange(list(PRESETS[self.preset]))

    def changes(self) -> dict[str, Any]:
        """What is to be written, by key; None for a key that is no longer needed."""
        preset = next((name for name in NAMES if self.pieces == list(PRESETS[name])), None)
        found: dict[str, Any] = {
            "preset": preset,
            "pieces": None if preset else self.pieces,
        }
        if self.bar_cells != self._config["bar_cells"]:
            found["bar_cells"] = self.bar_cells
        if self.colours != self._config["colours"]:
            built_in = DEFAULTS["statusline"]["colours"]
            own = {name: colour for name, colour in self.colours.items()
                   if built_in.get(name) != colour}  # fmt: skip
            found["colours"] = own or None
        return found
