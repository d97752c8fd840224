"""The client's settings file on disk: read strictly, replaced whole, never half-written.

Text is kept to the byte. The client loads a file with a byte order mark, takes an empty one for no
settings, and drops a whole file that has a comment or a trailing comma: an error here as well.

Beside the file stands its backup while Clearpoint is registered (`settings.json` with the suffix
`.clearpoint-backup`): the newest settings *without Clearpoint's own entries*. At the first install
that is a plain copy; at a later change it holds what the user added meanwhile as well. It serves
to go back by hand, and it tells `uninstall` what was there before.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import secrets
import stat
from pathlib import Path

from clearpoint.install import json_edit

BACKUP_SUFFIX = ".clearpoint-backup"
SUPERSEDED_SUFFIX = ".old"
NEW_FILE_MODE = 0o666
"""Before the umask, as for any file that an editor makes."""

_KINDS = {list: "a list", str: "a string", bool: "true or false", tuple: "a number"}


class SettingsError(Exception):
    """A settings file that cannot be used or written; the message is one line for a user."""


def read_settings(path: Path) -> str | None:
    """Return the text of a settings file, None when there is none.

    Raises SettingsError for what is not one JSON object in UTF-8 with no key twice.
    """
    text = _read(path)
    if text is None or is_blank(text):
        return text
    try:
        settings = json_edit.decode(text)
    except json.JSONDecodeError as error:
        raise SettingsError(
            f"{path}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}{_hint(error)}."
            " Nothing was changed; correct it and run the command again."
        ) from None
    except RecursionError:
        raise SettingsError(f"{path}: nested too deeply to be read. Nothing was changed.") from None
    for twice in json_edit.duplicates(text):
        raise SettingsError(
            f"{path}:{position(text, twice.start)}: the key {json.dumps(twice.key)} appears twice,"
            " and Claude Code reads only the last one. Nothing was changed; remove one and run the"
            " command again."
        )
    if not isinstance(settings, dict):
        raise SettingsError(
            f"{path}:{position(text, json_edit.locate(text, ()).start)}: the settings must be an"
            f" object, not {kind(settings)}. Nothing was changed; put it between braces and run"
            " the command again."
        )
    return text


def parsed(text: str) -> dict[str, object]:
    """Return the settings that a text from `read_settings` holds; a blank one has none."""
    settings = {} if is_blank(text) else json_edit.decode(text)
    return settings if isinstance(settings, dict) else {}


def write_settings(path: Path, text: str, before: str | None) -> None:
    """Replace the settings, keeping the file's mode and owner and a link that leads to it.

    `before` is the text that was read. Raises SettingsError when the file has changed since, or
    cannot be written.
    """
    target = _target(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read(path) != before:
            raise SettingsError(
                f"{path}: changed by another program just now. Run the command again."
            )
        _replace(target, text.encode(), _status(target))
    except OSError as error:
        raise _cannot("write", path, error) from None


def remove_settings(path: Path, before: str) -> None:
    """Delete the settings file (the file a link leads to) and its folder if that is then empty."""
    try:
        if _read(path) != before:
            raise SettingsError(
                f"{path}: changed by another program just now. Run the command again."
            )
        _target(path).unlink()
    except OSError as error:
        raise _cannot("delete", path, error) from None
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def led_outside(path: Path, project: Path) -> Path | None:
    """Return where links lead from `path`, a place in the project, if that is outside of it."""
    real = Path(os.path.realpath(path))
    return None if real.is_relative_to(os.path.realpath(project)) else real


def backup_path(path: Path) -> Path:
    """Return where the backup of this settings file stands: beside it."""
    return path.with_name(path.name + BACKUP_SUFFIX)


def standing_backup(path: Path) -> Path | None:
    """Return the backup of the settings file `path` if there is one."""
    return backup_path(path) if backup_path(path).exists() else None


def read_backup(path: Path) -> str | None:
    """Return the backup of the settings file `path`; None when there is none that can be read."""
    try:
        return read_settings(backup_path(path))
    except SettingsError:
        return None


def write_backup(path: Path, text: str | None) -> Path | None:
    """Keep `text` as the backup of the settings file `path`, with the file's own mode and owner.

    None says that nothing but ours is in the settings: a backup from earlier times steps aside.
    """
    backup = backup_path(path)
    try:
        if text is not None:
            _replace(backup, text.encode(), _status(_target(path)))
            return backup
        if backup.exists():
            backup.replace(backup.with_name(backup.name + SUPERSEDED_SUFFIX))
    except OSError as error:
        raise _cannot("write", backup, error) from None
    return None


def drop_backup(path: Path, text: str | None) -> Path | None:
    """Delete the backup when it says the same as the settings `text`; return it when it stays."""
    backup = backup_path(path)
    try:
        if not backup.exists():
            return None
        if text is None or backup.read_bytes() != text.encode():
            return backup
        backup.unlink()
    except OSError as error:
        raise _cannot("delete", backup, error) from None
    return None


def unified_diff(path: Path, before: str | None, after: str | None) -> str:
    """Return the change as `diff -u` prints it; None stands for no file."""
    lines = difflib.unified_diff(
        list(io.StringIO(before or "", newline="\n")),
        list(io.StringIO(after or "", newline="\n")),
        "/dev/null" if before is None else str(path),
        "/dev/null" if after is None else str(path),
    )
    marked = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(marked)


def is_blank(text: str) -> bool:
    """Tell whether the file holds nothing at all, which the client takes for no settings."""
    return not text.strip(json_edit.BYTE_ORDER_MARK + " \t\r\n")


def position(text: str, offset: int) -> str:
    """Return `line:column`, both from 1, of a character in the text."""
    line_start = text.rfind("\n", 0, offset) + 1
    mark = line_start == 0 and text.startswith(json_edit.BYTE_ORDER_MARK)
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - line_start + 1 - mark}"


def kind(value: object) -> str:
    """Name the JSON type of a decoded value, with its article."""
    return _KINDS.get(type(value), "null" if value is None else "an object")


def _read(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SettingsError(
                f"{path}: not a regular file. Move it away and run the command again."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot("read", path, error) from None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[line_start : error.start].decode()) + 1
        raise SettingsError(
            f"{path}:{line}:{column}: not UTF-8 text. Nothing was changed; save it as UTF-8 and run"
            " the command again."
        ) from None


def _replace(target: Path, content: bytes, like: os.stat_result | None) -> None:
    mode = stat.S_IMODE(like.st_mode) if like else NEW_FILE_MODE
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        if like:
            _own(temporary, like)
            temporary.chmod(mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _own(path: Path, like: os.stat_result) -> None:
    mine = path.stat()
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        with contextlib.suppress(PermissionError):
            os.chown(path, like.st_uid, like.st_gid)


def _status(path: Path) -> os.stat_result | None:
    return path.stat() if path.exists() else None


def _target(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise SettingsError(f"{path}: a broken link: {error}.") from None


def _hint(error: json.JSONDecodeError) -> str:
    comment = error.doc.startswith(("//", "/*"), error.pos)
    return " (comments are not allowed)" if comment else ""


def _cannot(verb: str, path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{path}: cannot {verb} it: {error.strerror}. Nothing was changed; check the"
        " folder's permissions and free space, and run the command again."
    )
