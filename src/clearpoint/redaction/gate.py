"""Whether a text is worth the rules: what stands behind the names, looked at byte by byte.

No pattern is loaded here. Nearly every text is told by a few substring tests; where a name of a
secret stands, the value after it decides. Linear: each look is at a bounded window. Fast lane.
"""

from __future__ import annotations

from clearpoint.redaction.around import behind, by_words, each, runs
from clearpoint.redaction.hints import (
    CALLS,
    COLUMNS,
    COMMON,
    FOREIGN,
    KEYED,
    NAMES,
    PASSWORDS,
    PHRASES,
    PINS,
    SET,
    SHORT,
    WORDS_OF,
)
from clearpoint.redaction.looks import (
    LONE_FEWEST,
    LONG_WORD,
    is_argument,
    is_chosen,
    is_firm,
    is_hex_key,
    is_key,
    is_lone,
    is_odd,
    is_pin,
    is_slug,
    is_uuid,
    turns,
)
from clearpoint.redaction.makers import KNOWN_IDS, PREFIXES
from clearpoint.redaction.set_to import FOUND, is_quoted, is_settled
from clearpoint.redaction.values import DIGITS, HEX, flips, is_wild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REACH = 90
"""So near behind its name a secret stands."""
MARKS = frozenset("_-.")
LONG_KEY = 20
PHRASE_WORDS = 12
UUID_CHARS = 48
PREFIXED_CHARS = 34  # of a run with a maker's prefix that nobody has listed
PREFIXED = tuple(prefix for prefix, _, _ in PREFIXES)
PHRASE_CHARS = 300
PASSED = "--- pass"
"""How `go test` tells that a test passed."""
BARS = ("", "|", ",", "\t", ";", "\n")
"""What stands around the cells of a table."""
_ARGUMENTS = dict.fromkeys(map(ord, "\"'`,;()<>[]{}\\"), " ")
_APART = dict.fromkeys(map(ord, "\"'`=:,;.()[]{}|&-0123456789\\"), " ")
_SPLIT = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&"), " ")


NAMED: tuple[tuple[tuple[str, ...], Callable[[str], bool], int], ...] = (
    (PASSWORDS, is_odd, REACH),
    (NAMES, is_key, REACH),
    (PINS, is_pin, REACH),
    (CALLS, is_argument, 3 * REACH),
    (KEYED, is_hex_key, REACH),
    (SET, is_uuid, UUID_CHARS),
    (SHORT, is_chosen, REACH),
)
"""Names, what a value behind one looks like, and how far behind it is looked for."""


def is_suspect(text: str, low: str) -> bool:
    """Whether a text may hold a secret; `low` is the same in small letters."""
    return next(places(text, low), None) is not None


def places(text: str, low: str) -> Iterator[int]:
    """Where in the text a secret may stand: at, or a little behind, each of these."""
    yield from looked_at(text, low)
    yield from by_words(text, low)


def looked_at(text: str, low: str) -> Iterator[int]:
    """Where something stands that looks like a secret."""
    for names, is_value, reach in NAMED:
        yield from named(text, low, names, is_value, reach)
    yield from pairs(text, low)
    yield from columns(text, low)
    yield from told(text, low)
    yield from foreign(text, low)
    yield from drawn(text)
    yield from behind(text, low)
    yield from runs(text, low)
    yield from phrases(text, low)


def named(
    text: str, low: str, names: tuple[str, ...], is_value: Callable[[str], bool], reach: int
) -> Iterator[int]:
    """Where behind one of the names stands a word that looks like a value."""
    for name in names:
        for place in each(low, name) if name in low else ():
            end = place + len(name)
            if low.startswith(PASSED, place - 4) or (
                is_value is is_argument and text[end : end + 1] == ")"
            ):
                continue
            limit = end + reach
            while limit < len(text) and limit < end + 4 * reach and not text[limit].isspace():
                limit += 1  # the last word is looked at whole
            is_one = is_firm if is_value is is_odd and is_settled(text, end) else is_value
            if any(map(is_one, words(text[end:limit], is_value))) or (
                is_value is is_odd and is_quoted(text, end)
            ):
                yield place


def words(text: str, is_value: Callable[[str], bool]) -> list[str]:
    """What stands apart in a text, as such a value does: arguments, or words."""
    if not text.isascii() and is_value is not is_odd:
        text = text.encode("ascii", "replace").decode("ascii")
    return text.translate(_ARGUMENTS if is_value is is_argument else _SPLIT).split()


def foreign(text: str, low: str) -> Iterator[int]:
    """Where a name in letters of another script has an odd word after it."""
    if not text.isascii():
        yield from named(text, low, FOREIGN, is_odd, REACH // 2)


def pairs(text: str, _low: str) -> Iterator[int]:
    """Where a name and a password may stand with a stroke between them."""
    if " / " in text:
        for place in each(text, " / "):
            word = text[place + 3 : place + 80].partition(" ")[0].partition("\n")[0]
            if len(word) > 5 and word[0] != "/" and is_odd(word) and not DIGITS.isdisjoint(word):
                yield place


def columns(_text: str, low: str) -> Iterator[int]:
    """Where a table has a column of passwords, by its title; its rows may be long."""
    for name in COLUMNS:
        for place in each(low, name) if name in low else ():
            before = low[max(0, place - 3) : place].strip(" \"'`*")[-1:]
            behind = low[place + len(name) : place + len(name) + 4].strip(" \"'`*")[:1]
            if before in BARS and behind in BARS and (before in "|," or behind in "|,"):
                yield place


def drawn(text: str) -> Iterator[int]:
    """Where a word looks drawn by lot: a maker's prefix, or capitals, letters and digits."""
    place = 0
    if not text.isascii():
        text = text.encode("ascii", "replace").decode("ascii")
    for word in text.translate(_SPLIT).split():
        if len(word) < LONE_FEWEST:
            continue
        if len(word) < LONG_WORD:
            is_one = is_lone(word)
        else:
            parts = (word, max(word.split("/"), key=len)) if "/" in word else (word,)
            is_one = any(map(_is_drawn, parts)) or is_lone(word)
        if is_one:
            place = max(place, text.find(word, place))
            yield place


def _is_drawn(word: str) -> bool:
    low = word.lower()
    if low.startswith(PREFIXED) or low.rpartition("/")[2].startswith(PREFIXED):
        if low.rpartition("/")[2].startswith(KNOWN_IDS) and is_slug(word):
            return False  # a file of tests
        return turns(word) > 1 or 3 * flips(word) > len(word)
    word = word.strip(".")
    if low.startswith(KNOWN_IDS) or _is_plain(word):
        return False
    if len(word) >= PREFIXED_CHARS and turns(word) > 5 and not MARKS.isdisjoint(word):
        return True
    is_long = len(word) >= LONG_KEY and word not in (low, word.upper())
    return is_long and (turns(word) >= 4 or is_wild(word))


def _is_plain(word: str) -> bool:
    """Whether a word has no digit, or is a hash, an identifier, a path or words with hyphens."""
    if DIGITS.isdisjoint(word):
        return not (len(word) >= LONG_KEY and word.isidentifier() and is_wild(word))
    is_hash = HEX.issuperset(word) or is_uuid(word)
    return is_hash or word.count("/") * 12 > len(word) or is_slug(word)


def phrases(text: str, low: str) -> Iterator[int]:
    """Where twelve small words stand behind the name of such a phrase, or are all that there is."""
    for name in WORDS_OF:
        done = -1
        for place in each(low, name) if name in low else ():
            if place > done and is_phrase(low[place + len(name) : place + 400]):
                yield place
            done = max(done, place + REACH)  # what stands so near is looked at already
    if len(text) < PHRASE_CHARS and is_phrase(low):
        yield 0


def is_phrase(low: str) -> bool:
    """Whether twelve words of three to eight letters follow each other, none of them everybody's."""
    words = low.translate(_APART).split()
    count = 0
    for end, word in enumerate(words if len(words) >= PHRASE_WORDS else (), 1):
        is_one = 3 <= len(word) <= 8 and word not in COMMON and word.isalpha()
        count = count + 1 if is_one else 0
        if count >= PHRASE_WORDS and len({*words[end - count : end]}) >= PHRASE_WORDS // 2:
            return True
    return False


def told(_text: str, low: str) -> Iterator[int]:
    """Where a pass phrase of small words may be told."""
    for name in PHRASES:
        for place in each(low, name) if name in low else ():
            behind_it = low[place + len(name) : place + len(name) + REACH]
            words = behind_it.translate(_SPLIT).split()
            if (
                not behind_it.startswith(FOUND)
                and sum(word.isalpha() and len(word) > 2 for word in words[:6]) >= 2
            ):
                yield place
