"""Clearpoint: context and session management for Claude Code.

The names below are the Python interface; each is loaded when it is first asked for, so that the
hooks pay for nothing that they do not use.
"""

from __future__ import annotations

import sys

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.api.budget import Budget
    from clearpoint.api.errors import (
        AgentCompatibilityError,
        CheckpointError,
        HandoffError,
        IntegrityError,
        NewerStateError,
        NoSessionError,
        PackageError,
        SessionError,
        TagError,
        TokenBudgetError,
        WorkError,
    )
    from clearpoint.api.handoffs import Handoff, validate_handoff
    from clearpoint.api.reasons import Reason, should_clear
    from clearpoint.api.session import Session
    from clearpoint.api.summary import Summary, summarize
    from clearpoint.models.state import Level
    from clearpoint.models.work import Phase
    from clearpoint.tokens.encoder import count as count_tokens

_PLACES = {
    "AgentCompatibilityError": ("clearpoint.api.errors", "AgentCompatibilityError"),
    "Budget": ("clearpoint.api.budget", "Budget"),
    "CheckpointError": ("clearpoint.api.errors", "CheckpointError"),
    "Handoff": ("clearpoint.api.handoffs", "Handoff"),
    "HandoffError": ("clearpoint.api.errors", "HandoffError"),
    "IntegrityError": ("clearpoint.api.errors", "IntegrityError"),
    "Level": ("clearpoint.models.state", "Level"),
    "NewerStateError": ("clearpoint.api.errors", "NewerStateError"),
    "NoSessionError": ("clearpoint.api.errors", "NoSessionError"),
    "PackageError": ("clearpoint.api.errors", "PackageError"),
    "Phase": ("clearpoint.models.work", "Phase"),
    "Reason": ("clearpoint.api.reasons", "Reason"),
    "Session": ("clearpoint.api.session", "Session"),
    "SessionError": ("clearpoint.api.errors", "SessionError"),
    "Summary": ("clearpoint.api.summary", "Summary"),
    "TagError": ("clearpoint.api.errors", "TagError"),
    "TokenBudgetError": ("clearpoint.api.errors", "TokenBudgetError"),
    "WorkError": ("clearpoint.api.errors", "WorkError"),
    "count_tokens": ("clearpoint.tokens.encoder", "count"),
    "should_clear": ("clearpoint.api.reasons", "should_clear"),
    "summarize": ("clearpoint.api.summary", "summarize"),
    "validate_handoff": ("clearpoint.api.handoffs", "validate_handoff"),
}

__all__ = [
    "AgentCompatibilityError",
    "Budget",
    "CheckpointError",
    "Handoff",
    "HandoffError",
    "IntegrityError",
    "Level",
    "NewerStateError",
    "NoSessionError",
    "PackageError",
    "Phase",
    "Reason",
    "Session",
    "SessionError",
    "Summary",
    "TagError",
    "TokenBudgetError",
    "WorkError",
    "count_tokens",
    "should_clear",
    "summarize",
    "validate_handoff",
]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        told = f"module 'clearpoint' has no attribute {name!r}"
        raise AttributeError(told, name=name, obj=sys.modules[__name__])  # Python adds the nearest
    module, attribute = _PLACES[name]
    return getattr(__import__(module, fromlist=[attribute]), attribute)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
