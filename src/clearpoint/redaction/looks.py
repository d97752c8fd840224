"""What a single word looks like: a password, a key, an argument. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.redaction.values import ALGORITHMS, DIGITS, HEX, STAND_INS, flips

LONG_WORD = 16
ARGUMENT_CHARS = 12
SIGNS = frozenset("!@#$%^&*+~?")
TYPES = ("uint8", "uint16", "uint32", "int8", "int16", "int32", "int64", "float32", "float64")
"""What names of types with digits begin with: `Uint8Array`."""


def is_pin(word: str) -> bool:
    """Whether a word is a number as long as a PIN, or a code of letters and digits."""
    word = word.rstrip(".!")
    if word.isdigit():
        return 4 <= len(word) <= 8
    if word.lower().startswith(TYPES):
        return False
    return 8 <= len(word) <= 80 and not DIGITS.isdisjoint(word) and turns(word) > 1


def is_argument(word: str) -> bool:
    """Whether a word among the arguments of a call is drawn by lot, or has digits and odd signs."""
    if len(word) < 8 or not SIGNS.isdisjoint(word[1:-1]):
        return len(word) >= 8
    return len(word) >= ARGUMENT_CHARS and is_key(word)


def is_odd(word: str) -> bool:
    """Whether a word is no usual one: digits or signs in it, or a name that is no type's."""
    return is_firm(word) or (len(word) > 5 and word.lower() not in STAND_INS)


def is_firm(word: str) -> bool:
    """Whether a word has digits or signs in it."""
    return len(word) >= 4 and not (DIGITS.isdisjoint(word) and SIGNS.isdisjoint(word))


def is_key(word: str) -> bool:
    """Whether digits stand among letters as in a key, not as in `ADR-001` or a path."""
    if DIGITS.isdisjoint(word):  # capitals and small letters, mixed as in no name
        return len(word) >= LONG_WORD and word.isalpha() and 5 * flips(word) >= 2 * len(word)
    if len(word) < 6 or word[0] in "/.~":
        return False
    if not SIGNS.isdisjoint(word):
        return any(map(str.isalpha, word))
    if word.lower().startswith(ALGORITHMS) or word.count("/") * 12 > len(word) or is_uuid(word):
        return False
    if turns(word) < 2:
        return len(word) >= 20 and word.isalnum() and word not in (word.lower(), word.upper())
    return any(map(str.isalpha, word)) and not is_slug(word)


def is_chosen(word: str) -> bool:
    """Whether a word behind such an option is no number, port, path or file."""
    if len(word) < 6 or "/" in word or "." in word or not any(map(str.isalpha, word)):
        return False
    is_mixed = 3 * flips(word) > len(word)
    return not SIGNS.isdisjoint(word[:-1]) or turns(word) > 1 or is_mixed


def is_hex_key(word: str) -> bool:
    """Whether a word is 32 hexadecimal digits or more."""
    return len(word) >= 32 and HEX.issuperset(word)


def is_slug(word: str) -> bool:
    """Whether the parts between hyphens are words or numbers each: `a-2026-01-06`, `e2e_test`."""
    parts = word.replace("_", "-").replace(".", "-").replace("/", "-").split("-")
    return len(parts) > 1 and all(turns(part) < 2 or len(part) < 6 for part in parts)


def is_uuid(word: str) -> bool:
    """Whether a word is an identifier of 36 characters."""
    return len(word) >= 36 and word[8] == word[13] == word[18] == word[23] == "-" and (
        HEX.issuperset(word[:36])
    )  # fmt: skip


def turns(word: str) -> int:
    """How often digits and other characters change places, in as much as matters."""
    marks = [char in DIGITS for char in word[:200]]
    return sum(map(bool.__xor__, marks, marks[1:]))
