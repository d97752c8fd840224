"""Runs drawn by lot that nothing names: keys of makers that nobody has listed. Pure.

Capitals, small letters and digits mixed as by lot, in a run that is no hash, no identifier, no
path and no part of a block of data. Identifiers that say so (`fileId: …`) stay.
"""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.looks import is_lone
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

RUN = r"(?<![A-Za-z0-9_+/@$-])[A-Za-z0-9_+/-]{20,400}(?![A-Za-z0-9_+/-])={0,2}"
LONE = (
    r"(?<![A-Za-z0-9_+/@#.$%^&*!~-])[A-Za-z0-9][A-Za-z0-9_!@#$%^&*+~?.-]{7,60}(?![A-Za-z0-9_+/\\(])"
)
"""A word of its own that may be a password."""
SEGMENT = r"[A-Za-z0-9_+-]{20,400}"
SCRAMBLED_CHARS = 20
CASE_CHARS = 40
"""Runs of one case are a key from here on; shorter ones are identifiers mostly."""
SEGMENT_CHARS = 28
"""Shorter parts of a path or an address are names of files and identifiers."""
BLOCK_CHARS = 40
"""Lines of data coded in base 64 are at least this long."""
BEFORE = (
    "id", "ids", "hash", "digest", "integrity", "etag", "checksum", "base64", "sha1", "sha256", "sha384", "sha512", "fingerprint",
    "digestvalue", "signaturevalue", "x509certificate", "version", "cursor", "uuid", "ref", "commit", "revision", "nonce", "code_challenge", "public_key", "publickey", "data", "value>",
)  # fmt: skip
"""Names of what is mixed as well and opens nothing."""
PUBLIC = (
    "docs.google",
    "drive.google",
    "ssh-rsa",
    "ssh-ed25519",
    "ecdsa-",
    "data:",
    "client_id",
    "clientid",
    "ed25519:",
)
SIGNS = "\"'`=:,-> \t\n([{"


def found(text: str, low: str) -> Iterator[Span]:
    """What looks like a key or a password wherever it stands."""
    for word in compiled(LONE).finditer(text):
        start, end = word.span()
        end -= len(word[0]) - len(word[0].rstrip(".?,-_~"))
        if is_lone(text[start:end]) and not is_known(text, low, start, end):
            yield start, end, "Password"
    for run in compiled(RUN).finditer(text):
        start, end = run.span()
        if "/" in run[0] and is_path(run[0]):
            yield from _segments(text, low, start, end)
        elif is_lot(run[0].rstrip("=")) and not is_known(text, low, start, end):
            yield start, end, "Key"


def is_path(run: str) -> bool:
    """Whether the strokes in a run part names, and are no digits of base 64."""
    return (
        run[0] == "/" or run.count("/") * 15 > len(run) or not values.is_lot(run.replace("/", ""))
    )


def _segments(text: str, low: str, start: int, end: int) -> Iterator[Span]:
    """Keys that are a part of a path: `https://host/v2/KEY`."""
    for part in compiled(SEGMENT).finditer(text, start, end):
        long = len(part[0]) >= SEGMENT_CHARS
        if long and is_lot(part[0]) and not is_known(text, low, *part.span()):
            yield *part.span(), "Key"


def is_lot(run: str) -> bool:
    """Whether a run is drawn by lot, and neither a hash nor a name."""
    if values.is_known_id(run) or run.startswith(("0x", "eyJ")):
        return False
    first, sign, rest = run.partition("_")
    if sign and first.isalpha() and first.islower() and len(rest) > SCRAMBLED_CHARS:
        run = rest  # what a maker begins its keys with
    if len(run) >= CASE_CHARS and run.isalnum() and run in (run.lower(), run.upper()):
        return values.turns(run) >= 8 and values.is_lot(run) and not values.HEX.issuperset(run)
    if values.HEX.issuperset(run) or values.is_slug(run) or values.is_named(run):
        return False
    if values.is_wild(run) and not run.endswith(values.ACRONYMS):
        return True
    if values.classes(run) < 3 or values.turns(run) < 3:
        return False
    core = "".join(filter(str.isalnum, run))
    return (
        len(core) >= SCRAMBLED_CHARS - 1
        and values.is_lot(core)
        and values.in_words(run) <= 0.45 * len(run)
    )


def is_known(text: str, low: str, start: int, end: int) -> bool:
    """Whether what stands around a run says that it is data, an identifier or public."""
    before = low[max(0, start - BLOCK_CHARS) : start]
    if before.rstrip(SIGNS).endswith(BEFORE) or any(one in before for one in PUBLIC):
        return True
    return is_block(text, start - 2, -1) or is_block(text, end + 1, 1)


def is_block(text: str, place: int, step: int) -> bool:
    """Whether another long line of data stands directly beside a run."""
    if text[place - step : place - step + 1] not in ("\n", "\\", '"'):
        return False
    chars = (
        text[max(0, place - BLOCK_CHARS) : place] if step < 0 else text[place : place + BLOCK_CHARS]
    )
    return len(chars) == BLOCK_CHARS and all(char.isalnum() or char in "+/=" for char in chars)
