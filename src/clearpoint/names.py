"""Identifiers and file names in play: which names the talk and the changes turn around. Pure.

Each name has a weight that grows by one with each text that holds it and halves with time, which
is counted in entries, so that what is frequent and what is recent both come first. No `re`: this
runs at every turn, and `bytes.translate` splits at the speed of C.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models import Weights

TEXT_CHARS = 5_000
"""As much of one text is looked at."""
NAME_CHARS = 48
DIGITS_AT_MOST = 4
"""More of them make a hash or an id, which nobody needs by heart."""
HALF_LIFE = 100
"""Entries after which a mention counts half."""
LIMIT = 240
KEPT = 180
ENDING_CHARS = 6

_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


def _table(kept: bytes) -> bytes:
    return bytes(byte if byte in kept else 32 for byte in range(256))


_WORDS, _PATHS = _table(_LETTERS), _table(_LETTERS + b"./-")


def identifiers(text: str) -> Iterator[str]:
    """The identifiers of a text, each once: `snake_case`, `camelCase`, `CamelCase`."""
    return (
        word
        for word in dict.fromkeys(_split(text, _WORDS))
        if ("_" in word or not (word.islower() or word.istitle())) and is_identifier(word)
    )


def file_names(text: str) -> Iterator[str]:
    """The file names of a text, each once, without their folders: `reload.py`."""
    if "." not in text:
        return
    for word in dict.fromkeys(_split(text, _PATHS)):
        if "." in word:
            name = word.rpartition("/")[2].strip(".-")
            stem, _, ending = name.rpartition(".")
            if stem and ending.isalnum() and len(ending) <= ENDING_CHARS and name[:1].isalpha():
                yield name


def is_identifier(word: str) -> bool:
    """Whether a word is a name of code, and not prose, a number or a hash."""
    if not 3 <= len(word) <= NAME_CHARS:
        return False
    if "_" not in word.strip("_") and (
        word.islower() or word.isupper() or word[1:].islower() or word[0].isdigit()
    ):
        return False
    return sum(map(str.isdigit, word)) <= DIGITS_AT_MOST


def count(weights: Weights, names: Iterator[str], now: int) -> None:
    """One more mention of each name; beyond the limit the lightest names are forgotten."""
    for name in names:
        known = weights.get(name)
        weights[name] = [round(1 + weight(known, now), 3) if known else 1.0, now]
    if len(weights) > LIMIT:
        kept = sorted(weights, key=lambda name: weight(weights[name], now), reverse=True)[:KEPT]
        for name in set(weights).difference(kept):
            del weights[name]


def weight(known: list[float] | None, now: int) -> float:
    """What a name weighs now."""
    return known[0] * 0.5 ** ((now - known[1]) / HALF_LIFE) if known else 0.0


def heaviest(weights: Weights, now: int) -> list[str]:
    """The names, the heaviest first; of two equal ones the one mentioned last."""
    return sorted(reversed(weights), key=lambda name: weight(weights[name], now), reverse=True)


def _split(text: str, table: bytes) -> list[str]:
    return text[:TEXT_CHARS].encode("ascii", "replace").translate(table).decode("ascii").split()
