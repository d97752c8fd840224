"""The gate for many texts: each word is judged once, and told which names it can be part of.

Whole transcripts repeat their words, and nearly none of these are part of a name. A text is looked
through for those names alone of which it has every word, by `gate` itself: both tell the same of
any text.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain

from clearpoint.redaction import around, gate, hints
from clearpoint.redaction.looks import LONE_FEWEST, LONG_WORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Look = Callable[[str, str], Iterator[int]]

WORDS_LIMIT = 200_000
PLANS_LIMIT = 10_000
"""So much is remembered; then it is begun again."""
DRAWN = 1
"""The bit of a word that looks drawn by lot: it tells of its text without a name."""
STROKE = " / "
SHORT_CHARS = 4
SPOKEN_CHARS = 47
"""Twelve words of three letters, as of a wallet, are at least so long."""


def is_suspect(text: str, low: str) -> bool:
    """Whether a text may hold a secret, as `gate` tells it; `low` is the same in small letters."""
    bits = bits_of(text)
    if bits & DRAWN or ("@" in text and "://" in text):
        return True
    if (
        bits
        and next(chain.from_iterable(look(text, low) for look in _plans[bits]), None) is not None
    ):
        return True
    return len(low) >= SPOKEN_CHARS and len(text) < gate.PHRASE_CHARS and gate.is_phrase(low)


def places(text: str, low: str) -> Iterator[int]:
    """Where in the text a secret may stand, as `gate` tells it."""
    bits = bits_of(text)
    for look in _plans[bits]:
        yield from look(text, low)
    if "@" in text:
        yield from around.each(low, "://")
    if bits & DRAWN:
        yield from gate.drawn(text)
    if len(text) < gate.PHRASE_CHARS and gate.is_phrase(low):
        yield 0


def bits_of(text: str) -> int:
    """All parts of names that stand in a text."""
    bits = 0
    for one in set(map(_words.__getitem__, text.split())):
        bits |= one
    return bits


class Words(dict[str, int]):
    """The parts of names that stand in each word, as bits; a new word is judged when it comes."""

    def __missing__(self, word: str) -> int:
        if len(self) == WORDS_LIMIT:
            self.clear()
        self[word] = bits = judged(word)
        return bits


class Plans(dict[int, "list[Look]"]):
    """What is looked for in texts that have these parts of names."""

    def __missing__(self, bits: int) -> list[Look]:
        if len(self) == PLANS_LIMIT:
            self.clear()
        self[bits] = looks = list(looks_for(bits))
        return looks


def judged(word: str) -> int:
    """The bits of a word that stands between blanks."""
    is_drawn = len(word) >= LONE_FEWEST and next(gate.drawn(word), None) is not None
    low, bits = f" {word.lower()} ", DRAWN if is_drawn else 0
    if len(word) >= LONG_WORD and any(map(around.may_be_run, word.translate(around.SPLIT).split())):
        bits |= RUN
    place = 0
    while found := _part.search(low, place):
        bits |= _bits[found[0]]
        place = found.start() + 1
    return bits


def looks_for(bits: int) -> Iterator[Look]:
    """The looks of the gate for the names of which all parts are there."""
    found = those_of(bits)
    for (_, is_value, reach), names in zip(gate.NAMED, _named, strict=True):
        if here := found & names:
            yield partial(gate.named, names=tuple(here), is_value=is_value, reach=reach)
    yield from (look for names, look in LOOKS if found & names)
    if bits & RUN:
        yield around.runs
    if here := found & _fixed:
        yield partial(around.fixed, known=tuple(here))
    if found & _options and found & _programs:
        yield around.programs


def those_of(bits: int) -> frozenset[str]:
    """The names of which all parts are there."""
    found: set[str] = set()
    rest = bits & ~(DRAWN | RUN)
    while rest:
        bit = rest & -rest
        rest ^= bit
        found.update(name for name in _having[bit] if _masks[name] & bits == _masks[name])
    return frozenset(found)


def parts_of(hint: str) -> list[str]:
    """What of a hint stands in one word each, with the blanks beside it; no short words of all texts."""
    parts = re.findall(r" ?[^ ]+ ?", hint.replace(" ", "  "))
    return [part for part in parts if len(part) > SHORT_CHARS] or parts


def trie(words: Iterable[str]) -> str:
    """A pattern for the longest of the words that stands at a place; fast, however many there are."""
    heads: dict[str, list[str]] = {}
    for word in sorted({*words} - {""}):
        heads.setdefault(word[0], []).append(word[1:])
    rest = "|".join(re.escape(head) + trie(tails) for head, tails in heads.items())
    return f"(?:{rest}){'?' if '' in words else ''}" if heads else ""


LOOKS: tuple[tuple[frozenset[str], Look], ...] = (
    (frozenset((STROKE,)), gate.pairs),
    (frozenset(hints.COLUMNS), gate.columns),
    (frozenset(hints.PHRASES), gate.told),
    (frozenset(hints.WORDS_OF), gate.phrases),
    (frozenset(around.NAMES), around.behind),
    (frozenset(hints.FOREIGN), gate.foreign),
)
"""Looks for names of one kind each."""
_named = [frozenset(names) for names, _, _ in gate.NAMED]
_fixed, _programs = frozenset(hints.FIXED), frozenset(hints.PROGRAMS)
_options = frozenset(map(str.lower, hints.OPTIONS))
_known = _fixed.union(_programs, _options, *_named, *(names for names, _ in LOOKS))
_places = {
    part: 2 << place
    for place, part in enumerate(sorted({part for name in _known for part in parts_of(name)}))
}
RUN = 2 << len(_places)
"""The bit of a word that can be a key after the name of a service."""
_bits = {
    part: sum(_places.get(part[:end], 0) for end in range(1, len(part) + 1)) for part in _places
}
_masks = {name: sum({_places[part] for part in parts_of(name)}) for name in _known}
_having = {bit: [name for name in _known if _masks[name] & bit] for bit in _places.values()}
_part = re.compile(trie(_places))
_words = Words()
_plans = Plans()
