"""Whether what is set as a password is one that somebody chose, and no word about it. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.prose import FORMS, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

SMALL = frozenset(
    "a an the is are be of to in on at it and or no not for with this that your my".split()
)
"""Words that a sentence has, and no pass phrase."""
AROUND_CHARS = 80
PIN_CHARS = 6
WORD_CHARS = 8
"""Letters alone behind `=` are this many at least; a shorter word is a variable's."""


def is_chosen(match: re.Match[str], value: str, head: str, *, quoted: bool) -> bool:
    """Whether a value set as a password is one, and not a type, a word or a rule."""
    if values.is_password(value):
        return quoted or not values.is_named(value)
    if values.is_scrambled(value):
        return True
    if value.isdigit():
        return len(value) >= PIN_CHARS and (match["stem"].lower() != "pass" or bool(head))
    if not value.replace("-", "").replace("_", "").isalpha():
        return len(value) >= 8 and values.is_random(value, 8)
    whole = head + match["stem"] + match["rest"]
    is_upper = whole.isupper() and (
        match["sign"] == "=" or (match["sign"] in ":：" and "_" in whole)
    )
    firm = quoted or is_upper or is_line(match, head, value) or is_argument(match)
    return len(value) >= 6 and firm and not value[0].isupper() and value.islower()


def is_argument(match: re.Match[str]) -> bool:
    """Whether `name_pass=value` stands between blanks in a line that calls nothing."""
    text, end = match.string, match.end("value")
    line = text[text.rfind("\n", 0, match.start()) + 1 : end]
    is_name = match["sign"] == "=" and not match["rest"] and not match["close"]
    is_apart = text[end : end + 1] in ("", " ", "\n") and text[match.end("sign")] != " "
    return (
        is_name
        and is_apart
        and not any(sign in line for sign in "(){};,")
        and len(match["value"]) >= WORD_CHARS
    )


def is_line(match: re.Match[str], head: str, value: str) -> bool:
    """Whether a line of a file of settings says nothing else: `passwd: marigold`, and no code."""
    text, start = match.string, match.start("stem") - len(head)
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", match.start("value"))
    rest = text[match.start("value") + len(value) : stop if stop >= 0 else len(text)]
    if (
        text[line:start].strip(" \t-\"'")
        or rest.strip()
        or not value.isalpha()
        or value in WORDS
        or value.endswith(FORMS)
    ):
        return False
    around = text[max(0, line - AROUND_CHARS) : line] + text[stop : stop + AROUND_CHARS]
    is_set = match["sign"] in ":：" or (match["sign"] == "=" and len(value) >= WORD_CHARS)
    return is_set and not any(sign in around for sign in "(){};")


def is_phrase(value: str) -> bool:
    """Whether quoted words are a pass phrase, and no sentence about one."""
    words = "".join(char if char.isalpha() else " " for char in value).lower().split()
    is_short = len(words) <= 8 and len(value) <= 80 and value[-1] not in ".:?"
    return (
        is_short
        and bool(words)
        and not any(word in WORDS or word in values.STAND_INS or word in SMALL for word in words)
    )
