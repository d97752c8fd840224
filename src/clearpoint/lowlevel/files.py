"""Files that are either whole or not there: atomic writes, whole lines, one lock.

Everything is 0600, nothing follows a link, and nothing waits on a pipe or a device that stands
where a file should be. `os` and its like alone, because the fast lane pays for imports.
"""

from __future__ import annotations

import errno
import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LOCK_TIMEOUT_S = 1.0
LOCK_POLL_S = 0.005
READ_LIMIT_BYTES = 64 << 20
REPLACE_TRIES = 1 if os.name == "posix" else 100
"""Windows refuses to replace a file for as long as somebody reads it."""
REPLACE_POLL_S = 0.01

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
NO_LOCKS = (
    "this file system does not support locks; set CLEARPOINT_DIR to a folder on one that does"
)
FOREIGN = "it belongs to another user, so nothing is read or kept in it"
OPEN_TO_OTHERS = 0o077
_IRREGULAR = (errno.ELOOP, errno.EISDIR, errno.ENXIO)


class IrregularFileError(OSError):
    """Where a file should be there is a link, a folder, a pipe or a device."""


def open_regular(path: str, flags: int, *, follow: bool = False) -> int:
    """A descriptor of a regular file, never waiting for one; raises OSError.

    What is no regular file, a link included unless it is to be followed, is an
    IrregularFileError.
    """
    flags |= _NONBLOCK | _BINARY | (0 if follow else _NOFOLLOW)
    try:
        descriptor = os.open(path, flags, FILE_MODE)
    except OSError as error:
        if error.errno in _IRREGULAR:
            raise IrregularFileError(errno.EINVAL, "not a regular file", path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IrregularFileError(errno.EINVAL, "not a regular file", path)
    return descriptor


def read_bytes(path: str, limit: int = READ_LIMIT_BYTES, *, follow: bool = False) -> bytes:
    """The content of a regular file; raises OSError, also for one that is longer than `limit`."""
    descriptor = open_regular(path, os.O_RDONLY, follow=follow)
    with open(descriptor, "rb", buffering=0) as stream:
        if os.fstat(descriptor).st_size > limit:
            raise OSError(errno.EFBIG, f"longer than {limit} bytes", path)
        return stream.read()


def read_tail(path: str, limit: int) -> bytes:
    """The last bytes of a regular file, from the beginning of a line; raises OSError."""
    descriptor = open_regular(path, os.O_RDONLY)
    with open(descriptor, "rb", buffering=0) as stream:
        over = os.fstat(descriptor).st_size - limit
        if over <= 0:
            return stream.read()
        stream.seek(over)
        return stream.read().partition(b"\n")[2]


def write_atomically(path: str, data: bytes) -> None:
    """Replace the file by one with this content; a reader sees the old or the new, never less."""
    with Replacement(path) as stream:
        stream.write(data)


class Replacement:
    """A file that takes the place of another once it is written whole, and else leaves nothing."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.temporary = f"{path}.{os.getpid()}.{time.monotonic_ns():x}.tmp"

    def __enter__(self) -> BinaryIO:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self.stream: BinaryIO = open(open_regular(self.temporary, flags), "wb")
        return self.stream

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        replaced = False
        try:
            self.stream.close()
            if kind is None:
                replace(self.temporary, self.path)
                replaced = True
        finally:
            if not replaced:
                os.unlink(self.temporary)


def replace(source: str, target: str) -> None:
    """Put a file in the place of another, as soon as nobody reads that one; raises OSError."""
    for left in range(REPLACE_TRIES - 1, -1, -1):
        try:
            os.replace(source, target)
        except PermissionError:
            if not left:
                raise
            time.sleep(REPLACE_POLL_S)
        else:
            return


def append_line(path: str, line: bytes) -> None:
    """Add one line in a single write, so that lines of several processes never mix.

    A line before it that a full disk or a killed process left torn is ended first.
    """
    descriptor = open_regular(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        if size := os.fstat(descriptor).st_size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                line = b"\n" + line
        write_all(descriptor, line + b"\n")
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; raises OSError if the disk or the other end takes no more."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def is_content(path: str, data: bytes) -> bool:
    """Whether there is a regular file with this content, and no more."""
    try:
        return read_bytes(path, len(data)) == data
    except OSError:
        return False


def make_folder(path: str) -> None:
    """Make the folder, and those above it, for its owner alone; a link to one is refused."""
    refuse_link(path)
    _make_folder(path)


def refuse_link(path: str) -> None:
    """Raise IrregularFileError for a link: what is written there would end up elsewhere."""
    if os.path.islink(path):
        raise IrregularFileError(errno.ELOOP, "a link where a folder should be", path)


def refuse_foreign(path: str) -> None:
    """Raise OSError for a folder that another user owns: what is kept in it could be theirs.

    One of our own that others may enter is closed to them. A missing folder is fine.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if os.name != "posix":
        return
    if found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, FOREIGN, path)
    if stat.S_ISDIR(found.st_mode) and found.st_mode & OPEN_TO_OTHERS:
        os.chmod(path, FOLDER_MODE)


def _make_folder(path: str) -> None:
    if not os.path.isdir(path):
        above = os.path.dirname(path)
        if above and above != path:
            _make_folder(above)
        try:
            os.mkdir(path, FOLDER_MODE)
        except FileExistsError:
            if not os.path.isdir(path):
                raise


class QuickLock:
    """An exclusive lock on a lock file, as filelock takes it, without its import.

    The lock file is not the data file and is never deleted. Raises TimeoutError.
    """

    def __init__(self, path: str, timeout: float = LOCK_TIMEOUT_S) -> None:
        self.path = path
        self.timeout = timeout
        self.descriptor = -1

    def __enter__(self) -> None:
        end = time.monotonic() + self.timeout
        while not self._take():
            if time.monotonic() > end:
                raise TimeoutError(errno.ETIMEDOUT, "another process holds the lock", self.path)
            time.sleep(LOCK_POLL_S)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.descriptor)

    def _take(self) -> bool:
        """Try once; a lock on a file that somebody deleted meanwhile guards nothing."""
        descriptor = open_regular(self.path, os.O_RDWR | os.O_CREAT)
        taken = False
        try:
            taken = _try_lock(descriptor) and os.fstat(descriptor).st_nlink > 0
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise OSError(error.errno, NO_LOCKS, self.path) from None
            raise
        finally:
            if not taken:
                os.close(descriptor)
        self.descriptor = descriptor
        return taken


if os.name == "posix":

    def _try_lock(descriptor: int) -> bool:
        import fcntl  # what takes no lock, as the status line, does not load it

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
