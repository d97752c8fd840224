"""What the status line knows of a session: window, use, limits, prompt cache, checkout."""

from __future__ import annotations

import time

from clearpoint.budget import levels
from clearpoint.budget.window import Window
from clearpoint.lowlevel.checks import is_count, is_name
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.project.git import place_shown
from clearpoint.statusline.pieces import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import StatusFacts
    from clearpoint.statusline.pieces import Limit, Shown

CONTEXT_COUNTS = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)
CACHE_LIMIT_S = 86_400
LIMIT_DAYS = 31
MEASURE_LIMIT = 1e9
UNTOLD = "initialization"
"""The phase before anything tells one."""
SUFFIX = " ("
"""Before what the client adds to a model's name, as in `Opus 4.5 (1M context)`."""


def client_window(event: Event) -> tuple[int, int]:
    """Window size and tokens in use, as the client says them; 0 if it does not.

    Older clients sum `total_input_tokens` over the session; `current_usage` is right in all.
    """
    found = table(event, "context_window")
    size, current = found.get("context_window_size"), found.get("current_usage")
    counts = [current.get(name) for name in CONTEXT_COUNTS] if isinstance(current, dict) else []
    return size if is_count(size) else 0, sum(value for value in counts if is_count(value))


def table(event: Event, *names: str) -> dict[str, Any]:
    """An object within the payload; an empty one if there is none."""
    found: Any = event.payload
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def what_there_is(
    event: Event, config: Config, facts: StatusFacts | None, now: float, session_folder: str = ""
) -> Shown:
    """All that the line could show, from the client's figures and the session's state."""
    size, used = client_window(event)
    about: dict[str, Any] = {**facts} if facts else {}
    total = size or about.get("total") or config["budget"]["window"] or 200_000
    projected = max(used, about.get("projected", 0))
    growth = about.get("growth") or 0
    is_current = about.get("total") == total  # another model may just have been chosen
    window = Window(total, "", about.get("compaction_at") if is_current else None)
    limit = levels.budget_tokens(config["budget"], window.total)
    thresholds = levels.thresholds_for(config["budget"], limit)
    starts = levels.level_starts(thresholds, window, growth, limit)
    names = wanted(config["statusline"])
    branch = place_shown(event.project_dir) if "branch" in names else ""
    return {
        "budget": limit,
        "window": total,
        "used": used,
        "projected": projected,
        "estimated": bool(about.get("estimated")),
        "level": levels.level_of(projected, starts),
        "turns_left": levels.turns_left(projected, window, growth),
        "spec": about.get("spec") or "",
        "phase": told_phase(about.get("phase") or UNTOLD),
        "cache": cache_words(event, now, max(used, projected), config["advice"]["cold_tokens"]),
        "branch": branch,
        "changed": changed_files(event.project_dir, session_folder, now) if branch else 0,
        "cost": cost(event),
        "five_hour": rate_limit(event, "five_hour", now),
        "week": rate_limit(event, "seven_day", now),
        "model": model_name(event),
        "agents": running_agents(session_folder) if "agents" in names else 0,
        "pull_request": about.get("pull_request") or 0,
    }


def told_phase(phase: str) -> str:
    """The phase, empty before anything has told one."""
    return "" if phase == UNTOLD else phase


def changed_files(project: str, session_folder: str, now: float) -> int:
    """The files that git says are changed; 0 if that is not known."""
    if not session_folder:
        return 0
    from clearpoint.statusline.changes import changed

    return changed(project, session_folder, now)


def running_agents(session_folder: str) -> int:
    """How many subagents of the session run."""
    if not session_folder:
        return 0
    from clearpoint.store.agents import running

    return len(running(session_folder))


def cache_words(event: Event, now: float, tokens: int, cold_tokens: int) -> str:
    """`cache until 14:32`, or that it has expired, where writing it again would cost much.

    That is from `cold_tokens` in use on; with 0 it never is.
    """
    found = table(event, "prompt_cache")
    end, again = found.get("expires_at"), found.get("recache_tokens_if_cold")
    if not is_count(end) or not cold_tokens or tokens < cold_tokens:
        return ""
    if now < end < now + CACHE_LIMIT_S:
        return f"cache until {clock(end)}"
    return "cache expired" if 0 < end <= now and again and is_count(again) else ""


def cost(event: Event) -> float:
    """What the session has cost in dollars, as the client reckons; 0 if it does not say."""
    found = table(event, "cost").get("total_cost_usd")
    return float(found) if is_measure(found) else 0.0


def rate_limit(event: Event, name: str, now: float) -> Limit | None:
    """How much of a rate limit is used and when it starts over; None if that is not known.

    A limit that has started over since the client last heard of it is not known.
    """
    found = table(event, "rate_limits", name)
    percent, resets = found.get("used_percentage"), found.get("resets_at")
    if not is_measure(percent):
        return None
    if not is_count(resets):
        return round(percent), ""
    if not now < resets < now + LIMIT_DAYS * DAY_S:
        return None
    day = "" if resets - now < DAY_S else time.strftime("%a ", time.localtime(resets))
    return round(percent), day + clock(resets)


def is_measure(value: Any) -> TypeGuard[float]:
    """Whether this can be a percentage or an amount."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < MEASURE_LIMIT


def model_name(event: Event) -> str:
    """The model as the client names it, without the size of its window."""
    found = table(event, "model").get("display_name")
    return found.partition(SUFFIX)[0] if is_name(found) else ""


def clock(at: float) -> str:
    """`14:32`."""
    local = time.localtime(at)
    return f"{local.tm_hour:02}:{local.tm_min:02}"
