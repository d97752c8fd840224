"""A snapshot of one session: the files that travel, composed here and never trusted there. Pure.

`snapshot.json` says what it is; `state.json` is the state as it can be used anywhere;
`handover.md`, `requests.jsonl` and `archive/` are as they are kept. Encrypted, all but the first
are one file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_count, is_session_id, is_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

FORMAT = 1
HEAD = "snapshot.json"
STATE, HANDOVER, REQUESTS = "state.json", "handover.md", "requests.jsonl"
SEALED = "snapshot.age"
NAME = re.compile(r"state\.json|handover\.md|requests\.jsonl|archive/\d{4,6}\.md")
"""The only names that are ever taken over from a snapshot."""
FILES_LIMIT = 2_000
SIZE_LIMIT_BYTES = 64 << 20
HEAD_LIMIT_BYTES = 4_096


class SnapshotError(Exception):
    """A snapshot is not one that can be taken over; the text is one line for the user."""


class Head(TypedDict):
    """What a snapshot is, readable by anyone who can read the remote."""

    format: int
    session_id: str
    machine: str
    at: str
    """When the session was last written."""
    requests: int
    """How far the session had come: of two snapshots, the one with more is the newer."""


def head_bytes(head: Head) -> bytes:
    """The head as a file."""
    return fast_json.encode(fast_json.pretty({**head}, 1) + "\n")


def head_of(data: bytes) -> Head:
    """The head in a file; raises SnapshotError."""
    try:
        value = fast_json.loads(data)
    except fast_json.MalformedJSONError:
        raise SnapshotError("its snapshot.json is not JSON") from None
    if not is_head(value):
        raise SnapshotError("its snapshot.json was not written by Clearpoint")
    if value["format"] > FORMAT:
        raise SnapshotError("a newer Clearpoint wrote it; upgrade this one")
    return value


def is_head(value: Any) -> TypeGuard[Head]:
    """Whether a value has the shape of a head."""
    return (
        isinstance(value, dict)
        and is_count(value.get("format"))
        and is_session_id(value.get("session_id"))
        and is_text(value.get("machine"))
        and is_text(value.get("at"))
        and is_count(value.get("requests"))
    )


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as one: what is encrypted."""
    texts = {name: content.decode("utf-8", "replace") for name, content in files.items()}
    return fast_json.encode(fast_json.dumps(texts))


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files in such a one; raises SnapshotError."""
    try:
        value = fast_json.loads(data)
    except fast_json.MalformedJSONError:
        raise SnapshotError("the encrypted content is not a snapshot") from None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise SnapshotError("the encrypted content is not a snapshot")
    return checked({name: fast_json.encode(one) for name, one in value.items()})


def checked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, once none has a name or a size that it should not; raises SnapshotError."""
    wrong = next((name for name in files if not NAME.fullmatch(name)), None)
    if wrong is not None:
        raise SnapshotError(
            f"it contains a file that does not belong in a snapshot: {wrong[:40]!r}"
        )
    if len(files) > FILES_LIMIT or sum(map(len, files.values())) > SIZE_LIMIT_BYTES:
        raise SnapshotError("it is too large")
    if STATE not in files:
        raise SnapshotError("it contains no state")
    return dict(files)
