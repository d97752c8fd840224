"""Passwords and keys told in a sentence, in the languages that people type in. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.lettered import (
    OPENING,
    TELLING,
    is_lone_word,
    is_set_to,
    is_told_word,
    is_used,
)
from clearpoint.redaction.patterns import compiled, is_there, matches
from clearpoint.redaction.prose import WORDS
from clearpoint.redaction.sentences import (
    GIVEN_AS,
    RECOVERY,
    SIX_DIGITS,
    bare,
    east,
    foreign,
    given_as,
    held_as,
    joined,
    login,
    pair,
    pin,
    seed,
    west,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

DRAWN = ("token", "key", "secret", "schl", "jeton", "cl\xe9", "clave s", "clave a", "clave de a", "chiave a", "chiave s", "chave s", "chave d", "sleutel", "geheim", "\u043a\u043b\u044e\u0447",
         "\u0442\u043e\u043a\u0435\u043d", "\u0441\u0435\u043a\u0440\u0435\u0442", "pin")  # fmt: skip
"""What is in the names of what is drawn by lot; any other was chosen by somebody."""
ONLY_DRAWN = ("pass", "clave", "chiave", "chave")
"""Words of many meanings: a word of letters behind them is none."""
COPULA = r"(?i)\b(?:lautet|is|ist|est|es|\u00e8|\u00e9|code)\b|[\uc740\ub294\u306f\u662f]"
EASTERN_SIGNS = frozenset("\uff1a:=\uff1d\u662f\u4e3a\u70ba\u306f\ub294\uc740\uc774\uac00")
"""What sets a word of letters alone, among letters of the East."""


SIGNS = frozenset(":=\uff1a\uff1d")


def found(text: str, low: str) -> Iterator[Span]:
    """What a sentence says a password, a key, a PIN or a seed phrase is."""
    patterns = [west(low), bare(low), foreign(low), login(low), pair(low), joined(low)]
    if any(word in low for word in GIVEN_AS):
        patterns += [given_as(low), held_as(low)]
    for pattern in filter(None, patterns):
        if is_there(pattern, text, low):
            yield from _west(text, compiled(pattern))
    if not text.isascii() and (pattern := east(low)):
        for match in compiled(pattern).finditer(text):
            start, end = trimmed(match)
            if is_eastern(text, start, text[start:end]):
                yield start, end, "Password"
    yield from _phrases(text, low)


def is_eastern(text: str, start: int, value: str) -> bool:
    """Whether a value among letters of the East is one: a password, or a quoted word."""
    if value.isdigit():
        return 6 <= len(value) <= 16
    if values.is_password(value, 5):
        return (values.has_digit(value) and not values.is_code(value)) or not is_noise(value)
    head = text[max(0, start - 4) : start].rstrip(" \t" + OPENING)
    is_set = text[start - 1] in OPENING + "\u300e" or head[-1:] in EASTERN_SIGNS
    return is_set and value.isalpha() and len(value) >= 6 and not is_noise(value)


def _west(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    place = 0
    while match := pattern.search(text, place):
        start, end = trimmed(match)
        told = is_told(match, text[start:end])
        if told:
            yield start, end, "Password"
        name = match.end("name") if "name" in pattern.groupindex else 0
        place = end if told else max(match.start() + 1, name)


def _phrases(text: str, low: str) -> Iterator[Span]:
    """Seed phrases, recovery codes and PINs."""
    if pattern := seed(low):
        for match in compiled(pattern).finditer(text):
            yield *match.span("v"), "Recovery Phrase"
    if "code" in low or "key" in low:
        for match in matches(RECOVERY, text, low):
            if values.has_digit(match["v"]):
                yield *match.span("v"), "Recovery Code"
    yield from _numbers(text, low)


def _numbers(text: str, low: str) -> Iterator[Span]:
    """PINs, and codes that a service sends."""
    if "code" in low or "c\xf3digo" in low:
        for match in compiled(SIX_DIGITS).finditer(text):
            yield *match.span("v"), "PIN"
    if pattern := pin(low):
        for match in compiled(pattern).finditer(text):
            if not match["of"].strip() or compiled(COPULA).search(match["of"]):
                yield *match.span("v"), "PIN"


def trimmed(match: re.Match[str]) -> tuple[int, int]:
    """The value without the quotes and the full stop around it."""
    start, end = match.span("v")
    value = match["v"]
    for mark in ('\\"', '"', "'", "`"):
        if mark in value:
            end = start + value.index(mark) if value.index(mark) else end
            value = match.string[start:end]
    while end - start > 1 and match.string[end - 1] in ".,;:)]}'\"`*":
        end -= 1
    if (
        end - start > 1
        and match.string[end - 1] in "!?"
        and match.string[end : end + 1] in ("", "\n")
        and not values.has_digit(match.string[start : end - 1])
    ):
        end -= 1
    while start < end and match.string[start] in "*(":
        start += 1
    return start, end


def is_noise(value: str) -> bool:
    """Whether a value is a word, a name, an expression or a mark."""
    is_word = values.is_stand_in(value) or value.lower() in WORDS or "[masked" in value
    is_named = values.is_named(value) and not value[-2:].isdigit()
    return (
        is_word or values.is_code(value) or is_named or value.lower().startswith(values.ALGORITHMS)
    )


def is_told(match: re.Match[str], value: str) -> bool:
    """Whether the value is the secret, and not a word about it."""
    if len(value) < 5 or is_noise(value) or value.startswith(("-", "#", "@", "http", "<")):
        return False
    groups = match.re.groupindex
    if ("w" in groups or "creds" in groups) and is_lone_word(match, value):
        return True
    if "verb" not in match.re.groupindex:
        return is_bare(match, value)
    if (match["verb"] or "").lower() == "from":
        return is_set_to(match) and (is_drawn(value) or is_told_word(match, value))
    return is_named_secret(match, value)


def is_named_secret(match: re.Match[str], value: str) -> bool:
    """Whether what a verb or a sign tells of a name is a secret of that name's kind."""
    low = match["name"].lower()
    if low in ONLY_DRAWN:
        is_own = match.string[: match.start()].lower().endswith(("mi ", "tu ", "minha ", "mia "))
        return is_drawn(value) or (is_own and is_told_word(match, value))
    if any(part in low for part in DRAWN):
        firm = is_drawn(value) and len(value) >= 8 and values.classes(value) >= 3
        firm = firm or (values.is_uuid(value) and bool(match["verb"] or match["sign"]))
        return firm or values.is_random(value, 10)
    verb = (match["verb"] or match["sign"] or "").lower()
    is_number = value.isdigit() and 6 <= len(value) <= 16 and (verb in TELLING or verb in SIGNS)
    return is_number or is_drawn(value) or is_told_word(match, value)


def is_bare(match: re.Match[str], value: str) -> bool:
    """Whether a value that no verb tells is one by its looks."""
    if "name" in match.re.groupindex and is_used(match, value):
        return True
    is_assigned = "=" in value and value.partition("=")[0].isidentifier()
    if "u" in match.re.groupindex and ("/" in value or is_assigned):
        return False
    if value.isdigit():
        return "name" in match.re.groupindex and 8 <= len(value) <= 16
    return (is_drawn(value) or values.is_scrambled(value)) and not values.HEX.issuperset(value)


def is_drawn(value: str) -> bool:
    """Whether letters stand beside digits or signs as nobody writes in words."""
    if not any(map(str.isalpha, value)) or not values.is_password(value) or values.is_slug(value):
        return False
    if value[0] in "%.[({\\/" or value.endswith(("/", "\\")) or "\\n" in value:
        return False
    inner = value.strip("!?*#")
    if values.has_digit(inner):
        return "/" not in inner or values.classes(inner) >= 4
    return (
        any(sign in inner[:-1] for sign in "!@#$%^&*+=~")
        and values.classes(inner) >= 2
        and not inner.isidentifier()
    )
