"""The index of sessions says what their states say, however it was lost, damaged or left behind."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lineage import candidates
from clearpoint.session.load import read
from clearpoint.session.state import new_state
from clearpoint.session.update import SessionUpdate
from clearpoint.store import index
from clearpoint.store.checksummed import seal
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clearpoint.models.state import State


def written(store: Store, session_id: str, **fields: Any) -> State:
    """A session whose state was written by an event."""
    store.prepare(session_id)
    state: Any = {**new_state(session_id, "2026-01-01T00:00:00Z", DEFAULTS), **fields}
    store.write_state(state)
    return read(store, session_id) or state


@pytest.fixture
def update(tmp_path: Path) -> SessionUpdate:
    """A session that begins beside five others, in a state folder of our own."""
    env = {"HOME": str(tmp_path)}
    root = str(tmp_path / ".claude/clearpoint/projects/shop-1")
    for number in range(5):
        written(Store(root), f"s{number}", ended="other")
    Store(root).newest(9)
    return SessionUpdate("new", str(tmp_path / "shop"), env, root)


def whole(update: SessionUpdate) -> list[State | None]:
    """The states as they are read one by one, the newest first."""
    return [read(update.store, one) for one in update.store.newest_ids()]


def known(update: SessionUpdate) -> list[dict[str, Any]]:
    """The states as a start knows them, each made whole."""
    found: list[Any] = candidates.known_to(update)
    for one in found:
        _ = one["work_state"], one["usage"]["requests"], one["advice"]["level_told"]
    return [{**one} for one in found]


def other_clearpoint(store: Store) -> None:
    """Another version that knows no index writes a new session, and one that there was."""
    for name in ("s9", "s1"):
        path = store.state_path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        state = new_state(name, "2026-01-02T00:00:00Z", DEFAULTS)
        with open(path, "wb") as stream:
            stream.write(seal({**state, "ended": "clear"}))


def goes_on(store: Store) -> None:
    written(store, "s0", ended=None)


def begins(store: Store) -> None:
    written(store, "s7")


def damaged(store: Store) -> None:
    path = os.path.join(store.root, index.NAME)
    with open(path, "r+b") as stream:
        stream.seek(40)
        stream.write(b"#")


def torn(store: Store) -> None:
    path = os.path.join(store.root, index.NAME)
    os.truncate(path, os.path.getsize(path) - 9)


CHANGES: dict[str, Callable[[Store], None]] = {
    "none": lambda _: None,
    "a session goes on": goes_on,
    "a session begins": begins,
    "a session has gone": lambda store: shutil.rmtree(store.session_folder("s3")),
    "a folder without a state": lambda store: store.prepare("s8"),
    "the index has gone": lambda store: os.unlink(os.path.join(store.root, index.NAME)),
    "the index is damaged": damaged,
    "the index is torn": torn,
    "the index is empty": lambda store: os.truncate(os.path.join(store.root, index.NAME), 0),
    "another Clearpoint writes": other_clearpoint,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_start_knows_the_sessions_as_they_are(update: SessionUpdate, change: str) -> None:
    CHANGES[change](update.store)
    assert known(update) == whole(update)


def test_a_damaged_state_is_recovered_when_more_of_it_is_asked(update: SessionUpdate) -> None:
    path = update.store.state_path("s4")
    status = os.stat(path)
    with open(path, "r+b") as stream:
        stream.seek(200)
        stream.write(b"\0")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    newest: Any = candidates.known_to(update)[0]
    assert (newest["session_id"], newest["work_state"]["prompts"]) == ("s4", [])


def test_the_index_keeps_to_a_size_and_holds_the_newest(update: SessionUpdate) -> None:
    update.store.newest(1)
    for number in range(700):
        written(update.store, f"t{number % 150}")
    path = os.path.join(update.store.root, index.NAME)
    found = [one.session_id for one in update.store.newest(60)]
    assert (os.path.getsize(path) <= index.LIMIT_BYTES, found) == (
        True,
        update.store.newest_ids()[:60],
    )


def test_writers_side_by_side_lose_no_session(update: SessionUpdate) -> None:
    def write(name: str) -> None:
        for _ in range(60):
            written(update.store, name)

    threads = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {one.session_id for one in update.store.newest(60)}
    assert found == set(update.store.newest_ids())


def test_no_state_is_read_of_sessions_that_are_only_looked_at(
    update: SessionUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "readable", None)
    found = candidates.known_to(update)
    assert [(one["session_id"], one["ended"], one["usage"]["used"]) for one in found] == [
        (f"s{number}", "other", 0) for number in (4, 3, 2, 1, 0)
    ]
