"""The errors of the Python interface, each with a one-line text that says what to do."""

from clearpoint.handoffs.errors import (
    AgentCompatibilityError,
    HandoffError,
    IntegrityError,
    PackageError,
    TokenBudgetError,
)
from clearpoint.session.find import NewerStateError, NoSessionError, SessionError
from clearpoint.session.manual_edits import WorkError
from clearpoint.store.checkpoints import CheckpointError
from clearpoint.store.tags import TagError

__all__ = [
    "AgentCompatibilityError",
    "CheckpointError",
    "HandoffError",
    "IntegrityError",
    "NewerStateError",
    "NoSessionError",
    "PackageError",
    "SessionError",
    "TagError",
    "TokenBudgetError",
    "WorkError",
]
