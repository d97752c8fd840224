"""Small parts of the files being worked on: what is open in them, what was changed. Pure.

Of a specification its open items; of the file that was changed last the definition changed last.
"""

from __future__ import annotations

from clearpoint.text import sentences
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import NamedTuple

    from clearpoint.models.work import WorkState
    from clearpoint.project.tiers import Disclosed
else:
    from clearpoint.lowlevel.records import Record as NamedTuple

OPEN_ITEMS = ("- [ ]", "* [ ]")
OPEN_SHOWN = 10
REGION_LINES = 16
LINE_CHARS = 160


CHANGED = ", changed last"


class Piece(NamedTuple):
    """Lines of one file, under a title that names it."""

    title: str
    lines: tuple[str, ...]

    @property
    def is_code(self) -> bool:
        """Whether it is a definition, and not what a document leaves open."""
        return self.title.endswith(CHANGED)


def of(
    work: WorkState,
    files: Sequence[Disclosed],
    project: str,
    text_of: Callable[[str, str], str | None],
) -> list[Piece]:
    """The pieces of the files of the second tier; `text_of` gives a file's text by its path."""
    current = [one for one in files if one.tier == 2]
    specs = [one.path for one in current if one.reason.startswith("specification")]
    found = [piece for path in specs if (piece := open_part(path, text_of(project, path) or ""))]
    prefix = project.rstrip("/") + "/"
    edited = [path for path in file_activity.ranked(work) if work["files"][path]["edits"]]
    for path in edited[:1]:
        text = text_of(project, path.removeprefix(prefix)) if path.startswith(prefix) else None
        names = work["files"][path].get("defined", [])
        if text and names and (piece := region(path.removeprefix(prefix), text, names[-1])):
            found.append(piece)
    return found


def open_part(path: str, text: str) -> Piece | None:
    """The items of a document that are not ticked off."""
    lines = [line.strip() for line in text.splitlines()]
    items = [sentences.cut(line[5:], LINE_CHARS) for line in lines if line.startswith(OPEN_ITEMS)]
    if not items:
        return None
    return Piece(
        f"Quoted from the file {path}, not said by the user: open items",
        tuple(f"- {item}" for item in items[:OPEN_SHOWN]),
    )


def region(path: str, text: str, name: str) -> Piece | None:
    """The definition of a name in a source text, as far as it is short."""
    lines = text.splitlines()
    start = line_of(lines, name)
    if start is None:
        return None
    body = [line.expandtabs(4).rstrip()[:LINE_CHARS] for line in _block(lines[start:])]
    while not body[-1]:
        body.pop()
    shown = tuple(f"  {line}" for line in body[:REGION_LINES])
    return Piece(f"Quoted from the file {path}:{start + 1}{CHANGED}", shown)


def line_of(lines: Sequence[str], name: str) -> int | None:
    """The index of the line that defines a name."""
    for number, line in enumerate(lines):
        if name in line and name in file_activity.defined_in(line):
            return number
    return None


def _block(lines: Sequence[str]) -> Iterator[str]:
    """The first line and those that are indented deeper, with the one that closes them."""
    margin = _indent(lines[0])
    yield lines[0]
    for line in lines[1:]:
        if line.strip() and _indent(line) <= margin:
            if line.strip()[0] in ")}]":
                yield line
            return
        yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
