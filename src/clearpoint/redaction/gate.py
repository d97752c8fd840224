"""Whether a text is worth the rules: what stands behind the names, looked at byte by byte.

No pattern is loaded here. Nearly every text is told by a few substring tests; where a name of a
secret stands, the value behind it decides. Linear: each look is at a bounded window. Fast lane.
"""

from __future__ import annotations

from clearpoint.redaction.makers import KNOWN_IDS, PREFIXES
from clearpoint.redaction.values import ALGORITHMS, DIGITS, HEX, STAND_INS, flips

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSWORDS = ("passw", "passphrase", "passcode", "pass phrase", "pwd", "_pass", "pass:", "-pass ", "--pass",
             "pass=", '"pass', "kennwort", "code d'acc", "phrase secr", "senha", "parola", "wachtwoord", "mot de passe",
             "mot_de_passe", "contrase", "creds", "credential", "pw:", "pw=", "pw ", "_pw", "mdp:", "mdp=", "mdp est",
             "clave", "pass is", "losungswort", "has\u0142o", "heslo", "salasana", "passord",
             "adgangskode", "zugang", "identifiants")  # fmt: skip
"""What names a value that somebody chose: any odd word behind it counts."""
NAMES = ("secret", "token", "api_key", "apikey", "api-key", "api key", "_key", "-key", "key=",
         "key:", 'key"', "key'", "key ", "key>", "auth", "cookie", "sessid", "sessionid=", "session=", "jwt", "sid=", "psk", "dsn",
         "basic ", "earer ", "bearer", "geheim", "schl\u00fcssel", "cl\u00e9", "jeton", "chiave", "chave", "sleutel",
         "code=", "sig=", "signature", "webhook", "login", "log in", "user ", "user:", "username", "sign in",
         "machine ", "account", "salt",
         "pepper", "community", "identified")  # fmt: skip
"""What names a value drawn by lot: a word with digits among letters counts."""
PINS = (
    "pin",
    "otp",
    "2fa",
    "passcode",
    "verification code",
    "one-time",
    "one time",
    "zugangscode",
    "code pin",
    "recovery",
    "backup code",
    "rescue",
)
WORDS_OF = ("seed", "mnemonic", "recovery", "wiederherstellung", "semilla")
"""What names a phrase of twelve words or more."""
FOREIGN = ("\u5bc6", "\u30d1\u30b9", "\u6697", "\u53e3\u4ee4", "\u30c8\u30fc\u30af\u30f3", "\u4ee4\u724c",
           "\u8a8d", "\u8ba4\u8bc1", "\u5408\u8a00", "\u30b7\u30fc\u30af", "api\u30ad\u30fc", "\ube44\ubc00",
           "\ube44\ubc88", "\uc554\ud638", "\ud328\uc2a4", "\ud1a0\ud070", "\uc778\uc99d", "\uc2dc\ud06c\ub9bf",
           "\u043f\u0430\u0440\u043e\u043b", "\u043a\u043b\u044e\u0447", "\u0442\u043e\u043a\u0435\u043d",
           "\u0441\u0435\u043a\u0440\u0435\u0442", "\u043f\u0438\u043d", "\u0433\u0430\u0441\u043b\u043e",
           "\u015fifre", "l\u00f6senord", "jelsz", "m\u1eadt kh", "\u0643\u0644\u0645\u0629", "\u092a\u093e\u0938",
           "\u05e1\u05d9\u05e1\u05de", "\u03ba\u03c9\u03b4\u03b9\u03ba", "\u0e23\u0e2b\u0e31\u0e2a",
           "\u52a9\u8bb0\u8bcd", "\uc2dc\ub4dc", "\ub2c8\ubaa8\ub2c9", "parol\u0103")  # fmt: skip
FIXED = ("private key", "private-lines", "otpauth:", "sshpass", "accountkey=", "sharedaccesskey=",
         "hooks.slack.com", "/api/webhooks/", "webhook.office.com", "hooks.zapier.com",
         "chat.googleapis.com", "maker.ifttt.com", ".make.com/", "logic.azure.com", "sentry.io",
         "x-amz-sig", "x-goog-sig", "password-stdin", "with-token", "chpasswd", "requirepass", "_pass ", "<(echo", "<(printf", "encrypt_string", "securestring", "lftp",
         "rootpw", "bindpw", "_authtoken", "_auth", "aws configure", "sig=", "passphrase-fd",
         "$6$", "$5$", "$2a$", "$2b$", "$2y$", "$apr1$", "$y$", "$argon2", "masterauth", "rclone obscure",
         "cryptsetup", "smbclient", "sqlplus", "nmcli", "wpa_passphrase", "pre-shared", "secret set",
         "secrets set", "htpasswd", ":543", " as the pass", " as pass", " as my pass", " als pass", " comme mot de", " como contr",
         " come pass", " as the admin pass", " as the root pass", "-storepass", "-keypass", "vault login", "net use ", "net user ")  # fmt: skip
PROGRAMS = ("mysql", "mariadb", "mongo", "docker login", "podman login", "skopeo", "helm ", "az login", "az acr", "twine", "oc login",
            "redis-cli", "ldap", "sqlcmd", "bcp ", "mosquitto_", "zip ", "7z", "rar ", "ssh-keygen",
            "openssl", "curl", "wget", "http ", "xh ", "influx", "cqlsh", "clickhouse", "sudo -",
            "useradd", "usermod", "isql", "mssql", "rabbitmqadmin", "evil-winrm", "crackmapexec", "smbmap", "argocd", "buildah")  # fmt: skip
"""What takes a secret as an option of one letter."""
OPTIONS = (
    " -p",
    " -u",
    " -a ",
    " -w ",
    " -k ",
    " -n ",
    " -U",
    " -P",
    " -N ",
    " -hp",
    " --user",
    " --auth",
    " -su",
    " -K ",
    " -S",
)
REACH = 64
"""So near behind its name a secret stands."""
LONG_WORD = 16
SIGNS = frozenset("!@#$%^&*+~?")
PHRASE_WORDS = 12
UUID_CHARS = 36
PREFIXED = tuple(prefix for prefix, _, _ in PREFIXES)
_SPLIT = dict.fromkeys(map(ord, "\"'`=:,;()<>[]{}|\\?&"), " ")


def is_suspect(text: str, low: str) -> bool:
    """Whether a text may hold a secret; `low` is the same in small letters."""
    return next(places(text, low), None) is not None


def places(text: str, low: str) -> Iterator[int]:
    """Where in the text a secret may stand: at, or a little behind, each of these."""
    yield from _named(text, low, PASSWORDS, is_odd, REACH)
    yield from _named(text, low, NAMES, is_key, REACH)
    yield from _named(text, low, PINS, is_pin, REACH // 2)
    if not text.isascii():
        yield from _named(text, low, FOREIGN, is_odd, REACH // 2)
    if "@" in text:
        yield from _each(low, "://")
    for hint in FIXED:
        if hint in low:  # far cheaper than to begin a search that finds nothing
            yield from _each(low, hint)
    if any(option in text for option in OPTIONS):
        for name in PROGRAMS:
            if name in low:
                yield from _each(low, name)
    yield from _drawn(text)
    yield from _phrases(text, low)


def _each(low: str, hint: str) -> Iterator[int]:
    place = low.find(hint)
    while place >= 0:
        yield place
        place = low.find(hint, place + len(hint))


def _named(
    text: str, low: str, names: tuple[str, ...], is_value: Callable[[str], bool], reach: int
) -> Iterator[int]:
    """Where behind one of the names stands a word that looks like a value."""
    for name in names:
        for place in _each(low, name) if name in low else ():
            end = place + len(name)
            limit = end + reach
            while limit < len(text) and limit < end + 4 * reach and not text[limit].isspace():
                limit += 1  # the last word is looked at whole
            if any(map(is_value, text[end:limit].translate(_SPLIT).split())):
                yield place


def is_pin(word: str) -> bool:
    """Whether a word is a number as long as a PIN, or groups of capitals and digits."""
    if "-" in word:
        return word.isupper() and not DIGITS.isdisjoint(word) and turns(word) > 1
    return 4 <= len(word) <= 8 and word.isdigit()


def is_odd(word: str) -> bool:
    """Whether a word is no usual one: digits or signs in it, or a name that is no type's."""
    return len(word) >= 4 and (
        not DIGITS.isdisjoint(word)
        or not SIGNS.isdisjoint(word)
        or (len(word) > 5 and word.lower() not in STAND_INS)
    )


def is_key(word: str) -> bool:
    """Whether digits stand among letters as in a key, not as in `ADR-001` or a path."""
    if len(word) < 6 or DIGITS.isdisjoint(word) or word[0] in "/.~":
        return False
    if not SIGNS.isdisjoint(word):
        return any(map(str.isalpha, word))
    if word.lower().startswith(ALGORITHMS) or word.count("/") * 12 > len(word) or is_uuid(word):
        return False
    return turns(word) >= 2 and any(map(str.isalpha, word)) and not is_slug(word)


def is_slug(word: str) -> bool:
    """Whether the parts between hyphens are words or numbers each: `a-2026-01-06`, `e2e_test`."""
    parts = word.replace("_", "-").replace(".", "-").replace("/", "-").split("-")
    return len(parts) > 1 and all(turns(part) < 2 or len(part) < 6 for part in parts)


def is_uuid(word: str) -> bool:
    """Whether a word is an identifier of 36 characters."""
    return len(word) >= UUID_CHARS and word[8] == word[13] == word[18] == word[23] == "-" and (
        HEX.issuperset(word[:UUID_CHARS])
    )  # fmt: skip


def turns(word: str) -> int:
    """How often digits and other characters change places, in as much as matters."""
    marks = [char in DIGITS for char in word[:200]]
    return sum(map(bool.__xor__, marks, marks[1:]))


def _drawn(text: str) -> Iterator[int]:
    """Where a long word looks drawn by lot: a maker's prefix, or capitals, letters and digits."""
    place = 0
    for word in text.translate(_SPLIT).split():
        if len(word) >= LONG_WORD and _is_drawn(word):
            place = max(place, text.find(word, place))
            yield place


def _is_drawn(word: str) -> bool:
    low = word.lower()
    if low.startswith(PREFIXED) or low.rpartition("/")[2].startswith(PREFIXED):
        return turns(word) > 1 or 3 * flips(word) > len(word)
    if DIGITS.isdisjoint(word) or low.startswith(KNOWN_IDS) or HEX.issuperset(word):
        return False
    if len(word) < 24 or word.count("/") * 12 > len(word) or is_slug(word) or is_uuid(word):
        return False
    return turns(word) >= 4 and word not in (low, word.upper())


def _phrases(text: str, low: str) -> Iterator[int]:
    """Where twelve small words stand behind the name of such a phrase."""
    for name in WORDS_OF:
        for place in _each(low, name):
            words = text[place + len(name) : place + 400].translate(_SPLIT).split()
            runs = [word.isalpha() and word.islower() and len(word) < 11 for word in words]
            if sum(runs[: PHRASE_WORDS + 4]) >= PHRASE_WORDS:
                yield place
