"""Which session this one continues, how that is known, and how sure it is. Pure.

`exact`: the work is given. `probable`: it is offered in one line. `unknown`: nothing is said. The
client process that held a session before `/clear` holds the new one, and that is exact. Without
that a session counts only where no other could be meant: giving somebody another session's work is
the worst that could happen here. What is not known to have ended is never taken for a crash.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.state import Lineage

CLEAR_SPAN_S = 15.0
"""A SessionEnd(clear) this recent may be the one whose SessionStart this is."""
ROUNDED_S = 2.0
"""What two times in whole seconds can be apart and mean the same."""
RECENT_SPAN_S = 300.0
OPEN_SPAN_S = 86_400.0
"""A session that was written so long ago is not about to be cleared in the very same seconds."""
SAME_PROCESS = "the same client process"


class Candidate:
    """An earlier session of the project, as far as linking asks.

    `life` is whether its client process runs, as `store.processes` tells; `is_here` whether it is
    of the same checkout; `is_ours` whether this very client process was seen in it last. What has
    to be looked up may be given as a function, for there may be many sessions.
    """

    __slots__ = (
        "_is_here", "_life", "age_s", "attended", "claimed", "ended", "is_ours", "session_id",
        "used",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913  (one per fact)
        self,
        session_id: str,
        *,
        age_s: float,
        ended: str | None = None,
        life: str | Callable[[], str] = "unknown",
        claimed: bool = False,
        attended: bool = True,
        used: int = 0,
        is_here: bool | Callable[[], bool] = True,
        is_ours: bool = False,
    ) -> None:
        self.session_id = session_id
        self.age_s = age_s
        """Seconds since its state was last written."""
        self.ended = ended
        """The reason of its SessionEnd, None if there was none."""
        self._life = life
        self.claimed = claimed
        """Whether a later session continues it already."""
        self.attended = attended
        self.used = used
        self._is_here = is_here
        self.is_ours = is_ours

    @property
    def life(self) -> str:
        """Whether its client process runs."""
        if not isinstance(self._life, str):
            self._life = self._life()
        return self._life

    @property
    def is_here(self) -> bool:
        """Whether it is of the same checkout."""
        if not isinstance(self._is_here, bool):
            self._is_here = self._is_here()
        return self._is_here

    @property
    def is_free(self) -> bool:
        """Whether nobody holds or continues it, and it is of this checkout."""
        return not self.claimed and self.is_here and self.life != "running"

    @property
    def was_just_cleared(self) -> bool:
        """Whether it was cleared seconds ago, and nothing continues it."""
        return self.ended == "clear" and self.age_s <= CLEAR_SPAN_S and not self.claimed


def find_parent(  # noqa: PLR0913  (one per fact)
    source: str,
    held_before: str | None,
    candidates: list[Candidate],
    *,
    context_tokens: int | None = None,
    crash_span_s: float = 0.0,
    is_known_client: bool = False,
) -> Lineage:
    """The session that one starting with this source continues.

    `held_before` is the session that the same client process held until now; `candidates` are
    the project's other sessions; `is_known_client` tells whether this process can be told apart.
    """
    held = next((one for one in candidates if one.session_id == held_before), None)
    if held and source in ("clear", "fork", "startup"):
        return _held(source, held, candidates, context_tokens)
    if source == "clear":
        return _cleared(candidates, is_known_client=is_known_client)
    if source == "fork" and context_tokens:
        same = [one for one in candidates if one.used == context_tokens and one.is_here]
        if len(same) == 1:
            return _link(same[0].session_id, source, "probable", "the same context size")
    if source == "startup":
        return _crashed(candidates, crash_span_s)
    return _link(None, source, "unknown", "")


def _held(
    source: str, held: Candidate, candidates: list[Candidate], context_tokens: int | None
) -> Lineage:
    """The session that this process held before; a `/clear` can come as a start, without an end.

    Where that session was left, and another of this process was cleared since, that one is meant.
    What contradicts itself is no more than probable: a session that nobody has left, while another
    was cleared; one that ended in another way; a branch of another size.
    """
    if source == "fork":
        is_odd = context_tokens not in (None, held.used) or _was_elsewhere(held, candidates)
        return _link(held.session_id, "fork", "probable" if is_odd else "exact", SAME_PROCESS)
    cleared = [one for one in candidates if one.is_ours and one.was_just_cleared]
    is_elsewhere = len(cleared) == 1 and cleared != [held]
    if is_elsewhere and held.ended:
        return _link(cleared[0].session_id, "clear", "exact", f"{SAME_PROCESS}, cleared just now")
    if held.ended in (None, "clear") and not held.claimed and not is_elsewhere:
        return _link(held.session_id, "clear", "exact", SAME_PROCESS)
    return _link(held.session_id, "clear", "probable", f"{SAME_PROCESS}, which left it before")


def _was_elsewhere(held: Candidate, candidates: list[Candidate]) -> bool:
    """Whether this process may have gone from another session than the one that it held last.

    That start failed, then; a clock that was set back tells nothing of what came first.
    """
    others = [one for one in candidates if one.is_ours and one is not held]
    left = [one.age_s for one in others if one.ended == "resume" and one.age_s <= CLEAR_SPAN_S]
    return any(age_s <= held.age_s + ROUNDED_S or held.age_s < 0 for age_s in left)


def _cleared(candidates: list[Candidate], *, is_known_client: bool) -> Lineage:
    """Without a link: the one session that can have been cleared just now."""
    ours = [one for one in candidates if one.is_ours and one.was_just_cleared]
    if len(ours) == 1:
        return _link(ours[0].session_id, "clear", "exact", f"{SAME_PROCESS}, cleared just now")
    near = [one for one in candidates if one.was_just_cleared
            or (one.ended is None and one.age_s <= OPEN_SPAN_S)]  # fmt: skip
    nobodys = [one for one in near if not one.claimed and not one.is_ours and one.is_here
               and (one.life == "unknown" or not is_known_client)]  # fmt: skip
    cleared = [one for one in nobodys if one.was_just_cleared]
    others = [one for one in nobodys if one.ended is None]
    if len(cleared) == 1:
        sure = "probable" if others else "exact"
        return _link(cleared[0].session_id, "clear", sure, "cleared in this folder seconds ago")
    recent = [one for one in others if one.age_s <= RECENT_SPAN_S]
    if not cleared and len(recent) == 1 and len(others) == 1:
        found = recent[0].session_id
        return _link(found, "clear", "probable", "the only recent session of this folder")
    return _link(None, "clear", "unknown", "")


def _crashed(candidates: list[Candidate], span_s: float) -> Lineage:
    """The session whose process is known to have ended without closing it."""
    lost = [
        one
        for one in candidates
        if one.ended is None and one.attended and one.used and one.age_s <= span_s and one.is_free
    ]
    ended = [one for one in lost if one.life == "ended"]
    if len(ended) == 1:
        found = ended[0].session_id
        return _link(found, "crash", "exact", "its process ended without closing")
    if gone := [one for one in lost if one.life in ("ended", "rebooted")]:
        newest = min(gone, key=lambda one: one.age_s)
        return _link(newest.session_id, "crash", "probable", "the newest that was not closed")
    return _link(None, "startup", "unknown", "")


def _link(parent: str | None, reason: str, confidence: str, evidence: str) -> Lineage:
    return {
        "parent_id": parent,
        "reason": reason,
        "confidence": confidence,
        "evidence": evidence,
    }
