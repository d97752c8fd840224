"""How Claude Code's sessions end, in words. Pure."""

from __future__ import annotations

ENDINGS = {
    "clear": "cleared",
    "logout": "logged out",
    "other": "closed",
    "prompt_input_exit": "exited",
    "resume": "left for another session",
}
"""What Claude Code calls the ways that a session ends, in words."""
