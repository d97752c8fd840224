"""Sealed files: JSON for people that begins with a checksum over the rest of its bytes.

Bytes that check out are our own and are used as they are. What does not is damage, or somebody
else's, and is never half believed. The checksum is CRC-32; files that the status line reads have
one that loads nothing. Standard library only: the fast lane reads and writes these.
"""

from __future__ import annotations

import errno

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import IrregularFileError, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Checksum = Callable[[bytes], int]

SEAL = b'{\n "checksum": "%08x",\n'
SEAL_BYTES = len(SEAL % 0)
SEALED_BYTES = 16 << 20
"""No state comes near this; a longer file is damage."""
PRIME = (1 << 31) - 1


class DamagedStateError(Exception):
    """A file is there, but its bytes are not what was written."""


def crc32(body: bytes) -> int:
    """The checksum of most files."""
    import zlib  # what only reads small files, as the status line, does not load it

    return zlib.crc32(body)


def remainder(body: bytes) -> int:
    """The bytes as one number, modulo a prime: a checksum for small files.

    As with CRC-32, damage to fewer than 31 bits in a row always changes it.
    """
    return int.from_bytes(body, "big") % PRIME


def seal(value: Mapping[str, Any], depth: int = 3, checksum: Checksum = crc32) -> bytes:
    """The bytes of a file: its checksum first, then the value, which is not empty."""
    body = fast_json.encode(fast_json.pretty(value, depth)[2:] + "\n")
    return SEAL % checksum(body) + body


def checks_out(data: bytes, checksum: Checksum = crc32) -> bool:
    """Whether such bytes are as they were written."""
    return data[:SEAL_BYTES] == SEAL % checksum(data[SEAL_BYTES:])


def unseal(data: bytes, checksum: Checksum = crc32) -> Any:
    """The value in such bytes; raises DamagedStateError if they are not as written."""
    if not checks_out(data, checksum):
        raise DamagedStateError("the checksum does not match")
    try:
        value = fast_json.loads(data)
    except fast_json.MalformedJSONError:
        raise DamagedStateError("the checksum matches, but it is not JSON") from None
    del value["checksum"]
    return value


def read_sealed(path: str, checksum: Checksum = crc32) -> Any:
    """The value in a file; raises OSError if it cannot be read, DamagedStateError."""
    try:
        return unseal(read_bytes(path, SEALED_BYTES), checksum)
    except IrregularFileError:
        raise DamagedStateError("not a regular file") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise DamagedStateError(f"longer than {SEALED_BYTES} bytes") from None
        raise
