"""What is true of the project now, beside what was recorded. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from clearpoint.reload.disclosure import Disclosed
    from clearpoint.reload.pieces import Piece


class Surroundings(NamedTuple):
    """What is known of the project and of the time between; empty where nothing was looked up."""

    root: str = ".clearpoint"
    """The state folder, from the project where it lies in it."""
    branch: str | None = None
    head: str | None = None
    changed: Sequence[str] = ()
    """Files in play that were written or removed since the work was left, the likeliest first."""
    gone: Collection[str] = ()
    """Files in play that are not on disk any more."""
    tags: Sequence[str] = ()
    """The tags that the person keeps."""
    files: Sequence[Disclosed] = ()
    """The project's files by tier."""
    pieces: Sequence[Piece] = ()
    """Small parts of the files being worked on."""
    references: Mapping[str, str] = MappingProxyType({})
    """Long texts, and the names of the tags that hold them whole."""
    age_s: float = 0.0
    """How long ago the work was left."""
