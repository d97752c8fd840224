"""What a value looks like that is a secret, and what stands in place of one. Pure. Fast lane."""

from __future__ import annotations

DIGITS = frozenset("0123456789")
HEX = frozenset("0123456789abcdefABCDEF-")
STAND_INS = frozenset(
    "string str text bool boolean int integer number float bytes object array list dict any "
    "void unknown never none null nil true false undefined todo tbd tba na empty value values "
    "varchar char required optional hidden masked redacted default disabled enabled missing "
    "invalid valid expired wrong correct changed change reset forgot field fields input label "
    "name names type types length min max file files path env environment variable variables "
    "prompt user username email secret secrets token tokens password passwords passwd "
    "passwort pwd pass passphrase key keys credential credentials auth bearer basic changeme "
    "change-me example examples sample placeholder here self this const let var function "
    "return async await import export from optional[str] securestring secretstr password123 "
    "bar baz foo foobar foo-bar somevalue kennwort contraseña contrasena senha wachtwoord "
    "hash hashed salt salted plain plaintext encrypted unset absent present nothing something "
    "anything read write only readonly private public static final protected internal "
    "abstract override parameter parameters option argument arguments flag and for must will "
    "should can with when".split()
)  # fmt: skip
"""Words that stand where a value would, and are none."""
STAND_IN_PARTS = ("your", "xxxx", "....", "****", "____", "----", "placeholder", "example",
                  "redacted", "[masked", "changeme", "change_me", "dummy", "\u2026", "<", "insert",
                  "replace", "1234567890")  # fmt: skip
CODE_PARTS = ("${", "$(", "{{", "%(", "process.env", "os.environ", "getenv", "import.meta",
              "env.", "secrets.", "self.", "this.", "config.", "settings.", "()",
              "=>", "->", "&&", "||")  # fmt: skip
ALGORITHMS = ("sha1", "sha2", "sha3", "sha5", "md5", "base64", "base32", "bcrypt", "argon2",
              "pbkdf2", "scrypt", "hs256", "hs512", "rs256", "es256", "ed25519", "utf8", "utf-8",
              "oauth2", "aes-", "aes1", "aes2", "rsa-", "rsa2", "http2", "ipv4", "ipv6", "x509",
              "auth0", "v1", "v2", "v3", "hmac-", "ecdsa", "secp256", "web3", "pkcs", "p256",
              "crc32", "h264", "es6", "es20", "win32", "int32", "int64", "uint", "float",
              "iso-", "iso8", "rfc", "step", "phase", "utc", "gpt", "claude")  # fmt: skip


ACRONYMS = ("ID", "IDs", "URI", "URL", "CLI", "HTTP", "API", "DB", "IO", "UI", "JSON", "XML", "Ptr")
"""Ends of names that have capitals side by side."""
CALL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/!")
"""What the name of a function or a test is written with."""


AROUND = "\"'`.,;:!?()[]{}<>*_-"


def has_digit(value: str) -> bool:
    """Whether any of its characters is a digit."""
    return not DIGITS.isdisjoint(value)


def classes(value: str) -> int:
    """How many there are of small letters, capitals, digits, and signs that names do not have."""
    small = capital = digit = sign = False
    for char in value:
        if char in DIGITS:
            digit = True
        elif char.isalpha():
            small, capital = small or not char.isupper(), capital or char.isupper()
        elif char not in "_-./:":
            sign = True
    return small + capital + digit + sign


def turns(value: str) -> int:
    """How often letters and digits change places, signs left out."""
    core = [char.isdigit() for char in value if char.isalnum()]
    return sum(map(bool.__xor__, core, core[1:]))


def is_stand_in(value: str) -> bool:
    """Whether a value is a word of a program or of a form in place of a secret."""
    low = value.lower().strip(AROUND)
    if low in STAND_INS or len(set(low)) < 3:
        return True
    if any(part in value.lower() for part in STAND_IN_PARTS):
        return True
    if low.startswith("arn:"):
        return True
    if value.startswith(("$", "%", "{", "@", "&", "#{", "env(", "vault:", "ref+", "op://")):
        return value[1:].strip("{}%").replace("_", "").isalnum() or "{" in value
    return False


def is_code(value: str) -> bool:
    """Whether a value that is not quoted is an expression, a path or an option."""
    if any(part in value for part in CODE_PARTS):
        return True
    if value.startswith(("/", "./", "../", "~/", "(", "[", "|", "*", "--", "\\", "http")):
        return True
    if value.startswith("0x") and len(value) < 12:
        return True
    head, sign, _ = value.replace("[", "(").partition("(")
    if sign and not set(head) - CALL and head[:1].isalpha():
        return True
    parts = value.rstrip(".,;:)").replace("::", ".").replace("?.", ".").split(".")
    return len(parts) > 1 and all(part.isidentifier() and turns(part) < 3 for part in parts)


def is_named(value: str) -> bool:
    """Whether letters and digits stand as in a name: `userV2`, `sha256-hashed`, `tests/test_2`."""
    low = value.lower()
    if low.startswith(ALGORITHMS):
        return True
    return turns(value) < 2 and classes(value) < 3 and ("_" in value or "-" in value.strip("-"))


def is_random(value: str, fewest: int = 16) -> bool:
    """Whether a run looks drawn by lot: no word, no path, no number, no date."""
    if len(value) < fewest or len(set(value)) < min(8, fewest - 2) or not has_digit(value):
        return False
    if value.count("/") > 2 and turns(value) < len(value) / 8:
        return False
    changes = turns(value)
    if is_mixed(value):
        return True
    short = len(value) < 24 and value in (value.lower(), value.upper())
    return changes >= 4 or (changes >= 2 and (short or 5 * flips(value) > 2 * len(value)))


def is_mixed(value: str) -> bool:
    """Whether capitals and small letters change places as in no name, with a digit at least."""
    if len(value) < 16 or classes(value) < 3 or in_words(value) > 0.6 * len(value):
        return False
    return 2 * flips(value) > len(value)


def is_scrambled(value: str) -> bool:
    """Whether letters alone are mixed as in no name: `JHVXrQsYMEBc`, and not `getIdByKey`."""
    if len(value) < 10 or not value.isalpha() or value in (value.lower(), value.upper()):
        return False
    capitals = [char.isupper() for char in value]
    is_double = any(map(bool.__and__, capitals, capitals[1:])) and not value.endswith(ACRONYMS)
    return is_double and 3 * flips(value) >= len(value) and in_words(value) <= 0.75 * len(value)


def is_wild(value: str) -> bool:
    """Whether capitals and small letters of a long run change places as by lot, with digits or without."""
    core = "".join(filter(str.isalnum, value))
    if len(core) < 20 or value in (value.lower(), value.upper()):
        return False
    return 10 * flips(core) >= 3 * len(core) and 2 * in_words(core, 3) <= len(core)


def is_short_lot(value: str) -> bool:
    """Whether eight characters or more are mixed as a generator of passwords does: `YUrv5hWMu9Vw`."""
    if len(value) < 8 or not value.isalnum():
        return False
    return is_scrambled(value) or (classes(value) >= 3 and 5 * flips(value) >= 2 * len(value))


def in_words(value: str, fewest: int = 4) -> int:
    """How many characters are part of words as names have them: so many letters, only the first a capital."""
    total = run = 0
    for char in value + "-":
        if char.islower() or (char.isupper() and not run):
            run += 1
            continue
        total += run if run >= fewest else 0
        run = int(char.isupper())
    return total


def is_password(value: str, fewest: int = 6) -> bool:
    """Whether a value can be one that somebody chose: letters beside digits or other signs."""
    if len(value) < fewest or not any(map(str.isalpha, value)):
        return len(value) >= 10 and classes(value) >= 2
    return classes(value) >= 2 and (has_digit(value) or any(c in value for c in "!@#$%^&*+?=~"))


def is_letter_lot(value: str) -> bool:
    """Whether letters of one case are drawn by lot: few vowels, and consonants side by side."""
    low = value.lower()
    if (
        len(value) < 16
        or not (value.isalpha() and value.isascii())
        or value not in (low, value.upper())
    ):
        return False
    run = longest = vowels = 0
    for char in low:
        is_vowel = char in "aeiouy"
        run, vowels = 0 if is_vowel else run + 1, vowels + is_vowel
        longest = max(longest, run)
    return longest >= 4 and 10 * vowels <= 3 * len(value)


def is_uuid(value: str) -> bool:
    """Whether a value is an identifier of the usual form."""
    return len(value) == 36 and value.count("-") == 4 and HEX.issuperset(value)


def flips(value: str) -> int:
    """How often neighbours are of another kind: small letter, capital, digit."""
    kinds = [char.isdigit() + 2 * char.isupper() for char in value]
    return sum(map(int.__ne__, kinds, kinds[1:]))


def is_slug(value: str) -> bool:
    """Whether words and numbers are joined by hyphens or the like: `ent-221-fix`, `v1.2.3`."""
    for sign in "_./:":
        value = value.replace(sign, "-")
    parts = [part for part in value.split("-") if part]
    return len(parts) > 2 and all(part.isalpha() or part.isdigit() for part in parts[:-1])


def is_known_id(value: str) -> bool:
    """Whether a run begins as identifiers do that work needs and that open nothing."""
    from clearpoint.redaction.makers import KNOWN_IDS, LONG_IDS

    low = value.lower()
    return low.startswith(KNOWN_IDS) and not (low.startswith(LONG_IDS) and len(value) > 30)


def is_path(value: str) -> bool:
    """Whether a value is a file, a package or an address: names between slashes, or an ending."""
    stem, dot, ending = value.rpartition(".")
    if dot and ending.isalpha() and len(ending) < 5 and ending.islower() and not is_lot(stem):
        return True
    parts = [part for part in value.replace("\\", "/").split("/") if part]
    return len(parts) > 1 and all(not is_lot(part) or HEX.issuperset(part) for part in parts)


def is_lot(value: str) -> bool:
    """Whether letters and digits change places as often as if each was drawn by lot.

    `verifyTokenV2ForUser3` has parts of four characters and more, a run by lot of about two.
    """
    if len(value) < 12 or len(set(value)) < 8:
        return False
    if value not in (value.lower(), value.upper()) and in_words(value) > 0.6 * len(value):
        return False
    if turns(value) < 3:
        return is_mixed(value)
    longest = 2.7 if value not in (value.lower(), value.upper()) else 3.7
    return len(value) < longest * (flips(value) + 1)
