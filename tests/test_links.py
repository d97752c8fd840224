"""A client process is known again by its number and its start, and by nothing less."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from builders import store_of

from clearpoint.store import processes
from clearpoint.store.checksummed import seal

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.store.store import Store

NOW = "2026-01-01T00:00:00Z"
OURS = os.getpid()
NOBODYS = 999_999_999


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_of(tmp_path)
    processes.record(store, OURS, "mine", NOW)
    return store


def rewrite(store: Store, **changes: Any) -> None:
    link = {"pid": OURS, "started": processes.started_at(OURS), "session_id": "mine", "at": NOW}
    place = os.path.join(store.root, "links", f"{OURS}.json")
    with open(place, "wb") as stream:
        stream.write(seal({**link, **changes}))


def test_a_process_is_found_with_the_session_it_held_last(store: Store) -> None:
    assert processes.held_by(store, OURS) == "mine"
    processes.record(store, OURS, "next", NOW)
    assert processes.held_by(store, OURS) == "next"


@pytest.mark.parametrize(
    "pid", [pytest.param(None, id="not known"), pytest.param(NOBODYS, id="never seen")]
)
def test_an_unknown_process_holds_nothing(store: Store, pid: int | None) -> None:
    assert processes.held_by(store, pid) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"started": "5"}, id="started at another time"),
        pytest.param({"session_id": "../../x"}, id="a session that is a path"),
        pytest.param({"session_id": 5}, id="a session that is no text"),
        pytest.param({"session_id": None}, id="no session"),
    ],
)
def test_a_record_that_cannot_be_this_processs_is_not_used(
    store: Store, changes: dict[str, Any]
) -> None:
    rewrite(store, **changes)
    assert processes.held_by(store, OURS) is None


def test_a_damaged_record_is_no_record_whichever_byte_it_is(store: Store) -> None:
    path = os.path.join(store.root, "links", f"{OURS}.json")
    with open(path, "rb") as stream:
        whole = stream.read()
    for place in range(len(whole)):
        with open(path, "wb") as stream:
            stream.write(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1 :])
        assert processes.held_by(store, OURS) is None


def test_only_running_processes_hold_sessions(store: Store) -> None:
    processes.record(store, NOBODYS, "gone", NOW)
    assert processes.holders(store) == {"mine": OURS}


def test_without_any_record_nobody_holds_anything(tmp_path: Path) -> None:
    assert processes.holders(store_of(tmp_path)) == {}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("²³.json", id="figures that are no digits"),
        pytest.param("12.txt", id="another extension"),
        pytest.param("-5.json", id="negative"),
        pytest.param("1" * 200 + ".json", id="beyond any process"),
        pytest.param(f"{OURS}.json.5.tmp", id="the rest of a write"),
    ],
)
def test_other_files_beside_the_records_do_no_harm(store: Store, name: str) -> None:
    with open(os.path.join(store.root, "links", name), "w", encoding="utf-8") as stream:
        stream.write("{}")
    assert processes.holders(store) == {"mine": OURS}


def test_records_of_processes_that_have_gone_do_not_pile_up(store: Store) -> None:
    for number in range(processes.KEPT + 20):
        processes.record(store, NOBODYS - number, "gone", NOW)
    kept = processes.recorded(store)
    assert len(kept) <= processes.KEPT + 1
    assert OURS in kept
    assert NOBODYS - number in kept


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


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the system does not tell")
def test_the_start_of_a_process_is_told_once_and_for_all() -> None:
    assert processes.started_at(OURS) == processes.started_at(OURS) is not None
    assert processes.started_at(OURS) != processes.started_at(1)
    assert processes.started_at(NOBODYS) is None
