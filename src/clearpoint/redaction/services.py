"""Keys without a form of their own, by the service that they open: `asana: '0ab1…'`.

A run drawn by lot in one case, a hash or an identifier is a key where the name of such a service
(data/services.txt) stands directly before it, be it with `key`, `token` or the like between them.
The gate asks here too, so no pattern is needed.
"""

from __future__ import annotations

from clearpoint.redaction.values import DIGITS, HEX, flips, is_scrambled, is_uuid, turns
from clearpoint.redaction.word_lists import SERVICES, word_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

FEWEST, MOST, LETTERS_FEWEST = 16, 200, 20
BEFORE_CHARS = 64
BETWEEN = frozenset(
    "api app apps access secret private auth client user personal project server live prod production dev"
    " staging key keys token tokens pat admin account service write read master bot is rest web io ai"
    " devops cloud config set login add t k my our the new for value dsn".split()
)
"""Words between the name of a service and its key."""
KEY = frozenset("key keys token tokens secret pat apikey accesskey secretkey".split())
LOOKED_AT = 5
SIGNS = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?& \t"), "\n")


def found(text: str) -> Iterator[Span]:
    """Runs that the name of a service stands before."""
    place = 0
    for word in text.translate(SIGNS).split("\n"):
        if FEWEST <= len(word) <= MOST:
            start = begin_of(text, word, place)
            if start >= 0:
                yield start, place + len(word), "Key"
        place += len(word) + 1


def begin_of(text: str, word: str, place: int) -> int:
    """Where in a word at that place such a key begins; -1 if it has none."""
    if is_run(word) and is_named(text[max(0, place - BEFORE_CHARS) : place]):
        return place
    for end, char in enumerate(word[:BEFORE_CHARS]):
        if char in "-." and is_run(word[end + 1 :]) and is_named(word[:end]):
            return place + end + 1
    return -1


def is_run(word: str) -> bool:
    """Whether a word can be such a key: digits among letters of one case, or an identifier."""
    if not FEWEST <= len(word) <= MOST:
        return False
    core = word.replace("-", "").replace("_", "")
    if not (core.isalnum() and core.isascii()) or len(core) < FEWEST:
        return False
    if DIGITS.isdisjoint(core):
        return len(core) >= LETTERS_FEWEST and is_scrambled(core)
    if HEX.issuperset(word):
        return is_uuid(word) or (core == word and (turns(word) > 2 or len(word) > 30))
    return turns(core) > 2 and 6 * flips(core) > len(core)


def is_named(before: str) -> bool:
    """Whether the words directly before a run are a service and what its key is called."""
    line = before.rpartition("\n")[2]
    if len(line.rstrip(" \t\"'`=:>({[,")) < len(line.rstrip(" \t")) - LOOKED_AT:
        return False
    for word in reversed(words_of(line)[-LOOKED_AT:]):
        if word in word_list(SERVICES):
            return True
        if word not in BETWEEN and word not in KEY:
            return False
    return False


def words_of(line: str) -> list[str]:
    """The words of a line in small letters: `adobe` and `key` of `adobeKey`, `ASANA_KEY`."""
    spaced = ""
    for place, char in enumerate(line):
        follows = place and line[place - 1].islower()
        spaced += " " + char if char.isupper() and follows else char if char.isalnum() else " "
    return spaced.lower().split()
