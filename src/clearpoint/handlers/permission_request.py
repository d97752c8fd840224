"""PermissionRequest: let Claude read what was archived for it, and search it; nothing else.

The plugin's part: settings written by `clearpoint install` hold permission rules instead, which a
plugin cannot bring along. Whatever is not plainly a read of our own folder, or a search, gets no
answer, and the client asks as it would without us.
"""

from __future__ import annotations

import os

from clearpoint.store import processes
from clearpoint.store.layout import own_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.client.events import Event

READERS = {
    "cat": "n",
    "grep": "rRnilcwoEFHhsq",
    "head": "ncq0123456789",
    "ls": "1aAlhRt",
    "tail": "ncq0123456789",
    "wc": "lwcm",
}
"""Programs that read the files they are given and can do nothing else, with their plain options."""
SEARCH = ["clearpoint", "search"]
"""It changes nothing but its own index."""
COUNTS = ("-n", "-c")
"""Options of head and tail that a number follows."""
QUOTES = "'\""
SHELL = frozenset("\n\r\t\0;|&<>$`(){}[]*?!#~\\" + QUOTES)
"""What a shell may take for more than a word."""
QUOTED = {"'": frozenset("\n\r\0"), '"': frozenset("\n\r\0$`\\!")}
"""The same within quotes."""


def handle(event: Event) -> dict[str, Any] | None:
    """Allow a read below our folder in the client's own, and `clearpoint search`."""
    processes.refresh(event)
    given: Any = event.payload.get("tool_input")
    if not isinstance(given, dict):
        return None
    path, command = given.get("file_path"), given.get("command")
    tool = event.text("tool_name")
    folder = os.path.realpath(own_folder(event.env))
    if tool == "Read" and isinstance(path, str):
        is_ours = lies_in(path, folder, event)
    else:
        is_ours = tool == "Bash" and isinstance(command, str) and (
            plain_words(command)[:2] == SEARCH or reads(command, folder, event)
        )  # fmt: skip
    decision = {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}
    return {"hookSpecificOutput": decision} if is_ours else None


def lies_in(path: str, folder: str, event: Event) -> bool:
    """Whether a path leads to something in the folder, or to the folder itself, links resolved."""
    own = os.path.join(event.env.get("HOME") or "", path[2:]) if path.startswith("~/") else path
    try:
        found = os.path.realpath(own)
    except ValueError:  # a NUL, or half a character: no path
        return False
    return os.path.isabs(own) and (found == folder or found.startswith(folder + os.sep))


def reads(command: str, folder: str, event: Event) -> bool:
    """Whether a command is one program of `READERS` on paths in the folder alone."""
    program, *words = plain_words(command) or [""]
    options = [word for word in words if word.startswith("-")]
    plain = READERS.get(program, "")
    if not plain or not all(set(word[1:]) <= set(plain) and word != "-" for word in options):
        return False
    given = [word for word in words if not word.startswith("-")]
    if program == "grep":
        given = given[1:]  # the pattern
    elif program in ("head", "tail") and options and options[-1] in COUNTS:
        given = given[1:] if given and given[0].isdigit() else []
    return bool(given) and all(lies_in(path, folder, event) for path in given)


def plain_words(command: str) -> list[str]:
    """The words of a command line; none if the shell would do more than split them."""
    words: list[str] = []
    rest = command.strip()
    while rest:
        quote = rest[0] if rest[0] in QUOTES else ""
        word, closing, rest = rest[1:].partition(quote) if quote else rest.partition(" ")
        if quote:
            is_whole = bool(closing) and rest[:1] in ("", " ")
            is_plain = is_whole and word[:1] != "~" and not set(word) & QUOTED[quote]
        else:
            is_plain = not set(word.removeprefix("~/")) & SHELL
        if not is_plain:
            return []
        words.append(word)
        rest = rest.lstrip(" ")
    return words
