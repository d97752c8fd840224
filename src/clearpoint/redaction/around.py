"""What the gate looks for around a word: a password before its name, a key after a service. Fast lane."""

from __future__ import annotations

from clearpoint.redaction.hints import FIXED, OPTIONS, PROGRAMS
from clearpoint.redaction.looks import LONG_WORD, is_firm, is_slug
from clearpoint.redaction.values import DIGITS, HEX, flips

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = (
    "passw",
    "kennwort",
    "passphrase",
    "mot de passe",
    "contrase",
    "senha",
    " pw",
    "clave",
    "mdp",
)
"""What a word before it may be said to be: `X is the password`."""
LINKS = (" is ", " as ", "'s ", " als ", " est ", " es ", " comme ", " como ", " ist ", " was ", "c'est ")  # fmt: skip
BEFORE_CHARS = 60
RUN_CHARS = 200
"""A word of more characters is data, not a key that a service's name says."""
SPLIT = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&"), " ")


def behind(text: str, low: str) -> Iterator[int]:
    """Where an odd word stands before what says that it is a password."""
    for name in NAMES:
        place = low.find(name)
        while place >= 0:
            start = max(0, place - BEFORE_CHARS)
            head = text[start:place].rpartition("\n")[2]
            if any(link in head for link in LINKS) and any(map(_is_odd, head.split())):
                yield start
            place = low.find(name, place + len(name))


def _is_odd(word: str) -> bool:
    """Whether letters and digits, or signs, stand in a word as in a password."""
    if len(word) < 6 or DIGITS.isdisjoint(word):
        return False
    word = word.strip("\"'`(),.;:")
    is_name = is_slug(word) or HEX.issuperset(word)
    return is_firm(word) and any(map(str.isalpha, word)) and not is_name


def may_be_run(word: str) -> bool:
    """Whether a word between blanks and signs can be a key that only the name of a service tells."""
    if not LONG_WORD <= len(word) <= RUN_CHARS or not word[-12:].isalnum():
        return False
    return not DIGITS.isdisjoint(word) or 3 * flips(word) >= len(word)


def runs(text: str, _low: str) -> Iterator[int]:
    """Where a run stands behind the name of a service."""
    place = 0
    for word in text.translate(SPLIT).split():
        if may_be_run(word):
            from clearpoint.redaction import services

            place = text.find(word, place)
            if services.begin_of(text, word, place) >= 0:
                yield place


def by_words(text: str, low: str) -> Iterator[int]:
    """Where words stand that open the rules by themselves, whatever is behind them."""
    if "@" in text:
        yield from each(low, "://")
    yield from fixed(text, low, FIXED)
    yield from programs(text, low)


def fixed(_text: str, low: str, known: tuple[str, ...]) -> Iterator[int]:
    """Where words stand that open the rules by themselves."""
    for hint in known:
        if hint in low:  # far cheaper than to begin a search that finds nothing
            yield from each(low, hint)


def programs(text: str, low: str) -> Iterator[int]:
    """Where a program stands that takes a secret, if there is an option of one in the text."""
    if any(option in text for option in OPTIONS):
        for name in PROGRAMS:
            if name in low:
                yield from each(low, name)


def each(low: str, hint: str) -> Iterator[int]:
    """Where a hint stands."""
    place = low.find(hint)
    while place >= 0:
        yield place
        place = low.find(hint, place + len(hint))
