"""The status line: pieces in the person's order, as many as fit. Pure. Fast lane.

`████████░░ 150k/200k budget 75% (window 1M) → ~152k · 6 turns left · cache until 14:32`
"""

from __future__ import annotations

from clearpoint.text.phrases import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from clearpoint.models.config import StatuslineConfig
    from clearpoint.models.state import Level

    class Shown(TypedDict):
        """What there is to show; tokens are 0 and texts empty where nothing is known."""

        budget: int
        """What the bar and the percentages are of; never more than the window."""
        window: int
        used: int
        """Counted by the client."""
        projected: int
        """What the next request will carry, where that is more than was counted."""
        estimated: bool
        level: Level
        turns_left: int | None
        spec: str
        phase: str
        cache: str
        branch: str


COLOURS = {"normal": 32, "monitor": 36, "warning": 33, "critical": 31, "emergency": 35}
FULL, EMPTY = "█", "░"
OVER = "over budget"
GAUGE = ("bar", "tokens", "projected", "level")
"""Pieces that belong together: a blank stands between them, and a dot between others."""
NAME_CHARS = 32
WIDE_FROM = "\u2e80"
"""Where the scripts begin whose characters take two cells."""


def line(shown: Shown, config: StatuslineConfig, width: int = 0, *, coloured: bool = True) -> str:
    """The pieces that fit into so many cells, the first first; 0 is as wide as it gets."""
    text, room, before = "", width, ""
    for name, piece in pieces(shown, config):
        gap = "" if not before else " " if name in GAUGE and before in GAUGE else " · "
        needed = len(gap) + cells(piece)
        if width and needed > room:
            continue
        room -= needed
        before = name
        is_painted = coloured and name in ("bar", "level")
        text += gap + (f"\x1b[{COLOURS[shown['level']]}m{piece}\x1b[0m" if is_painted else piece)
    return text


def pieces(shown: Shown, config: StatuslineConfig) -> Iterable[tuple[str, str]]:
    """The name and the text of each piece that is wanted and has something to say."""
    made = {
        "bar": bar(max(shown["used"], shown["projected"]), shown["budget"], config["bar_cells"]),
        "tokens": fullness(shown, shown["used"]),
        "projected": projection(shown, is_alone="tokens" not in config["pieces"]),
        "level": OVER if max(shown["used"], shown["projected"]) > shown["budget"] else "",
        "turns_left": turns(shown["turns_left"]),
        "spec": name(shown["spec"]),
        "phase": shown["phase"],
        "cache": shown["cache"],
        "branch": name(shown["branch"]),
    }
    if not shown["used"]:
        made["tokens"] = ""  # nothing is counted yet, as right after a start or a compaction
    if not shown["used"] and not shown["projected"]:
        made["bar"] = ""
    return [(wanted, made[wanted]) for wanted in config["pieces"] if made[wanted]]


def bar(tokens: int, total: int, size: int) -> str:
    """`██████░░░░`."""
    filled = min(size, round(size * tokens / total))
    return FULL * filled + EMPTY * (size - filled)


def fullness(shown: Shown, tokens: int, mark: str = "") -> str:
    """`84k/200k budget 42% (window 1M)`; of the window where that is the budget."""
    budget, window = shown["budget"], shown["window"]
    figures = f"{mark}{short(tokens)}/{short(budget)}"
    share = f"{100 * tokens / budget:.0f}%" if tokens >= budget / 200 else "<1%"
    if budget == window:
        return f"{figures} window {share}"
    return f"{figures} budget {share} (window {short(window)})"


def projection(shown: Shown, *, is_alone: bool) -> str:
    """`→ ~86k`: what the next request will carry, where it differs; `~` for an estimate."""
    tokens, used = shown["projected"], shown["used"]
    mark = "~" if not used or (shown["estimated"] and tokens != used) else ""
    if is_alone or not used:
        return fullness(shown, tokens, mark) if tokens else ""
    return f"→ {mark}{short(tokens)}" if short(tokens) != short(used) else ""


def turns(left: int | None) -> str:
    """`9 turns left`."""
    if left is None:
        return ""
    return f"{left} turns left" if left > 1 else "1 turn left" if left else "<1 turn left"


def name(text: str) -> str:
    """A name as a terminal may see it: without control characters, and not too long."""
    plain = "".join(char for char in text if char.isprintable())
    return plain if len(plain) <= NAME_CHARS else plain[: NAME_CHARS - 1] + "…"


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if not text or max(text) < WIDE_FROM:
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
