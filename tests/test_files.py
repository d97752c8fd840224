"""Files are whole or not there, lines stay lines, and a lock is held by one."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock, Timeout

from clearpoint.lowlevel import files

if TYPE_CHECKING:
    from collections.abc import Callable


def as_link(path: Path) -> None:
    path.with_name("target").write_text("target")
    path.symlink_to(path.with_name("target"))


def as_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def as_circle(path: Path) -> None:
    path.symlink_to(path)


IRREGULAR = [
    pytest.param(as_link, id="a link"),
    pytest.param(as_dangling_link, id="a dangling link"),
    pytest.param(as_circle, id="a link to itself"),
    pytest.param(Path.mkdir, id="a folder"),
    pytest.param(os.mkfifo, id="a pipe"),
]


@pytest.mark.parametrize("make", IRREGULAR)
def test_only_regular_files_are_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    with pytest.raises(files.IrregularFileError):
        files.read_bytes(str(tmp_path / "x"))


def test_a_device_is_not_read() -> None:
    with pytest.raises(files.IrregularFileError):
        files.read_bytes("/dev/zero")


@pytest.mark.parametrize("make", IRREGULAR)
def test_lines_are_added_to_regular_files_alone(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "x")
    with pytest.raises(files.IrregularFileError):
        files.append_line(str(tmp_path / "x"), b"line")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("make", IRREGULAR)
def test_a_lock_is_a_regular_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    with pytest.raises(files.IrregularFileError), files.QuickLock(str(tmp_path / "x")):
        pass


def test_a_link_is_followed_on_request_alone(tmp_path: Path) -> None:
    as_link(tmp_path / "x")
    assert files.read_bytes(str(tmp_path / "x"), follow=True) == b"target"


def test_a_longer_file_than_expected_is_an_error_and_never_a_part(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"123456")
    assert files.read_bytes(str(tmp_path / "x"), 6) == b"123456"
    with pytest.raises(OSError, match="longer than 5 bytes"):
        files.read_bytes(str(tmp_path / "x"), 5)


def test_writing_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    for data in (b"old" * 100_000, b"new"):
        files.write_atomically(str(tmp_path / "x"), data)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x", b"new")]


def test_writing_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    as_link(tmp_path / "x")
    files.write_atomically(str(tmp_path / "x"), b"new")
    assert not (tmp_path / "x").is_symlink()
    assert (tmp_path / "target").read_text() == "target"


def test_a_write_that_fails_leaves_the_old_content_and_no_rest(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(OSError, match="directory"):
        files.write_atomically(str(tmp_path / "x"), b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_everything_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files.make_folder(str(tmp_path / "a/b"))
        files.write_atomically(str(tmp_path / "a/b/file"), b"")
        files.append_line(str(tmp_path / "a/b/lines"), b"")
        with files.QuickLock(str(tmp_path / "a/b/lock")):
            pass
    finally:
        os.umask(before)
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert found == {"a": 0o700, "b": 0o700, "file": 0o600, "lines": 0o600, "lock": 0o600}


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        files.make_folder(str(tmp_path / "a/b"))


def test_a_folder_may_be_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files.make_folder("a/b")
    assert (tmp_path / "a/b").is_dir()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, b"new\n", id="no file"),
        pytest.param(b"", b"new\n", id="empty"),
        pytest.param(b"old\n", b"old\nnew\n", id="whole"),
        pytest.param(b"old\nto", b"old\nto\nnew\n", id="torn"),
    ],
)
def test_a_line_is_added_on_a_line_of_its_own(
    tmp_path: Path, before: bytes | None, after: bytes
) -> None:
    path = tmp_path / "lines"
    if before is not None:
        path.write_bytes(before)
    files.append_line(str(path), b"new")
    assert path.read_bytes() == after


def test_lines_of_many_writers_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "lines"

    def write(letter: bytes) -> None:
        for _ in range(50):
            files.append_line(str(path), letter * 500)

    writers = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(path.read_bytes().split()) == sorted([b * 500 for b in (b"a", b"b", b"c")] * 50)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with (
        files.QuickLock(path),
        pytest.raises(TimeoutError, match="another process holds the lock"),
        files.QuickLock(path, timeout=0.0),
    ):
        pass
    with files.QuickLock(path, timeout=0.0):
        pass


def test_the_full_lane_waits_for_the_fast_one(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with files.QuickLock(path), pytest.raises(Timeout):
        FileLock(path, 0.0).acquire()
    with FileLock(path, 0.0):
        pass


def test_the_fast_lane_waits_for_the_full_one(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with FileLock(path), pytest.raises(TimeoutError), files.QuickLock(path, timeout=0.0):
        pass
    with files.QuickLock(path, timeout=0.0):
        pass


def test_a_lock_is_taken_as_soon_as_it_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    held, waiting = files.QuickLock(path), threading.Event()
    taken: list[bool] = []

    def wait() -> None:
        waiting.set()
        with files.QuickLock(path, timeout=30.0):
            taken.append(True)

    waiter = threading.Thread(target=wait)
    with held:
        waiter.start()
        waiting.wait()
        assert taken == []
    waiter.join()
    assert taken == [True]


def test_a_lock_outlives_its_holder_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    for lock in (files.QuickLock(str(path)), FileLock(path)):
        with lock:
            inode = path.stat().st_ino
        assert path.stat().st_ino == inode


def test_a_lock_file_that_somebody_deleted_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with files.QuickLock(str(path)):
        path.unlink()
        with files.QuickLock(str(path), timeout=0.0):
            assert path.exists()
