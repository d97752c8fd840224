"""How the client writes a slash command into a prompt."""

from __future__ import annotations

COMMAND = "/clearpoint:"
"""How a prompt begins that we answer ourselves."""
