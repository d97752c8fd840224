"""Clearpoint: context and session management for Claude Code.

The names below are the Python interface; each is loaded when it is first asked for, so that the
hooks pay for nothing that they do not use.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.api.budget import Budget
    from clearpoint.api.reasons import should_clear
    from clearpoint.api.session import Session
    from clearpoint.tokens.encoder import count as count_tokens

_PLACES = {
    "Budget": ("clearpoint.api.budget", "Budget"),
    "Session": ("clearpoint.api.session", "Session"),
    "count_tokens": ("clearpoint.tokens.encoder", "count"),
    "should_clear": ("clearpoint.api.reasons", "should_clear"),
}

__all__ = ["Budget", "Session", "count_tokens", "should_clear"]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'clearpoint' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(__import__(module, fromlist=[attribute]), attribute)
