"""The files of the reload context: those in play, and those that belong to them. Pure."""

from __future__ import annotations

from clearpoint.project.paths import shown_path
from clearpoint.reload.lines import Line, listed
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clearpoint.models.state import State
    from clearpoint.models.work import FileTouch
    from clearpoint.project.survey import ProjectState
    from clearpoint.project.tiers import Disclosed

DEFINED_SHOWN = 3
RELATED_SHOWN = 3
REAL = ("belongs to ", "imported by ")
"""How the reasons begin that are relations in the files themselves."""
OPENING = ("{", "(", ",", ":")
LARGE_TOKENS = 1_000
"""The size of a smaller file is not worth its words."""
INSTRUCTIONS_SHOWN = 5


def files(state: State, limit: int, project_dir: str, now: ProjectState) -> list[Line]:
    """The relevant files: those changed with what was done to them, those read by name."""
    known = state["work_state"]["files"]
    paths = [
        path
        for path in file_activity.ranked(state["work_state"])
        if known[path]["edits"] or path not in now.gone
    ]
    sizes = {one.path: one.tokens for one in now.files}

    def told(path: str) -> str:
        shown = shown_path(path, project_dir)
        facts = [*_done(known[path]), *_size(sizes.get(shown))]
        facts += ["no longer on disk"] if path in now.gone else []
        return _with_facts(shown, facts) if facts else shown

    first, more = paths[:limit], paths[limit : limit + limit // 2]
    changed = [told(path) for path in first if known[path]["edits"]]
    read = [told(path) for path in first if not known[path]["edits"]]
    lines = listed("Files changed, most relevant first", 20, changed, limit)
    if read:
        lines.append(Line(22, f"Files read, most relevant first: {', '.join(read)}"))
    if more:
        also = ", ".join(shown_path(path, project_dir) for path in more)
        lines.append(Line(40, f"Also touched: {also}"))
    return lines


def related(now: ProjectState, state: State, project_dir: str) -> list[Line]:
    """The specification's files, and what surely belongs to those in play but was not opened."""
    opened = {shown_path(path, project_dir) for path in state["work_state"]["files"]}
    unread = [one for one in now.files if one.path not in opened]
    specs = [one for one in unread if one.tier == 2]
    others = [one for one in unread if one.tier == 3 and one.reason.startswith(REAL)]
    inside = [one.path for one in now.files if one.is_nested_instructions]
    lines = listed("Specification files not opened yet", 22, [_told(one) for one in specs], 4)
    lines += listed("Related, not opened yet", 37, [_told(one) for one in others], RELATED_SHOWN)
    if inside:
        shown = ", ".join(inside[:INSTRUCTIONS_SHOWN])
        text = f"Instructions that Claude Code loads only when a file next to them is read: {shown}"
        lines.append(Line(24, text))
    return lines


def inlined(now: ProjectState, *, has_code: bool) -> list[Line]:
    """Small parts of the files being worked on, each whole or not at all; code only if wanted."""
    return [
        Line(80 + number, text)
        for number, piece in enumerate(now.pieces)
        if has_code or not piece.is_code
        if not piece.lines[-1].endswith(OPENING)  # a beginning alone says little
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
    """`new, +30 -4: load, save`; nothing of what was only read."""
    if touched["edits"]:
        new = "new, " if touched.get("created") else ""
        size = f"{new}+{touched.get('added', 0)} -{touched.get('removed', 0)}"
        defined = ", ".join(touched.get("defined", [])[-DEFINED_SHOWN:])
        yield f"{size}: {defined}" if defined else size
