"""Files that are either whole or not there: atomic writes, whole lines, one lock.

Everything is 0600 and nothing follows a link. `os` alone, because the fast lane pays for imports.
"""

from __future__ import annotations

import errno
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LOCK_TIMEOUT_S = 2.0
LOCK_POLL_S = 0.005
READ_LIMIT_BYTES = 64 << 20

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def read_bytes(path: str, limit: int = READ_LIMIT_BYTES) -> bytes:
    """The content of a regular file; raises OSError where there is none or it is not one."""
    descriptor = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _BINARY)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        return stream.read(limit)


def write_atomically(path: str, data: bytes) -> None:
    """Replace the file by one with this content; a reader sees the old or the new, never less."""
    temporary = f"{path}.{os.getpid()}.{time.monotonic_ns():x}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY
    descriptor = os.open(temporary, flags, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as stream:
            view = memoryview(data)
            while view:
                view = view[stream.write(view) :]
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def append_line(path: str, line: bytes) -> None:
    """Add one line in a single write, so that lines of several processes never mix."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NOFOLLOW | _BINARY
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        os.write(descriptor, line + b"\n")
    finally:
        os.close(descriptor)


def make_folder(path: str) -> None:
    """Make the folder, and those above it, for its owner alone."""
    if not os.path.isdir(path):
        make_folder(os.path.dirname(path))
        try:
            os.mkdir(path, FOLDER_MODE)
        except FileExistsError:
            if not os.path.isdir(path):
                raise


class QuickLock:
    """An exclusive lock on a lock file: the same one as filelock's, without its import.

    The lock file is not the data file and is never deleted. Raises TimeoutError.
    """

    def __init__(self, path: str, timeout: float = LOCK_TIMEOUT_S) -> None:
        self.path = path
        self.timeout = timeout
        self.descriptor = -1

    def __enter__(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | _NOFOLLOW | _NONBLOCK
        self.descriptor = os.open(self.path, flags, FILE_MODE)
        end = time.monotonic() + self.timeout
        while not _try_lock(self.descriptor):
            if time.monotonic() > end:
                os.close(self.descriptor)
                raise TimeoutError(errno.ETIMEDOUT, "another process holds the lock", self.path)
            time.sleep(LOCK_POLL_S)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.descriptor)


if os.name == "posix":
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        return True

else:
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
