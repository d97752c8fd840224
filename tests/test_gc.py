"""Retention: what is old or too much goes, and nothing that is in use, ever."""

from __future__ import annotations

import itertools
import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import CLIENT_PID, Client
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel import process
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.retention import plan as retention
from clearpoint.store import held_prompts, processes
from clearpoint.store.checksummed import seal

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.config import Config
    from clearpoint.store.store import Store

OLD, NEW = 100 * DAY_S, 2 * DAY_S
MEGABYTE = retention.MEGABYTE
ENDED = itertools.count(CLIENT_PID - 1_000_000)
"""Processes that have ended."""
RUNNING = os.getppid()
"""A process that runs as long as the test does."""


def made(project: Path, session: str, age_s: float = 0.0, size: int = 0) -> Client:
    """A session of a process of its own, which was closed so long ago."""
    client = Client(project, session, next(ENDED))
    client.start()
    client.turn(prompt("go", parent="1"), answer("done", message_id=session, used=30_000))
    client.send("session_end", reason="logout")
    if size:
        make_folder(client.store.path(session, "archive"))
        write_atomically(client.store.path(session, "archive", "0001.md"), b"x" * size)
    aged(client.store.session_folder(session), age_s)
    aged(os.path.join(client.store.root, "links"), age_s)
    return client


def aged(path: str, age_s: float) -> str:
    """Make a file, or everything in a folder, look so old."""
    when = time.time() - age_s
    for place, folders, files in os.walk(path, topdown=False):
        for name in [*files, *folders]:
            os.utime(os.path.join(place, name), (when, when))
    os.utime(path, (when, when))
    return path


def settings(days: int = 90, megabytes: int = 500) -> Config:
    return {**DEFAULTS, "retention": {"days": days, "megabytes": megabytes}}


def planned(store: Store, config: Config = DEFAULTS) -> dict[str, str]:
    """What would go, by name, and why."""
    found = retention.plan(store, config, time.time())
    return {removal.item.name: removal.reason for removal in found.removals}


def hold(store: Store, session: str) -> None:
    """Have a running process hold the session."""
    processes.hold(store, process.identify(RUNNING), session)


def kept_ids(store: Store) -> list[str]:
    return sorted(os.listdir(os.path.join(store.root, "sessions")))


def sweep(store: Store, config: Config = DEFAULTS) -> list[Any]:
    return retention.carry_out(store, retention.plan(store, config, time.time()))


def test_what_was_not_written_for_long_goes_and_the_rest_stays(tmp_path: Path) -> None:
    made(tmp_path, "old", OLD)
    store = made(tmp_path, "new", NEW).store
    assert sweep(store) == []
    assert kept_ids(store) == ["new"]


def test_a_folder_without_a_state_is_no_different(tmp_path: Path) -> None:
    store = made(tmp_path, "new").store
    store.prepare("bare")
    write_atomically(store.path("bare", "statusline.json"), b"{}")
    aged(store.session_folder("bare"), OLD)
    assert planned(store)["bare"] == "not written for 90 days"


def test_one_fresh_file_keeps_a_session_young(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    os.utime(store.path("old", "journal.jsonl"))
    assert "old" not in planned(store)


def test_a_session_in_which_a_held_prompt_waits_stays(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    held_prompts.hold(store, "old", "do not lose me")
    aged(store.session_folder("old"), OLD)
    assert retention.plan(store, DEFAULTS, time.time()).kept == {"old": "it has a held prompt"}


def test_a_lock_that_was_taken_keeps_nothing_young(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    os.utime(store.path("old", "state.lock"))
    assert "old" in planned(store)


def test_the_oldest_go_until_the_folder_is_small_enough(tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b", "c", "d")):
        made(tmp_path, name, (10 - number) * DAY_S, size=MEGABYTE)
    store = Client(tmp_path).store
    found = planned(store, settings(megabytes=3))
    assert [name for name in found if len(name) == 1] == ["a", "b"]
    assert found["a"] == "the oldest, above 3 MB"


@pytest.mark.parametrize(
    ("limits", "goes"),
    [
        pytest.param({"days": 0, "megabytes": 0}, False, id="none"),
        pytest.param({"days": 90, "megabytes": 0}, True, id="days"),
        pytest.param({"days": 0, "megabytes": 1}, True, id="megabytes"),
    ],
)
def test_zero_is_no_limit(tmp_path: Path, limits: dict[str, int], goes: bool) -> None:
    store = made(tmp_path, "old", OLD, size=MEGABYTE).store
    assert ("old" in planned(store, settings(**limits))) is goes


def test_a_session_that_a_running_client_holds_stays_however_old(tmp_path: Path) -> None:
    store = made(tmp_path, "held", OLD).store
    hold(store, "held")
    found = retention.plan(store, settings(megabytes=1), time.time())
    assert (found.kept, kept_ids(store)) == ({"held": "in use by a running Claude Code"}, ["held"])


def test_all_that_a_live_session_continues_stays(tmp_path: Path) -> None:
    client = Client(tmp_path, "first")
    for name in ("second", "third"):
        client.turn(prompt("We decided to use JWT.", parent="1"), answer(used=30_000))
        client.clear(name)
    store = made(tmp_path, "other").store
    for name in ("first", "second", "third", "other"):
        aged(store.session_folder(name), OLD)
    hold(store, "third")
    sweep(store)
    assert kept_ids(store) == ["first", "second", "third"]


POINTER = "sessions/source/archive/0001.md:3"


@pytest.mark.parametrize(
    ("key", "pointing"),
    [
        ("decisions", {"text": "JWT", "at": None, "entry": None, "pointer": POINTER}),
        ("spans", {"step": "JWT", "begun": "a", "ended": "b", "pointer": POINTER}),
    ],
)
def test_an_archive_that_a_decision_or_a_step_points_into_stays(
    tmp_path: Path, key: str, pointing: dict[str, str | None]
) -> None:
    store = made(tmp_path, "source", OLD).store
    client = made(tmp_path, "live")
    state = client.state
    state["work_state"][key] = [pointing]  # type: ignore[literal-required]
    store.write_state(state)
    assert "source" not in planned(store)


def test_what_was_written_within_a_day_stays_whatever_the_size(tmp_path: Path) -> None:
    store = made(tmp_path, "today", 0.0, size=2 * MEGABYTE).store
    assert "today" not in planned(store, settings(megabytes=1))


def test_a_crashed_session_stays_as_long_as_it_can_be_carried_over(tmp_path: Path) -> None:
    client = Client(tmp_path, "crashed")
    client.start()
    client.turn(prompt("go", parent="1"), answer(used=30_000))
    store = made(tmp_path, "closed", NEW).store
    aged(store.session_folder("crashed"), NEW)
    patient = settings(days=1)
    patient["reload"] = {**patient["reload"], "after_crash_hours": 72}
    assert [name for name in ("crashed", "closed") if name in planned(store, patient)] == ["closed"]
    assert "crashed" in planned(store, settings(days=1))


def test_where_a_lineage_cannot_be_read_every_session_stays(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    client = made(tmp_path, "live")
    hold(store, "live")
    for place, _, files in os.walk(store.session_folder("live")):
        for name in files:
            if name.endswith(".json"):
                write_atomically(os.path.join(place, name), b"{torn")
    found = retention.plan(client.store, DEFAULTS, time.time())
    assert found.kept == {"old": "the lineage of live cannot be read"}


def test_a_damaged_state_has_the_lineage_of_its_checkpoint(tmp_path: Path) -> None:
    client = Client(tmp_path, "first")
    client.turn(prompt("We decided to use JWT.", parent="1"), answer(used=30_000))
    client.clear("second")
    store = client.store
    aged(store.session_folder("first"), OLD)
    write_atomically(store.path("second", "state.json"), b"{torn")
    made(tmp_path, "other", OLD)
    found = planned(store)
    assert [name for name in ("first", "other") if name in found] == ["other"]


def test_quarantined_files_go_by_age(tmp_path: Path) -> None:
    store = made(tmp_path, "s").store
    folder = os.path.join(store.root, "quarantine")
    make_folder(folder)
    for name, age_s in (("s.1.state.json", OLD), ("s.2.state.json", NEW)):
        write_atomically(os.path.join(folder, name), b"{}")
        aged(os.path.join(folder, name), age_s)
    assert [name for name in planned(store) if name.endswith("state.json")] == ["s.1.state.json"]


@pytest.mark.parametrize(
    ("pid", "age_s", "goes"),
    [
        pytest.param(CLIENT_PID, 0.0, True, id="of a process that has ended"),
        pytest.param(RUNNING, 0.0, False, id="of a running one"),
        pytest.param(RUNNING, 2 * DAY_S, True, id="too old for the running one of that number"),
    ],
)
@pytest.mark.parametrize("place", ["", "sessions/s", "quarantine", "links", "handoffs", "tags"])
def test_temporary_files_of_ended_processes_go(
    tmp_path: Path, place: str, pid: int, age_s: float, goes: bool
) -> None:
    store = made(tmp_path, "s").store
    make_folder(os.path.join(store.root, place))
    path = os.path.join(store.root, place, f"state.json.{pid}.5f3a.tmp")
    write_atomically(path, b"half")
    aged(path, age_s)
    sweep(store)
    assert os.path.exists(path) is not goes


def test_a_removal_that_was_killed_halfway_is_finished(tmp_path: Path) -> None:
    store = made(tmp_path, "s").store
    trash = os.path.join(store.root, f"s.{CLIENT_PID}.5f3a.tmp")
    os.rename(store.session_folder("s"), trash)
    sweep(store)
    assert not os.path.exists(trash)


@pytest.mark.parametrize("name", ["notes.tmp", "x.12.tmp", "x.12.zz.tmp", "x.12.5f.tmp.md"])
def test_files_that_are_not_ours_by_their_name_stay(tmp_path: Path, name: str) -> None:
    store = made(tmp_path, "s").store
    path = os.path.join(store.root, name)
    write_atomically(path, b"mine")
    aged(path, OLD)
    sweep(store)
    assert os.path.exists(path)


def test_links_of_ended_processes_go_and_those_of_running_ones_stay(tmp_path: Path) -> None:
    store = made(tmp_path, "s", NEW).store
    hold(store, "s")
    sweep(store)
    assert [link.process["pid"] for link in processes.recorded(store)] == [RUNNING]


def test_nothing_behind_a_link_is_touched(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("mine")
    project = tmp_path / "project"
    project.mkdir()
    store = made(project, "s").store
    os.symlink(outside, os.path.join(store.root, "sessions", "linked"))
    os.symlink(outside, os.path.join(store.root, f"x.{CLIENT_PID}.5f.tmp"))
    aged(str(outside), OLD)
    sweep(store)
    assert (outside / "precious").read_text() == "mine"


def test_a_session_that_is_taken_up_in_between_stays(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    plan = retention.plan(store, DEFAULTS, time.time())
    hold(store, "old")
    ((removal, why),) = retention.carry_out(store, plan)
    assert (removal.item.name, why, kept_ids(store)) == ("old", "in use again", ["old"])


def test_what_goes_by_itself_in_between_is_no_failure(tmp_path: Path) -> None:
    store = made(tmp_path, "old", OLD).store
    plan = retention.plan(store, DEFAULTS, time.time())
    for removal in plan.removals:
        os.rename(removal.item.path, tmp_path / removal.item.name)
    assert (len(plan.removals), retention.carry_out(store, plan)) == (2, [])


def test_a_removed_session_that_is_resumed_begins_anew(tmp_path: Path) -> None:
    client = made(tmp_path, "old", OLD)
    sweep(client.store)
    client.start("resume")
    assert client.state["usage"]["used"] == 30_000


def test_a_project_without_a_state_folder_has_nothing_to_remove(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gc", "--project", str(tmp_path)]) == 0
    root = state_folder(tmp_path)
    assert capsys.readouterr().out == f"Nothing to remove: 0 bytes in {root}.\n"
    assert not root.exists()


def test_the_command_says_what_it_freed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path, "oldest-one", OLD, size=MEGABYTE)
    store = made(tmp_path, "held-one", OLD).store
    hold(store, "held-one")
    assert main(["gc", "--project", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for said in (
        "Freed 1.0 MB of ",
        "1 session, 1.0 MB: not written for 90 days",
        "oldest-o",
        "2 links, ",
        "held-one stays: in use by a running Claude Code",
    ):
        assert said in out


def test_a_dry_run_says_the_same_and_removes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = made(tmp_path, "old", OLD).store
    ran = [
        main(["gc", "--project", str(tmp_path), "--json", *more]) for more in (["--dry-run"], [])
    ]
    would, did = map(json.loads, capsys.readouterr().out.replace("}\n{", "}\0{").split("\0"))
    assert (ran, would.pop("dry_run"), did.pop("dry_run")) == ([0, 0], True, False)
    assert would == did
    assert [*did] == [
        "state_folder", "bytes_before", "bytes_freed", "removed", "failed", "kept",
    ]  # fmt: skip
    assert kept_ids(store) == []


def test_options_stand_in_for_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, "s", 3 * DAY_S)
    (state_folder(tmp_path) / "config.toml").write_text("[retention]\ndays = 1\n")
    names = []
    for options in ([], ["--days", "30"]):
        main(["gc", "--project", str(tmp_path), "--json", "--dry-run", *options])
        found = json.loads(capsys.readouterr().out)["removed"]
        names.append([one["name"] for one in found if one["kind"] == "session"])
    assert names == [["s"], []]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may remove anything")
def test_what_cannot_be_removed_is_told_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = made(tmp_path, "old", OLD).store
    os.chmod(store.root, 0o500)
    code = main(["gc", "--project", str(tmp_path)])
    os.chmod(store.root, 0o700)
    assert (code, "Permission denied" in capsys.readouterr().err) == (1, True)


def test_a_failure_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = made(tmp_path, "old", OLD).store
    lock = store.path("old", "state.lock")
    os.unlink(lock)
    os.mkdir(lock)
    aged(store.session_folder("old"), OLD)
    code = main(["gc", "--project", str(tmp_path)])
    assert (
        code,
        capsys.readouterr().err.startswith(f"Error: {store.session_folder('old')}: "),
    ) == (
        1,
        True,
    )


def test_the_seal_of_a_link_is_not_needed_to_sweep_it(tmp_path: Path) -> None:
    store = made(tmp_path, "s").store
    path = os.path.join(store.root, "links", "999999998.json")
    write_atomically(path, seal({"pid": 1}, 1)[:-2])
    aged(path, NEW)
    sweep(store)
    assert not os.path.exists(path)


def test_what_may_be_open_elsewhere_goes_at_the_users_word_alone(tmp_path: Path) -> None:
    client = Client(tmp_path, "s")
    del client.env["CLAUDE_PID"]  # a client that does not tell its process
    client.start()
    client.turn(prompt("go", parent="1"), answer("done", message_id="m", used=30_000))
    aged(client.store.session_folder("s"), OLD)
    store, now = client.store, time.time()
    stays = retention.plan(store, DEFAULTS, now)
    goes = retention.plan(store, DEFAULTS, now, unclosed=True)
    assert (stays.kept, [one.item.name for one in goes.removals]) == (
        {"s": retention.OPEN_ELSEWHERE},
        ["s"],
    )
