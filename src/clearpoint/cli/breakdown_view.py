"""Where the tokens go, as people see it: one bar of all parts, and each part against its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from clearpoint.attribution import breakdown
from clearpoint.cli import render
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from clearpoint.attribution.allocation import Category
    from clearpoint.attribution.attribution import Attribution

LOOKS = {
    "system": ("█", "blue"),
    "conversation": ("▓", "green"),
    "reference": ("▒", "magenta"),
    "reserve": ("▞", "cyan"),
}
"""How a category is drawn: its sign without colour, and its colour."""
SOLID = "█"
FREE, BUFFER = ("░", "bright_black"), ("·", "bright_black")
SHARE_CELLS = 16
BARS_FROM = 80
BASES = {"exact": "counted", "shared": "share of the count", "estimated": "estimated"}
FIGURES_CELLS = 50
"""What the columns behind the names take."""
SHORTEST_NAME = 24


def look(name: str, *, coloured: bool) -> tuple[str, str]:
    """The sign and the style of a category; in colour the signs need not differ."""
    sign, style = LOOKS[name]
    return SOLID if coloured else sign, style


def stacked(attribution: Attribution, cells: int, *, coloured: bool = False) -> Text:
    """The budget as one bar: the categories, what is free, and what auto-compaction keeps."""
    sizes = [
        (use["used"], look(name, coloured=coloured))
        for name, use in attribution["categories"].items()
    ]
    budget, window = attribution["budget"], attribution["window"]
    open_end = min(budget, window - attribution["buffer"])
    sizes.append((max(0, open_end - attribution["used"]), FREE))
    sizes.append((max(0, budget - max(open_end, attribution["used"])), BUFFER))
    drawn, tokens, done = Text(), 0, 0
    for size, (sign, style) in sizes:
        tokens += size
        upto = min(cells, round(cells * tokens / max(1, budget)))
        drawn.append(sign * (upto - done), style)
        done = max(done, upto)
    return drawn


def categories(attribution: Attribution, width: int, *, coloured: bool = False) -> Table:
    """Each category of the budget: its use against what it is given, and what is free.

    The bars go where it is narrower than `BARS_FROM`.
    """
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for _ in range(2):
        table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for name, use in attribution["categories"].items():
        sign, style = look(name, coloured=coloured)
        table.add_row(
            Text.assemble((sign, style), " ", (name.capitalize(), "bold")),
            short(use["used"]),
            Text(f"of {short(use['allocated'])}" if width >= BARS_FROM else ""),
            share(use, style) if width >= BARS_FROM else "",
            verdict(use),
        )
    kept = attribution["buffer"]
    note = f"{short(kept)} reserved for auto-compaction" if kept else ""
    label = Text.assemble(FREE, " ", ("Free", "bold"))
    table.add_row(label, short(attribution["free"]), "", "", Text(note, "bright_black"))
    return table


def share(use: Category, style: str) -> Text:
    """The use as a bar of the allocation; red where it is beyond."""
    given = max(1, use["allocated"])
    filled = min(SHARE_CELLS, round(SHARE_CELLS * use["used"] / given))
    bar = (SOLID * filled, "red" if use["over"] > 0 else style)
    return Text.assemble(bar, ("░" * (SHARE_CELLS - filled), "bright_black"))


def verdict(use: Category) -> Text:
    """`3k left`, `41k over`."""
    if use["over"] > 0:
        return Text(f"{short(use['over'])} over", "red")
    return Text(f"{short(-use['over'])} left", "bright_black")


def by_part(attribution: Attribution, width: int) -> Table:
    """Every part with its tokens, its share of the window and of its allocation.

    Where it is narrower than `BARS_FROM`, without its share of the window and how it was counted.
    """
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    is_wide = width >= BARS_FROM
    table.add_column("Part", no_wrap=True)
    for title in ("Tokens", *(["Window"] if is_wide else []), "Allocated"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in breakdown.rows(attribution):
        depth = (len(row.label) - len(row.label.lstrip())) // 2
        if depth and not row.tokens:
            continue
        style = ("bold", "", "", "bright_black")[min(depth, 3)]
        note = (BASES[row.note] if is_wide else "") if row.note in BASES else row.note
        indent, name = " " * 2 * depth, row.label.strip()
        room = max(SHORTEST_NAME, width - FIGURES_CELLS) - len(indent)
        table.add_row(
            render.text(indent + render.end_of(name, room), style),
            Text(f"{row.tokens:,}", style),
            *([Text(f"{row.percent:.1f}%", style)] if is_wide else []),
            render.tokens(row.allocated) if row.allocated else "",
            Text(note, "red" if row.note.endswith("over") else "bright_black"),
        )
    return table
