"""What the status line knows of a session: window, use, prompt cache."""

from __future__ import annotations

import time

from clearpoint.budget import levels
from clearpoint.budget.window import Window
from clearpoint.lowlevel.checks import is_count
from clearpoint.project.git import place_shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import StatusFacts
    from clearpoint.statusline.line import Shown

CONTEXT_COUNTS = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)
CACHE_LIMIT_S = 86_400
UNTOLD = "initialization"
"""The phase before anything tells one."""


def client_window(event: Event) -> tuple[int, int]:
    """Window size and tokens in use, as the client says them; 0 where it does not.

    Older clients sum `total_input_tokens` over the session; `current_usage` is right in all.
    """
    found: Any = event.payload.get("context_window")
    if not isinstance(found, dict):
        return 0, 0
    size, current = found.get("context_window_size"), found.get("current_usage")
    counts = [current.get(name) for name in CONTEXT_COUNTS] if isinstance(current, dict) else []
    return size if is_count(size) else 0, sum(value for value in counts if is_count(value))


def cache_end(event: Event) -> int:
    """When the prompt cache will be cold, in seconds of the epoch; 0 where nothing is said."""
    found: Any = event.payload.get("prompt_cache")
    end = found.get("expires_at") if isinstance(found, dict) else 0
    return end if is_count(end) else 0


def what_there_is(event: Event, config: Config, facts: StatusFacts | None, now: float) -> Shown:
    """All that the line could show, from the client's figures and the session's state."""
    size, used = client_window(event)
    about: dict[str, Any] = {**facts} if facts else {}
    total = size or about.get("total") or config["budget"]["window"] or 200_000
    projected = max(used, about.get("projected", 0))
    growth = about.get("growth") or 0
    window = Window(total, "", about.get("compaction_at"))
    limit = levels.budget_tokens(config["budget"], window.room)
    thresholds = levels.thresholds_for(config["budget"], limit)
    starts = levels.level_starts(thresholds, window, growth, limit)
    phase = about.get("phase") or UNTOLD
    has_branch = "branch" in config["statusline"]["pieces"]
    return {
        "budget": limit,
        "window": total,
        "used": used,
        "projected": projected,
        "estimated": bool(about.get("estimated")),
        "level": levels.level_of(projected, starts),
        "turns_left": levels.turns_left(projected, window, growth),
        "spec": about.get("spec") or "",
        "phase": "" if phase == UNTOLD else phase,
        "cache": cache_words(event, now),
        "branch": place_shown(event.project_dir) if has_branch else "",
    }


def cache_words(event: Event, now: float) -> str:
    """`cache until 14:32`, or that it has expired."""
    end = cache_end(event)
    if now < end < now + CACHE_LIMIT_S:
        at = time.localtime(end)
        return f"cache until {at.tm_hour:02}:{at.tm_min:02}"
    tokens = event.payload["prompt_cache"].get("recache_tokens_if_cold") if end else 0
    return "cache expired" if tokens and is_count(tokens) else ""
