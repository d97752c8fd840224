"""Clearpoint's own values in the client's settings: set, remembered, and taken back exactly.

Each feature that sets values (`autopilot`, `diet`) has a record beside the settings file
(`settings.json` with the suffix `.clearpoint-FEATURE`): what it set, and the whole text before and
after. While nobody else has changed the file, taking back restores that text, character for
character. Where it was changed since, only the values that are still as we set them go.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from clearpoint.install import json_edit
from clearpoint.install import settings_file as files
from clearpoint.install.settings_file import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from clearpoint.install.json_edit import Pointer

EMPTY_SETTINGS = "{}\n"


class Edit(NamedTuple):
    """One value to set; `appended` adds it to the list at the pointer."""

    pointer: tuple[str, ...]
    value: Any
    appended: bool = False


class Was(TypedDict):
    """One value that was set."""

    pointer: list[str]
    value: Any
    appended: bool
    before: str | None
    """The JSON text that stood there; None for nothing."""


class Record(TypedDict):
    """What a feature has set in one settings file."""

    before: str | None
    """The settings before, None if there was no file."""
    after: str
    edits: list[Was]
    made: list[list[str]]
    """Containers that were not there before, the innermost first."""


class Outcome(NamedTuple):
    """What one call did, or would do."""

    path: Path
    changed: bool
    diff: str


def record_path(path: Path, feature: str) -> Path:
    """Where the record of a feature's values in this settings file stands: beside it."""
    return path.with_name(f"{path.name}.clearpoint-{feature}")


def read_record(path: Path, feature: str) -> Record | None:
    """What the feature has set in this settings file; None if it has set nothing."""
    try:
        found = json.loads(record_path(path, feature).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = isinstance(found, dict) and found.keys() >= Record.__annotations__.keys()
    return found if is_whole else None


def put(path: Path, feature: str, edits: Sequence[Edit], *, dry_run: bool = False) -> Outcome:
    """Set the values; what the feature had set before is taken back first.

    Raises SettingsError, with nothing changed.
    """
    old = files.read_settings(path)
    known = read_record(path, feature)
    base = _without(old, known) if known else old
    text = EMPTY_SETTINGS if base is None or files.is_blank(base) else base
    made, was = [], []
    for edit in edits:
        made += _missing(text, edit)
        was.append(_before(text, edit))
        text = _applied(path, text, edit)
    if not dry_run and text != old:
        record: Record = {"before": base, "after": text, "edits": was, "made": made[::-1]}
        files.write_settings(path, text, old)
        _write_record(path, feature, record)
    return Outcome(path, text != old, files.unified_diff(path, old, text))


def take_back(path: Path, feature: str, *, dry_run: bool = False) -> Outcome:
    """Take the feature's values out again, and forget that they were set. Raises SettingsError."""
    known = read_record(path, feature)
    if known is None:
        return Outcome(path, changed=False, diff="")
    old = files.read_settings(path)
    new = _without(old, known)
    if not dry_run:
        if old is not None and new is None:
            files.remove_settings(path, old)
        elif new is not None and new != old:
            files.write_settings(path, new, old)
        record_path(path, feature).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # the record kept it from going with the file
    return Outcome(path, new != old, files.unified_diff(path, old, new))


def features(path: Path) -> list[str]:
    """The features that have set something in this settings file."""
    prefix = f"{path.name}.clearpoint-"
    found = path.parent.glob(f"{prefix}*") if path.parent.is_dir() else ()
    names = [one.name.removeprefix(prefix) for one in found]
    return [name for name in names if read_record(path, name)]


def take_untouched_back(path: Path) -> None:
    """Take back what was set last, as long as nobody has changed the file since."""
    while found := [one for one in features(path) if is_untouched(path, one)]:
        take_back(path, found[0])


def recorded_in(paths: Iterable[Path], feature: str) -> list[Path]:
    """The settings files in which the feature has set something."""
    return [path for path in paths if read_record(path, feature)]


def is_untouched(path: Path, feature: str) -> bool:
    """Whether nobody has changed the settings since the feature set its values."""
    known = read_record(path, feature)
    return known is not None and files.read_settings(path) == known["after"]


def _without(text: str | None, known: Record) -> str | None:
    """The settings without the values of a record."""
    if text is None or text == known["after"]:
        return known["before"] if text is not None else None
    for edit in reversed(known["edits"]):
        text = _undone(text, edit)
    for pointer in known["made"]:
        if _is_empty(text, tuple(pointer)):
            text = json_edit.remove(text, tuple(pointer))
    if known["before"] is None and not _children(text, ()):
        return None
    return text


def _is_empty(text: str, pointer: Pointer) -> bool:
    return json_edit.has(text, pointer) and json_edit.decode(_raw(text, pointer)) in ({}, [])


def _undone(text: str, edit: Was) -> str:
    pointer: Pointer = tuple(edit["pointer"])
    wanted = _decoded(edit["value"])
    if edit["appended"]:
        for child in _children(text, pointer) if json_edit.has(text, pointer) else ():
            if json_edit.decode(text[child.value : child.end]) == wanted:
                return json_edit.remove(text, (*pointer, child.key))
        return text
    if not json_edit.has(text, pointer) or json_edit.decode(_raw(text, pointer)) != wanted:
        return text  # changed by somebody since: theirs stays
    if edit["before"] is None:
        return json_edit.remove(text, pointer)
    return json_edit.put_raw(text, pointer, edit["before"])


def _applied(path: Path, text: str, edit: Edit) -> str:
    for end in range(1, len(edit.pointer)):
        if not json_edit.has(text, edit.pointer[:end]):
            text = json_edit.put(text, edit.pointer[:end], {})
        _refuse_other(path, text, edit.pointer[:end], "{", "an object")
    if not edit.appended:
        return json_edit.put(text, edit.pointer, edit.value)
    if not json_edit.has(text, edit.pointer):
        text = json_edit.put(text, edit.pointer, [])
    _refuse_other(path, text, edit.pointer, "[", "a list")
    return json_edit.put(text, (*edit.pointer, len(_children(text, edit.pointer))), edit.value)


def _refuse_other(path: Path, text: str, pointer: Pointer, opening: str, wanted: str) -> None:
    place = json_edit.locate(text, pointer)
    if text[place.value] != opening:
        name = ".".join(map(str, pointer))
        at = files.position(text, place.start)
        raise SettingsError(
            f'{path}:{at}: "{name}" must be {wanted}. Nothing was changed; correct it and run the'
            " command again."
        )


def _missing(text: str, edit: Edit) -> list[list[str]]:
    """The containers of a value that are not there yet, the outermost first."""
    last = len(edit.pointer) + edit.appended
    pointers = (edit.pointer[:end] for end in range(1, last))
    return [[*pointer] for pointer in pointers if not json_edit.has(text, pointer)]


def _before(text: str, edit: Edit) -> Was:
    stood = None
    if not edit.appended and json_edit.has(text, edit.pointer):
        stood = _raw(text, edit.pointer)
    return {
        "pointer": [*edit.pointer],
        "value": edit.value,
        "appended": edit.appended,
        "before": stood,
    }


def _write_record(path: Path, feature: str, record: Record) -> None:
    target = record_path(path, feature)
    standing = target.read_text("utf-8") if target.exists() else None
    files.write_settings(target, json.dumps(record, ensure_ascii=False, indent=1) + "\n", standing)
    target.chmod(path.stat().st_mode & 0o777)


def _decoded(value: Any) -> object:
    return json_edit.decode(json.dumps(value))


def _children(text: str, pointer: Pointer) -> list[json_edit.Child]:
    return json_edit.children(text, json_edit.locate(text, pointer).value)


def _raw(text: str, pointer: Pointer) -> str:
    found = json_edit.locate(text, pointer)
    return text[found.value : found.end]
