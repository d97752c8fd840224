"""The checksum that seals a package, and whose work it passes on. Pure, without pydantic.

The checksum is SHA-256 over the canonical JSON (RFC 8785: sorted keys, no white space, UTF-8) of
everything but itself, so that any change is found.
"""

from __future__ import annotations

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from clearpoint.handoffs.shapes import PlainPredecessor

MAIN = "main"
"""The client's main thread, which starts agents and belongs to no matrix."""
CHECKSUM = "checksum"


def checksum_of(package: Mapping[str, Any]) -> str:
    """SHA-256 over everything but the checksum, in hexadecimal."""
    rest = {key: value for key, value in package.items() if key != CHECKSUM}
    return hashlib.sha256(canonical(rest)).hexdigest()


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value, as RFC 8785 has it for the values that occur here."""
    whole = _whole_numbers(value)
    text = json.dumps(
        whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8", "surrogatepass")


def _whole_numbers(value: Any) -> Any:
    """The value with 42.0 as 42, as JavaScript and RFC 8785 write it."""
    if isinstance(value, dict):
        return {key: _whole_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def giver(from_agent: str, before: PlainPredecessor | None) -> str:
    """The agent whose work goes on: `main` stands for the one that completed before."""
    if from_agent == MAIN and before and before["outcome"] == "completed":
        return before["agent"]
    return from_agent
