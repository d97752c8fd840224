"""Whether a text is worth the rules: what stands behind the names, looked at byte by byte.

No pattern is loaded here. Nearly every text is told by a few substring tests; where a name of a
secret stands, the value behind it decides. Linear: each look is at a bounded window. Fast lane.
"""

from __future__ import annotations

from clearpoint.redaction.hints import (
    CALLS,
    COLUMNS,
    COMMON,
    FIXED,
    FOREIGN,
    KEYED,
    NAMES,
    OPTIONS,
    PASSWORDS,
    PHRASES,
    PINS,
    PROGRAMS,
    SET,
    SHORT,
    WORDS_OF,
)
from clearpoint.redaction.looks import (
    LONG_WORD,
    is_argument,
    is_chosen,
    is_firm,
    is_hex_key,
    is_key,
    is_odd,
    is_pin,
    is_slug,
    is_uuid,
    turns,
)
from clearpoint.redaction.makers import KNOWN_IDS, PREFIXES
from clearpoint.redaction.values import DIGITS, HEX, flips

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REACH = 90
"""So near behind its name a secret stands."""
MARKS = frozenset("_-.")
LONG_KEY = 20
PHRASE_WORDS = 12
UUID_CHARS = 48
PREFIXED_CHARS = 34
"""A run with a maker's prefix that nobody has listed is at least this long."""
PREFIXED = tuple(prefix for prefix, _, _ in PREFIXES)
PHRASE_CHARS = 300
PASSED = "--- pass"
"""How `go test` tells that a test passed."""
SETTING_CHARS = 60
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
FOUND = "[masked"
"""What stands where a secret was found."""
BARS = ("", "|", ",", "\t", ";", "\n")
"""What stands around the cells of a table."""
_ARGUMENTS = dict.fromkeys(map(ord, "\"'`,;()<>[]{}\\"), " ")
_APART = dict.fromkeys(map(ord, "\"'`=:,;.()[]{}|&-0123456789\\"), " ")
_SPLIT = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&"), " ")


def is_suspect(text: str, low: str) -> bool:
    """Whether a text may hold a secret; `low` is the same in small letters."""
    return next(places(text, low), None) is not None


def places(text: str, low: str) -> Iterator[int]:
    """Where in the text a secret may stand: at, or a little behind, each of these."""
    yield from _named(text, low, PASSWORDS, is_odd, REACH)
    yield from _named(text, low, NAMES, is_key, REACH)
    yield from _named(text, low, PINS, is_pin, REACH)
    yield from _named(text, low, CALLS, is_argument, 3 * REACH)
    yield from _named(text, low, KEYED, is_hex_key, REACH)
    yield from _named(text, low, SET, is_uuid, UUID_CHARS)
    yield from _named(text, low, SHORT, is_chosen, REACH)
    yield from _pairs(text)
    yield from _columns(low)
    yield from _told(low)
    if not text.isascii():
        yield from _named(text, low, FOREIGN, is_odd, REACH // 2)
    if "@" in text:
        yield from _each(low, "://")
    for hint in FIXED:
        if hint in low:  # far cheaper than to begin a search that finds nothing
            yield from _each(low, hint)
    if any(option in text for option in OPTIONS):
        for name in PROGRAMS:
            if name in low:
                yield from _each(low, name)
    yield from _drawn(text)
    yield from _phrases(text, low)


def _each(low: str, hint: str) -> Iterator[int]:
    place = low.find(hint)
    while place >= 0:
        yield place
        place = low.find(hint, place + len(hint))


def _named(
    text: str, low: str, names: tuple[str, ...], is_value: Callable[[str], bool], reach: int
) -> Iterator[int]:
    """Where behind one of the names stands a word that looks like a value."""
    for name in names:
        for place in _each(low, name) if name in low else ():
            end = place + len(name)
            if low.startswith(PASSED, place - 4) or (
                is_value is is_argument and text[end : end + 1] == ")"
            ):
                continue
            limit = end + reach
            while limit < len(text) and limit < end + 4 * reach and not text[limit].isspace():
                limit += 1  # the last word is looked at whole
            apart = _ARGUMENTS if is_value is is_argument else _SPLIT
            is_one = is_firm if is_value is is_odd and _is_settled(text, end) else is_value
            if any(map(is_one, text[end:limit].translate(apart).split())) or (
                is_value is is_odd and _is_quoted(text, end)
            ):
                yield place


def _is_quoted(text: str, end: int) -> bool:
    """Whether a name is set to words in quotes: `="two words 9!"`."""
    head = text[end : end + SETTING_CHARS].lstrip(LETTERS).lstrip(" \t")
    if head[:1] in ('"', "'", "`") and head[1:].lstrip(" \t)]")[:1] in ("=", ":"):
        head = head[1:]  # the name is quoted itself
    value = head.lstrip(" \t:=>)]")
    quote = value[:1]
    return quote in ('"', "'") and " " in value[1:].partition(quote)[0]


def _is_settled(text: str, end: int) -> bool:
    """Whether a name is set by an expression: `=os.environ`, `: $TOKEN`; or what it names was found."""
    head = text[end : end + SETTING_CHARS].lstrip(LETTERS)
    if head.lstrip(" \t\"'`:=").startswith(FOUND):
        return True
    bare = head.lstrip(" \t\"'`)]")
    value = bare.lstrip(" \t:=>")
    if value[:2] in ("${", "$(") or (value[:1] == "$" and value[1:2].isupper()):
        return len(bare) > len(value)
    name = 0
    while value[name : name + 1].isidentifier() or value[name : name + 1] == ".":
        name += 1
    is_expression = "." in value[1 : name - 1] or value[name : name + 1] in ("(", "[")
    return bare[:1] in ("=", ":") and name > 0 and is_expression


def _pairs(text: str) -> Iterator[int]:
    """Where a name and a password may stand with a stroke between them."""
    if " / " in text:
        for place in _each(text, " / "):
            word = text[place + 3 : place + 80].partition(" ")[0].partition("\n")[0]
            if len(word) > 5 and word[0] != "/" and is_odd(word) and not DIGITS.isdisjoint(word):
                yield place


def _columns(low: str) -> Iterator[int]:
    """Where a table has a column of passwords, by its title; its rows may be long."""
    for name in COLUMNS:
        for place in _each(low, name) if name in low else ():
            before = low[max(0, place - 3) : place].strip(" \"'`*")[-1:]
            behind = low[place + len(name) : place + len(name) + 4].strip(" \"'`*")[:1]
            if before in BARS and behind in BARS and (before in "|," or behind in "|,"):
                yield place


def _drawn(text: str) -> Iterator[int]:
    """Where a long word looks drawn by lot: a maker's prefix, or capitals, letters and digits."""
    place = 0
    for word in text.translate(_SPLIT).split():
        if len(word) < LONG_WORD:
            continue
        if _is_drawn(word) or ("/" in word and _is_drawn(max(word.split("/"), key=len))):
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
    return len(word) >= LONG_KEY and turns(word) >= 4 and word not in (low, word.upper())


def _is_plain(word: str) -> bool:
    """Whether a word has no digit, or is a hash, an identifier, a path or words with hyphens."""
    if DIGITS.isdisjoint(word) or HEX.issuperset(word) or is_uuid(word):
        return True
    return word.count("/") * 12 > len(word) or is_slug(word)


def _phrases(text: str, low: str) -> Iterator[int]:
    """Where twelve small words stand behind the name of such a phrase, or are all that there is."""
    for name in WORDS_OF:
        done = -1
        for place in _each(low, name) if name in low else ():
            if place > done and _is_phrase(low[place + len(name) : place + 400]):
                yield place
            done = max(done, place + REACH)  # what stands so near is looked at already
    if len(text) < PHRASE_CHARS and _is_phrase(low):
        yield 0


def _is_phrase(low: str) -> bool:
    """Whether twelve words of three to eight letters follow each other, none of them everybody's."""
    run: list[str] = []
    for word in low.translate(_APART).split():
        is_one = 3 <= len(word) <= 8 and word.isalpha() and word not in COMMON
        run = [*run, word] if is_one else []
        if len(run) >= PHRASE_WORDS and len(set(run)) >= PHRASE_WORDS // 2:
            return True
    return False


def _told(low: str) -> Iterator[int]:
    """Where a pass phrase of small words may be told."""
    for name in PHRASES:
        for place in _each(low, name) if name in low else ():
            words = low[place + len(name) : place + len(name) + REACH].translate(_SPLIT).split()
            if sum(word.isalpha() and len(word) > 2 for word in words[:6]) >= 2:
                yield place
