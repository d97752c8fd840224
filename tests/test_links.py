"""A client process is known again by boot, namespace, number and start, and by nothing less."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import store_of
from driver import Client

from clearpoint.lowlevel import process
from clearpoint.store import processes
from clearpoint.store.checksummed import seal

if TYPE_CHECKING:
    from clearpoint.models.state import Process
    from clearpoint.store.store import Store

OURS = os.getpid()
NOBODYS = 999_999_999


def ours() -> Process:
    found = process.identify(OURS)
    assert found
    return found


def other(**changes: Any) -> Process:
    made: Any = {**ours(), **changes}
    return made  # type: ignore[no-any-return]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_of(tmp_path)
    store.prepare("mine")
    processes.hold(store, ours(), "mine")
    return store


def record(store: Store) -> Path:
    (path,) = Path(store.root, "links").iterdir()
    return path


def test_a_process_is_found_with_what_it_holds_and_held_before(store: Store) -> None:
    assert processes.held_before(store, ours(), "next") == "mine"
    processes.hold(store, ours(), "next")
    assert processes.held_before(store, ours(), "next") == "mine"
    assert processes.held_before(store, ours(), "third") == "next"


def test_a_record_is_written_where_something_changes_alone(store: Store) -> None:
    before = record(store).stat().st_mtime_ns
    processes.hold(store, ours(), "mine")
    assert record(store).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"started": "5"}, id="started at another time"),
        pytest.param({"namespace": "4"}, id="of another namespace"),
        pytest.param({"boot": "x@y"}, id="of another boot or machine"),
        pytest.param({"pid": OURS + 1}, id="another number"),
    ],
)
def test_another_process_holds_nothing_of_ours(store: Store, changes: dict[str, Any]) -> None:
    assert processes.held_before(store, other(**changes), "next") is None


@pytest.mark.parametrize("pid", [None, 0, NOBODYS])
def test_a_process_that_cannot_be_told_apart_holds_nothing(store: Store, pid: int | None) -> None:
    assert process.identify(pid) is None
    assert processes.held_before(store, process.identify(pid), "next") is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"session_id": "../../x"}, id="a session that is a path"),
        pytest.param({"session_id": 5}, id="a session that is no text"),
        pytest.param({"session_id": None}, id="no session"),
        pytest.param({"process": 5}, id="no process"),
        pytest.param({"process": {"pid": OURS}}, id="a number alone"),
    ],
)
def test_a_record_that_cannot_be_right_is_not_used(store: Store, changes: dict[str, Any]) -> None:
    link = {"process": ours(), "session_id": "mine", "before": "", "at": ""}
    record(store).write_bytes(seal({**link, **changes}))
    assert processes.held_before(store, ours(), "next") is None
    assert processes.holders(store) == {}


def test_a_damaged_record_is_no_record_whichever_byte_it_is(store: Store) -> None:
    path = record(store)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1 :])
        assert processes.held_before(store, ours(), "next") is None


def test_only_running_processes_of_this_namespace_hold_sessions(store: Store) -> None:
    for number, changes in enumerate(({"started": "5"}, {"namespace": "4"}, {"boot": "x@y"})):
        processes.hold(store, other(pid=OURS + 1 + number, **changes), f"s-{number}")
    assert processes.holders(store) == {"mine": OURS}


@pytest.mark.parametrize(
    ("changes", "life"),
    [
        pytest.param({}, "running", id="ours"),
        pytest.param({"started": "5"}, "ended", id="a number given out again"),
        pytest.param({"pid": NOBODYS}, "ended", id="nobody's"),
        pytest.param({"namespace": "4"}, "unknown", id="in a container"),
        pytest.param({"boot": "x@elsewhere"}, "unknown", id="on another machine"),
    ],
)
def test_a_process_has_ended_only_where_that_can_be_seen(
    changes: dict[str, Any], life: str
) -> None:
    assert process.life_of(other(**changes)) == life


def test_nothing_is_known_of_no_process() -> None:
    assert process.life_of(None) == "unknown"


def test_a_killed_process_that_is_still_listed_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        known = process.identify(child.pid)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert process.life_of(known) == "ended"


def test_a_client_that_went_on_to_another_session_has_left(tmp_path: Path) -> None:
    client = Client(tmp_path, pid=OURS)
    client.start()
    first = client.state
    client.session = "s-2"
    client.start("resume")
    assert processes.life_of(client.store, first) == "left"
    assert processes.life_of(client.store, client.state) == "running"


@pytest.mark.parametrize(
    "name",
    [
        "²³.json",
        "12.json",
        "12@x.txt",
        pytest.param(f"{OURS}@x.json.5.tmp", id="left by a write"),
    ],
)
def test_other_files_beside_the_records_do_no_harm(store: Store, name: str) -> None:
    Path(store.root, "links", name).write_text("{}")
    assert processes.holders(store) == {"mine": OURS}


def test_records_of_processes_that_have_ended_do_not_pile_up(store: Store) -> None:
    for number in range(processes.KEPT + 20):
        processes.hold(store, other(pid=NOBODYS - number), "gone")
    kept = [link.process["pid"] for link in processes.recorded(store)]
    assert len(kept) <= processes.KEPT + 1
    assert OURS in kept


def test_records_of_other_namespaces_are_never_removed(store: Store) -> None:
    for number in range(processes.KEPT + 5):
        processes.hold(store, other(pid=NOBODYS - number, namespace="4"), "elsewhere")
    assert len(processes.recorded(store)) == processes.KEPT + 6


@pytest.mark.parametrize(
    ("pid", "running"),
    [
        pytest.param(OURS, True, id="ours"),
        pytest.param(1, True, id="the first"),
        pytest.param(NOBODYS, False, id="nobody's"),
        pytest.param(10**30, True, id="a number that cannot be asked about"),
    ],
)
def test_a_process_runs_unless_it_is_known_not_to(pid: int, running: bool) -> None:
    assert processes.is_running(pid) is running
