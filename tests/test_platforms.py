"""What differs on macOS and Windows, acted out: the code is tested here, not those systems."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import sys
import threading
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from builders import SESSION, payload, send, session_file, state_of, transcript_of, turn
from driver import Client
from made import answer, prompt

from clearpoint.config.load import load
from clearpoint.lowlevel import files, process
from clearpoint.lowlevel.paths import portable
from clearpoint.project.paths import below
from clearpoint.session.find import is_same
from clearpoint.store import processes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="acted out on POSIX")


class Msvcrt(ModuleType):
    """`msvcrt.locking`: a mandatory lock on bytes from where the descriptor stands."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        """Lock one byte, or fail at once where another descriptor holds it."""
        assert (mode, count) == (self.LK_NBLCK, 1)
        place = (os.fstat(descriptor).st_ino, os.lseek(descriptor, 0, os.SEEK_CUR))
        holder = self.held.get(place, descriptor)
        if holder != descriptor and is_open(holder):  # a closed one's number is given out again
            raise OSError(errno.EACCES, "Permission denied")
        self.held[place] = descriptor


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of files as Windows loads it: without `fcntl`, with `msvcrt`."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())
    spec = importlib.util.spec_from_file_location("files_of_windows", files.__file__)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patched:
        patched.setattr(os, "name", "nt")
        spec.loader.exec_module(loaded)
    return loaded


def test_without_fcntl_a_lock_is_taken_once_and_given_back(windows: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "state.lock")
    with windows.QuickLock(path), pytest.raises(TimeoutError):
        windows.QuickLock(path, timeout=0.02).__enter__()
    with windows.QuickLock(path, timeout=0.0):
        assert os.path.exists(path)


def refuse(times: int, real: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """`os.replace` as Windows has it while others read the target for so many tries."""
    left = [times]

    def replace(source: str, target: str) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(errno.EACCES, "Access is denied", target)
        real(source, target)

    return replace


def test_a_file_that_is_being_read_is_replaced_a_moment_later(
    windows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", refuse(3, os.replace))
    windows.write_atomically(str(tmp_path / "state.json"), b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"state.json": b"new"}


@pytest.mark.parametrize("system", ["nt", "posix"])
def test_a_file_that_may_not_be_replaced_stays_and_nothing_is_left_beside_it(
    windows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    module = windows if system == "nt" else files
    monkeypatch.setattr(module, "REPLACE_POLL_S", 0.0)
    (tmp_path / "state.json").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", refuse(10_000, os.replace))
    with pytest.raises(PermissionError):
        module.write_atomically(str(tmp_path / "state.json"), b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"state.json": b"old"}


def test_posix_does_not_try_again_what_a_folder_forbids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", refuse(1, os.replace))
    with pytest.raises(PermissionError):
        files.write_atomically(str(tmp_path / "state.json"), b"new")


def test_a_reader_sees_the_old_file_or_the_new_one_on_windows_too(
    windows: Any, tmp_path: Path
) -> None:
    path = str(tmp_path / "state.json")
    windows.write_atomically(path, b"0" * 4_096)
    seen: set[bytes] = set()
    end = time.monotonic() + 0.2

    def read() -> None:
        while time.monotonic() < end:
            seen.add(windows.read_bytes(path))

    reader = threading.Thread(target=read)
    reader.start()
    while time.monotonic() < end:
        windows.write_atomically(path, b"1" * 4_096)
    reader.join()
    assert seen <= {b"0" * 4_096, b"1" * 4_096}


@pytest.fixture
def no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without `/proc`, as macOS is."""
    monkeypatch.setattr(process, "started_at", process._ps_start)
    monkeypatch.setattr(process, "namespace", lambda: "")


@pytest.mark.usefixtures("no_proc")
def test_without_proc_a_process_is_known_by_what_ps_tells_of_it(tmp_path: Path) -> None:
    client = Client(tmp_path, pid=os.getpid())
    client.start()
    assert processes.holders(client.store) == {"s-1": os.getpid()}
    assert process.identify(999_999_999) is None


@pytest.mark.usefixtures("no_proc")
def test_without_proc_a_clear_continues_the_session_of_the_same_client(tmp_path: Path) -> None:
    client = Client(tmp_path, pid=os.getpid())
    client.start()
    client.turn(prompt("We decided to use JWT."), answer())
    client.clear("s-2")
    lineage = client.state["lineage"]
    assert (lineage["parent_id"], lineage["reason"]) == ("s-1", "clear")


@pytest.mark.parametrize("drive", ["C", "c"])
@pytest.mark.parametrize("slash", ["\\", "/"], ids=["backslash", "slash"])
def test_one_folder_on_a_drive_has_one_name(drive: str, slash: str) -> None:
    path = slash.join((f"{drive}:", "shop", "src", "a.py"))
    assert (portable(path), below(path, r"c:\shop")) == ("C:/shop/src/a.py", "src/a.py")


def test_where_names_ignore_case_a_folder_is_known_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "Shop").mkdir()
    try:
        (tmp_path / "shop").symlink_to("Shop")  # as if both spellings led there
    except FileExistsError:
        pass  # this file system does it itself
    assert is_same(str(tmp_path / "Shop"), str(tmp_path / "shop"))


def with_crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def test_a_transcript_with_crlf_is_read_as_the_same_session(tmp_path: Path) -> None:
    told = []
    for name, lines in (("lf", turn(1) + turn(2)), ("crlf", with_crlf(turn(1) + turn(2)))):
        project = tmp_path / name
        project.mkdir()
        transcript_of(project).write_bytes(lines)
        assert send("stop", payload(project)).code == 0
        state = state_of(project)
        told.append((state["usage"]["used"], state["work_state"]["prompts"]))
    assert told[0] == told[1]


def test_settings_with_crlf_are_read_and_a_wrong_line_is_numbered(tmp_path: Path) -> None:
    text = "[reload]\nfiles = 5\nfils = 6\n"
    (tmp_path / ".clearpoint").mkdir()
    (tmp_path / ".clearpoint" / "config.toml").write_bytes(with_crlf(text.encode()))
    config, problems = load(str(tmp_path), str(tmp_path / "state"), {})
    assert (config["reload"]["files"], "line 3" in problems[0]) == (5, True)


def test_an_event_with_crlf_is_read(tmp_path: Path) -> None:
    transcript_of(tmp_path).write_bytes(turn(1))
    data = json.dumps(payload(tmp_path), indent=1).encode()
    assert send("stop", with_crlf(data) + b"\r\n") == (0, "", "")
    assert session_file(tmp_path, "state.json").exists()
    assert state_of(tmp_path)["session_id"] == SESSION
