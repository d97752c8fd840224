"""Secrets on command lines: options of programs that take one, headers and query parameters. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled, hinted
from clearpoint.redaction.programs import FIRM, HEADERS, V

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

LONG = (
    r"--?(?:[\w-]{0,24}[_-])?(?:password|passwd|passphrase|passwort|pass|pwd|pw|token|secret|api-?key|"
    r"apikey|auth-?key|access-?key|secret-?key|private-?key|account-?key|storepass|keypass|"
    r"srcstorepass|deststorepass|authtoken|auth-?token|credentials?|psk|otp|pin|bearer|passin|"
    r"passout|kdfpass|client-?secret|license-?key|key-?pass)"
)
ANY = r"(?<![\w-])(?P<o>--?[A-Za-z][\w-]{0,30})(?:=|[ \t]{1,3})[\"']?(?P<v>[A-Za-z0-9_+/.=-]{16,300})(?=[\s\"']|$)"
"""Any option with a long value: one that is drawn by lot is no name and no number."""
SHORT = r"(?<![\w-])-[pPAXwk][ \t]{1,3}(?P<q>[\"']?)(?P<v>[^\s\"'`<>|&;/:=,]{6,80})(?P=q)(?=\s|$)"
"""What programs of any name take a password by."""
USER = r"(?<![\w-])(?:-[uUlan]|--user(?:name)?|--login)[ \t=]{1,3}[\w.@-]{1,60}[ \t]"
KEYED = ("-t", "-k", "-a", "-s", "-p")
"""Options of one letter that are a token or a key for many programs; not for these:"""
OF_HASHES = (
    "git ",
    "docker ",
    "podman ",
    "hg ",
    "jj ",
    "svn ",
    "nix",
    "gh ",
    "glab ",
    "ipfs ",
    "kubectl ",
    "crane ",
    "cosign ",
)
MARKS = (
    "idempotency-token",
    "client-request-token",
    "client-token",
    "starting-token",
    "page-token",
    "continuation-token",
    "next-token",
)
"""Options that say `token` and take a mark of a request."""
OF_IDS = (
    *MARKS,
    "id",
    "ids",
    "identifier",
    "arn",
    "name",
    "names",
    "hash",
    "digest",
    "commit",
    "rev",
    "ref",
    "cursor",
)
"""What options end with that take a name or an identifier."""
OPTION = rf"(?i)(?<![\w-]){LONG}(?P<sign>=|[ \t]{{1,4}}){V}"
QUERY = (
    r"(?i)[?&;](?P<name>[\w.\[\]-]{0,24}?(?:password|passwd|pwd|pass|token|secret|api_?-?key|apikey|key|"
    r"auth|sig|signature|access_?token|client_secret|code|sid|session|credential|pw|jwt))"
    r"=(?P<v>[^\s&#\"'<>`)\]]{4,2000})"
)


def found(text: str, low: str) -> Iterator[Span]:
    """What programs are given as a secret."""
    yield from _options(text, low)
    for _, pattern in hinted(FIRM, low):
        for start, end in _values(pattern, text):
            if is_given(text[start:end]):
                yield start, end, "Secret"
    for _, pattern in hinted(HEADERS, low):
        for start, end in _values(pattern, text):
            if is_header(text[start:end]):
                yield start, end, "Token"


def _options(text: str, low: str) -> Iterator[Span]:
    if " -" in low:
        for match in compiled(OPTION).finditer(text):
            start, end = _span(match)
            name = match[0][: match.start("sign") - match.start()].lower()
            if is_given(text[start:end]) and text[start] != "-" and not name.endswith(MARKS):
                yield start, end, "Secret"
        for match in compiled(ANY).finditer(text):
            if is_any(match["o"], match["v"], low[max(0, match.start() - 120) : match.start()]):
                yield *match.span("v"), "Secret"
        yield from _short(text)
    if "=" in low and ("?" in low or "&" in low):
        for match in compiled(QUERY).finditer(text):
            value, name = match["v"], match["name"].lower()
            if is_query(name, value):
                yield match.start("v"), match.end("v"), "Token"


def _short(text: str) -> Iterator[Span]:
    """What stands behind `-p`: a word with signs in it, or one with digits where a user is named."""
    for match in compiled(SHORT).finditer(text):
        value = match["v"]
        if values.is_code(value) or values.is_stand_in(value) or values.is_slug(value):
            continue
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()][-200:]
        is_strong = values.classes(value) >= 3 and any(sign in value[:-1] for sign in "!@#$%^&*+")
        is_firm = values.is_scrambled(value) or (
            values.is_password(value, 8)
            and (values.turns(value) > 1 or 3 * values.flips(value) > len(value))
        )
        if is_strong or (is_firm and compiled(USER).search(line)):
            yield *match.span("v"), "Secret"


def _values(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    for match in compiled(pattern).finditer(text):
        yield _span(match)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where the value stands, in whichever group it is."""
    for name in ("q", "s", "v", "v2"):
        if name in match.re.groupindex and match[name] is not None:
            return match.span(name)
    return match.span()


def is_given(value: str) -> bool:
    """Whether what stands at a secret's place is one, and no variable, file or placeholder."""
    if len(value) < 4 or values.is_stand_in(value) or "[masked" in value:
        return False
    return not (
        values.is_code(value)
        or value.startswith(("@", "file:", "env:", "=", "\\", ":", "{", "]", "."))
    )


def is_any(option: str, value: str, before: str) -> bool:
    """Whether what an option of any name is given was drawn by lot."""
    if values.is_uuid(value) or values.is_slug(value) or values.is_known_id(value):
        return False
    if option.lower().endswith(OF_IDS) or value.endswith("EXAMPLE"):
        return False
    if values.is_named(value) or values.is_path(value) or values.is_code(value):
        return False
    if values.HEX.issuperset(value):
        is_other = any(program in before for program in OF_HASHES)
        return option in KEYED and len(value) >= 32 and not is_other
    if option.endswith(("key", "seed", "token", "secret")) and values.is_lot(value):
        return True
    return values.is_lot(value) and values.classes(value) >= 3 and "sha" not in option


def is_header(value: str) -> bool:
    """Whether a header's value is a secret."""
    if values.is_stand_in(value) or values.is_code(value) or "[masked" in value:
        return False
    return values.has_digit(value) and any(map(str.isalpha, value)) and not values.is_named(value)


def is_query(name: str, value: str) -> bool:
    """Whether a parameter of an address is a secret."""
    if values.is_stand_in(value) or values.is_code(value) or "[masked" in value:
        return False
    if "pass" in name or "pwd" in name:
        return len(value) >= 6
    if name in ("key", "code", "sid", "session", "auth", "sig", "signature"):
        return values.is_random(value, 16)
    return values.is_random(value, 12) or values.is_password(value, 8) or values.is_scrambled(value)
