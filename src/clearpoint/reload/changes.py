"""The changed files of the working tree, as git lists them. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clearpoint.models.outcomes import GitStatus
    from clearpoint.reload.view import View

UNCOMMITTED_SHOWN = 20
BESIDE_SHOWN = 15
OTHERS_SHOWN = 4


def uncommitted(view: View) -> Iterator[str]:
    """`Uncommitted: a.py, b.py and 12 more; no edits seen in this session: b.py`."""
    git = view.work["git"]
    if git and git["changed"]:
        named = git["changed"][:UNCOMMITTED_SHOWN]
        more = git["changed_number"] - len(named)
        shown = f"Uncommitted: {', '.join(named)}{f' and {more} more' if more > 0 else ''}"
        yield "; ".join([shown, *others(view, named)])


def others(view: View, changed: list[str]) -> Iterator[str]:
    """Which of the changed files or folders no edit of the session has touched."""
    edited = [f"/{path}" for path, one in view.work["files"].items() if one["edits"]]
    found = [
        path
        for path in changed
        if not any(
            f"/{path}" in one if path.endswith("/") else one.endswith(f"/{path}") for one in edited
        )
    ]
    if found and len(found) == len(changed):
        yield "no edits to these were seen in this session"
    elif found:
        more = f" and {len(found) - OTHERS_SHOWN} more" if len(found) > OTHERS_SHOWN else ""
        names = ", ".join(path.rstrip("/").rpartition("/")[2] for path in found[:OTHERS_SHOWN])
        yield f"no edits seen in this session: {names}{more}"


def beside_summary(view: View, git: GitStatus) -> str:
    """The changed files with their lines; by name alone those that the summary names in full."""
    if not git["changed"]:
        return "Nothing is uncommitted"
    shown = git["changed"][:BESIDE_SHOWN]
    short = [name_of(path) for path in shown]
    known = [path for path in shown if view.known.names(path) and short.count(name_of(path)) == 1]
    rest = [path for path in shown if path not in known]
    counts = view.now.line_counts
    named = [f"{name_of(path)}{_lines_of(counts, path)}" for path in known]
    named += [f"{path}{_lines_of(counts, path)}" for path in rest]
    more = git["changed_number"] - len(shown)
    count = f" ({git['changed_number']})" if git["changed_number"] > 1 else ""
    text = f"Uncommitted{count}: {', '.join(named)}{f' and {more} more' if more > 0 else ''}"
    return "; ".join([text, *others(view, shown)])


def name_of(path: str) -> str:
    """The last part of a path, of a folder too."""
    return path[path.rstrip("/").rfind("/") + 1 :]


def _lines_of(counts: Mapping[str, tuple[int, int]], path: str) -> str:
    """` +12 -3`, the lines of a file since the last commit; ` (new)` where it is not counted."""
    if path not in counts:
        return " (new)" if counts else ""
    added, removed = counts[path]
    return f" +{added} -{removed}"
