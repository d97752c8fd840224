"""What is written is found again, what was damaged is never believed, nothing is deleted."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    HOOKS,
    SESSION,
    files_below,
    payload,
    send,
    session_file,
    state_folder,
    state_of,
    store_of,
    transcript_of,
    turn,
)
from hypothesis import given
from hypothesis import strategies as st

from clearpoint.budget.window import model_table
from clearpoint.config.defaults import DEFAULTS
from clearpoint.session.load import read
from clearpoint.session.state import SCHEMA_VERSION, judge, new_state, status_of
from clearpoint.store import status_facts
from clearpoint.store.checksummed import (
    DamagedStateError,
    checks_out,
    crc32,
    remainder,
    seal,
    unseal,
)
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clearpoint.models.state import State, StatusFacts
    from clearpoint.store.checksummed import Checksum

NOW = "2026-01-01T00:00:00Z"
TEXT = st.text(st.characters(codec=None))


def prepared(project: Path) -> tuple[Store, State]:
    """A store with the session's folder, and a state that is not written yet."""
    store = store_of(project)
    store.prepare(SESSION)
    return store, new_state(SESSION, NOW, DEFAULTS)


def facts_of(state: State) -> StatusFacts:
    judge(state, DEFAULTS, model_table(), 0, {})
    return status_of(state)


@given(st.dictionaries(TEXT, st.integers() | TEXT | st.lists(TEXT), min_size=1),
       st.sampled_from([crc32, remainder]))  # fmt: skip
def test_a_sealed_value_comes_back_as_it_went(value: dict[str, Any], checksum: Checksum) -> None:
    value.pop("checksum", None)
    value["kept"] = True
    assert unseal(seal(value, checksum=checksum), checksum) == value


@pytest.mark.parametrize("checksum", [crc32, remainder])
@pytest.mark.parametrize("bits", [1, 2, 30])
def test_damage_to_some_bits_in_a_row_is_seen(checksum: Checksum, bits: int) -> None:
    whole = seal({"phase": "testing", "projected": 48_000}, checksum=checksum)
    number, size = int.from_bytes(whole, "big"), len(whole)
    damaged = [(number ^ ((1 << bits) - 1) << place).to_bytes(size, "big")
               for place in range(8 * size - bits)]  # fmt: skip
    assert not any(checks_out(one, checksum) for one in damaged)


def test_a_sealed_file_is_json_for_people() -> None:
    data = seal({"a": {"b": "é"}})
    assert data.decode().splitlines()[2:] == [' "a": {', '  "b": "é"', " }", "}"]
    assert json.loads(data)["a"] == {"b": "é"}


def test_every_changed_byte_breaks_the_seal() -> None:
    data = seal(new_state(SESSION, NOW, DEFAULTS))
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(DamagedStateError):
            unseal(bytes(damaged))


def test_every_missing_end_breaks_the_seal() -> None:
    data = seal(new_state(SESSION, NOW, DEFAULTS))
    for length in range(len(data)):
        with pytest.raises(DamagedStateError):
            unseal(data[:length])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0" * 5_000, id="zero bytes, as a crash leaves them"),
        pytest.param(b'{"schema_version": 1}', id="JSON of somebody else"),
        pytest.param(seal({"a": 1}) + b"x", id="something behind it"),
        pytest.param(b'{\n "checksum": "00000000",\n', id="nothing in it"),
    ],
)
def test_what_is_not_sealed_is_damage(data: bytes) -> None:
    with pytest.raises(DamagedStateError):
        unseal(data)


def test_a_state_comes_back_as_it_went(tmp_path: Path) -> None:
    store, state = prepared(tmp_path)
    assert read(store, SESSION) is None
    store.write_state(state)
    assert read(store, SESSION) == state


def as_nonsense(path: Path) -> None:
    path.write_text("{}")


def as_link_to_a_state(path: Path) -> None:
    path.rename(path.with_name("elsewhere.json"))
    path.symlink_to("elsewhere.json")


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES = [
    pytest.param(as_nonsense, id="nonsense"),
    pytest.param(as_link_to_a_state, id="a link"),
    pytest.param(as_folder, id="a folder"),
    pytest.param(as_pipe, id="a pipe"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_stands_in_place_of_a_state_is_damage(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    store, state = prepared(tmp_path)
    store.write_state(state)
    damage(session_file(tmp_path, "state.json"))
    with pytest.raises(DamagedStateError):
        read(store, SESSION)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_stands_in_place_of_the_status_lines_facts_is_not_read(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    store, state = prepared(tmp_path)
    status_facts.write(store.session_folder(SESSION), facts_of(state))
    damage(session_file(tmp_path, "status.json"))
    assert status_facts.read(store.session_folder(SESSION), SESSION) is None


def test_facts_of_another_version_are_not_read(tmp_path: Path) -> None:
    store, state = prepared(tmp_path)
    status_facts.write(store.session_folder(SESSION), facts_of(state))
    path = session_file(tmp_path, "status.json")
    facts = {**unseal(path.read_bytes(), remainder), "written_by": "0.0.1"}
    path.write_bytes(seal(facts, checksum=remainder))
    assert status_facts.read(store.session_folder(SESSION), SESSION) is None


def test_the_status_lines_facts_come_back_as_they_went(tmp_path: Path) -> None:
    store, state = prepared(tmp_path)
    facts, folder = facts_of(state), store.session_folder(SESSION)
    assert status_facts.read(folder, SESSION) is None
    status_facts.write(folder, facts)
    assert status_facts.read(folder, SESSION) == facts


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"schema_version": SCHEMA_VERSION + 1}, id="a later version's"),
        pytest.param({"session_id": "another"}, id="another session's"),
        pytest.param({"work_state": {}}, id="an earlier version's, which kept less"),
        pytest.param({"usage": None}, id="of another shape"),
    ],
)
def test_a_state_that_is_not_this_sessions_is_not_used(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    store, state = prepared(tmp_path)
    session_file(tmp_path, "state.json").write_bytes(seal({**state, **change}))
    with pytest.raises(DamagedStateError):
        read(store, SESSION)


def test_a_state_that_has_gone_is_missed_where_its_checkpoints_are_left(tmp_path: Path) -> None:
    store, _ = prepared(tmp_path)
    session_file(tmp_path, "checkpoints").mkdir()
    with pytest.raises(DamagedStateError):
        read(store, SESSION)


def test_version_control_leaves_state_in_a_project_alone_but_for_the_settings(
    tmp_path: Path,
) -> None:
    Store(str(tmp_path / ".clearpoint")).prepare(SESSION)
    assert (tmp_path / ".clearpoint/.gitignore").read_text() == "*\n!config.toml\n"


def test_nothing_hides_the_state_of_a_project_from_a_search(tmp_path: Path) -> None:
    prepared(tmp_path)
    assert not (state_folder(tmp_path) / ".gitignore").exists()


def test_a_fault_before_any_session_keeps_out_of_version_control_too(tmp_path: Path) -> None:
    Store(str(tmp_path / ".clearpoint")).record_fault("stop", "what", None)
    assert (tmp_path / ".clearpoint/.gitignore").exists()


def test_a_gitignore_that_came_with_a_repository_opens_nothing_to_version_control(
    tmp_path: Path,
) -> None:
    (tmp_path / ".clearpoint").mkdir()
    (tmp_path / ".clearpoint/.gitignore").write_text("!*\n")
    Store(str(tmp_path / ".clearpoint")).prepare(SESSION)
    assert (tmp_path / ".clearpoint/.gitignore").read_text() == "*\n!config.toml\n"


def test_sessions_are_listed_by_their_last_writing(tmp_path: Path) -> None:
    store, state = prepared(tmp_path)
    for number, name in enumerate(("b", "c", "a")):
        store.prepare(name)
        store.write_state({**state, "session_id": name})
        os.utime(store.path(name, "state.json"), ns=(number, number))
    assert store.newest_ids() == ["a", "c", "b"]


def test_what_is_no_session_is_not_listed(tmp_path: Path) -> None:
    store, state = prepared(tmp_path)
    store.write_state(state)
    folder = session_file(tmp_path).parent
    for name in ("no state", "not a.name", "..."):
        folder.joinpath(name).mkdir()
        folder.joinpath(name, "state.json").write_text("{}")
    (folder / "empty").mkdir()
    (folder / "file").write_text("")
    assert store.newest_ids() == [SESSION]
    assert Store(str(tmp_path / "nowhere")).newest_ids() == []


def test_what_is_damaged_is_moved_and_never_deleted(tmp_path: Path) -> None:
    store, _ = prepared(tmp_path)
    for content in ("one", "two"):
        session_file(tmp_path, "state.json").write_text(content)
        assert store.quarantine(SESSION, "state.json") is not None
    kept = (state_folder(tmp_path) / "quarantine").iterdir()
    assert sorted(path.read_text() for path in kept) == ["one", "two"]
    assert store.quarantine(SESSION, "state.json") is None


def test_the_journal_is_whole_lines_of_short_facts(tmp_path: Path) -> None:
    store, _ = prepared(tmp_path)
    path = session_file(tmp_path, "journal.jsonl")
    path.write_bytes(b'{"at": "torn')
    store.journal(SESSION, "Stop", used=5, said="x" * 5_000, half="\ud800")
    line = json.loads(path.read_bytes().splitlines()[1])
    assert (line["event"], line["used"], len(line["said"])) == ("Stop", 5, 500)


def test_everything_that_a_session_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    transcript_of(tmp_path).write_bytes(turn(1))
    before = os.umask(0)
    try:
        for hook in HOOKS:
            fields = {"context_window": {"context_window_size": 200_000}, "model": {"id": "m"}}
            assert send(hook, payload(tmp_path, **fields)).code == 0
    finally:
        os.umask(before)
    modes = {
        (path.is_dir(), stat.S_IMODE(path.lstat().st_mode))
        for path in files_below(state_folder(tmp_path))
    }
    assert modes == {(True, 0o700), (False, 0o600)}
    assert state_of(tmp_path)["usage"]["requests"] == 1
