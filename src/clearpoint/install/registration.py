"""Which hooks Clearpoint registers, and how its entries get into and out of a settings text.

All pure: text in, text out. An entry is ours when the executable it names is ours by its file name
(`clearpoint-stop`, in any folder), so that entries of a moved or deleted environment are still
found. No marker is written into the settings.
"""

from __future__ import annotations

import json
import ntpath
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.install import json_edit
from clearpoint.install.beside import HERE, Beside, shell_words, split
from clearpoint.install.settings_file import is_blank, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePath

    from clearpoint.install.client import Version
    from clearpoint.install.json_edit import Pointer

HOOK_RUNNER = "clearpoint-hook"
"""The executable for every event, which takes the event's name: for where scripts do not start."""
STATUSLINE = "statusLine"
EMPTY_SETTINGS = "{}\n"


@dataclass(frozen=True)
class Hook:
    """An event that we register for; `timeout` in seconds, `matcher` what it is narrowed to.

    `since` is the first version of the client that knows it: an older one would ask at each start
    what to do about the unknown event. Source: the event names in the published clients.
    """

    event: str
    timeout: int
    survives_exit: bool = False
    matcher: str = ""
    since: Version = ()


HOOKS = (
    Hook("SessionStart", timeout=10),
    Hook("UserPromptSubmit", timeout=5),
    Hook("Stop", timeout=10),
    Hook("PreCompact", timeout=30),
    Hook("SessionEnd", timeout=30, survives_exit=True),
    Hook("PreToolUse", timeout=10, matcher="Agent|Task"),
    Hook("SubagentStart", timeout=10, since=(2, 0, 43)),
    Hook("SubagentStop", timeout=10),
)


def hooks_known_to(version: Version | None) -> list[Hook]:
    """The hooks that this version of the client knows; all of them where it is not known."""
    return [hook for hook in HOOKS if version is None or hook.since <= version]


EXPECTED = hooks_known_to(())
"""The hooks that every client knows."""


class Entry(NamedTuple):
    """One of our entries in a settings text: where it stands and which program it names."""

    event: str
    pointer: Pointer
    program: str


def kebab(event: str) -> str:
    """Return an event's name as executables carry it: `SessionStart` gives `session-start`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", event).lower()


def hook_command(
    event: str, executables: PurePath, runner: str | None = None
) -> tuple[str, list[str]]:
    """Return the program for an event and its arguments, as the exec form takes them.

    `runner` is the name of the one executable that serves every event; None is the event's own.
    """
    if runner:
        return str(executables / runner), [kebab(event)]
    return str(executables / f"clearpoint-{kebab(event)}"), []


def statusline_command(
    executables: PurePath, runner: str | None = None, beside: Beside | None = None
) -> str:
    """Return the status line's command, quoted for the shell that the client gives it to."""
    words = [str(executables / "clearpoint-statusline")]
    if runner:
        words = [(executables / runner).as_posix(), "statusline"]
    return shlex.join([*words, *(beside or ())])


def hook_entry(hook: Hook, executables: PurePath, runner: str | None = None) -> dict[str, object]:
    """Return the settings entry for one event."""
    program, arguments = hook_command(hook.event, executables, runner)
    entry: dict[str, object] = {
        "type": "command",
        "command": program,
        "args": arguments,
        "timeout": hook.timeout,
    }
    return entry | {"async": True} if hook.survives_exit else entry


def hook_group(event: str, entry: dict[str, object]) -> dict[str, object]:
    """Return the group that an entry of ours stands in, narrowed to what concerns us."""
    matchers = [hook.matcher for hook in HOOKS if hook.event == event and hook.matcher]
    return {"matcher": matchers[0], "hooks": [entry]} if matchers else {"hooks": [entry]}


def statusline_entry(
    executables: PurePath, runner: str | None = None, beside: Beside | None = None
) -> dict[str, object]:
    """Return the value of `statusLine`, which has a shell form only."""
    return {"type": "command", "command": statusline_command(executables, runner, beside)}


def own_hooks(text: str) -> list[Entry]:
    """Return our hook entries in the order of the text; what has another shape is not ours."""
    events = parsed(text).get("hooks")
    found: list[Entry] = []
    for event, groups in events.items() if isinstance(events, dict) else ():
        for g, group in enumerate(groups if isinstance(groups, list) else ()):
            entries = group.get("hooks") if isinstance(group, dict) else None
            for e, entry in enumerate(entries if isinstance(entries, list) else ()):
                program = _own_program(entry, event)
                if program:
                    found.append(Entry(event, ("hooks", event, g, "hooks", e), program))
    return found


def own_statusline(text: str) -> Entry | None:
    """Return our status line entry, None when there is none or it is somebody else's."""
    program = _own_program(parsed(text).get(STATUSLINE), STATUSLINE)
    return Entry(STATUSLINE, (STATUSLINE,), program) if program else None


def resolved(program: str, project: str) -> str:
    """Return the program with the one variable that the client knows put in."""
    return re.sub(r"\$\{CLAUDE_PROJECT_DIR\}|\$CLAUDE_PROJECT_DIR\b", lambda _: project, program)


def has_statusline(text: str) -> bool:
    """Tell whether the settings name a status line, whoever's it is."""
    return STATUSLINE in parsed(text)


def other_statusline(text: str) -> Beside | None:
    """Return the status line that is not ours, or that ours is run beside; None for neither."""
    entry = parsed(text).get(STATUSLINE)
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(command, str) or not command.strip():
        return None
    return split(shell_words(command))[1] if own_statusline(text) else Beside(HERE, command)


def merged(
    text: str | None,
    before: str | None,
    hooks: Mapping[str, dict[str, object]],
    statusline: dict[str, object] | None,
) -> str:
    """Return the settings with our entries, one per event; the second time is the same text.

    `hooks` maps events to entries; `before` is as for `stripped`. An entry of ours that is there
    already is brought up to date where it stands: the keys we write get our values, others stay.
    Ours for other events, and second ones, go. `statusline` replaces whatever status line there is,
    or only its command where it runs that one too; None leaves it alone.
    """
    new = EMPTY_SETTINGS if text is None or is_blank(text) else text
    places: dict[str, Pointer] = {}
    surplus: list[Pointer] = []
    for own in own_hooks(new):
        if own.event in hooks and own.event not in places:
            places[own.event] = own.pointer
        else:
            surplus.append(own.pointer)
    for event, entry in hooks.items():
        new = _updated(new, places[event], entry) if event in places else _added(new, event, entry)
    for pointer in reversed(surplus):
        new = _take_out(new, pointer, before) or EMPTY_SETTINGS
    if statusline is None:
        return new
    beside = split(shell_words(str(statusline["command"])))[1]
    if own_statusline(new) or (beside and other_statusline(new) == beside):
        theirs_stays = {"command": statusline["command"]} if beside else statusline
        return _updated(new, (STATUSLINE,), theirs_stays)
    return json_edit.put(new, (STATUSLINE,), statusline)


def stripped(text: str, before: str | None) -> str | None:
    """Return the settings without our entries; None when nothing else was ever in the file.

    `before` is the text from before we came (the backup): a container that is in it stays even when
    it is now empty, written as it was, and a status line that we replaced comes back. Without it,
    what is empty once our entries are gone goes with them.
    """
    new: str | None = text
    if own_statusline(text):
        new = _without_statusline(text, before)
    for own in reversed(own_hooks(text)):
        new = _take_out(new or EMPTY_SETTINGS, own.pointer, before)
    return new


def _without_statusline(text: str, before: str | None) -> str | None:
    was = ""
    if before is not None and has_statusline(before) and not own_statusline(before):
        was = _raw(before, (STATUSLINE,))
    beside = other_statusline(text)
    if beside and beside.option == HERE:
        back = json_edit.put(text, (STATUSLINE, "command"), beside.command)
        if not was or json_edit.decode(was) != json_edit.decode(_raw(back, (STATUSLINE,))):
            return back  # what the person has changed beside it stays
    if was:
        return json_edit.put_raw(text, (STATUSLINE,), was)
    return _take_out(text, (STATUSLINE,), before)


def _take_out(text: str, pointer: Pointer, before: str | None) -> str | None:
    """Remove a value, and its container if that is then empty and not in `before`."""
    new = json_edit.remove(text, pointer)
    container = pointer[:-1]
    if json_edit.children(new, json_edit.locate(new, container).value):
        return new
    if _is_group(container[:-1]):
        return _take_out(new, container[:-1], before)
    if before is not None and not is_blank(before) and json_edit.has(before, container):
        was = _raw(before, container)
        same = json_edit.decode(was) == json_edit.decode(_raw(new, container))
        return json_edit.put_raw(new, container, was) if same else new
    return _take_out(new, container, before) if container else before


def _is_group(pointer: Pointer) -> bool:
    return len(pointer) == len(("hooks", "event", 0))


def _added(text: str, event: str, entry: dict[str, object]) -> str:
    group = hook_group(event, entry)
    if not json_edit.has(text, ("hooks",)):
        text = json_edit.put(text, ("hooks",), {})
    if not json_edit.has(text, ("hooks", event)):
        return json_edit.put(text, ("hooks", event), [group])
    groups = json_edit.children(text, json_edit.locate(text, ("hooks", event)).value)
    return json_edit.put(text, ("hooks", event, len(groups)), group)


def _updated(text: str, pointer: Pointer, entry: dict[str, object]) -> str:
    for key, value in entry.items():
        place = (*pointer, key)
        wanted = json_edit.decode(json.dumps(value))
        if not json_edit.has(text, place) or json_edit.decode(_raw(text, place)) != wanted:
            text = json_edit.put(text, place, value)
    return text


def _raw(text: str, pointer: Pointer) -> str:
    found = json_edit.locate(text, pointer)
    return text[found.value : found.end]


def _own_program(entry: object, event: str) -> str | None:
    """Return the program that an entry names if it is one of ours."""
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(command, str):
        return None
    words = [command] if isinstance(entry.get("args"), list) else shell_words(command)
    if event == STATUSLINE:
        words = split(words)[0]
    name = ntpath.basename(words[0]).lower().removesuffix(".exe") if words else ""
    if name == HOOK_RUNNER and len(words) <= len((HOOK_RUNNER, "event")):
        return words[0]
    return words[0] if len(words) == 1 and name in _own_names(event) else None


def _own_names(event: str) -> set[str]:
    if event == STATUSLINE:
        return {"clearpoint-statusline"}
    return {f"clearpoint-{kebab(name)}" for name in (event, *(hook.event for hook in HOOKS))}
