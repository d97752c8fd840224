"""What a single word looks like: a password, a key, an argument. Pure. Fast lane."""

from __future__ import annotations

from clearpoint.redaction.values import (
    ALGORITHMS,
    DIGITS,
    HEX,
    STAND_INS,
    flips,
    in_words,
    is_letter_lot,
)

LONG_WORD = 16
ARGUMENT_CHARS = 12
LONE_FEWEST, LONE_MOST = 8, 40
TWICE = ("**", "--", "&&", "%%", "++")
FORMAT = frozenset("0123456789xcbBhHiIlLqQnNefdspP")
"""What the formats of binary records are written with: `4s2B4HL2L`."""
LONE_SIGNS = frozenset("!@#$%^&*")
SEPARATING = frozenset("/.")
SIGNS = frozenset("!@#$%^&*+~?")
TYPES = ("uint8", "uint16", "uint32", "int8", "int16", "int32", "int64", "float32", "float64")
"""What names of types with digits begin with: `Uint8Array`."""


def is_lone(word: str) -> bool:
    """Whether only a password or a key looks so: capitals, small letters and digits, by lot or with signs.

    `Kq7xB2mWz9` and `Tr0ub4dor&3`; not `Uint8Array`, `React@18`, `HEAD#n198`, `label%3Abug`.
    """
    if not LONE_FEWEST <= len(word) <= LONE_MOST or DIGITS.isdisjoint(word):
        return False
    if word in (word.lower(), word.upper()) or not word[0].isalpha() + word[0].isdigit():
        return False
    if word.isalnum():
        return len(word) > LONE_FEWEST and is_short_lot(word)
    if any(word.partition(twice)[2][:1].isalnum() for twice in TWICE):  # of the text, or code
        return False
    if LONE_SIGNS.isdisjoint(word[1:]) or not SEPARATING.isdisjoint(word):
        return False
    return any(map(str.islower, word)) and any(map(str.isupper, word)) and not is_reference(word)


def is_short_lot(word: str) -> bool:
    """Whether letters and digits of both cases change places as by lot, and few stand as in words."""
    if HEX.issuperset(word[1:]) or word.lower().startswith((*ALGORITHMS, "eyj", "0x")):
        return False
    if HEX.issuperset(word.rstrip("abcdefghijklmnopqrstuvwxyz")[:-1]):
        return False  # a commit, and the word that follows
    if turns(word) < 2 or 20 * flips(word) < 9 * len(word) or FORMAT.issuperset(word):
        return False
    return 2 * in_words(word) < len(word) and 5 * in_words(word, 3) < 3 * len(word)


def is_reference(word: str) -> bool:
    """Whether a sign joins a name and a number, as in `React@18`, `#n198`, `beginWork$1`, `%3A`."""
    for sign in "@#$%^&*!":
        head, found, tail = word.partition(sign)
        if found and sign == "%" and len(tail) > 1 and HEX.issuperset(tail[:2]):
            return True
        if found and sign == "@" and tail.isalpha() and tail.islower():
            return True
        bare = tail.lstrip("vnLl")
        if found and (bare.isdigit() or not tail) and (head.isalpha() or HEX.issuperset(head)):
            return True
    return False


def is_pin(word: str) -> bool:
    """Whether a word is a number as long as a PIN, or a code of letters and digits."""
    word = word.rstrip(".!#*")
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
    if DIGITS.isdisjoint(word):  # letters of one case by lot, or of both mixed as in no name
        is_mixed = len(word) >= LONG_WORD and word.isalpha() and 5 * flips(word) >= 2 * len(word)
        return is_mixed or is_letter_lot(word)
    if len(word) < 6 or word[0] in "/.~":
        return False
    if not SIGNS.isdisjoint(word):
        return any(map(str.isalpha, word))
    if word.lower().startswith(ALGORITHMS) or word.count("/") * 12 > len(word) or is_uuid(word):
        return False
    if turns(word) < 2:
        is_long = len(word) >= 20 and word.isalnum()
        return is_long and (word.isdigit() or word not in (word.lower(), word.upper()))
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
