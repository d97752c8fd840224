"""Secrets that a program hands to a function: `jwt.sign(payload, 'X')`, `createClient(url, 'X')`. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled, matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

HINTS = ("sign", "verify", "crypt", "hmac", "client", "auth", "login", "fernet", "jwt", "connect", "credential",
         "cookieparser", "mysqli", "pdo(", "cipher", "search(", "secret", "token", "unlock", "session", "password", "wpdb", "sql.open", "passport", "aead", "sealed", "box(", "pbkdf", "scrypt", "kdf", "init(")  # fmt: skip
FUNCTION = (
    r"(?:sign|verify|encrypt|decrypt|hmac|cipher(?:iv)?|client|auth|login|fernet|"
    r"jwt\.(?:encode|decode)|jws|connect|credentials?|cookieparser|mysqli|wpdb|pdo|getconnection|search|secret|token|unlock|"
    r"password|aes|aead|secretbox|pbkdf2|scrypt|kdf|hmac\.new|account|api|sdk|\.init)(?:_?(?:sync|async|string|key|iv|init))?"
    r"[ ]?=?[ ]?(?P<open>\()"
)
"""The end of the name of a function that takes one, up to its bracket."""
NAME_CHARS = 60
NAMES = rf"(?i)(?<![\w$])[\w$.>:-]{{0,{NAME_CHARS}}}{FUNCTION}"
"""All of the name."""
LOGIN = r"(?i)auth|login|credential|connect|password|mysqli|pdo|wpdb|unlock"
"""Functions that are given a password, as short as those are."""
LITERAL = r"(?<![\w])[bBrRuUfFN@]{0,2}(?P<q>[\"'`])(?P<v>[^\"'`\n]{6,300})(?P=q)"
THIRD = (
    r"(?:mysqli|wpdb|pdo|connect|mysql_(?:p?connect|real_connect)|pymysql\.connect|getconnection|login|credentials?|dbi->connect)[ ]?\([ ]?"
    r"(?:[^,()\n]{1,120},[ ]?){2,4}[bru]?[\"'](?P<v>[^\"'\n]{3,100})[\"']"
)
"""A place, a user, and a password."""
SECOND = (
    r"(?:basic_?auth|auth|login|networkcredential|bind(?:_s)?)[ ]?=?[ ]?\(?[ ]?b?[\"'][^\"'\n]{1,60}[\"'][ ]?,[ ]?b?"
    r"[\"'](?P<v>[^\"'\n]{6,100})[\"']"
)
"""A user and a password."""
REACH = 300
FLAWS = frozenset(" \t<>{}[](),;\\")
SIGNS = frozenset("!@#$%^&*+?~")


def found(text: str, low: str) -> Iterator[Span]:
    """Quoted texts among the arguments of such a function that look like a secret."""
    if not any(hint in low for hint in HINTS):
        return
    for call in calls(text, low):
        start = call.end()
        for literal in compiled(LITERAL).finditer(text, start, end_of_call(text, start)):
            login = compiled(LOGIN).search(call[0])
            if is_secret(literal["v"]) or (login and values.is_short_lot(literal["v"])):
                yield *literal.span("v"), "Secret"
    for call in (*matches(SECOND, text, low), *matches(THIRD, text, low)):
        start, end = call.span("v")
        if values.is_password(text[start:end]) and not values.is_named(text[start:end]):
            yield start, end, "Password"


def calls(text: str, low: str) -> Iterator[re.Match[str]]:
    """The calls of such functions up to their brackets.

    The whole name is looked for only near its end: begun at every letter it takes far longer.
    """
    place = 0
    for end in matches(FUNCTION, text, low):
        if end.start() >= place:
            begin = max(place, end.start() - NAME_CHARS)
            if not (call := compiled(NAMES).search(text, begin)):
                return
            yield call
            place = call.end()


def end_of_call(text: str, place: int) -> int:
    """Where the bracket closes that was opened before a place, or as far as is looked."""
    depth, limit = 1, min(len(text), place + REACH)
    while place < limit:
        depth += (text[place] == "(") - (text[place] == ")")
        place += 1
        if not depth:
            return place
    return limit


def is_secret(value: str) -> bool:
    """Whether an argument is drawn by lot, or a password as somebody chose it."""
    if (
        not FLAWS.isdisjoint(value)
        or values.is_uuid(value)
        or "://" in value
        or value[0] in "/.#@%:-&?"
    ):
        return False
    if values.is_stand_in(value) or values.is_code(value) or values.is_path(value):
        return False
    if values.is_named(value) or values.is_slug(value) or values.is_known_id(value):
        return False
    if values.is_lot(value):
        return len(value) >= 16
    if "=" in value or ":" in value or values.classes(value) < 3:
        return False
    inner = value[1:] if values.has_digit(value) else value[1:-2]
    return not SIGNS.isdisjoint(inner) and len(value) >= 8
