"""Handoffs: what one agent gives to the next, checked, within its budget, and on record.

`package` says what is handed over and `matrix` who may hand over to whom. `create` makes a package
of a session's state, `compress` fits it into its budget, `validate` takes one in, and `render` is
what the next agent reads. `record` keeps packages and their `history`, `subagents` reads what
became of an agent, and `reconcile` closes what ended unannounced. `hooks` joins them for the
client's events, `pipeline` for commands.
"""

from clearpoint.handoffs.errors import (
    AgentCompatibilityError,
    HandoffError,
    IntegrityError,
    PackageError,
    TokenBudgetError,
)

__all__ = [
    "AgentCompatibilityError",
    "HandoffError",
    "IntegrityError",
    "PackageError",
    "TokenBudgetError",
]
