"""Runs drawn by lot, and odd words, near a word that says what they are. Pure.

Makers that nobody has listed, programs that nobody has heard of: `snyk auth 0a1b…`, `the key for
staging is zt_9f…`, `log in with Winter!22`. What stands directly behind the word may look less
drawn than what stands somewhere in the same line; a commit, a hash, an id and a path never count.
"""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled, matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

NAMED = (
    r"(?<![A-Za-z0-9+])(?:(?P<pass>pass[ _-]?words?|pass[ _-]?phrases?|passwd|passcode|code[ ](?:wifi|wi-fi|wlan)|(?<!/)pwd?(?![A-Za-z0-9+/])|passwort|kennwort|mots?[ ]de[ ]passe|mdp\b|contraseñas?|contrasena|senha|парол[ьяюе]м?|비밀번호|비번|암호|패스워드|パスワード|"
    r"暗証番号|密码|密碼|口令)|(?P<login>creds?\b|credentials?|log(?:ged)?[ -]?in\b|logins?\b|sign(?:ed)?[ -]?in\b|zugangsdaten)|"
    r"(?P<key>secrets?\b|tokens?\b|(?:o?auth)\b|auth[ _-]?keys?|auth[ _-]?token|"
    r"(?:api|access|private|licen[cs]e|product|signing|encryption|master|deploy|server|shared|stream|account|"
    r"client|secret|pre-?shared|activation|serial|unseal|root|hmac|session|service|project|write|ingest)"
    r"[ _-]?keys?|keys?(?=[ ](?:is|was|for|to|are|:)\b|[ ]?[:=])|(?:the|this|my|your|our)[ ]key(?=[ ])|bearer|unseal|(?:totp|2fa|otp|mfa|psk|jwt|dsn)(?![A-Za-z0-9])|"
    r"seed\b|webhook|login|identify|register|activate|appid|app_id|browserless|"
    r"clé|schlüssel|jeton|clave|chiave|chave|sleutel|ключ|токен|секрет))"
)
"""What a secret is called, as a password or as a key."""
RUN = r"[A-Za-z0-9_+/=@#.~%!$^&*?-]{6,300}"
REST = r"[\w.-]{0,60}"
"""The rest of a word that begins with such a name: `.login`, `_v2`."""
BEHIND = (
    r"[\"'`”»]?[ ]{1,2}(?:is|as|that's|was|for|ist|als|est|es|comme|como|(?:[—–-]|,)[ ]?(?:that'?s|that[ ]is|it'?s|das[ ]ist|c'est|es)?)"
    r"[ ](?:[\w']{1,10}[ ]){0,3}(?P<name>(?:private|secret|api|access)[ ](?:key|token)|password|passwort|kennwort|passphrase|pw\b|contraseña|senha|clave|mot[ ]de[ ]passe|mdp\b)|[ ]to[ ](?:sign|log)[ -]?in\b"
)
SET = (
    r"(?:secret|token|passw\w{0,6}|pwd|credential|api_?-?key|session_?-?id|cookie|sid\b)[^\n]{0,60}(?:\n[^\n]{0,60}){0,2}?[<\n {\t,\"']"
    r"(?:value|default|string)[\"']?[ \t]{0,3}[:=>][ \t]{0,3}[\"']?(?P<v>[^\s\"'<>`]{8,300})"
)
"""A value that stands behind `value` or `default`, where what it is of is a secret."""
BELOW = r"(?i)pass[^\n]{0,60}:[ \t`]{0,4}\n[ \t\n]{0,8}(?:[^\s]{2,60}[ \t]{0,4}\n[ \t]{0,8})?(?P<v>[!-~]{6,80})[ \t]{0,4}(?:\n|$)"
"""A password on a line of its own, perhaps below a name."""
REACH = 90
"""So far behind its name, in the same line, a run may stand."""
LINK = frozenset(
    "is are was be to now the this here it with as mine ist lautet est es on one set new for my our add"
    " use using put configure config currently still est c'est são sera la le el de por changed from 是 는 은 は 이 が 为".split()
)
SAID = (
    "it's",
    "it is",
    "es ist",
    "c'est",
    "es",
    "use",
    "using",
    "usa",
    "utilise",
    "verwende",
    "nimm",
    "with",
    "is",
    "to",
)
"""What stands before a word that is said to be the password."""
COPULAS = (
    "is",
    "are",
    "was",
    "ist",
    "lautet",
    "est",
    "es",
    "lo",
    "to",
    "be",
    "becomes",
    "->",
    "=>",
)
"""What stands between a name and what it names at once, or ends such a clause."""
HASHES = ("commit", "sha", "hash", "digest", "checksum", "integrity", "md5", "rev", "etag", "merge",
          "head", "branch", "cherry", "fingerprint", "image", "tag", "blob", "tree", "parent", "diff",
          "build", "bisect", "revert", "rebase", "layer", "cache", "trace", "span", "uuid", "guid")  # fmt: skip
"""Words beside which hexadecimal digits are a hash or an id."""
HASH_CHARS = (32, 40, 64, 96, 128)
SHORT_HASH_CHARS = 20
LOT_CHARS = 16
_BARE = dict.fromkeys(map(ord, "\"'`(“«„「,:=*\\/"), " ")
STRONG = frozenset("!@#$%^&*+")


def found(text: str, low: str) -> Iterator[Span]:
    """What stands near a name of a secret and looks like one."""
    yield from _behind(text, low)
    for item in matches(SET, text, low):
        start, stop = item.span("v")
        value, before = text[start:stop], low[max(0, start - REACH) : start]
        is_chosen = "passw" in low[item.start() : item.end()] and is_odd(value, "is ")
        if is_chosen or is_key(value, before, is_beside=True) or is_strong(value, fewest=0):
            yield start, stop, "Secret"
    yield from _before(text, low)
    if "pass" in low:
        for line in compiled(BELOW).finditer(text):
            value = line["v"]
            if values.is_password(value, 8) and values.has_digit(value) and not is_other(value):
                yield *line.span("v"), "Password"


def _behind(text: str, low: str) -> Iterator[Span]:
    """Runs after a name, in the reach of it; one that was found is not looked at again."""
    done = 0
    for name in matches(NAMED, text, low):
        end = line_end(text, name.end())
        rest = compiled(REST).match(text, name.end(), end)
        begin = rest.end() if rest else name.end()
        for run in compiled(RUN).finditer(text, max(begin, done), end):
            start, stop = trimmed(text, *run.span())
            if text.count("/", start, stop) == 1 and (name["pass"] or name["login"]):
                start = text.index("/", start) + 1  # `admin/X`
            value = text[start:stop]
            is_firm = bool(name["pass"] or name["login"]) and is_strong(value)
            is_firm = is_firm or (bool(name["pass"]) and is_odd(value, text[begin:start]))
            if is_firm or (
                values.has_digit(value)
                and (len(value) >= LOT_CHARS or "-" in value)
                and is_key(
                    value,
                    low[max(0, start - REACH) : start],
                    is_beside=is_link(text[begin:start]),
                )
            ):
                done = stop
                yield start, stop, "Password" if name["pass"] or name["login"] else "Secret"


def _before(text: str, low: str) -> Iterator[Span]:
    """`X is the new password`: an odd word a little before the name, in the same line."""
    for name in matches(BEHIND, text, low):
        line = text.rfind("\n", 0, name.start()) + 1
        for run in compiled(RUN).finditer(text, max(line, name.start() - 40), name.start()):
            start, stop = trimmed(text, *run.span())
            is_whole = not start or text[start - 1] in " \t\n\"'`(“«„"
            if is_whole and (is_strong(text[start:stop]) or is_said(text, start, stop, name)):
                yield start, stop, "Password"


def is_said(text: str, start: int, stop: int, name: re.Match[str]) -> bool:
    """Whether an odd word is all that stands between the begin of a clause and `is the password`."""
    head = text[max(0, start - 24) : start].rstrip(" \"'`“«„").lower()
    is_begin = not head or head[-1] in ".,;:!?\n" or head.endswith(SAID)
    gap = text[stop : name.start()].strip(" \"'`”»")
    return bool(name["name"]) and is_begin and not gap and is_odd(text[start:stop], "is ")


def is_odd(value: str, between: str) -> bool:
    """Whether a word is a password: drawn by lot, or one with digits where the name is said to be it."""
    if is_other(value) or values.HEX.issuperset(value) or not any(map(str.isalpha, value)):
        return False
    if len(value) >= 8 and values.is_short_lot(value):
        return True
    is_mixed = values.has_digit(value) and (values.turns(value) > 1 or value[:1].isalpha())
    return is_mixed and values.is_password(value) and between.strip() != "" and is_link(between)


def is_link(between: str) -> bool:
    """Whether the words between a name and a run say that the one is the other."""
    bare = between.rstrip(" \t\n\"'`(“«„「*")
    words = between.lower().translate(_BARE).split()
    return bare[-1:] in ("=", ":") or all(word in LINK for word in words) or words[-1] in COPULAS


def line_end(text: str, place: int) -> int:
    """Where the reach of a name ends: with its line, or the next one where it ends with a sign."""
    limit = place + REACH
    end = text.find("\n", place, limit)
    if end < 0:
        return min(limit, len(text))
    if text[place:end].rstrip(" \t\r*`")[-1:] in (":", "?", "="):
        after = text.find("\n", end + 1, limit)
        return after if after > 0 else min(limit, len(text))
    return end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A run without a name that sets it, and without the signs of its sentence."""
    value = text[start:end]
    sign = value.find("=")
    if 0 < sign < len(value) - LOT_CHARS and value[:sign].replace("-", "_").isidentifier():
        start += sign + 1
    while start < end and text[start] in "*@#.~=/&-":
        start += 1
    while start < end and text[end - 1] in ".,;:*~!-&#":
        end -= 1
    return start, end


def is_key(value: str, before: str, *, is_beside: bool) -> bool:
    """Whether a run near a name was drawn by lot and opens something."""
    if "idempot" in before:
        return False
    if is_beside and is_grouped(value):
        return True
    if len(value) < LOT_CHARS or is_other(value) or not values.has_digit(value):
        return False
    if values.HEX.issuperset(value):
        if any(word in before for word in HASHES) or len(value) < SHORT_HASH_CHARS:
            return False
        return is_beside and values.turns(value) >= 4
    return values.is_lot(value) and (is_beside or values.classes(value) >= 3)


def is_grouped(value: str) -> bool:
    """Whether groups of one length are joined by hyphens, as in `ziur-b0rc-sq2r-g4vo`."""
    groups = value.split("-")
    is_even = len(groups) > 2 and len({len(group) for group in groups}) == 1
    is_mixed = is_even and all(group.isalnum() for group in groups) and values.turns(value) > 3
    return is_mixed and 4 <= len(groups[0]) <= 8 and not values.HEX.issuperset(value)


def is_other(value: str) -> bool:
    """Whether a run is an id, a path, a name or an expression."""
    return (
        ".." in value
        or values.is_uuid(value)
        or values.is_stand_in(value)
        or values.is_code(value)
        or values.is_slug(value)
        or values.is_named(value)
        or values.is_known_id(value)
        or values.is_path(value)
    )


def is_strong(value: str, fewest: int = 1) -> bool:
    """Whether a word has letters, digits and a sign, as a password that somebody chose."""
    if not 8 <= len(value) <= 64 or STRONG.isdisjoint(value[:-1]) or values.is_stand_in(value):
        return False
    if (
        values.is_code(value)
        or values.is_path(value)
        or "=" in value
        or "://" in value
        or ".." in value
    ):
        return False
    is_mail = "@" in value and "." in value.rpartition("@")[2]
    return values.has_digit(value) >= fewest and values.classes(value) >= 3 and not is_mail
