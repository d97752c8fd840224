"""Status line: how full, how long, where the work stands. Fast lane.

The client's own figures come with the event, so the line is right even before there is a state.
The window size, which no other event carries, is kept for the hooks.
"""

from __future__ import annotations

import os
import time

from clearpoint import budget, quickjson, statusline
from clearpoint import config as settings
from clearpoint.budget import short
from clearpoint.files import read_bytes, write_atomically
from clearpoint.shape import is_count, is_name
from clearpoint.store import Store
from clearpoint.window import Window, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models.config import Config
    from clearpoint.models.state import StatusFacts
    from clearpoint.statusline import Shown
    from clearpoint.statusline.companion import Companion, PortableCompanion

MARGIN_CELLS = 4
"""What the client keeps free of the terminal's width, measured on 2.1.329."""
CACHE_LIMIT_S = 86_400
UNTOLD = "initialization"
"""The phase before anything tells one."""
HEAD_BYTES = 4_096


def handle(event: Event) -> str:
    """One line for the terminal, below what another command says that was set before."""
    other = start_other(event)
    store = Store(event.state_root)
    config, _ = settings.load(event.state_root, event.env)
    record_window(store, event)
    wanted = config["statusline"]
    shown = what_there_is(event, config, store.read_status(event.session_id), time.time())
    width = number(event.env.get("COLUMNS"))
    coloured = wanted["colour"] and "NO_COLOR" not in event.env
    room = max(1, width - MARGIN_CELLS) if width else 0
    ours = statusline.line(shown, wanted, room, coloured=coloured)
    theirs = ""
    if other:
        given = quickjson.encode(quickjson.dumps(event.payload))
        theirs = other.talk(given, wanted["wait_seconds"]).decode("utf-8", "replace").rstrip()
    return "".join(f"{text}\n" for text in (theirs, ours) if text)


def start_other(event: Event) -> Companion | PortableCompanion | None:
    """The command that was set before ours, started; None where there is none that starts."""
    if not event.arguments:
        return None
    from clearpoint.statusline import companion

    command = companion.command_in(event.arguments)
    try:
        return companion.start(command) if command else None
    except OSError:
        return None


def client_window(event: Event) -> tuple[int, int]:
    """Window size and tokens in use, as the client says them; 0 where it does not."""
    found: Any = event.payload.get("context_window")
    if not isinstance(found, dict):
        return 0, 0
    size, used = found.get("context_window_size"), found.get("total_input_tokens")
    output = found.get("total_output_tokens")
    current = found.get("current_usage")
    if not isinstance(current, dict) or not any(current.values()):
        used = output = 0
    total = sum(value for value in (used, output) if is_count(value))
    return size if is_count(size) else 0, total


def cache_end(event: Event) -> int:
    """When the prompt cache will be cold, in seconds of the epoch; 0 where nothing is said."""
    found: Any = event.payload.get("prompt_cache")
    end = found.get("expires_at") if isinstance(found, dict) else 0
    return end if is_count(end) else 0


def record_window(store: Store, event: Event) -> None:
    """Keep the client's window size for the hooks, where it is new."""
    size, _ = client_window(event)
    model: Any = event.payload.get("model")
    name = model.get("id") if isinstance(model, dict) else None
    if not size or not is_name(name):
        return
    data = quickjson.encode(quickjson.dumps({"size": size, "model": name}) + "\n")
    path = store.path(event.session_id, "statusline.json")
    try:
        if os.path.exists(path) and read_bytes(path) == data:
            return
        store.prepare(event.session_id)
        write_atomically(path, data)
    except OSError:
        return  # a read-only folder: the line is still right


def what_there_is(event: Event, config: Config, facts: StatusFacts | None, now: float) -> Shown:
    """All that the line could show, from the client's figures and the session's state."""
    size, used = client_window(event)
    about: dict[str, Any] = {**facts} if facts else {}
    total = size or about.get("total") or config["budget"]["window"] or 200_000
    projected = max(used, about.get("projected", 0))
    growth = about.get("growth") or 0
    window = Window(total, "", about.get("compaction_at"))
    starts = budget.level_starts(budget.thresholds_for(config["budget"], total), window, growth)
    phase = about.get("phase") or UNTOLD
    has_branch = "branch" in config["statusline"]["pieces"]
    return {
        "total": total,
        "used": used,
        "projected": projected,
        "estimated": bool(about.get("estimated")),
        "level": budget.level_of(projected, starts),
        "turns_left": budget.turns_left(projected, window, growth),
        "spec": about.get("spec") or "",
        "phase": "" if phase == UNTOLD else phase,
        "cache": cache_words(event, now),
        "branch": branch_of(event.project_dir) if has_branch else "",
    }


def cache_words(event: Event, now: float) -> str:
    """`cache to 14:32`, or what it takes to write it anew once it is cold."""
    end = cache_end(event)
    if now < end < now + CACHE_LIMIT_S:
        at = time.localtime(end)
        return f"cache to {at.tm_hour:02}:{at.tm_min:02}"
    tokens = event.payload["prompt_cache"].get("recache_tokens_if_cold") if end else 0
    return f"cache cold ({short(tokens)})" if tokens and is_count(tokens) else ""


def branch_of(folder: str) -> str:
    """The git branch, or the commit where there is none; empty outside of a repository."""
    git = os.path.join(folder, ".git")
    pointer = head_of(git)  # a worktree's is a file
    if pointer.startswith("gitdir: "):
        git = os.path.join(folder, pointer.removeprefix("gitdir: "))
    head = head_of(os.path.join(git, "HEAD"))
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else head[:8]


def head_of(path: str) -> str:
    """A small file's text; empty where there is none."""
    try:
        return read_bytes(path, HEAD_BYTES, follow=True).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return ""
