"""Which session this one continues, how that is known, and how sure it is. Pure.

The client process that held a session before `/clear` holds the new one: that link is exact.
Without it, a fallback counts only where it names one single session that no running process
holds, so that two sessions side by side in one folder never swap.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import Lineage

CLEAR_SPAN_S = 15.0
"""A SessionEnd(clear) this recent may be the one whose SessionStart this is."""
RECENT_SPAN_S = 300.0


class Candidate:
    """An earlier session of the project, as far as linking asks."""

    __slots__ = ("age_s", "attended", "claimed", "ended", "held", "session_id", "used")

    def __init__(  # noqa: PLR0913  (one per fact)
        self,
        session_id: str,
        *,
        age_s: float,
        ended: str | None = None,
        held: bool = False,
        claimed: bool = False,
        attended: bool = True,
        used: int = 0,
    ) -> None:
        self.session_id = session_id
        self.age_s = age_s
        """Seconds since its state was last written."""
        self.ended = ended
        """The reason of its SessionEnd, None where there was none."""
        self.held = held
        """Whether a running client process holds it."""
        self.claimed = claimed
        """Whether a later session continues it already."""
        self.attended = attended
        self.used = used


def find_parent(
    source: str,
    held_before: str | None,
    candidates: list[Candidate],
    *,
    context_tokens: int | None = None,
    crash_span_s: float = 0.0,
) -> Lineage:
    """The session that one starting with this source continues.

    `held_before` is the session that the same client process held until now; `candidates` are
    the project's other sessions.
    """
    known = {candidate.session_id for candidate in candidates}
    if source in ("clear", "fork", "startup") and held_before in known:
        return _link(held_before, source, "exact", "the same client process")
    free = [one for one in candidates if not one.held and not one.claimed]
    if source == "clear":
        cleared = [one for one in free if one.ended == "clear" and one.age_s <= CLEAR_SPAN_S]
        if len(cleared) == 1:
            found = cleared[0].session_id
            return _link(found, source, "high", "cleared in this folder seconds ago")
        recent = [one for one in free if one.age_s <= RECENT_SPAN_S]
        if len(recent) == 1:
            found = recent[0].session_id
            return _link(found, source, "low", "the only recent session of this folder")
    if source == "fork" and context_tokens:
        same = [one for one in candidates if one.used == context_tokens]
        if same:
            newest = min(same, key=lambda one: one.age_s)
            sure = "high" if len(same) == 1 else "low"
            return _link(newest.session_id, source, sure, "the same context size")
    if source == "startup":
        crashed = [
            one
            for one in free
            if one.ended is None and one.attended and one.used and one.age_s <= crash_span_s
        ]
        if crashed:
            newest = min(crashed, key=lambda one: one.age_s)
            return _link(newest.session_id, "crash", "high", "its process ended without closing")
    return _link(None, source, "none", "")


def _link(parent: str | None, reason: str, confidence: str, evidence: str) -> Lineage:
    return {
        "parent_id": parent,
        "reason": reason,
        "confidence": confidence,
        "evidence": evidence,
    }
