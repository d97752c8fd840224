"""A session's numbers in words: level, advice, growth, what a clear frees, the prompt cache."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from clearpoint.advice import costs, strategy
from clearpoint.attribution import attribution, breakdown
from clearpoint.budget import levels
from clearpoint.budget.window import Window
from clearpoint.cli import render
from clearpoint.text import phrases
from clearpoint.text.phrases import short

if TYPE_CHECKING:
    from clearpoint.attribution.attribution import Attribution
    from clearpoint.cli.render import Row
    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State


def level_starts(state: State) -> dict[Level, int]:
    """Tokens at which each level begins, as the hooks reckon."""
    window = state["context_window"]
    return levels.level_starts(
        state["budget"]["thresholds"],
        Window(window["total"], window["source"], window["compaction_at"]),
        state["budget"]["growth_per_turn"],
        state["budget"]["tokens"],
    )


def limit_of(state: State) -> int:
    """The budget in tokens; the window where none was judged yet."""
    return state["budget"]["tokens"] or state["context_window"]["total"]


def level_reason(state: State, starts: dict[Level, int]) -> str:
    """Why the level is what it is, in words."""
    level = state["budget"]["level"]
    if level == "normal":
        return "no level reached"
    start, limit = starts[level], limit_of(state)
    early = start < round(limit * state["budget"]["thresholds"][level] / 100)
    why = ", a typical turn before auto-compaction" if early and level == "critical" else ""
    return f"since {short(start)} ({render.percent(start, limit)}{why})"


def level_line(state: State) -> str:
    """What of the budget is in use, and where the next messages come."""
    projected, limit = state["context_window"]["projected"], limit_of(state)
    ahead = [
        f"{short(start)} ({render.percent(start, limit)})"
        for start in level_starts(state).values()
        if start > projected
    ]
    here = f"{render.percent(projected, limit)} of {short(limit)}"
    return f"{here}; next message at {ahead[0]}" if ahead else here


def pending(state: State, config: Config) -> list[str]:
    """Why a clear would be advised at the end of this turn; empty if it would not."""
    return [reason for _, _, reason in strategy.should_clear(state, config)]


def advice_line(state: State) -> str:
    """How often something was said."""
    said = state["advice"]["messages"]
    return f"{phrases.counted(said, 'message')} so far" if said else ""


def growth_line(state: State) -> str:
    """How fast it fills."""
    growth = state["budget"]["growth_per_turn"]
    return f"{short(growth)} per turn" if growth else "not enough turns yet"


def freed(state: State, config: Config, parts: Attribution | None) -> int:
    """Tokens that a clear would free; with the parts known, by them."""
    return attribution.saved_by_clear(state, parts) if parts else costs.freed(state, config)


def cache(state: State, now: float) -> dict[str, Any] | None:
    """Whether the prompt cache is warm and for how long; None if no answer was seen."""
    left = costs.cache_left_s(state, now)
    return None if left is None else {"warm": left > 0, "seconds_left": max(0, round(left))}


def cache_line(state: State, now: float) -> str:
    """The cache in words."""
    known = cache(state, now)
    if known is None:
        return ""
    if not known["warm"]:
        used = short(state["context_window"]["projected"])
        return f"expired: the next request writes all {used} again"
    at = time.strftime("%H:%M", time.localtime(now + known["seconds_left"]))
    return f"warm until {at}"


def numbers(state: State, parts: Attribution | None, now: float) -> list[Row]:
    """The rows about tokens."""
    window = state["context_window"]
    at = window["compaction_at"]
    end = f"auto-compaction at {short(at)}" if at else "no auto-compaction"
    mark = "~" if window["estimated"] else ""
    use = f"{window['used']:,} (next request {mark}{window['projected']:,})"
    return [
        ("Tokens used", f"{use}, {window['available']:,} free"),
        ("Budget", level_line(state)),
        ("Advice", advice_line(state)),
        ("Growth", growth_line(state)),
        ("Prompt cache", cache_line(state, now)),
        ("Window", f"{short(window['total'])} (source: {window['source']}), {end}"),
        ("Conversation", conversation(state)),
        ("Fixed overhead", breakdown.heavy_note(parts) if parts else ""),
    ]


def conversation(state: State) -> str:
    """What has been said, in numbers."""
    counted = state["usage"]
    named = [phrases.counted(counted["prompts"], "prompt")]
    named += [phrases.counted(counted["requests"], "request")]
    if counted["compactions"]:
        named += [phrases.counted(counted["compactions"], "compaction")]
    return ", ".join(named)
