"""The Python interface: sessions, budgets, and whether a clear is worthwhile."""

from clearpoint.api.budget import Budget
from clearpoint.api.reasons import should_clear
from clearpoint.api.session import Session

__all__ = ["Budget", "Session", "should_clear"]
