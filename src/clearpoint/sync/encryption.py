"""Snapshots that only their owner can read: `age`, by the library pyrage (the extra `age`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearpoint.lowlevel.files import read_bytes
from clearpoint.sync.snapshot import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING = "encryption needs another package: pip install pyrage"
KEY = "AGE-SECRET-KEY-"


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    """The data for these public keys; raises SnapshotError for one that is none."""
    age = library()
    try:
        keys = [age.x25519.Recipient.from_str(one) for one in recipients]
    except age.RecipientError:
        raise SnapshotError("a recipient is not an age public key (age1…)") from None
    encrypted: bytes = age.encrypt(data, keys)
    return encrypted


def decrypt(data: bytes, identity: str) -> bytes:
    """The data by the private key in a file; raises SnapshotError, OSError."""
    if not identity:
        raise SnapshotError("it is encrypted; name your key: clearpoint remote add … --identity")
    age = library()
    lines = read_bytes(identity, 1 << 20, follow=True).decode("utf-8", "replace").split()
    try:
        keys = [age.x25519.Identity.from_str(one) for one in lines if one.startswith(KEY)]
        decrypted: bytes = age.decrypt(data, keys)
    except (age.IdentityError, age.DecryptError):
        raise SnapshotError("your key cannot decrypt it") from None
    return decrypted


def library() -> Any:
    """The library; raises SnapshotError if it is not installed."""
    try:
        import pyrage
    except ImportError:
        raise SnapshotError(MISSING) from None
    return pyrage
