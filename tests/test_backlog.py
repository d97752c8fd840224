"""A transcript too long to read at once: its newest lines at once, the whole of it in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    event,
    payload,
    send,
    session_file,
    state_of,
    transcript_lines,
    transcript_of,
    turn,
)
from made import answer, boundary, prompt

from clearpoint.lowlevel import apart
from clearpoint.session import backlog, finishing, update
from clearpoint.session.newest_use import newest_use
from clearpoint.session.stored import StoredSession
from clearpoint.session.update import update_for
from clearpoint.store.checksummed import read_sealed, seal
from clearpoint.transcript import reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clearpoint.models.state import State

TURNS = 30
EVENTS = 9 * TURNS
"""More than it takes, a line each, even if reading begins again."""
PLAIN = b"".join(map(turn, range(1, TURNS + 1)))
AFTER_BOUNDARY = transcript_lines(
    boundary(),
    prompt("Go on", uuid="u99", parent=None),
    answer("On.", message_id="m99", used=9_000),
)
COMPACTED = b"".join([*map(turn, range(1, 15)), AFTER_BOUNDARY, *map(turn, range(15, 31))])
REWOUND = PLAIN + transcript_lines(
    prompt("Another way", uuid="u61", parent="a4"), answer("Mine.", message_id="m61", uuid="a61")
)
"""The user has gone back to a prompt that the newest lines do not hold."""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of one line, and little that counts as the newest."""
    monkeypatch.setattr(backlog, "SLICE_S", 0.0)
    monkeypatch.setattr(backlog, "LEAST_S", 0.0)
    monkeypatch.setattr(reader, "NEWEST_BYTES", 2_000)
    monkeypatch.setattr(update, "NEWEST_BYTES", 2_000)


def made(project: Path, content: bytes) -> Path:
    """A project with a transcript."""
    project.mkdir(exist_ok=True)
    transcript_of(project).write_bytes(content)
    return project


def stop(project: Path) -> State:
    """The state after a turn has ended."""
    send("stop", payload(project))
    return state_of(project)


def caught_up(project: Path, between: Callable[[Path], object] = lambda _: None) -> State:
    """The state once all was read; `between` happens before each of the events."""
    for _ in range(EVENTS):
        between(project)
        if not stop(project)["backlog"]:
            break
    return state_of(project)


def folded(state: State) -> Any:
    """What the transcript alone tells."""
    said = state["advice"]
    parts = (state["usage"], state["work_state"], state["user_context"], state["context_window"])
    return (*parts, said["begins"], said["breaks"], state["transcript"] and {
        **state["transcript"], "path": ""})  # fmt: skip


def straight(folder: Path, content: bytes) -> State:
    """The state of a transcript that was read at once."""
    project = made(folder, content)
    change = update_for(event(project))
    with change.store.lock(change.session_id):
        state = change.load()
        change.catch_up(state, None)
        change.judge(state, event(project))
        change.write(state)
    return state


@pytest.mark.usefixtures("slow")
def test_the_newest_is_told_at_once(tmp_path: Path) -> None:
    state = stop(made(tmp_path, PLAIN))
    told = (state["context_window"]["used"], state["work_state"]["last_prompt"])
    assert (told, state["backlog"] > 0) == ((20_000 + 1_000 * TURNS, f"Prompt {TURNS}"), True)


@pytest.mark.usefixtures("slow")
def test_what_a_session_begins_with_is_told_by_its_first_lines_alone(tmp_path: Path) -> None:
    first, second = (stop(made(tmp_path, PLAIN))["advice"]["begins"] for _ in range(2))
    assert (first, second) == (0, straight(tmp_path / "whole", PLAIN)["advice"]["begins"])


@pytest.mark.usefixtures("slow")
def test_the_first_prompt_is_never_one_of_the_newest_lines(tmp_path: Path) -> None:
    project = made(tmp_path, PLAIN)
    told = [stop(project)["work_state"]["first_prompt"] for _ in range(4)]
    assert (set(told) <= {None, "Prompt 1"}, told[-1]) == (True, "Prompt 1")


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param(COMPACTED, id="a compaction among what was skipped"),
        pytest.param(REWOUND, id="a rewind to what was skipped"),
        pytest.param(COMPACTED + AFTER_BOUNDARY, id="a compaction among the newest"),
    ],
)
def test_what_was_read_in_slices_is_as_if_it_had_been_read_at_once(
    tmp_path: Path, content: bytes
) -> None:
    whole = straight(tmp_path / "whole", content)
    assert folded(caught_up(made(tmp_path / "slices", content))) == folded(whole)


@pytest.mark.usefixtures("slow")
def test_a_session_that_goes_on_meanwhile_is_read_whole_too(tmp_path: Path) -> None:
    numbers = iter(range(TURNS + 1, TURNS + 6))

    def go_on(project: Path) -> None:
        with transcript_of(project).open("ab") as stream:
            stream.writelines(map(turn, [n] if (n := next(numbers, 0)) else []))

    state = caught_up(made(tmp_path / "slices", PLAIN), go_on)
    content = transcript_of(tmp_path / "slices").read_bytes()
    assert folded(state) == folded(straight(tmp_path / "whole", content))


def lose(path: Path) -> None:
    """As if the process had ended before the file was written."""
    path.unlink(missing_ok=True)


def damage(path: Path) -> None:
    """Change a byte."""
    path.write_bytes(b"x" + path.read_bytes()[1:])


def anothers(path: Path) -> None:
    """What is whole, and no copy of a state."""
    path.write_bytes(seal({"known": 0, "state": {"usage": {}}}))


def of_another_session(path: Path) -> None:
    """What was written whole, for another session."""
    kept = read_sealed(str(path))
    kept["state"]["session_id"] = "another"
    path.write_bytes(seal(kept))


def be_a_folder(path: Path) -> None:
    """What no file can take the place of."""
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("happens", [lose, damage, anothers, of_another_session, be_a_folder])
def test_reading_begins_again_where_its_file_is_lost(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    project, places = made(tmp_path / "slices", PLAIN), iter(range(1_000))

    def sometimes(project: Path) -> None:
        if next(places) == 20:
            happens(session_file(project, "whole.json"))

    whole = straight(tmp_path / "whole", PLAIN)
    assert folded(caught_up(project, sometimes)) == folded(whole)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("kept", ["state.json", "whole.json"])
def test_an_end_between_two_writes_changes_nothing(tmp_path: Path, kept: str) -> None:
    project, before = made(tmp_path / "slices", PLAIN), dict[str, bytes]()

    def cut_short(project: Path) -> None:
        path = session_file(project, kept)
        if before:
            path.write_bytes(before.pop("file"))
        elif path.exists() and len(before) == 0:
            before["file"] = path.read_bytes()
            stop(project)

    for _ in range(8):
        cut_short(project)
        stop(project)
    assert folded(caught_up(project)) == folded(straight(tmp_path / "whole", PLAIN))


@pytest.mark.usefixtures("slow")
def test_nothing_of_it_is_kept_once_all_was_read(tmp_path: Path) -> None:
    project = made(tmp_path, PLAIN)
    stop(project)
    was_there = session_file(project, "whole.json").exists()
    caught_up(project)
    assert (was_there, session_file(project, "whole.json").exists()) == (True, False)


@pytest.mark.usefixtures("slow")
def test_a_session_that_ended_meanwhile_is_read_and_archived_to_its_end(tmp_path: Path) -> None:
    whole = straight(tmp_path / "whole", PLAIN)
    project = made(tmp_path / "slices", PLAIN)
    is_behind = stop(project)["backlog"] > 0
    change = update_for(event(project))
    ids = (change.store.root, str(project), change.session_id, str(transcript_of(project)))
    finishing.run(*ids, change.env)
    state = state_of(project)
    told = "".join(
        session_file(project, "archive", name.rpartition("/")[2]).read_text()
        for name in state["archives"]
    )
    is_archived = all(told.count(f"Prompt {number}\n") == 1 for number in range(1, TURNS + 1))
    assert (is_behind, state["backlog"], is_archived) == (True, 0, True)
    assert state["usage"] == whole["usage"]


@pytest.mark.processes
def test_a_long_session_that_ends_is_finished_by_a_process_of_its_own(tmp_path: Path) -> None:
    project = made(tmp_path, PLAIN)
    change = update_for(event(project))
    ids = (change.store.root, str(project), change.session_id, str(transcript_of(project)))
    apart.start("clearpoint.session.finishing", *ids).wait()
    cursor = state_of(project)["transcript"]
    assert cursor is not None
    assert cursor["offset"] == len(PLAIN)


@pytest.mark.usefixtures("slow")
def test_what_was_set_by_hand_meanwhile_stays(tmp_path: Path) -> None:
    project = made(tmp_path, PLAIN)
    stop(project)
    change = update_for(event(project))
    with change.store.lock(change.session_id):
        state = change.load()
        state["work_state"]["current_spec"] = "SPEC-AUTH-001"
        state["work_state"]["hand_set"] = ["current_spec"]
        state["work_state"]["hand_steps"] = {"Write docs": "pending"}
        state["user_context"]["user_name"] = "Ada"
        state["user_context"]["hand_set"] = ["user_name"]
        change.write(state)
    state = caught_up(project)
    work, user = state["work_state"], state["user_context"]
    assert (work["turn"], work["current_spec"], work["pending_steps"], user["user_name"]) == (
        TURNS,
        "SPEC-AUTH-001",
        ["Write docs"],
        "Ada",
    )


@pytest.mark.usefixtures("slow")
def test_who_asks_without_a_limit_of_time_gets_all(tmp_path: Path) -> None:
    project = made(tmp_path / "slices", PLAIN)
    stop(project)
    change = event(project)
    session = StoredSession(str(project), change.session_id, change.env)
    state = session.read()
    update_of = session.update()
    update_of.transcript_path = str(transcript_of(project))
    update_of.catch_up(state, None)
    update_of.judge(state)
    whole = straight(tmp_path / "whole", PLAIN)
    assert (state["backlog"], state["usage"], state["work_state"]) == (
        0,
        whole["usage"],
        whole["work_state"],
    )


@pytest.mark.usefixtures("slow")
def test_a_count_that_an_event_noted_goes_on_from_the_larger_one(tmp_path: Path) -> None:
    project = made(tmp_path, PLAIN)
    stop(project)
    change = update_for(event(project))
    with change.store.lock(change.session_id):
        state = change.load()
        state["advice"]["spoken_at"] = state["usage"]["prompts"]
        change.write(state)
    state = caught_up(project)
    assert state["advice"]["spoken_at"] == state["usage"]["prompts"] == TURNS


def test_the_newest_lines_begin_with_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"first\nsecond\nthird\n")
    found = []
    for size in (1, 6, 7, 12, 100):
        monkeypatch.setattr(reader, "NEWEST_BYTES", size)
        transcript = reader.Transcript(str(path), None)
        transcript.skip_to_newest()
        found.append(next(transcript.lines()))
        transcript.close()
    assert found == [b"third", b"third", b"second", b"second", b"first"]


@pytest.mark.parametrize("content", [b"", b"torn", b'{"type":"user"}\n' * 9])
def test_without_a_response_nothing_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    assert newest_use(str(path), {}) is None
    assert newest_use(str(tmp_path / "none.jsonl"), {}) is None


@pytest.mark.parametrize("behind", [0, 1, 300])
def test_the_newest_use_is_that_of_the_last_response(behind: int, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(PLAIN + transcript_lines(prompt("x", uuid="x")) * behind)
    found = newest_use(str(path), {})
    assert found is not None
    assert (found["used"], found["message_id"]) == (20_000 + 1_000 * TURNS, f"m{TURNS}")


def test_reading_ends_with_the_time_of_the_processor_that_it_may_take(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(PLAIN)
    transcript = reader.Transcript(str(path), None, within_s=60)
    transcript.processor_end = 0.0
    read = len(list(transcript.entries()))
    transcript.close()
    assert (read, transcript.behind) == (1, True)
