"""What going on costs and what a clear would save: tokens, and the prompt cache. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

UNKNOWN_BEGINNING_TOKENS = 20_000
"""What a new session is taken to begin with where no first request was seen."""
LOW_PERCENT, LOW_TOKENS = 30, 20_000
"""What a clear must free where going on soon costs as much: at an early compaction, which would
free less still, and at a cold cache."""
SHORTEST_CACHE_S = 300
"""The shorter of the two lifetimes of the prompt cache, where the session has not shown its own."""


def freed(state: State, config: Config) -> int:
    """Tokens that a clear would free: all but what a new session and its reload begin with."""
    left = beginning(state) + config["reload"]["max_tokens"]
    return max(0, state["context_window"]["projected"] - left)


def beginning(state: State) -> int:
    """Tokens that a session here begins with, as this one did, without any reload."""
    return state["advice"]["begins"] or state["usage"]["overhead"] or UNKNOWN_BEGINNING_TOKENS


def is_worthwhile(state: State, config: Config, slack_points: float = 0) -> bool:
    """Whether a clear frees enough, in tokens and as a share of the use, to be offered."""
    if compacts_early(state) and state["budget"]["level"] != "normal":
        return is_soon_worthwhile(state, config, slack_points)
    floor = config["advice"]
    return _frees(state, config, floor["frees_percent"] - slack_points, floor["frees_tokens"])


def is_soon_worthwhile(state: State, config: Config, slack_points: float = 0) -> bool:
    """The same where going on soon costs as much as a clear."""
    floor = config["advice"]
    percent, tokens = (
        min(floor["frees_percent"], LOW_PERCENT),
        min(floor["frees_tokens"], LOW_TOKENS),
    )
    return _frees(state, config, percent - slack_points, tokens)


def _frees(state: State, config: Config, percent: float, least: int) -> bool:
    tokens = freed(state, config)
    return tokens >= least and 100 * tokens >= percent * state["context_window"]["projected"]


def compacts_early(state: State) -> bool:
    """Whether the client was told to compact before the window's own end, as autopilot does."""
    window = state["context_window"]
    return 0 < window["room"] < window["total"]


def cache_left_s(state: State, now: float) -> float | None:
    """Seconds that the prompt cache stays warm, counted from the newest response.

    0 or less once it is cold; None if there was no response, or its time is not known.
    """
    from clearpoint.lowlevel.clock import seconds_of

    answered = seconds_of(state["usage"]["at"])
    if answered is None:
        return None
    return answered + (state["usage"]["cache_seconds"] or SHORTEST_CACHE_S) - now
