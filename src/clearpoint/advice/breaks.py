"""Natural breaks in the work: commits and merges made, tests green after a change, a new topic.

Of a result only that it failed counts. Each break is known by what it came with, so that reading
the same entries again finds the same one and not another. Pure.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import READ, SHELLS
from clearpoint.text import identifiers as names
from clearpoint.transcript.utterances import is_human
from clearpoint.work import file_activity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.state import Breaks
    from clearpoint.models.work import WorkState
    from clearpoint.transcript.entry import Entry

DRY = frozenset(("--dry-run", "--abort", "--help"))
VALUED = ("-C", "-c")
"""Options of git that take the next word."""
WATCHED_LIMIT = 16
TOPIC_NAMES = 3
"""A prompt with fewer names in it tells no topic."""
LINE_CHARS = 4_000
"""As much of a command line is looked at."""


def fold(breaks: Breaks, work: WorkState, entry: Entry) -> None:
    """Take one main-chain entry into what is known of breaks; the work as it was before it."""
    message = entry.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if entry.get("isSidechain") or entry.get("isCompactSummary"):
        return
    if isinstance(content, str) and entry.get("type") == "user":
        _note_topic(breaks, work, entry, content)
    for block in content if isinstance(content, list) else ():
        kind = block.get("type")
        if kind == "tool_use" and isinstance(given := block.get("input"), dict):
            _call(breaks, block, given)
        elif kind == "tool_result":
            _result(breaks, str(block.get("tool_use_id")), failed=bool(block.get("is_error")))


def _call(breaks: Breaks, block: Any, given: dict[str, Any]) -> None:
    name = str(block.get("name"))
    if name in SHELLS and isinstance(command := given.get("command"), str):
        if watched := watch(command):
            breaks["watched"][str(block.get("id"))] = watched
            while len(breaks["watched"]) > WATCHED_LIMIT:
                del breaks["watched"][next(iter(breaks["watched"]))]
    elif name != READ and file_activity.touched_path(name, given):
        breaks["changed"] = breaks["uncommitted"] = True


def _result(breaks: Breaks, call: str, *, failed: bool) -> None:
    kind = breaks["watched"].pop(call, "")
    if failed or not kind:
        return
    if kind == "commit":
        breaks["commit"], breaks["uncommitted"] = call, False
    elif breaks["changed"]:
        breaks["green"], breaks["changed"] = call, False


def watch(command: str) -> str:
    """What a command line would be a break for where it succeeds: `commit`, `green` or nothing."""
    from clearpoint.work import check_commands, shell_checks

    if any(_commits(piece.split()) for piece in _pieces(command)):
        return "commit"
    if any(check_commands.kind_of(check) == "test" for check in shell_checks.checks(command)):
        return "green"
    return ""


def _pieces(command: str) -> list[str]:
    """The simple commands of a line, before any text that is handed to one."""
    line = command[:LINE_CHARS].split("<<", 1)[0]
    for separator in ("||", ";", "\n", "|"):
        line = line.replace(separator, "&&")
    return line.split("&&")


def _commits(words: list[str]) -> bool:
    """Whether a simple command is a commit or a merge that is meant."""
    if words[:3] == ["gh", "pr", "merge"]:
        return True
    if words[:1] != ["git"] or not DRY.isdisjoint(words):
        return False
    place = 1
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in VALUED else 1
    return words[place : place + 1] in (["commit"], ["merge"])


def _note_topic(breaks: Breaks, work: WorkState, entry: Entry, text: str) -> None:
    """A prompt whose names the current work has none of begins a new topic."""
    if not is_human(entry, text):
        return
    identifiers, files = names.names_in(text)
    found = {*identifiers, *files}
    if len(found) < TOPIC_NAMES:
        return
    if found.isdisjoint(work["names"]) and found.isdisjoint(work["mentions"]):
        breaks["topic"] = str(entry.get("uuid") or "")
