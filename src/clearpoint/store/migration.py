"""Moving the state of an earlier version out of the project, once.

Each session is copied, compared byte for byte and put in its place whole before it is removed from
the old one, so that an interruption loses nothing and the next event goes on. What a clone could
have brought along stays where it is: sessions that the client has no transcript of, and sessions
and tags that git tracks.
"""

from __future__ import annotations

import os
import time

from clearpoint.lowlevel.checks import is_session_id
from clearpoint.lowlevel.files import (
    QuickLock,
    make_folder,
    open_regular,
    read_bytes,
    refuse_foreign,
    write_all,
    write_atomically,
)
from clearpoint.store.layout import (
    IN_PROJECT,
    checkout_of,
    git_folder,
    moved_mark,
)
from clearpoint.store.store import FOLDERS, Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCK_TIMEOUT_S = 1.0
WITHIN_S = 2.0
"""What is not moved in this time is left to the next event."""
CHUNK_BYTES = 1 << 20
INDEX_BYTES = 64 << 20
TAG_BYTES = 1 << 20
TAGS = 1_000
CACHES = (
    "config.json", "tokens.json", "faults.jsonl", "faults.jsonl.1", "gc.done", "overhead.done",
    ".gitignore",
)  # fmt: skip
"""What an earlier version made beside the sessions and nobody needs any more."""


def move(project: str, root: str, transcripts: str, session_id: str = "") -> None:
    """Move what is the user's own from the project's folder to the state folder `root`.

    Own is what the client's folder of `transcripts` has a transcript of; the session of the event
    goes first. Raises OSError.
    """
    old, until = os.path.join(project, IN_PROJECT), time.monotonic() + WITHIN_S
    if os.path.islink(old) or os.path.islink(os.path.join(old, "sessions")) or _is_foreign(old):
        return
    store = Store(root)
    store.make_root()
    with QuickLock(os.path.join(root, "moved.lock")):
        is_brought = _is_tracked(project, "sessions")
        own = [] if is_brought else _own_sessions(old, transcripts, session_id)
        for name in own:
            if time.monotonic() > until:
                return
            if not _move_session(old, store, name):
                return
        if own and not _is_tracked(project, "tags"):
            _move_tags(old, root)
        write_atomically(moved_mark(project, root), b"moved\n")
        _tidy(old)


def _is_foreign(folder: str) -> bool:
    try:
        refuse_foreign(folder)
    except OSError:
        return True
    return False


def _own_sessions(old: str, transcripts: str, session_id: str) -> list[str]:
    """The sessions to move, all known to the client; the event's own first.

    One that begins has no transcript yet, and no earlier state either but a planted one.
    """
    known = [name.removesuffix(".jsonl") for name in _names(transcripts)]
    found = dict.fromkeys([*({session_id} & {*known}), *filter(is_session_id, known)])
    return [one for one in found if one and os.path.isdir(os.path.join(old, "sessions", one))]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _move_session(old: str, store: Store, session_id: str) -> bool:
    """Move what is kept of one session; whether nothing is left to do for it."""
    folder = os.path.join(old, "sessions", session_id)
    handed = (os.path.join(old, "handoffs", session_id), os.path.join(store.root, "handoffs"))
    try:
        with QuickLock(os.path.join(folder, "state.lock"), LOCK_TIMEOUT_S):
            return _move_folder(folder, store.session_folder(session_id), store.root) and (
                _move_folder(handed[0], os.path.join(handed[1], session_id), store.root)
            )
    except TimeoutError:
        return False


def _move_folder(old: str, new: str, root: str) -> bool:
    """Move one folder; one that is in the new place already, and differs, stays in both."""
    import shutil

    if os.path.islink(old) or not os.path.isdir(old):
        return True
    if not os.path.isdir(new):
        name = f"{os.path.basename(new)}.{os.getpid()}.{time.monotonic_ns():x}.tmp"
        copy = os.path.join(root, name)
        _copy(old, copy)
        if not _is_same(old, copy):
            shutil.rmtree(copy)
            return False
        make_folder(os.path.dirname(new))
        os.rename(copy, new)
    if _is_same(old, new):
        shutil.rmtree(old)
    return True


def _files(folder: str, below: str = "") -> Iterator[str]:
    """The regular files below a folder, as they count from it; links are passed over."""
    with os.scandir(os.path.join(folder, below)) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        inside = os.path.join(below, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, inside)
        elif entry.is_file(follow_symlinks=False):
            yield inside


def _copy(old: str, new: str) -> None:
    make_folder(new)
    for name in _files(old):
        target = os.path.join(new, name)
        make_folder(os.path.dirname(target))
        descriptor = open_regular(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            for chunk in _chunks(os.path.join(old, name)):
                write_all(descriptor, chunk)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        found = os.stat(os.path.join(old, name))
        os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _chunks(path: str) -> Iterator[bytes]:
    descriptor = open_regular(path, os.O_RDONLY)
    try:
        while chunk := os.read(descriptor, CHUNK_BYTES):
            yield chunk
    finally:
        os.close(descriptor)


def _is_same(old: str, new: str) -> bool:
    """Whether a folder's files are all in the other, byte for byte."""
    return all(
        os.path.isfile(os.path.join(new, name))
        and _checksum(os.path.join(old, name)) == _checksum(os.path.join(new, name))
        for name in _files(old)
    )


def _checksum(path: str) -> tuple[int, int]:
    import zlib

    size = number = 0
    for chunk in _chunks(path):
        size, number = size + len(chunk), zlib.crc32(chunk, number)
    return size, number


def _is_tracked(project: str, kind: str) -> bool:
    """Whether git's index names a file of this kind: then a clone may have brought them all."""
    index = os.path.join(git_folder(os.path.join(checkout_of(project), ".git")), "index")
    try:
        return f"{IN_PROJECT}/{kind}/".encode() in read_bytes(index, INDEX_BYTES)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _move_tags(old: str, root: str) -> None:
    """Move the tags that are not in the new place yet."""
    folder, new = os.path.join(old, "tags"), os.path.join(root, "tags")
    for name in _names(folder)[:TAGS] if not os.path.islink(folder) else ():
        source, target = os.path.join(folder, name), os.path.join(new, name)
        try:
            data = read_bytes(source, TAG_BYTES)
        except OSError:
            continue  # a link, or no tag of Clearpoint's: it stays
        make_folder(new)
        if not os.path.lexists(target):
            write_atomically(target, data)
        if read_bytes(target) == data:
            os.unlink(source)


def _tidy(old: str) -> None:
    """Remove what is left of no use, and each folder that nothing else is in."""
    for folder, names in ((os.path.join(old, "links"), None), (old, CACHES)):
        for name in _names(folder) if names is None else names:
            if not os.path.islink(folder):
                _try(os.unlink, os.path.join(folder, name))
    for name in FOLDERS:
        _try(os.rmdir, os.path.join(old, name))
    _try(os.rmdir, old)


def _try(remove: Callable[[str], None], path: str) -> None:
    try:
        remove(path)
    except OSError:
        return  # it is not there, or holds something else
