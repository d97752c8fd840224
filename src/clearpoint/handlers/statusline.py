"""Status line: how full, how long, where the work stands. Fast lane.

The client's own figures come with the event, so the line is right even before there is a state.
The window size, which no other event carries, is kept for them.
"""

from __future__ import annotations

import os

from clearpoint import advice, budget, quickjson
from clearpoint import config as settings
from clearpoint.files import read_bytes, write_atomically
from clearpoint.shape import is_count, is_name
from clearpoint.store import Store
from clearpoint.window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.events import Event
    from clearpoint.models import Config, Verdict

COLOURS = {"normal": 32, "monitor": 36, "warning": 33, "critical": 31, "emergency": 35}
FULL, EMPTY = "█", "░"


def handle(event: Event) -> str:
    """One line for the terminal."""
    store = Store(event.state_root)
    config, _ = settings.load(event.state_root, event.env)
    record_window(store, event)
    return line(event, config, store.read_verdict(event.session_id)) + "\n"


def client_window(event: Event) -> tuple[int, int]:
    """Window size and input tokens in use, as the client says them; 0 where it does not."""
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


def line(event: Event, config: Config, verdict: Verdict | None) -> str:
    """`██████░░░░ 84k/200k 42 % warning · 9 turns left · SPEC-1 testing`. Pure."""
    size, used = client_window(event)
    projected: int = verdict["projected"] if verdict else used
    about: dict[str, Any] = {**verdict["line"]} if verdict else {}
    total = size or about.get("total") or config["budget"]["window"] or 200_000
    tokens = max(used, projected)
    thresholds = budget.thresholds_for(config["budget"], total)
    window = Window(total, "", about.get("compaction_at"))
    starts = budget.level_starts(thresholds, window, about.get("growth") or 0)
    level = budget.level_of(tokens, starts)
    cells = config["statusline"]["bar_cells"]
    filled = min(cells, round(cells * tokens / total))
    bar = FULL * filled + EMPTY * (cells - filled)
    if config["statusline"]["colour"]:
        bar = f"\x1b[{COLOURS[level]}m{bar}\x1b[0m"
    mark = "~" if about.get("estimated") and tokens != used else ""
    fullness = f"{mark}{advice.short(tokens)}/{advice.short(total)} {100 * tokens / total:.0f} %"
    parts = [f"{bar} {fullness} {level}"]
    left = budget.turns_left(tokens, window, about.get("growth") or 0)
    if left is not None:
        parts.append(f"{left} {'turn' if left == 1 else 'turns'} left")
    parts += [text for text in (about.get("spec"), about.get("phase")) if text]
    return " · ".join(parts)
