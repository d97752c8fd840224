"""Handoffs: what one agent gives to the next, checked, within its budget, and on record.

`package` is what is handed over, `matrix` who may hand over to whom, `making` makes a package of a
session's state, `fitting` compresses it, `checking` takes one in, `rendering` is what the next
agent reads, `record` keeps packages and their history, `observing` reads what became of an agent,
`settling` closes what ended unannounced, `in_client` joins them for the client's events and
`by_command` for people and pipelines.
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
