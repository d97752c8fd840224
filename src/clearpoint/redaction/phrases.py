"""Secrets of words: phrases of a wallet, recovery codes, and pass phrases told in a sentence.

The words of wallets are those of BIP 39 (data/seed_words.txt, MIT licence, data/seed_words.LICENSE).
"""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled, matches
from clearpoint.redaction.prose import FORMS, WORDS
from clearpoint.redaction.word_lists import SEEDS, word_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

SEED_WORDS = 12
ALL_KNOWN = b"\1" * SEED_WORDS
"""So many words of a wallet, one behind the other."""
BETWEEN_CHARS = 8
"""So much may stand between two words of a wallet: a comma, a number, a quote."""
BETWEEN = frozenset(" \t\r\n,;|.)0123456789-\"'\\")
CODES = (
    r"(?:recovery|backup|rescue|scratch|emergency|one-time|2fa|mfa|wiederherstellungs|secours|recuperaci[oó]n|product|licen[cs]e|serial|activation)"
    r"[ _-]?(?:codes?|keys?|tokens?|numbers?)\b"
)
CODE = r"(?<![\w./:-])(?:[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{3,8}){1,7}|\d{4}[ ]\d{4}|\d{8}|[A-Za-z0-9]{8,12})(?![\w/-]|\.\w)"
CODES_REACH = 400
PHRASE = (
    r"(?i)(?<!\w)(?P<name>pass ?-?phrase|pass ?-?word|passwd|passwort|kennwort|secret phrase|mot de passe|"
    r"phrase secrète|phrase de passe|frase secreta|frase de paso|contraseña|senha|master phrase)(?P<of>[ \t](?:for|of|to|für|de|pour|para)[ \t][^\n.,:;\"']{1,40}?)?"
    r"(?P<verb>[ \t]{1,3}(?:is|was|will be|should be|ist|lautet|heißt|est|es|é|now|to)(?=[ \t:])|[ \t]{0,3}[:=])"
    r"[ \t]{0,3}(?:now |set to |jetzt )?(?P<q>[\"'“«„`][ ]?)?(?P<v>[a-zà-ÿ]{3,14}(?:[ _-][a-zà-ÿ]{3,14}){1,11})(?P<end>[ ]?[\"'”»“`]|(?![\w]))"
)
USED = r"(?i)\bpass ?-?phrase[ \t]{1,3}(?P<q>[\"'“«„`])?(?P<v>[a-z]{3,14}(?:[ -][a-z]{3,14}){3,11})"
FUNCTION_WORDS = frozenset(
    "the and for with that this from you your are was were will would can could should must may have has had"
    " not but its his her their our who which what when where how why then than them they she him into onto"
    " over under out off all any some each every both few more most other such only own same very just let"
    " und der die das ist mit für von auf ein eine nicht les des une est pas pour dans que qui los las una por con"
    " per che non sono uma para been being does did done get got use used using make made per via also please thanks"
    " opens unlocks decrypts works everywhere".split()
)
"""Words that end a phrase; no wallet's phrase has one of them, and a sentence hardly lacks them."""
WORDS_FEWEST = 3


def found(text: str, low: str) -> Iterator[Span]:
    """Phrases and codes."""
    yield from _seeds(low)
    for name in matches(CODES, text, low):
        end = min(len(text), name.end() + CODES_REACH)
        yield from _codes(text, name.end(), end)
    if (
        "pass" in low
        or "kennwort" in low
        or "phrase" in low
        or "frase" in low
        or "contrase" in low
        or "senha" in low
    ):
        yield from _told(text)


def _seeds(low: str) -> Iterator[Span]:
    """Twelve words of a wallet or more, one behind the other."""
    pattern, known = compiled(r"[a-z]{3,8}"), word_list(SEEDS)
    if ALL_KNOWN not in bytes(map(known.__contains__, pattern.findall(low))):
        return
    first, last, number = 0, -BETWEEN_CHARS, 0
    for word in pattern.finditer(low):
        is_one = word[0] in known
        between = low[last : word.start()]
        if number and (not is_one or len(between) > BETWEEN_CHARS or set(between) - BETWEEN):
            if number >= SEED_WORDS:
                yield first, last, "Recovery Phrase"
            number = 0
        if is_one:
            first = first if number else word.start()
            last, number = word.end(), number + 1
    if number >= SEED_WORDS:
        yield first, last, "Recovery Phrase"


def _codes(text: str, start: int, end: int) -> Iterator[Span]:
    """The codes of a list behind its title, as long as nothing else stands between them."""
    for code in compiled(CODE).finditer(text, start, end):
        between = text[start : code.start()]
        if sum(map(str.isalpha, between)) > 12 or "\n\n\n" in between:
            return
        if values.has_digit(code[0]) and not values.is_uuid(code[0]) and _is_code(code[0]):
            yield *code.span(), "Recovery Code"
            start = code.end()


def _is_code(code: str) -> bool:
    parts = code.replace(" ", "-").split("-")
    if len(parts) == 3 and parts[0].isdigit() and len(parts[0]) == 4 and len(parts[1]) == 2:
        return False  # a date
    return len(parts) > 1 or code.isdigit() or values.turns(code) >= 2


def _told(text: str) -> Iterator[Span]:
    """Pass phrases of small words that a sentence tells."""
    for told in compiled(PHRASE).finditer(text):
        is_quoted = bool(told["q"]) and told["end"].strip() in tuple("\"'”»“`")
        count = whole_words(told["v"], told["name"].lower(), told.string[told.end("v") :][:1])
        if is_quoted and (is_plain(told["v"]) or is_long(told["name"].lower(), told["v"])):
            yield *told.span("v"), "Password"
        elif count and told["q"] is None:
            yield told.start("v"), told.start("v") + count, "Password"
    for used in compiled(USED).finditer(text):
        if count := whole_words(used["v"], "passphrase", text[used.end("v") :][:1]):
            yield used.start("v"), used.start("v") + count, "Password"


def whole_words(value: str, name: str, behind: str) -> int:
    """How many characters of a value are the words of a phrase; none if it is a sentence."""
    count, chars = 0, 0
    is_joined = " " not in value
    for word in value.replace("_", " ").replace("-", " ").split():
        if word in FUNCTION_WORDS or (word in WORDS and not is_joined):
            break
        if word.endswith(FORMS) and not is_joined and word not in word_list(SEEDS):
            return 0
        count, chars = count + 1, chars + len(word) + 1
    is_whole = chars > len(value)
    if count < WORDS_FEWEST + (is_joined and "phrase" not in name):
        return 0
    is_phrase = name.startswith(
        ("pass p", "passp", "pass-p", "secret ph", "phrase", "frase", "master")
    )
    return chars - 1 if is_phrase or (is_whole and behind in ("", "\n", ".", '"', "'", "\\")) else 0


def is_long(name: str, value: str) -> bool:
    """Whether a pass phrase in quotes has four words or more, be they everybody's."""
    words = value.replace("_", " ").replace("-", " ").split()
    return "phrase" in name and len(words) > WORDS_FEWEST and FUNCTION_WORDS.isdisjoint(words)


def is_plain(value: str) -> bool:
    """Whether quoted words can be a pass phrase: none says something about one."""
    words = value.replace("_", " ").replace("-", " ").split()
    return len(words) > 1 and not any(word in WORDS or word in FUNCTION_WORDS for word in words)
