"""Secrets by their names: what is set, in any notation, as a password, a key or a token. Pure."""

from __future__ import annotations

import re

from clearpoint.redaction import values
from clearpoint.redaction.chosen import is_chosen, is_phrase
from clearpoint.redaction.drawn import KEYS, LOOSE, is_drawn
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int, str]

PASSWORDS = frozenset(
    "password passwort passwd passphrase passcode passwrd pwd kennwort contraseña contrasena"
    " senha wachtwoord lösenord motdepasse mot_de_passe mdp parola hasło пароль pass pw 密码 密碼 口令"
    " パスワード 暗証番号 비밀번호 패스워드 암호 पासवर्ड".split()
)
"""What somebody chose: the value need not be drawn by lot."""
SECRETS = frozenset(
    "secret token credential credentials creds apikey jwt psk otp bearer connect.sid jsessionid"
    " phpsessid sessid".split()
)
"""What is drawn by lot, or at least has digits in it."""
HARMLESS = frozenset(
    "public primary foreign cache sort partition hash hashed idempotency dict map row object"
    " path min max num count total used input output prompt completion cached reasoning thinking"
    " page next cursor continuation sync tool design".split()
)
"""Before any name: what makes it another thing."""
STEMS = PASSWORDS | SECRETS | LOOSE
SIGN = r"\?=|<<<|=>|:=|={1,2}|:{1,2}|：|＝|->|,|\(|>|\s{1,4}(?:value|content)=|\s(?=[\"'])"


def setting(low: str) -> str:
    """A name, what ends it, a type if there is one, the sign that sets it, and the value.

    With the stems that a text in small letters has; empty if it has none.
    """
    known = sorted((one for one in STEMS if one in low), key=len, reverse=True)
    stems = "|".join(map(re.escape, known))
    return stems and (
        rf"(?i)(?P<stem>{stems})(?P<rest>[\w.-]{{0,30}}?)"
        r"(?P<close>\\{0,3}[\"'`\])]{0,2}[ \t]{0,24})"
        r"(?:[:][ \t]{0,2}[&\w<>?\[\]. ]{2,30}?[ \t]{1,3}(?==[ \t]{0,3}\\{0,3}[\"'`@]))?"
        r"(?:as[ \t]{1,3}\w{2,20}[ \t]{1,3}(?==))?"
        r"(?:(?:string|str|text|char\*?)[ \t]{1,3}(?==))?"
        rf"(?P<sign>{SIGN})[ \t]{{0,8}}"
        r"(?:(?:basic|bearer|token|apikey|pass:|plain:|str\(|string\(|new )[ \t]{0,2})?"
        r"(?:<<)?(?P<quote>'\\{0,3}\"|\\{0,3}[\"'`]|@\"|[uUbBrRfF][\"'])?"
        r"(?P<value>[^\s\"'`<>]{1,400})"
    )


NEXT = r"&(?=[\w.\[\]-]{1,40}=)"
"""The next parameter of a query."""
WORD = r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])"
AFTER = (
    r"(?i)^(?:s|\w{0,24}?_?ids?|\w{0,24}?_?(?:names?|counts?|types?|len|length|limits?|budget|usage|"
    r"url|uri|path|file|dir|field|input|label|hint|policy|version|arn|size|endpoint|ttl|at|"
    r"algorithm|alg|date|time|format|method|mode|enabled|required|visible|strength|manager|service|"
    r"provider|helper|utils?|form|page|view|component|test|spec)|_?expir\w*|_?reset\w*|"
    r"board\w*|word\w*|down|up|press|frames?|code|space|store|ring|izer|ized?|ization|or\w*|"
    r"enticat\w*|entic|prints?|ture\w*|ns?|ning|gn\w*|nal\w*|nif\w*|nce|ngs?|nned|ed|ing|es|ion\w*)$"
)
"""Behind the stem: what makes another word of it."""


def found(text: str, low: str) -> Iterator[Span]:
    """What is set by a name that says it is a secret."""
    pattern, place = setting(low), 0
    while pattern and (match := compiled(pattern).search(text, place)):
        place = match.start() + 1  # another may begin within it: `npmAuthToken`, `rootPassword`
        end = end_of_value(text, match)
        value = text[match.start("value") : end]
        if is_secret(before(text, match.start("stem")), match, value):
            yield match.start("value"), end, kind_of(match["stem"])
            place = end


def before(text: str, start: int) -> str:
    """What stands before a stem in the same name."""
    head = text[max(0, start - 40) : start]
    begin = len(head)
    while begin and (head[begin - 1].isalnum() or head[begin - 1] in "_-."):
        begin -= 1
    return head[begin:]


def end_of_value(text: str, match: re.Match[str]) -> int:
    """Where the value ends: at the quote that it began with, or where no value goes on."""
    start, end, quote = match.start("value"), match.end("value"), match["quote"] or ""
    if quote:
        stop = text.find(quote[-1], start, start + 400)
        line = text.find("\n", start, start + 400)
        if stop > start and (line < 0 or stop < line):
            return stop - (len(quote) - 1 if text[stop - 1] == "\\" else 0)
    if match["sign"] == ">":
        stop = text.find("<", start, start + 400)
        return stop if stop > start else end
    cut = [at for sign in ";," if (at := text.find(sign, start, end)) > start]
    cut += [stop.start() for stop in compiled(NEXT).finditer(text, start + 1, end)][:1]
    ended = min([*cut, end]) if cut and not _is_variable(text, match) else end
    while ended - start > 1 and text[ended - 1] in ".,;:)]}\\":
        ended -= 1
    while ended == end and end - start >= 400 and _goes_on(text, ended):
        ended += 1
    return ended


def _goes_on(text: str, place: int) -> bool:
    return place < len(text) and (text[place].isalnum() or text[place] in "+/=_-.")


def _is_variable(text: str, match: re.Match[str]) -> bool:
    """Whether a line sets a variable of the shell, whose value goes on to the blank behind it."""
    head = text[text.rfind("\n", 0, match.start()) + 1 : match.start("sign")]
    name = head.removeprefix("export ").strip()
    return match["sign"] == "=" and name.replace("_", "").isalnum() and name.isupper()


def is_secret(head: str, match: re.Match[str], value: str) -> bool:
    """Whether a value set by such a name is one that must not be kept."""
    stem, quoted = match["stem"].lower(), bool(match["quote"]) or match["sign"] == ">"
    words = [word.lower() for word in words_of(head)]
    if not is_set(match, head, value) or values.is_stand_in(value) or "[masked" in value:
        return False
    if not quoted and (values.is_code(value) or match["sign"] in ",("):
        return False
    if (words[-1:] and words[-1] in HARMLESS) or is_other_name(match, head):
        return False
    if " " in value:
        is_named = stem in PASSWORDS or stem in ("psk", "secret")
        return is_named and bool(match["quote"]) and is_phrase(value)
    if (
        stem == "secret"
        and match["sign"] == "="
        and (head + match["stem"] + match["rest"]).isupper()
    ):
        stem = "password"
    if stem in PASSWORDS:
        return is_chosen(match, value, head, quoted=quoted)
    return is_drawn(stem, words, match["sign"], value, head + match["stem"])


def is_other_name(match: re.Match[str], head: str) -> bool:
    """Whether a name is no secret's: a longer word, one within a mark, a type's or part of an ARN."""
    text, start = match.string, match.start("stem") - len(head)
    if text.rfind("[masked:", max(0, start - 40), start) > text.rfind("]", 0, start):
        return True
    if text[start - 2 : start] == "::" or is_in_arn(match):  # `AWS::ApiGateway::ApiKey`
        return True
    is_longer = match["rest"] and compiled(AFTER).match(match["rest"])
    return bool(is_longer) or is_other_word(
        match["stem"].lower(),
        head,
        is_capital=match["stem"][:1].isupper() and match["stem"] != "OTP",
    )


def is_in_arn(match: re.Match[str]) -> bool:
    """Whether a name is part of `arn:aws:secretsmanager:…:secret:Name`."""
    start = match.start()
    return match["sign"] == ":" and "arn:" in match.string[max(0, start - 80) : start]


def words_of(name: str) -> list[str]:
    """The words that a name is made of: `stripe`, `Api` of `stripeApi`."""
    return compiled(WORD).findall(name) if name else []


def is_other_word(stem: str, head: str, *, is_capital: bool) -> bool:
    """Whether the stem is the end of a longer word, as in `monkey`, `compass`, `author`."""
    if stem not in ("key", "pass", "pw", "auth", "pin", "sig", "otp", "cred", "salt", "mdp"):
        return False
    words = words_of(head)
    if is_capital:
        return False  # a word of its own: `keystorePass`
    return bool(words) and head[-1:].islower() and words[-1].lower() not in KEYS | {"db", "user"}


def is_set(match: re.Match[str], head: str, value: str) -> bool:
    """Whether the sign sets the value: some signs do only in their own notation."""
    sign, text = match["sign"], match.string
    start = match.start("stem") - len(head)
    if sign == ">":  # <password>…</password>
        closed = text.startswith("</", match.start("value") + len(value))
        return closed and text[start - 1 : start] in ("<", ":") and not match["close"]
    if sign == ",":  # define('DB_PASSWORD', '…')
        return bool(match["quote"]) and (
            text[start - 2 : start - 1] in ("(", "[", "{", ",")
            or text[max(0, start - 8) : start - 1].rstrip(" ")[-1:] == "("
        )
    if sign == "(":  # setPassword("…")
        is_plain = "." not in match["rest"] and not any(char in value for char in " ();")
        return (
            bool(match["quote"])
            and is_plain
            and not match["close"]
            and match["stem"].lower() not in LOOSE
        )
    if match["stem"] == "PASS" and sign == ":":  # --- PASS: TestName
        return head.endswith("_")
    return not (value[4:5] == value[7:8] == "-" and value[:4].isdigit())


def kind_of(stem: str) -> str:
    """What the mark says."""
    low = stem.lower()
    if "key" in low:
        return "Key"
    return "Password" if low in PASSWORDS else "Token" if low in ("token", "jwt") else "Secret"
