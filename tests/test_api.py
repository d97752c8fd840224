"""The Python interface: a session made, loaded, changed and prepared for a clear by any program."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client, client_folder, context_of
from made import answer, command, prompt

import clearpoint
from clearpoint.api.session import Session
from clearpoint.config.defaults import DEFAULTS
from clearpoint.session.find import NoSessionError, SessionError
from clearpoint.session.manual_edits import WorkError
from clearpoint.session.stored import StoredSession
from clearpoint.store.checkpoints import CheckpointError

if TYPE_CHECKING:
    from clearpoint.models.work import WorkState

MODEL = "claude-sonnet-4-6"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session.create(tmp_path, "s-1", MODEL, env=client_folder())


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client whose session has something to carry."""
    made = Client(tmp_path)
    made.start(model=MODEL)
    made.turn(
        command("/moai:2-run", "SPEC-AUTH-001"),
        prompt("We decided to use JWT.", parent="0"),
        answer("Built.", message_id="m9", used=90_000),
    )
    return made


def load(project: Path, beginning: str | None = None) -> Session:
    return Session.load(project, beginning, env=client_folder())


def test_the_package_offers_it_by_name() -> None:
    assert clearpoint.Session is Session


def test_a_new_session_is_on_disk_and_found_as_the_newest(session: Session, tmp_path: Path) -> None:
    assert load(tmp_path).session_id == "s-1"
    assert session.state["model"] == MODEL
    assert session.state["context_window"]["total"] == 200_000


def test_a_session_without_an_id_gets_one(tmp_path: Path) -> None:
    made = [Session.create(tmp_path, env=client_folder()).session_id for _ in range(2)]
    assert len({*made}) == 2


@pytest.mark.parametrize(
    ("session_id", "told"),
    [
        pytest.param("s-1", "session s-1 exists already; load it instead", id="taken"),
        pytest.param("../x", "session_id is missing or is not a plain identifier", id="a path"),
    ],
)
def test_a_session_that_cannot_be_made_is_refused(
    session: Session, session_id: str, told: str
) -> None:
    with pytest.raises(SessionError) as refused:
        Session.create(session.project, session_id, env=client_folder())
    assert str(refused.value) == told


def test_a_project_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="nowhere: no such folder"):
        Session.create(tmp_path / "nowhere", env=client_folder())


def test_a_project_without_sessions_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoSessionError, match="nothing is recorded in"):
        load(tmp_path)


def test_a_session_is_named_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    for session_id in ("abc-1", "abd-2"):
        Session.create(tmp_path, session_id, env=client_folder())
    assert load(tmp_path, "abd").session_id == "abd-2"
    with pytest.raises(SessionError, match="'ab' matches several sessions: abd-2, abc-1"):
        load(tmp_path, "ab")
    with pytest.raises(SessionError, match="no session begins with 'x'; the newest are"):
        load(tmp_path, "x")


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        pytest.param({"spec": "SPEC-1"}, "current_spec", "SPEC-1", id="spec"),
        pytest.param({"phase": "review"}, "phase", "review", id="phase"),
        pytest.param({"pending_step": "a"}, "pending_steps", ["a"], id="pending step"),
        pytest.param({"pending_step": "a"}, "next_step", "a", id="next step"),
        pytest.param({"completed_step": "a"}, "completed_steps", ["a"], id="completed step"),
        pytest.param({"artifact": "a.py"}, "artifacts", ["a.py"], id="artifact"),
    ],
)
def test_what_is_updated_is_kept(
    session: Session, given: dict[str, str], key: str, value: object
) -> None:
    session.update_work(**given)
    work: Any = load(Path(session.project)).work
    assert work[key] == value


@pytest.mark.parametrize(
    ("given", "key"),
    [
        pytest.param({"decision": "Use JWT."}, "decisions", id="decision"),
        pytest.param({"issue": "It fails."}, "issues", id="issue"),
        pytest.param({"note": "Monday."}, "notes", id="note"),
    ],
)
def test_what_is_said_is_kept_once(session: Session, given: dict[str, str], key: str) -> None:
    for _ in range(2):
        session.update_work(**given)
    work: Any = session.work
    assert [one["text"] for one in work[key]] == [*given.values()]


@pytest.mark.parametrize("which", ["tests", "1"])
def test_a_step_is_done_by_name_or_number_and_the_next_one_follows(
    session: Session, which: str
) -> None:
    for step in ("Write the tests", "Write the docs"):
        session.update_work(pending_step=step)
    work = session.update_work(completed_step=which)
    assert (work["completed_steps"], work["pending_steps"], work["next_step"]) == (
        ["Write the tests"],
        ["Write the docs"],
        "Write the docs",
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {"phase": "implement"},
            "unknown phase 'implement'; did you mean implementation?",
            id="near",
        ),
        pytest.param(
            {"phase": "qqq"}, "unknown phase 'qqq'. The phases are initialization,", id="far"
        ),
        pytest.param({"spec": " "}, "the specification is empty", id="empty spec"),
        pytest.param({"completed_step": ""}, "no open step", id="no open step"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_changed(
    session: Session, given: dict[str, str], told: str
) -> None:
    before = session.state
    with pytest.raises(WorkError) as refused:
        session.update_work(decision="Kept only with the rest.", **given)
    assert str(refused.value).startswith(told)
    assert session.state == before


def test_a_value_set_by_hand_stays_when_the_transcript_says_otherwise(
    client: Client, tmp_path: Path
) -> None:
    load(tmp_path).update_work(spec="SPEC-MINE-1", phase="review", pending_step="mine")
    client.turn(command("/moai:2-run", "SPEC-OTHER-2"), answer(message_id="m10", used=91_000))
    work: WorkState = client.state["work_state"]
    assert (work["current_spec"], work["phase"], work["pending_steps"]) == (
        "SPEC-MINE-1",
        "review",
        ["mine"],
    )


def test_what_is_set_by_hand_shows_in_the_status_line_at_once(
    client: Client, tmp_path: Path
) -> None:
    load(tmp_path).update_work(phase="documentation")
    assert client.send("statusline").rstrip().endswith("SPEC-AUTH-001 · documentation")


def test_what_the_hooks_still_have_to_say_stays_due(client: Client, tmp_path: Path) -> None:
    client.turn(prompt("more", parent="1"), answer(message_id="m10", used=152_000))
    load(tmp_path).update_work(note="between Stop and the next prompt")
    assert "Work state is saved separately" in context_of(
        client.reply("user_prompt_submit", prompt="go on")
    )


@pytest.mark.parametrize(
    ("used", "level"),
    [
        pytest.param(10_000, "normal", id="normal"),
        pytest.param(125_000, "monitor", id="monitor"),
        pytest.param(150_000, "warning", id="warning"),
        pytest.param(199_000, "emergency", id="emergency"),
    ],
)
def test_tokens_that_a_program_measured_give_a_level(
    session: Session, used: int, level: str
) -> None:
    assert session.update_usage(used) == level
    window = session.state["context_window"]
    assert (window["used"], window["projected"], window["estimated"]) == (used, used, False)
    assert session.level == session.budget.level == level


def test_a_window_that_was_given_once_stays(session: Session) -> None:
    session.update_usage(10_000, window=100_000)
    session.update_usage(70_000)
    window = session.state["context_window"]
    assert (window["total"], window["source"]) == (100_000, "given by the program")


def test_growth_is_learned_from_what_the_program_measures(session: Session) -> None:
    for used in (20_000, 30_000, 40_000, 50_000):
        session.update_usage(used)
    assert session.budget.growth_per_turn == 10_000


@pytest.mark.parametrize(("used", "window"), [(-1, None), (10, 0)], ids=["used", "window"])
def test_numbers_that_cannot_be_are_refused(
    session: Session, used: int, window: int | None
) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        session.update_usage(used, window)


def test_the_resumption_context_is_what_the_next_session_is_given(
    client: Client, tmp_path: Path
) -> None:
    foretold = load(tmp_path).resumption_context("clear")
    given = context_of(client.clear("t-2"))
    assert given.replace("reload t-2", "reload s-1") == foretold
    assert "We decided to use JWT. [A:" in foretold


def test_the_resumption_context_after_a_compaction_is_what_is_given(
    client: Client, tmp_path: Path
) -> None:
    foretold = load(tmp_path).resumption_context("compact")
    client.send("pre_compact", trigger="manual")
    assert context_of(client.start("compact")) == foretold


def test_asking_for_the_context_leaves_no_trace(client: Client, tmp_path: Path) -> None:
    client.write(prompt("and more", parent="2"))
    before = contents(tmp_path)
    session = load(tmp_path)
    session.resumption_context()
    session.current()
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_unknown_reason_is_refused(session: Session) -> None:
    with pytest.raises(
        ValueError, match=r"unknown reason 'boredom'\. The reasons are clear, compact"
    ):
        session.resumption_context("boredom")  # type: ignore[arg-type]


def test_preparing_for_a_clear_keeps_everything_and_says_what_is_carried(
    client: Client, tmp_path: Path
) -> None:
    session = load(tmp_path)
    plan = session.prepare_for_clear()
    assert plan["checkpoint"] in session.checkpoints
    assert plan["archive"] == "sessions/s-1/archive/0001.md"
    assert 0 < plan["tokens"] <= 2_000
    given = context_of(client.clear("t-2"))
    assert given.replace("reload t-2", "reload s-1") == plan["context"]


def test_the_current_state_knows_more_than_was_written(client: Client, tmp_path: Path) -> None:
    client.write(answer(message_id="m10", used=97_000))
    session = load(tmp_path)
    current, written = session.current(), session.state
    assert (current["context_window"]["used"], written["context_window"]["used"]) == (
        97_000,
        90_000,
    )


def test_a_checkpoint_brings_the_work_back_and_leaves_the_measurements(
    client: Client, tmp_path: Path
) -> None:
    session = load(tmp_path)
    session.checkpoint("before")
    session.update_work(phase="completed", decision="Throw it all away.")
    client.turn(prompt("on", parent="2"), answer(message_id="m10", used=99_000))
    kept = session.restore("before")
    state = session.state
    assert (state["work_state"]["phase"], len(state["work_state"]["decisions"])) == (
        "implementation",
        1,
    )
    assert state["context_window"]["used"] == 99_000
    session.restore(kept)
    assert session.work["phase"] == "completed"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("mine", "checkpoint 'mine' exists already", id="taken"),
        pytest.param("start", "'start' is reserved", id="ours"),
        pytest.param("2026", "'2026' is reserved", id="like a time"),
        pytest.param("a/b", "'a/b' is no checkpoint name", id="a path"),
    ],
)
def test_a_checkpoint_name_that_cannot_be_is_refused(
    session: Session, name: str, told: str
) -> None:
    session.checkpoint("mine")
    with pytest.raises(CheckpointError) as refused:
        session.checkpoint(name)
    assert str(refused.value).startswith(told)


def test_a_damaged_checkpoint_is_not_restored(session: Session) -> None:
    session.checkpoint("mine")
    path = Path(session.folder, "checkpoints", "mine.json")
    path.write_bytes(path.read_bytes().replace(b"initialization", b"initialisation"))
    before = session.state
    with pytest.raises(CheckpointError, match="checkpoint 'mine' is damaged"):
        session.restore("mine")
    assert session.state == before


def test_a_damaged_state_is_mended_when_it_is_read(client: Client, tmp_path: Path) -> None:
    load(tmp_path).update_work(phase="review")
    path = state_folder(tmp_path) / "sessions" / "s-1" / "state.json"
    path.write_bytes(path.read_bytes()[:-20])
    assert load(tmp_path).work["phase"] == "review"
    assert client.state["work_state"]["phase"] == "review"


def test_changes_of_several_threads_are_all_kept(session: Session) -> None:
    notes = [f"note {number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda text: session.update_work(note=text), notes))
    assert sorted(one["text"] for one in session.work["notes"]) == notes


def test_the_state_is_where_the_environment_says(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    made = Session.create(tmp_path, "s-1", env={"CLEARPOINT_DIR": str(elsewhere)})
    assert made.folder == os.path.join(elsewhere, "sessions", "s-1")
    assert not (tmp_path / ".clearpoint").exists()


def test_asking_for_a_setting_writes_nothing(tmp_path: Path) -> None:
    kept = StoredSession(str(tmp_path), "s-1", client_folder())
    assert (kept.config, list(tmp_path.iterdir())) == (DEFAULTS, [])
