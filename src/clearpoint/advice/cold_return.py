"""A return after the prompt cache has expired: what going on costs, and what a clear would. Pure.

Fast lane. The next request writes the whole context into the cache again, at more than the price of
plain input. A clear writes only what a new session begins with.
"""

from __future__ import annotations

from clearpoint.advice.costs import SHORTEST_CACHE_S, freed, is_soon_worthwhile
from clearpoint.advice.readiness import hindrance
from clearpoint.advice.snooze import is_snoozed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import Notices, State


def is_cold_return(state: State, config: Config, notices: Notices, now: float) -> bool:
    """Whether this is the first prompt after the cache expired, and a clear is worth a word.

    `now` in seconds of the epoch.
    """
    ended = state["system"]["left_at"]
    lifetime = state["usage"]["cache_seconds"] or SHORTEST_CACHE_S
    is_cold = ended is not None and now - ended > lifetime
    return is_cold and is_worth_telling(state, config, notices, now)


def is_worth_telling(state: State, config: Config, notices: Notices, now: float) -> bool:
    """Whether a clear pays here, and it was neither told at this point yet nor put off."""
    used, said = state["context_window"]["projected"], state["advice"]
    return (
        is_worth_a_clear(state, config)
        and not is_snoozed(said, notices, used, now)
        and said["cold_at"] != left(state)
    )


def left(state: State) -> int:
    """When the user has left, in seconds of the epoch: one return is told once; -1 if unknown."""
    return round(state["system"]["left_at"] or -1)


def is_worth_a_clear(state: State, config: Config) -> bool:
    """Whether a clear pays once the cache has expired: the difference is large, nothing is open."""
    is_large = 0 < config["advice"]["cold_tokens"] <= state["context_window"]["projected"]
    return is_large and is_soon_worthwhile(state, config) and not hindrance(state)


def cold_message(state: State, config: Config, dollars: float | None = None) -> str:
    """One line on what going on costs, and what a clear would; remembers that it was told.

    `dollars` is what the client says that writing the cache again costs.
    """
    from clearpoint.advice.catalogue import words
    from clearpoint.text.phrases import short

    used = state["context_window"]["projected"]
    rest = used - freed(state, config)
    state["advice"]["cold_at"] = left(state)
    return words(state, config)["cold"].format(
        used=short(used),
        left=short(rest),
        cost=_money(dollars),
        saved=_money(dollars * rest / used if dollars and used else None),
    )


def _money(dollars: float | None) -> str:
    """` (about $0.79)`; empty if it is not known."""
    return f" (about ${dollars:,.2f})" if dollars else ""
