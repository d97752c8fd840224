"""Who may hand over to whom: the matrix and the policies of the settings. Pure."""

from __future__ import annotations

from clearpoint.handoffs.checksum import MAIN
from clearpoint.handoffs.errors import AgentCompatibilityError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import HandoffPolicy, HandoffsConfig


AGREEABLE = ("refuse", "ask")
"""Policies that a user can set aside for one handoff."""


def policy(settings: HandoffsConfig, giver: str, taker: str) -> HandoffPolicy:
    """What happens with this pair: `allow`, `warn`, `refuse`, `ask` or `deny`."""
    if chosen := settings["policies"].get(f"{giver} -> {taker}"):
        return chosen
    matrix = settings["matrix"]
    if taker in matrix.get(giver, ()) or giver in (MAIN, taker):
        return "allow"
    known = {*matrix, *(agent for agents in matrix.values() for agent in agents)}
    unknown = giver not in known or taker not in known
    return "allow" if unknown and settings["unknown_agents"] else settings["outside"]


def described(settings: HandoffsConfig, giver: str, taker: str) -> str:
    """What the user is told about a pair that is not simply allowed."""
    takers = ", ".join(settings["matrix"].get(giver, ())) or "nobody"
    return (
        f"{giver} → {taker} is not in the handoff matrix ({giver} hands over to {takers}). "
        f'To allow it: "{giver} -> {taker}" = "allow" under [handoffs.policies] in '
        ".clearpoint/config.toml"
    )


def admit(settings: HandoffsConfig, giver: str, taker: str, *, agreed: bool = False) -> str:
    """The warning that a pair deserves outside of Claude Code, empty for an allowed one.

    `agreed` says that the user has agreed to this pair. Raises AgentCompatibilityError.
    """
    chosen = policy(settings, giver, taker)
    if chosen == "allow":
        return ""
    said = described(settings, giver, taker)
    if chosen == "deny" or (chosen in AGREEABLE and not agreed):
        hint = ". To allow it once: --yes, or allowed=True" if chosen in AGREEABLE else ""
        raise AgentCompatibilityError(said + hint)
    return said
