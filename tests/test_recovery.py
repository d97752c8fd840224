"""A damaged state goes to quarantine, and what is rebuilt has lost nothing."""

from __future__ import annotations

import copy
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    SESSION,
    event,
    files_below,
    loaded_state,
    payload,
    send,
    session_file,
    state_folder,
    state_of,
    store_of,
    transcript_lines,
    transcript_of,
    turn,
)
from driver import Client, client_folder, context_of
from made import answer, done, prompt, result

from clearpoint import Session
from clearpoint.lineage import candidates
from clearpoint.session import migrations, recovery
from clearpoint.session.state import SCHEMA_VERSION
from clearpoint.session.update import update_for
from clearpoint.store import checkpoints
from clearpoint.store.checkpoints import BY_HAND, CheckpointError
from clearpoint.store.checksummed import seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.state import State

SAMPLES = Path(__file__).parent / "samples"


def lasting(state: State) -> dict[str, Any]:
    """What must survive: all but times, judgements and the open archive, which are made again."""
    made_anew = ("last_updated", "context_window", "budget", "system", "advice", "ended", "model",
                 "recording")  # fmt: skip
    return {key: value for key, value in state.items() if key not in made_anew}


def set_by_hand(project: Path) -> None:
    """A person sets values."""
    session = Session.load(project, env=client_folder())
    session.update_work(spec="SPEC-HAND-1", note="The customer is in a hurry.")


def worked_in(tmp_path: Path, before: bytes, after: bytes) -> Path:
    """A session in which values were set by hand between two stops; give its project."""
    transcript_of(tmp_path).write_bytes(before)
    assert send("session_start", payload(tmp_path, source="startup")).code == 0
    assert send("stop", payload(tmp_path)).code == 0
    set_by_hand(tmp_path)
    with transcript_of(tmp_path).open("ab") as stream:
        stream.write(after)
    assert send("stop", payload(tmp_path)).code == 0
    return tmp_path


OTHER_SPEC = transcript_lines(prompt("We decided to use SPEC-OTHER-2.", parent="a3"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A session of four turns; after two of them values were set by hand."""
    return worked_in(tmp_path, turn(1) + turn(2), turn(3) + OTHER_SPEC + turn(4))


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A session as short as can be, for what is done to it thousands of times."""
    return worked_in(tmp_path, turn(1), OTHER_SPEC)


PARTS = 4


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_a_state_damaged_at_any_byte_is_rebuilt_whole(short: Path, part: int) -> None:
    path = session_file(short, "state.json")
    whole, expected = path.read_bytes(), lasting(state_of(short))
    assert expected["work_state"]["current_spec"] == "SPEC-HAND-1"
    for place in range(part, len(whole), PARTS):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
        )
        assert lasting(loaded_state(short)) == expected, f"byte {place}"
        assert not path.exists()
    damaged = list((state_folder(short) / "quarantine").iterdir())
    assert len(damaged) == len(range(part, len(whole), PARTS))


def test_an_event_mends_what_it_finds_damaged_and_says_nothing_of_it(project: Path) -> None:
    path = session_file(project, "state.json")
    expected = lasting(state_of(project))
    path.write_bytes(path.read_bytes()[:-9])
    assert send("stop", payload(project)) == (0, "", "")
    assert lasting(state_of(project)) == expected
    journal = session_file(project, "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in journal[-2:]] == ["quarantine", "Stop"]


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    "lose",
    [
        pytest.param(Path.unlink, id="deleted"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.write_bytes(b"\0" * 4_096), id="zero bytes"),
        pytest.param(as_folder, id="a folder"),
        pytest.param(as_pipe, id="a pipe"),
        pytest.param(as_link, id="a link"),
        pytest.param(
            lambda path: path.write_bytes(seal({"schema_version": 0})), id="of no version"
        ),
    ],
)
def test_a_state_that_is_no_more_is_rebuilt(project: Path, lose: Callable[[Path], object]) -> None:
    expected = lasting(state_of(project))
    lose(session_file(project, "state.json"))
    assert send("stop", payload(project)).code == 0
    assert lasting(state_of(project)) == expected


def test_without_a_checkpoint_the_transcript_alone_gives_the_state_back(tmp_path: Path) -> None:
    transcript_of(tmp_path).write_bytes(turn(1) + turn(2))
    send("stop", payload(tmp_path))
    expected = {**lasting(state_of(tmp_path)), "created_at": None}
    session_file(tmp_path, "state.json").write_text("{")
    assert {**lasting(loaded_state(tmp_path)), "created_at": None} == expected


def spoil(project: Path, name: str) -> None:
    session_file(project, "checkpoints", f"{name}.json").write_text("{}")


def test_a_damaged_checkpoint_is_passed_over(project: Path) -> None:
    expected = lasting(state_of(project))
    store, state = store_of(project), state_of(project)
    checkpoints.save(store, state, "damaged")
    spoil(project, "damaged")
    session_file(project, "checkpoints", "linked.json").symlink_to("damaged.json")
    session_file(project, "checkpoints", "gone.json").symlink_to("nowhere")
    session_file(project, "checkpoints", "folder.json").mkdir()
    session_file(project, "checkpoints", "not a name.json").write_text("{}")
    session_file(project, "state.json").write_text("{")
    assert checkpoints.names(store, SESSION) == [BY_HAND, "damaged"]
    assert lasting(loaded_state(project)) == expected


def without(state: State, *path: str) -> dict[str, Any]:
    """The state as a version that did not know this key wrote it."""
    made: Any = copy.deepcopy(state)
    place = made
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("advice",), id="a layer"),
        pytest.param(("work_state", "artifacts"), id="a part of a layer"),
        pytest.param(("context_window", "projected"), id="a judgement"),
    ],
)
def test_a_state_of_an_earlier_version_is_taken_over(project: Path, path: tuple[str, ...]) -> None:
    expected = lasting(state_of(project))
    session_file(project, "state.json").write_bytes(seal(without(state_of(project), *path)))
    shutil.rmtree(session_file(project, "checkpoints"))
    assert send("stop", payload(project)) == (0, "", "")
    assert lasting(state_of(project)) == expected
    assert not (state_folder(project) / "quarantine").exists()


def test_a_checkpoint_of_an_earlier_version_is_taken_over(project: Path) -> None:
    store, state = store_of(project), state_of(project)
    data = seal(without(state, "work_state", "artifacts"))
    session_file(project, "checkpoints", "earlier.json").write_bytes(data)
    assert recovery.whole_checkpoint(store, SESSION, "earlier") == state


def sealed_otherwise(state: dict[str, Any]) -> bytes:
    return json.dumps(state).encode()


@pytest.mark.parametrize("as_bytes", [seal, sealed_otherwise], ids=["sealed", "otherwise"])
@pytest.mark.parametrize("hook", ["user_prompt_submit", "stop", "session_start", "session_end"])
def test_a_state_of_a_newer_version_stays_as_it_is(
    project: Path, hook: str, as_bytes: Callable[[dict[str, Any]], bytes]
) -> None:
    path = session_file(project, "state.json")
    path.write_bytes(as_bytes({**state_of(project), "schema_version": SCHEMA_VERSION + 1}))
    before = path.read_bytes()
    found = send(hook, payload(project, prompt="go on"))
    assert (found.code, found.out) == (1, "")
    assert found.err == (
        f"clearpoint {hook}: {path} was written by a newer Clearpoint (state version 2; this one"
        " reads up to 1) and stays as it is. Upgrade Clearpoint; in its checkout: git pull &&"
        " make install PROJECT=/path/to/project\n"
    )
    assert path.read_bytes() == before
    assert not (project / ".clearpoint/quarantine").exists()


def test_another_session_of_a_newer_version_is_passed_over(project: Path) -> None:
    path = session_file(project, "state.json")
    data = seal({**state_of(project), "schema_version": SCHEMA_VERSION + 1})
    path.write_bytes(data)
    started = send("session_start", payload(project, session_id="next", source="clear"))
    assert (started.code, started.err, path.read_bytes()) == (0, "", data)


def renamed(state: dict[str, Any]) -> dict[str, Any]:
    return {"new": state["old"]}


def doubled(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "new": 2 * state["new"]}


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        pytest.param({"schema_version": 1, "old": 4}, {"schema_version": 3, "new": 8}, id="two"),
        pytest.param({"schema_version": 2, "new": 4}, {"schema_version": 3, "new": 8}, id="one"),
        pytest.param({"schema_version": 3, "new": 4}, {"schema_version": 3, "new": 4}, id="none"),
    ],
)
def test_migrations_lead_from_version_to_version(
    state: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert migrations.migrate(state, {1: renamed, 2: doubled}, 3) == wanted


@pytest.mark.parametrize("version", [0, 4, None, "1", True, -1])
def test_from_another_version_no_way_leads(version: Any) -> None:
    found = migrations.migrate({"schema_version": version}, {1: renamed, 2: doubled}, 3)
    assert found is None


def test_a_way_leads_from_every_version_to_the_present_one() -> None:
    assert set(migrations.MIGRATIONS) == set(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("state-*.json")), ids=lambda one: one.stem)
def test_a_stored_state_of_every_version_is_read(tmp_path: Path, sample: Path) -> None:
    path = session_file(tmp_path, "state.json")
    path.parent.mkdir(parents=True)
    path.write_bytes(seal(json.loads(sample.read_text())))
    found = send("stop", payload(tmp_path))
    kept: Any = state_of(tmp_path)
    given = json.loads(sample.read_text())
    names = ("current_spec", "current_step", "decisions", "first_prompt")
    assert (found.code, found.err, kept["schema_version"]) == (0, "", SCHEMA_VERSION)
    assert [kept["work_state"][n] for n in names] == [given["work_state"][n] for n in names]


def test_every_version_has_a_stored_sample() -> None:
    versions = {json.loads(one.read_text())["schema_version"] for one in SAMPLES.iterdir()}
    assert versions == set(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"work_state": []}, id="a part is something else"),
        pytest.param({"usage": "much"}, id="of another shape"),
        pytest.param({"session_id": "another"}, id="of another session"),
        pytest.param({"schema_version": 0}, id="of another version"),
    ],
)
def test_a_checkpoint_of_another_shape_is_passed_over(
    project: Path, change: dict[str, Any]
) -> None:
    store, state = store_of(project), state_of(project)
    data = seal({**state, **change})
    session_file(project, "checkpoints", "later.json").write_bytes(data)
    assert recovery.whole_checkpoint(store, SESSION, "later") is None
    found = recovery.furthest_checkpoint(store, SESSION)
    assert found is not None
    assert found["work_state"]["current_spec"] == "SPEC-HAND-1"


def test_a_clock_that_went_back_does_not_hide_what_was_set_last(project: Path) -> None:
    store = store_of(project)
    early = state_of(project)
    checkpoints.save(store, early, "20990101T000000Z-end")
    future = 4_000_000_000_000_000_000
    place = session_file(project, "checkpoints", "20990101T000000Z-end.json")
    os.utime(place, ns=(future, future))
    Session.load(project, env=client_folder()).update_work(phase="review")
    session_file(project, "state.json").write_text("{")
    assert loaded_state(project)["work_state"]["phase"] == "review"


def test_a_damaged_state_survives_events_that_fail_before_they_write(project: Path) -> None:
    expected = lasting(state_of(project))
    session_file(project, "state.json").write_text("{")
    session_file(project, "journal.jsonl").unlink()
    session_file(project, "journal.jsonl").mkdir()
    assert [send("stop", payload(project)).code for _ in range(2)] == [1, 1]
    session_file(project, "journal.jsonl").rmdir()
    assert send("stop", payload(project)).code == 0
    assert lasting(state_of(project)) == expected


def test_a_replaced_transcript_is_read_anew_and_hand_set_values_stay(project: Path) -> None:
    transcript_of(project).write_bytes(turn(50))
    assert send("stop", payload(project)).code == 0
    work = state_of(project)["work_state"]
    assert (work["current_spec"], work["last_prompt"]) == ("SPEC-HAND-1", "Prompt 50")
    assert [note["text"] for note in work["notes"]] == ["The customer is in a hurry."]
    assert state_of(project)["usage"]["requests"] == 1


def test_a_replaced_transcript_is_archived_from_its_beginning(project: Path) -> None:
    assert send("pre_compact", payload(project)).code == 0
    transcript_of(project).write_bytes(turn(50))
    assert send("pre_compact", payload(project)).code == 0
    archives = sorted(session_file(project, "archive").glob("????.md"))
    held = [("Prompt 1" in path.read_text(), "Prompt 50" in path.read_text()) for path in archives]
    assert held == [(True, False), (False, True)]


def test_a_rebuilt_state_has_the_shape_that_is_promised(project: Path) -> None:
    session_file(project, "state.json").write_text("{")
    state = loaded_state(project)
    assert recovery.validate(state) == state


@pytest.mark.parametrize("part", [pytest.param(n, id=f"at {n} tenths") for n in range(10)])
def test_the_parent_of_a_clear_is_carried_though_its_state_is_damaged(
    tmp_path: Path, part: int
) -> None:
    client = Client(tmp_path, pid=os.getpid())
    client.start()
    client.turn(
        prompt("We decided to use JWT for SPEC-AUTH-1.", parent="0"),
        *done("Edit", file_path=str(tmp_path / "auth.py")),
        result(),
        answer("Done.", message_id="m2", used=30_000),
    )
    client.send("session_end", reason="clear")
    path = state_folder(tmp_path) / "sessions/s-1/state.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * part // 10])
    if part % 2:
        for saved in path.parent.glob("checkpoints/*.json"):
            saved.write_text("{}")
    client.session = "s-2"
    text = context_of(client.start("clear"))
    assert client.state["lineage"]["parent_id"] == "s-1"
    assert "We decided to use JWT for SPEC-AUTH-1." in text
    assert "auth.py" in text


def test_a_damaged_session_that_somebody_holds_is_left_to_him(project: Path) -> None:
    session_file(project, "state.json").write_text("{")
    other = update_for(event(project, session_id="other"))
    store = store_of(project)
    with store.lock(SESSION):
        assert candidates.rebuild(other, SESSION) is None
    assert session_file(project, "state.json").read_text() == "{"


def test_checkpoints_are_listed_from_the_oldest(project: Path) -> None:
    store, state = store_of(project), state_of(project)
    names = ["c", "a", "b"]
    for number, name in enumerate(names):
        checkpoints.save(store, state, name)
        os.utime(session_file(project, "checkpoints", f"{name}.json"), ns=(number, number))
    assert checkpoints.names(store, SESSION) == [*names, BY_HAND]
    assert checkpoints.names(store, "unknown") == []


def test_only_the_newest_timed_checkpoints_stay_and_the_one_just_taken(project: Path) -> None:
    store, state = store_of(project), state_of(project)
    future = 4_000_000_000_000_000_000
    for number in range(checkpoints.KEPT + 3):
        name = f"20990101T{number:06}Z-critical"
        checkpoints.save(store, state, name)
        place = session_file(project, "checkpoints", f"{name}.json")
        os.utime(place, ns=(future + number, future + number))
    taken = checkpoints.take(store, state, "critical")
    found = checkpoints.names(store, SESSION)
    assert taken in found
    assert BY_HAND in found
    assert len(found) <= checkpoints.KEPT + 2


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="none"),
        pytest.param("../x", id="a path"),
        pytest.param(".hidden", id="hidden"),
        pytest.param("a/b", id="a folder"),
        pytest.param("a b", id="a space"),
        pytest.param("x" * 65, id="long"),
        pytest.param("a\0b", id="a zero byte"),
        pytest.param("\ud800", id="half of a character"),
    ],
)
def test_a_checkpoint_has_a_plain_name(project: Path, name: str) -> None:
    before = files_below(project)
    for attempt in (
        lambda: checkpoints.save(store_of(project), state_of(project), name),
        lambda: checkpoints.read(store_of(project), SESSION, name),
    ):
        with pytest.raises(CheckpointError, match="is no checkpoint name"):
            attempt()
    assert files_below(project) == before


def test_a_missing_checkpoint_is_answered_with_those_there_are(project: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint 'x'; available: by-hand"):
        checkpoints.read(store_of(project), SESSION, "x")


def test_a_damaged_checkpoint_is_called_so(project: Path) -> None:
    spoil(project, BY_HAND)
    with pytest.raises(CheckpointError, match="'by-hand' is damaged"):
        checkpoints.read(store_of(project), SESSION, BY_HAND)
