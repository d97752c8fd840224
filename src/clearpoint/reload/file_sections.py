"""The files of the reload context: those in play, and those that belong to them. Pure."""

from __future__ import annotations

from clearpoint.project.paths import shown_path
from clearpoint.reload.lines import Line, listed
from clearpoint.text.phrases import counted
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.state import State
    from clearpoint.models.work import FileTouch
    from clearpoint.project.survey import ProjectState
    from clearpoint.project.tiers import Disclosed

DEFINED_SHOWN = 3
RELATED_SHOWN = 6
LARGE_TOKENS = 1_000
"""The size of a smaller file is not worth its words."""
INSTRUCTIONS_SHOWN = 5


def files(state: State, limit: int, project_dir: str, now: ProjectState) -> list[Line]:
    """The files in play: the likeliest with what was done to them, as many more by name."""
    known = state["work_state"]["files"]
    paths = file_activity.ranked(state["work_state"])
    sizes = {one.path: one.tokens for one in now.files}

    def told(path: str) -> str:
        shown = shown_path(path, project_dir)
        facts = [*_done(known[path]), *_size(sizes.get(shown))]
        return _with_facts(shown, [*facts, *(["no longer on disk"] if path in now.gone else [])])

    more = [shown_path(path, project_dir) for path in paths[limit : 2 * limit]
            if path not in now.gone]  # fmt: skip
    first = [told(path) for path in paths[:limit]]
    lines = listed("Files in play, the likeliest needed first", 20, first, limit)
    if more:
        lines.append(Line(20 + limit, f"- also: {', '.join(more)}"))
    return lines


def related(now: ProjectState, state: State, project_dir: str) -> list[Line]:
    """The specification's files, and what belongs to the files in play but was not opened yet."""
    opened = {shown_path(path, project_dir) for path in state["work_state"]["files"]}
    unread = [one for one in now.files if one.path not in opened]
    specs = [one for one in unread if one.tier == 2]
    others = [one for one in unread if one.tier == 3]
    inside = [one.path for one in now.files if one.is_nested_instructions]
    lines = listed("Of the specification, not opened yet", 22, [_told(one) for one in specs], 4)
    lines += listed("Related, not opened yet", 37, [_told(one) for one in others], RELATED_SHOWN)
    if inside:
        shown = ", ".join(inside[:INSTRUCTIONS_SHOWN])
        text = f"Instructions that the client loads only with a file beside them: {shown}"
        lines.append(Line(24, text))
    return lines


def inlined(now: ProjectState) -> list[Line]:
    """Small parts of the files being worked on, each whole or not at all."""
    return [
        Line(80 + number, text)
        for number, piece in enumerate(now.pieces)
        for text in (f"{piece.title}:", *piece.lines)
    ]


def _told(one: Disclosed) -> str:
    return _with_facts(one.path, [one.reason, *_size(one.tokens)])


def _with_facts(path: str, facts: list[str]) -> str:
    return f"{path} ({'; '.join(facts)})"


def _size(tokens: int | None) -> Iterator[str]:
    if tokens is not None and tokens >= LARGE_TOKENS:
        yield f"{tokens / 1_000:.0f}k tokens"


def _done(touched: FileTouch) -> Iterator[str]:
    """`2 edits +30 -4: load, save`, `1 read`."""
    edits, reads = touched["edits"], touched["reads"]
    if edits:
        size = f" +{touched.get('added', 0)} -{touched.get('removed', 0)}"
        edited = counted(edits, "edit") + size
        defined = ", ".join(touched.get("defined", [])[-DEFINED_SHOWN:])
        new = "new, " if touched.get("created") else ""
        yield f"{new}{edited}: {defined}" if defined else f"{new}{edited}"
    if reads:
        yield counted(reads, "read")
