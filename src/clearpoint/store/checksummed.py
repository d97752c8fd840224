"""Sealed files: JSON for people that begins with a checksum over the rest of its bytes.

Bytes that check out are our own and are used as they are. What does not is damage, or somebody
else's, and is never half believed. Standard library only: the fast lane reads and writes these.
"""

from __future__ import annotations

import errno
import zlib

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import IrregularFileError, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SEAL = b'{\n "checksum": "%08x",\n'
SEAL_BYTES = len(SEAL % 0)
SEALED_BYTES = 16 << 20
"""No state comes near this; a longer file is damage."""


class DamagedStateError(Exception):
    """A file is there, but its bytes are not what was written."""


def seal(value: Mapping[str, Any], depth: int = 3) -> bytes:
    """The bytes of a file: its checksum first, then the value, which is not empty."""
    body = fast_json.encode(fast_json.pretty(value, depth)[2:] + "\n")
    return SEAL % zlib.crc32(body) + body


def checks_out(data: bytes) -> bool:
    """Whether such bytes are as they were written."""
    return data[:SEAL_BYTES] == SEAL % zlib.crc32(data[SEAL_BYTES:])


def unseal(data: bytes) -> Any:
    """The value in such bytes; raises DamagedStateError if they are not as written."""
    if not checks_out(data):
        raise DamagedStateError("the checksum does not fit")
    try:
        value = fast_json.loads(data)
    except fast_json.MalformedJSONError:
        raise DamagedStateError("the checksum fits, but it is not JSON") from None
    del value["checksum"]
    return value


def read_sealed(path: str) -> Any:
    """The value in a file; raises OSError if it cannot be read, DamagedStateError."""
    try:
        return unseal(read_bytes(path, SEALED_BYTES))
    except IrregularFileError:
        raise DamagedStateError("not a regular file") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise DamagedStateError(f"longer than {SEALED_BYTES} bytes") from None
        raise
