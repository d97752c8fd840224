"""Which lines of a transcript the context is made of: the main chain since the last compaction.

The lines form a tree. A rewind leaves a dead branch behind, parallel tool results hang on their
own calls beside the chain, and a compaction keeps some messages from before its boundary. Only
links are looked at here, and only those since the last boundary are held, so that a transcript of
any size is read at disk speed. Source: the client's own files.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from clearpoint.client.vocabulary import BOUNDARY
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPE = "api-request-shape"
"""The kind of line that holds a request's system prompt and tools."""
RESULT_MARK = b'"tool_result"'


class LinkedMessage(msgspec.Struct):
    """A message whose content is left as it stands."""

    content: msgspec.Raw = msgspec.Raw()


class Link(msgspec.Struct):
    """What a line says of its place in the tree."""

    type: str = ""
    subtype: str | None = None
    uuid: str | None = None
    parentUuid: str | None = None  # noqa: N815  (the client's own name)
    isSidechain: bool | None = None  # noqa: N815
    isMeta: bool | None = None  # noqa: N815
    message: LinkedMessage | None = None
    compactMetadata: Any = None  # noqa: N815

    @property
    def is_prompt(self) -> bool:
        """Whether a dead branch can begin here: a line of the user's side that is no result."""
        content = bytes(self.message.content) if self.message else b""
        return self.type == "user" and not self.isMeta and RESULT_MARK not in content


class Place(NamedTuple):
    """One line in the tree: its parent, its number, and whether it is a prompt."""

    parent: str | None
    before: str | None
    """The line before it, which stands for a parent that is not there."""
    number: int
    is_prompt: bool


class Chain(NamedTuple):
    """Numbers of lines, counted from 1."""

    boundary: int
    """The last compaction; 0 if there is none."""
    lines: frozenset[int]
    """What is in the context, and every `api-request-shape` since the one that was in force."""


_decoder = msgspec.json.Decoder(Link)


def read_chain(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and content of each line that is in the context, in the order of the file.

    What stands before the last boundary, and is in the context still, has the number 0. The file
    is read twice. Raises OSError if there is no regular file to read.
    """
    chain = find_chain(path)
    for number, line in enumerate(lines_of(path), 1):
        if number in chain.lines and (entry := entry_of(line)):
            yield (number if number > chain.boundary else 0), entry


def find_chain(path: str) -> Chain:
    """The chain that the newest line ends; raises OSError."""
    places: dict[str, Place] = {}
    shapes: list[int] = []
    kept: set[int] = set()
    boundary, leaf, newest = 0, None, None
    for number, line in enumerate(lines_of(path), 1):
        link = link_of(line)
        if link is None or link.isSidechain:
            continue
        if link.type == SHAPE:
            shapes.append(number)
        elif link.subtype == BOUNDARY:
            shapes, kept = shapes[-1:], preserved(link.compactMetadata, places)
            places, boundary, newest = {}, number, None
        if link.uuid:
            places[link.uuid] = Place(link.parentUuid, newest, number, link.is_prompt)
            newest = link.uuid
            leaf = newest if link.type != "progress" else leaf
    return Chain(boundary, frozenset({*shapes, *kept, *alive(places, leaf)}))


def lines_of(path: str) -> Iterator[bytes]:
    """The complete lines of a file; raises OSError."""
    with closing(Transcript(path, None)) as transcript:
        yield from transcript.lines()


def entry_of(line: bytes) -> dict[str, Any]:
    """The whole line; empty for one that proves to be damaged behind its links."""
    try:
        entry: dict[str, Any] = msgspec.json.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return entry


def link_of(line: bytes) -> Link | None:
    """The line's links; None for one that is no entry of a known shape."""
    try:
        return _decoder.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def preserved(metadata: object, places: dict[str, Place]) -> set[int]:
    """The lines before a boundary that the client says stay in the context."""
    messages = metadata.get("preservedMessages") if isinstance(metadata, dict) else None
    uuids = messages.get("uuids") if isinstance(messages, dict) else None
    known = uuids if isinstance(uuids, list) else []
    return {places[one].number for one in known if isinstance(one, str) and one in places}


def alive(places: dict[str, Place], leaf: str | None) -> set[int]:
    """The lines on the way from the leaf to the root, and what hangs on them beside it.

    What hangs on a living line is a parallel result or the like, unless it is a prompt: that one
    began a branch which a rewind has left. A parent may have been written after its child.
    """
    found: set[str] = set()
    while leaf in places and leaf not in found:
        found.add(leaf)
        leaf = parent_of(places[leaf], places)
    for uuid, place in places.items():
        if parent_of(place, places) in found and not place.is_prompt:
            found.add(uuid)
    return {places[uuid].number for uuid in found}


def parent_of(place: Place, places: dict[str, Place]) -> str | None:
    """The line that another hangs on."""
    return place.parent if place.parent is None or place.parent in places else place.before
