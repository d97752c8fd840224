"""What can be wrong with a handoff; each text is one line for a user and says what to do."""

from __future__ import annotations


class HandoffError(Exception):
    """A handoff cannot be made, found or taken in."""


class PackageError(HandoffError):
    """The package has not the shape of one: its fields, its size, or the paths that it names."""


class IntegrityError(HandoffError):
    """The package is not as it was made: its checksum does not fit."""


class AgentCompatibilityError(HandoffError):
    """The one agent may not hand over to the other."""


class TokenBudgetError(HandoffError):
    """What is to be handed over does not fit the tokens that are available, however compressed."""
