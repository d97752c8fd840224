"""Passwords and keys told in a sentence, in the languages that people type in. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled, those_in, writable
from clearpoint.redaction.prose import FORMS, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

EAST = (r"비밀번호|비번|패스워드|암호|비밀키|토큰|인증키|인증번호|패스코드|パスワード|暗証番号|合言葉|"
        r"パスフレーズ|トークン|秘密鍵|シークレット|APIキー|认证码|密码|密碼|口令|密钥|密鑰|令牌|暗号|"
        r"パスコード|시크릿|API ?키|API ?密钥|คีย์|รหัสผ่าน")  # fmt: skip
WEST = (r"mots? de passe|phrase secrète|code secret|code d'accès|clé secrète|clé d'api|clé api|jeton|"
        r"contraseña|contrasena|clave secreta|clave api|clave de api|clave de acceso|clave|palabra clave|passwor[dt]|"
        r"kennwort|losungswort|schlüssel|api-schlüssel|zugangscode|zugangsdaten|geheimnis|"
        r"passphrase|passwd|passcode|pass ?code|pass ?phrase|pass|pwd|pw|pin(?:[- ]?code)?|"
        r"api[- ]?key|secret(?: key)?|access[- ]?key|access[- ]?token|auth[- ]?token|"
        r"token|senha|palavra-passe|chave de api|chave secreta|chave|password d'accesso|"
        r"parola d'ordine|parola|chiave api|chiave segreta|chiave|"
        r"wachtwoord|sleutel|lösenord(?:et)?|adgangskoden?|passordet|passord|salasana(?:si)?|hasł[oa]|hesl[oa]|şifrem|şifresi|şifre|parolă|jelszó|"
        r"mật khẩu|kata sandi(?:nya)?|κωδικός|парол[ьяюе]м?|ключ|токен|секрет|пин-?код|гасло|"
        r"كلمة المرور|كلمة السر|पासवर्ड|סיסמה|סיסמא")  # fmt: skip
VERBS = (r"is|was|are|will be|should be|be|remains|becomes|to|as|ist|lautet|war|wird|bleibt|auf|heißt|"
         r"est|sera|était|devient|es|era|será|sería|a|è|é|sarà|será|is nu|är|er|on|to jest|"
         r"это|теперь|было|будет|é o|son|=|:|-|–|—|：|＝|->|=>|→")  # fmt: skip
FILLERS = (r"now|currently|still|just|set to|changed to|jetzt|nun|aktuell|also|maintenant|désormais|"
           r"toujours|ahora|actualmente|adesso|agora|nu|теперь|the|this|following|this one|one|"
           r"das|der|die|le|la|el|o|simplement|simply|einfach|folgende?|called|même|"
           r"changé en|cambiada a|para|por|en")  # fmt: skip
VALUE = r"\\?[\"'`“”‘’«»„「『]?(?P<v>[!-~]{4,200})"
BARE = r"passwor[dt]|passphrase|pwd|pw|passwd|api[- ]?key|token|credentials?|creds"
FOREIGN = (r"mots? de passe|contraseña|contrasena|senha|kennwort|passwort|parol[ae]|"
           r"парол[ьяюе]м?|wachtwoord|lösenord(?:et)?|adgangskoden?|passordet|passord|"
           r"salasana(?:si)?|hasł[oa]|hesl[oa]|şifrem|şifresi|şifre|parolă|jelszó|mật khẩu|kata sandi(?:nya)?|κωδικός|гасло|"
           r"كلمة المرور|كلمة السر|पासवर्ड|סיסמה|סיסמא|รหัสผ่าน")  # fmt: skip
"""Behind these a password may stand without a verb, or with one of any language."""
LOGINS = (r"log ?in|logged in|sign in|user(?:name)?|account|credentials?|creds|zugangsdaten|"
          r"identifiants|credenciales|anmelden")  # fmt: skip
SEEDS = (r"seed(?: phrase)?|mnemonic(?: phrase)?|recovery phrase|recovery words|"
         r"wiederherstellungs\w{0,10}|phrase de récupération|frase semilla|助记词|시드 ?문구|니모닉")  # fmt: skip
PINS = (r"pin(?:[- ]?code)?|passcode|otp|2fa code|zugangscode|code pin|暗証番号|인증번호|비밀번호|密码|"
        r"пин-?код|verification code|door code|gate code|alarm code|access code|entry code|unlock code|safe code|"
        r"security code|login code|lock code|one[- ]time code|one[- ]time password")  # fmt: skip
GIVEN_AS = (" as ", " for ", " als ", " comme ", " como ", " come ")
RECOVERY = (
    r"(?i)(?:recovery|backup|rescue)[ _-]?(?:codes?|keys?)[\"']?[^\n\w]{0,6}(?:is|are)?[ \t:=\n-]{0,6}"
    r"(?P<v>[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{4,8}){1,8})"
)


def west(low: str) -> str:
    """`the password for staging is X`, with the names that a text has; empty if it has none."""
    names = those_in(WEST, low)
    verbs, fillers = writable(VERBS, low), writable(FILLERS, low)
    head = r"(?<![\w-])" if low.isascii() else r"(?<![A-Za-z0-9_-])"
    return names and (
        rf"(?i){head}(?:[a-zäöüß]{{2,20}}-?(?=passwort|kennwort|schlüssel))?(?P<name>{names})(?P<of>(?:[ \t][^\s.,;:!?=\"'`]{{1,24}}){{0,5}}?)"
        rf"(?:[ \t]{{1,3}}(?P<verb>{verbs})(?![\w])|'s\b|[ \t]{{0,3}}(?P<sign>[:=：＝–—→]))"
        rf"(?:[ \t]{{1,3}}(?:{fillers})){{0,3}}[: \t\n]{{0,4}}{VALUE}"
    )


def east(low: str) -> str:
    """`パスワードは X です`."""
    names = those_in(EAST, low)
    return names and (
        rf"(?i)(?P<name>{names})(?P<of>[^\n\x21-\x7e。．、，！？]{{0,16}}?)"
        rf"[ \t:：=＝「『\"'`“”‘’]{{0,6}}{VALUE}"
    )


def given_as(low: str) -> str:
    """`use X as the password`."""
    names = those_in(WEST, low)
    return names and (
        r"(?i)(?:use|using|try|with|enter|typed?|set|take|put|verwende|nimm|utilise[rz]?|usa|uso?)[ \t]{1,3}"
        r"[\"'`“]?(?P<v>[!-~]{5,200}?)[\"'`”]?[ \t]{1,3}(?:as|for|als|comme|como|come)[ \t]{1,3}"
        rf"(?:[\w']{{1,12}}[ \t]{{1,3}}){{0,4}}?(?:{names})\b"
    )


def held_as(low: str) -> str:
    """`the account has X as its password`."""
    names = those_in(WEST, low)
    return names and (
        r"(?i)(?<![!-~])(?P<v>[!-~]{8,100})[ \t]{1,3}(?:as|als|comme|como|come)[ \t]{1,3}"
        rf"(?:[\w']{{1,12}}[ \t]{{1,3}}){{0,3}}?(?P<name>{names})\b"
    )


def bare(low: str) -> str:
    """`password X`."""
    names = those_in(BARE, low)
    return names and rf"(?i)(?<![\w-])(?P<name>{names})[ \t]{{1,3}}[\"'`“(]?(?P<v>[!-~]{{6,200}})"


def foreign(low: str) -> str:
    """`heslo je X`."""
    names = those_in(FOREIGN, low)
    return names and (
        rf"(?i)(?<![A-Za-z0-9_-])(?P<name>{names})(?:[ \t][^\W\d]{{1,10}}){{0,3}}[ \t:]{{1,3}}"
        r"[\"'`“(]?(?P<v>[!-~]{6,200})"
    )


def login(low: str) -> str:
    """`log in as bob / X`."""
    names = those_in(LOGINS, low)
    return names and (
        rf"(?i)\b(?:{names})(?:[ \t](?:as|with|is|are|using|mit|als|avec|con|for|the|user|account|test)){{0,3}}"
        r"[ \t:=`\"']{1,4}(?P<u>[\w.@+-]{2,60})[`\"']?[ \t]{0,2}"
        r"(?:/|:(?!\s)|,| and | with | und | mit | et | y | e )[ \t]{0,2}[`\"']?(?P<v>[!-~]{6,100})"
    )


def seed(low: str) -> str:
    """`seed phrase: ` and twelve words or more."""
    names = those_in(SEEDS, low)
    return names and (
        rf"(?i)(?:{names})[\"']?[^\n\w]{{0,6}}(?:is|are|ist|est|es|:|=)?[^\w]{{0,6}}"
        r"(?P<v>[a-z]{3,10}(?:[ ,]{1,2}[a-z]{3,10}){11,23})"
    )


def pin(low: str) -> str:
    """`the PIN is 4711`."""
    names = those_in(PINS, low)
    return names and (
        rf"(?i)(?<![A-Za-z])(?:{names})(?P<of>[^\n\d.;]{{0,24}}?)[ \t:=：]{{1,3}}[\"'`]?(?P<v>\d{{4,8}})"
        r"(?!\d|[.,]\d|[ \t]?(?:%|px|ms|s|k|tokens|lines|chars|digits|characters|Zeichen)\b)"
    )


DRAWN = ("token", "key", "secret", "schl", "jeton", "cl\xe9", "clave s", "clave a", "clave de a", "chiave a", "chiave s", "chave s", "chave d", "sleutel", "geheim", "\u043a\u043b\u044e\u0447",
         "\u0442\u043e\u043a\u0435\u043d", "\u0441\u0435\u043a\u0440\u0435\u0442", "pin")  # fmt: skip
"""What is in the names of what is drawn by lot; any other was chosen by somebody."""
ONLY_DRAWN = ("pass", "clave", "chiave", "chave")
"""Words of many meanings: a word of letters behind them is none."""
COPULA = r"(?i)\b(?:is|ist|est|es|\u00e8|\u00e9|code)\b|[\uc740\ub294\u306f\u662f]"
OPENING = "\"'`\u201c\u2018\u00ab\u201e\u300c"
ENDING = ".,;!?)\n\"'"
LAST = ("ok", "please", "btw", "thanks", "thx", "fyi", "bitte", "danke", "merci", "gracias")
"""What ends a sentence that tells a word."""


def found(text: str, low: str) -> Iterator[Span]:
    """What a sentence says a password, a key, a PIN or a seed phrase is."""
    patterns = [west(low), bare(low), foreign(low), login(low)]
    if any(word in low for word in GIVEN_AS):
        patterns += [given_as(low), held_as(low)]
    for pattern in filter(None, patterns):
        yield from _west(text, compiled(pattern))
    if not text.isascii() and (pattern := east(low)):
        for match in compiled(pattern).finditer(text):
            start, end = trimmed(match)
            if values.is_password(text[start:end], 5) and not is_noise(text[start:end]):
                yield start, end, "Password"
    yield from _phrases(text, low)


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
        for match in compiled(RECOVERY).finditer(text):
            if values.has_digit(match["v"]):
                yield *match.span("v"), "Recovery Code"
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
    return is_word or values.is_code(value) or values.is_named(value)


def is_told(match: re.Match[str], value: str) -> bool:
    """Whether the value is the secret, and not a word about it."""
    if len(value) < 5 or is_noise(value) or value.startswith(("-", "#", "@", "http", "<")):
        return False
    if "verb" not in match.re.groupindex:
        if "u" in match.re.groupindex and ("/" in value or value.partition("=")[0].isidentifier()):
            return False
        return is_drawn(value) and not values.HEX.issuperset(value)
    low = match["name"].lower()
    if low in ONLY_DRAWN:
        return is_drawn(value)
    if any(part in low for part in DRAWN):
        firm = is_drawn(value) and len(value) >= 8 and values.classes(value) >= 3
        return firm or values.is_random(value, 10)
    return is_drawn(value) or is_told_word(match, value)


def is_told_word(match: re.Match[str], value: str) -> bool:
    """Whether letters alone are a password that is told: quoted, or the last word of a clause."""
    if not value.isalpha() or match["of"].strip() or len(value) < 6 or value.lower() in WORDS:
        return False
    if match.string[match.start("v") - 1] in OPENING:
        return True
    rest = match.string[match.start("v") + len(value) :][:12].lower()
    is_last = not rest.strip() or rest[0] in ENDING or rest.lstrip().startswith(LAST)
    is_said = (match["verb"] or "").lower() in ("is", "lautet", "ist", "est", "es", "hei\xdft")
    return is_last and is_said and value.islower() and not value.endswith(FORMS)


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
