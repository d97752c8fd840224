"""What a session's metrics are: figures of its state, its journal and its requests. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from clearpoint.advice.costs import freed
from clearpoint.budget.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.models.usage import Request
    from clearpoint.store.journal import Occurrence

COLD_SHARE = 0.1
"""A request that reads less of its input than this from the prompt cache found it cold."""
COLD_TOKENS = 10_000
"""A smaller one is the first of a session, or costs nothing worth a word."""
FOLLOWED_BY = ("clear",)


class Figures(TypedDict):
    """A session in figures; sums grow, the others are as they were last."""

    model: str
    used: int
    peak: int
    level: int
    """0 normal to 4 emergency, the highest that was reached."""
    offers: dict[str, int]
    """Offers to clear or compact, by what set them off."""
    followed: int
    """Offers that a clear or a compaction came after."""
    freed: int
    """Tokens that the clear at the end freed."""
    reload: int
    """Tokens of reload context that the session was given."""
    cold: int
    """Requests that rebuilt a cold prompt cache."""
    hooks: list[int]
    """Milliseconds of each hook that the client timed."""


def figures(
    state: State,
    config: Config,
    events: Sequence[Occurrence],
    requests: Iterable[Request],
    hooks: Iterable[int],
) -> Figures:
    """The figures of a session."""
    levels = [LEVELS.index(level) for one in events if (level := one.text("level")) in LEVELS]
    offers: dict[str, int] = {}
    for one in events:
        if trigger := one.text("advice"):
            offers[trigger] = offers.get(trigger, 0) + 1
    is_cleared = state["ended"] in FOLLOWED_BY
    reloads = (one.facts.get("reload_tokens") for one in events if one.event == "SessionStart")
    return {
        "model": state["model"] or "unknown",
        "used": state["context_window"]["used"],
        "peak": state["usage"]["peak"],
        "level": max(levels, default=0),
        "offers": offers,
        "followed": followed(events, is_cleared=is_cleared),
        "freed": freed(state, config) if is_cleared else 0,
        "reload": sum(tokens for tokens in reloads if isinstance(tokens, int)),
        "cold": sum(map(is_cold, requests)),
        "hooks": list(hooks),
    }


def followed(events: Sequence[Occurrence], *, is_cleared: bool) -> int:
    """How many offers a compaction by hand, or the clear at the end, came after."""
    number, is_open = 0, False
    for one in events:
        is_open = is_open or bool(one.text("advice"))
        if one.event == "PreCompact" and one.text("trigger") == "manual" and is_open:
            number, is_open = number + 1, False
    return number + (is_open and is_cleared)


def is_cold(request: Request) -> bool:
    """Whether a request found the prompt cache cold and wrote it again."""
    size = request["input"] + request["written"] + request["read"]
    return size >= COLD_TOKENS and request["read"] < COLD_SHARE * size and request["written"] > 0
