"""Whether what is set as a key, a token or the like was drawn by lot, as far as its name asks for that. Pure."""

from __future__ import annotations

from clearpoint.redaction import values

LOOSE = frozenset(
    "license licence key auth cookie pin sig signature salt pepper webhook dsn cred".split()
)
"""What is a secret under some names only, or where the value is drawn by lot."""
KEYS = frozenset(
    "api app application access secret private priv encryption encrypt enc signing sign account"
    " shared sharedaccess master auth service storage client license licence ssh deploy webhook"
    " hmac aes rsa crypto cipher root admin write ingest integration project server security"
    " consumer validation decryption machine subscription host function partner merchant personal user wallet jwt cookie"
    " session database db aws gcp azure openai anthropic stripe github gitlab maps sendgrid"
    " twilio dd datadog cloudflare cf bot relay turn push vapid fcm apns tls ssl data fernet"
    " sops age gpg pgp recovery backup".split()
)
"""Before `key`: which are secret. A primary key, a cache key or a public one is not."""
OPENS = frozenset(
    "api secret private auth service write server license licence webhook deploy apikey admin".split()
)
"""In a name: an identifier set by it is a key."""
DIGITS_FEWEST = 20
"""So many digits by themselves are a key, and no number."""


def is_drawn(stem: str, words: list[str], sign: str, value: str, head: str) -> bool:
    """Whether a value is one that is drawn by lot, as far as its name asks for that."""
    if stem == "pin":
        return not words and value.isdigit() and 4 <= len(value) <= 8
    if stem == "key" and words[-1:] and words[-1] in KEYS:
        stem = "secret"
    if stem == "key":
        drawn = values.is_random(value, 20) and values.classes(value) >= 3
        return drawn and sign in ("=", ":") and not values.is_slug(value)
    if values.is_uuid(value):
        is_set = sign in ("=", ":", "\uff1a") and (bool(words) or stem == "token" or head.isupper())
        return stem in ("secret", "token", "apikey") and (is_set or bool(OPENS & {*words, stem}))
    if is_mixed(value) or stem in LOOSE:
        return is_mixed(value) or (values.is_random(value) and not values.is_slug(value))
    firm = values.is_password(value, 8) and values.has_digit(value)
    return values.is_random(value) or (firm and not values.is_named(value))


def is_mixed(value: str) -> bool:
    """Whether letters alone, or digits alone, are as many and as mixed as in no name and no number."""
    if value.isdigit():
        return len(value) >= DIGITS_FEWEST
    return len(value) >= 16 and (values.is_scrambled(value) or values.is_letter_lot(value))
