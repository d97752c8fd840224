"""Advice put off: for a session, until a size, or for a day. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.lowlevel.clock import DAY_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.state import AdviceState, Notices


FILLERS = frozenset(("for", "this", "a", "one", "the", "until", "till", "to", "of", "tokens"))
"""Words that change nothing about what is meant."""
OFF = ("off", "stop", "end", "no")
DAY = ("day", "today", "24h")
UNITS = {"k": 1_000, "m": 1_000_000}
MOST_TOKENS = 10_000_000
"""Beyond any window: who says `20m` thinks of minutes."""


def new_notices() -> Notices:
    """Nothing was put off or named yet in this project."""
    return {"snoozed_until": 0.0, "named": [], "diet": None}


def is_snoozed(said: AdviceState, notices: Notices, tokens: int, now: float) -> bool:
    """Whether advice is put off at this use; `now` in seconds of the epoch."""
    return said["snoozed"] or tokens < said["snoozed_to"] or now < notices["snoozed_until"]


def parsed(text: str) -> tuple[bool, int, float] | None:
    """What `for this session`, `until 150k`, `a day` or `off` asks for; None for anything else.

    Given as: the whole session, up to so many tokens, for so many seconds; nothing of them for
    `off`. Without a word it is the session.
    """
    words = [word for word in text.lower().split() if word not in FILLERS]
    if not words or words == ["session"]:
        return True, 0, 0.0
    if len(words) > 1:
        return None
    if words[0] in OFF:
        return False, 0, 0.0
    if words[0] in DAY:
        return False, 0, float(DAY_S)
    tokens = size(words[0])
    return (False, tokens, 0.0) if 0 < tokens <= MOST_TOKENS else None


def size(word: str) -> int:
    """`150k`, `1.2m` or `150,000` as tokens; 0 for anything else."""
    unit = UNITS.get(word[-1:], 1)
    digits = (word[:-1] if unit > 1 else word).replace(",", "").replace("_", "")
    whole, _, part = digits.partition(".")
    if not whole.isdecimal() or not whole.isascii() or len(whole) > 9:
        return 0
    if part and not (part.isdecimal() and part.isascii()):
        return 0
    return round(float(digits) * unit)
