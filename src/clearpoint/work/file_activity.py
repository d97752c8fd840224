"""Files in play: what was read and changed, how often, how lately, and what is said of them. Pure.

What is needed next are the last few files, then those that the talk turns around: on real
sessions that order finds more than recency, counts of touches, or both added up.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import PATH_ARGUMENTS
from clearpoint.lowlevel.paths import portable
from clearpoint.text import identifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.work import FileTouch, WorkState

    Change = tuple[int, int, list[str], bool]

FILES_LIMIT = 300
ARTIFACTS_LIMIT = 40
LEADING = 4
"""The most recent files come first, whatever is said of the others."""
NEIGHBOURS = 5
KIN_BONUS = 0.2
"""What a test of a recent file, or the file that a recent test is for, gains over its place."""
UNCOMMITTED_BONUS = 0.3
"""What an edit after the last commit adds to what is said of a file."""
TEST_MARKS = ("test", "spec")
DEFINERS = ("def ", "class ", "func ", "function ", "fn ", "struct ", "interface ", "type ")
BEFORE_DEFINERS = frozenset(("export", "default", "pub", "async", "public", "private", "static",
                             "abstract", "final", "declare", "protected", "internal", "data",
                             "sealed", "open", "override", "unsafe"))  # fmt: skip
DEFINED_SEEN = 24
DEFINED_KEPT = 4


def touched_path(tool: str, given: dict[str, Any]) -> str | None:
    """The path that a tool call reads or changes, None for other tools."""
    path = given.get(PATH_ARGUMENTS.get(tool, ""))
    return portable(path) if isinstance(path, str) and 0 < len(path) < 4_096 else None


def touch(work: WorkState, path: str, *, is_edit: bool) -> FileTouch:
    """Count one touch of a file and return it; beyond the limit the oldest one is forgotten."""
    files = work["files"]
    work["touches"] += 1
    known = files.get(path) or {"reads": 0, "edits": 0, "turn": 0, "order": 0}
    known["edits" if is_edit else "reads"] += 1
    known["order"] = work["touches"]
    known["turn"] = work["turn"]
    known.pop("deleted", None)
    files[path] = known
    if is_edit:
        work["edited"] = work["touches"]
    if len(files) > FILES_LIMIT:
        del files[min(files, key=lambda name: files[name]["order"])]
    return known


def measure(edits: list[tuple[str, str]]) -> Change:
    """What a call changes: lines added and removed, what it defines, whether the file is new."""
    added = removed = 0
    defined: list[str] = []
    is_new = False
    for old, new in edits:
        before, after = old.splitlines(), new.splitlines()
        kept = set(before).intersection(after) if before else ()
        added += sum(line not in kept for line in after)
        removed += sum(line not in kept for line in before)
        found = defined_in(new)
        defined = [*(name for name in defined if name not in found), *found]
        is_new = is_new or not old
    return added, removed, defined[-DEFINED_KEPT:], is_new


def change(touched: FileTouch, measured: Change) -> None:
    """Take what a call has changed in a file."""
    added, removed, defined, is_new = measured
    touched["added"] = touched.get("added", 0) + added
    touched["removed"] = touched.get("removed", 0) + removed
    if defined:
        earlier = [name for name in touched.get("defined", []) if name not in defined]
        touched["defined"] = [*earlier, *defined][-DEFINED_KEPT:]
    if is_new and touched["edits"] == 1 and not touched["reads"]:
        touched["created"] = True


def keep_artifact(work: WorkState, path: str) -> None:
    """A file that the work has made or changed."""
    if path not in work["artifacts"]:
        work["artifacts"] = [*work["artifacts"], path][-ARTIFACTS_LIMIT:]


def edits_in(given: dict[str, Any]) -> list[tuple[str, str]]:
    """What each edit of a call takes away and what it puts there."""
    edits = given.get("edits")
    found: list[tuple[str, str]] = []
    for edit in edits if isinstance(edits, list) else [given]:
        if isinstance(edit, dict):
            old = edit.get("old_string")
            new = edit.get("new_string") or edit.get("content") or edit.get("new_source")
            found.append((old if isinstance(old, str) else "", new if isinstance(new, str) else ""))
    return found


def defined_in(code: str) -> list[str]:
    """The functions and types that a piece of code defines, as far as their keywords tell."""
    found: list[tuple[int, str]] = []
    for definer in DEFINERS:
        place = code.find(definer)
        while place >= 0 and len(found) < DEFINED_SEEN:
            end = place + len(definer)
            before = code[code.rfind("\n", 0, place) + 1 : place].split()
            if len(before) <= 3 and BEFORE_DEFINERS.issuperset(before):
                name = _name_at(code[end : end + 160])
                if name:
                    found.append((place, name))
            place = code.find(definer, end)
    return list(dict.fromkeys(name for _, name in sorted(found)))


def _name_at(code: str) -> str | None:
    """The name that code begins with; of a Go method, the one behind its receiver."""
    if code.startswith("("):
        code = code.partition(")")[2].lstrip()
    end = 0
    while end < len(code) and (code[end].isalnum() or code[end] == "_"):
        end += 1
    return (
        code[:end]
        if identifiers.NAME_CHARS >= end > 1 and code[end : end + 1] in "(<:{[ ="
        else None
    )


def ranked(work: WorkState) -> list[str]:
    """The files that are there, the most likely needed first."""
    files = {path: one for path, one in work["files"].items() if not one.get("deleted")}
    now = work["clock"]
    recent = sorted(files, key=lambda path: files[path]["order"], reverse=True)
    subjects = [subject(path) for path in recent[:NEIGHBOURS]]

    def near(place: int) -> float:
        others = subjects[:place] + subjects[place + 1 :]
        kin = subject(recent[place]) in others
        return 1 / (1 + place) + KIN_BONUS * kin

    leading = sorted(range(len(recent)), key=near, reverse=True)[:LEADING]
    others = [path for place, path in enumerate(recent) if place not in leading]
    since = work["commits"][-1]["turn"] if work["commits"] else -1

    def worth(path: str) -> float:
        is_new = files[path]["edits"] > 0 and files[path]["turn"] > since
        return said_of(work, path, now) + UNCOMMITTED_BONUS * is_new

    others.sort(key=worth, reverse=True)
    return [recent[place] for place in leading] + others


def said_of(work: WorkState, path: str, now: int) -> float:
    """How much the talk turns around a file."""
    return identifiers.weight(work["mentions"].get(path.rpartition("/")[2]), now)


def subject(path: str) -> str:
    """What a file is about: its name without ending and without the marks of a test."""
    name = path.rpartition("/")[2]
    stem = (name.rpartition(".")[0] or name).lower()
    for mark in TEST_MARKS:
        stem = stem.replace(mark, "")
    return stem.strip("_-.")
