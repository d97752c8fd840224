"""The Python interface: sessions, budgets, summaries, handoffs, and when to clear."""

from clearpoint.api.budget import Budget
from clearpoint.api.handoffs import validate_handoff
from clearpoint.api.reasons import should_clear
from clearpoint.api.session import Session
from clearpoint.api.summary import summarize

__all__ = ["Budget", "Session", "should_clear", "summarize", "validate_handoff"]
