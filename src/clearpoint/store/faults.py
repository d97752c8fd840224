"""The project's list of faults: one line for each time a hook failed, within a size."""

from __future__ import annotations

import os

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import DAY_S, now_text, seconds_of
from clearpoint.lowlevel.files import append_line, read_bytes, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE, EARLIER = "faults.jsonl", "faults.jsonl.1"
LIMIT_BYTES = 256 << 10
FAULT_DAYS = 7
"""Older faults are not spoken of."""


def record(root: str, hook: str, line: str, session_id: str | None) -> None:
    """Add a fault; the older half of the list goes when it gets too long."""
    path = os.path.join(root, FILE)
    fault = {"at": now_text(), "hook": hook, "session_id": session_id, "fault": line}
    if os.path.exists(path) and os.path.getsize(path) > LIMIT_BYTES:
        replace(path, os.path.join(root, EARLIER))
    append_line(path, fast_json.encode(fast_json.dumps(fault)))


def recent(root: str, now: float) -> list[dict[str, Any]]:
    """The faults of the last days, the oldest first; `now` in seconds of the epoch."""
    lines: list[bytes] = []
    for name in (EARLIER, FILE):
        try:
            lines += read_bytes(os.path.join(root, name)).splitlines()
        except OSError:
            continue
    since = now - FAULT_DAYS * DAY_S
    return [one for one in fast_json.objects(lines) if time_of(one) > since]


def time_of(fault: dict[str, Any]) -> float:
    """When a fault happened, in seconds of the epoch; 0 if that is damaged."""
    return seconds_of(str(fault.get("at"))) or 0.0
