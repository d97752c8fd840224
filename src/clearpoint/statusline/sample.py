"""A busy session, made up, as the status line would be told of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.statusline.pieces import Shown

SAMPLE: Shown = {
    "budget": 200_000,
    "window": 1_000_000,
    "used": 150_000,
    "projected": 152_000,
    "estimated": True,
    "level": "warning",
    "turns_left": 6,
    "spec": "SPEC-AUTH-001",
    "phase": "testing",
    "cache": "cache until 14:32",
    "branch": "main",
    "changed": 3,
    "cost": 4.2,
    "five_hour": (42, "16:00"),
    "week": (81, "Mon 09:00"),
    "model": "Opus 5.5",
    "agents": 2,
    "pull_request": 12,
}
