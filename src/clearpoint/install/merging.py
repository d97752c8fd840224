"""How our entries get into a settings text and out of it again. Pure: text in, text out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from clearpoint.client.registered import STATUSLINE, shell_words
from clearpoint.install import json_edit
from clearpoint.install.other_statusline import HERE, split
from clearpoint.install.permissions import place_of, with_rule
from clearpoint.install.registration import (
    has_statusline,
    hook_group,
    other_statusline,
    own_hooks,
    own_statusline,
)
from clearpoint.install.settings_file import is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clearpoint.install.json_edit import Pointer

EMPTY_SETTINGS = "{}\n"


def merged(
    text: str | None,
    before: str | None,
    hooks: Mapping[str, dict[str, object]],
    statusline: dict[str, object] | None,
    rules: Sequence[str] = (),
) -> str:
    """Return the settings with our entries, one per event; the second time is the same text.

    `hooks` maps events to entries; `before` is as for `stripped`. An entry that is there already is
    updated in place: the keys that we write get our values, others stay. Our entries for other
    events, and second ones, go. `statusline` replaces any status line, or only its command if it
    runs that one too; None leaves it alone. `rules` are the permissions
    that go with the hooks.
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
    for rule in rules:
        new = with_rule(new, rule)
    if statusline is None:
        return new
    beside = split(shell_words(str(statusline["command"])))[1]
    if own_statusline(new) or (beside and other_statusline(new) == beside):
        theirs_stays = {"command": statusline["command"]} if beside else statusline
        return _updated(new, (STATUSLINE,), theirs_stays)
    return json_edit.put(new, (STATUSLINE,), statusline)


def stripped(text: str, before: str | None, rules: Sequence[str] = ()) -> str | None:
    """Return the settings without our entries; None when nothing else was ever in the file.

    `before` is the text from before we came (the backup): a container that is in it stays even when
    it is now empty, written as it was, and a status line that we replaced comes back. Without it,
    what is empty once our entries are gone goes with them. Each of the permissions in `rules`
    goes if our hooks were there, unless it was there before.
    """
    new: str | None = text
    for rule in reversed(rules) if own_hooks(text) else ():
        pointer = place_of(new or EMPTY_SETTINGS, rule)
        if pointer and (before is None or is_blank(before) or not place_of(before, rule)):
            new = _take_out(new or EMPTY_SETTINGS, pointer, before)
    if own_statusline(text):
        new = _without_statusline(new or EMPTY_SETTINGS, before)
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
            return back  # what the user has changed beside it stays
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
