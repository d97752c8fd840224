"""What is set by hand stands beside what is observed, and can be listed, edited and removed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from made import done, prompt, state_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.handlers.slash_commands import changing
from clearpoint.project import task_files, worktree
from clearpoint.session import manual_edits
from clearpoint.session import state as session
from clearpoint.work import background
from clearpoint.work.initial import new_work

if TYPE_CHECKING:
    from pathlib import Path

TODO = [{"content": "build", "status": "in_progress"}, {"content": "ship", "status": "pending"}]


def test_a_step_by_hand_does_not_stop_what_the_to_do_tool_says_later() -> None:
    state = state_after(*done("TodoWrite", todos=TODO))
    manual_edits.add_step(state["work_state"], "tell the team")
    manual_edits.remove_step(state["work_state"], "2")
    built = [{**TODO[0], "status": "completed"}, TODO[1]]
    session.fold(state, done("TodoWrite", tool_id="t2", todos=built), DEFAULTS)
    work = state["work_state"]
    assert (work["completed_steps"], manual_edits.open_steps(work)) == (
        ["build"],
        ["tell the team"],
    )


def test_a_decision_that_was_removed_is_not_noted_again() -> None:
    said = prompt("We decided to use Redis for the cache.")
    state = state_after(said)
    manual_edits.decide(state["work_state"], "Tokens live a day.", "")
    manual_edits.remove(state["work_state"], "decisions", "redis")
    session.fold(state, [said], DEFAULTS)
    session.start_over(state, new_work())
    session.fold(state, [said], DEFAULTS)
    kept = [one["text"] for one in state["work_state"]["decisions"]]
    assert kept == ["Tokens live a day."]


@pytest.mark.parametrize("which", ["0", "2", "postgres", ""])
def test_what_is_named_by_nothing_that_is_there_is_an_error(which: str) -> None:
    work = state_after(prompt("We decided to use Redis for the cache."))["work_state"]
    with pytest.raises(manual_edits.WorkError):
        manual_edits.remove(work, "decisions", which)


@pytest.mark.parametrize(
    ("words", "text", "changed"),
    [
        (["decide"], "--remove 2", (["decide", "--remove", "2"], "")),
        (["note"], "--edit 1 So it is", (["note", "--edit", "1"], "So it is")),
        (["issue"], "done 1", (["issue", "--remove", "1"], "")),
        (["issue"], "done 1 is not enough", (["issue"], "done 1 is not enough")),
        (["decide"], "--remove all", (["decide"], "--remove all")),
    ],
)
def test_a_slash_command_changes_by_number_only(
    words: list[str], text: str, changed: tuple[list[str], str]
) -> None:
    assert changing(words, text) == changed


def test_an_artifact_set_by_hand_has_its_name() -> None:
    work = new_work()
    manual_edits.add_artifact(work, "login=src/auth.py")
    manual_edits.add_artifact(work, "src/rows.py")
    assert work["named_artifacts"] == {"login": "src/auth.py", "rows.py": "src/rows.py"}
    manual_edits.edit_artifact(work, "login", "entry=src/entry.py")
    assert work["named_artifacts"] == {"rows.py": "src/rows.py", "entry": "src/entry.py"}


def test_git_tells_branch_changes_and_commits(tmp_path: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for words in (
        ("init", "-q", "-b", "main"),
        (*who, "commit", "-q", "--allow-empty", "-m", "One"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "new file.py").write_text("x = 1\n")
    found = worktree.look(str(tmp_path), str(tmp_path), "now")
    assert found is not None
    told = (
        found["branch"],
        found["worktree"],
        found["changed"],
        [one[1] for one in found["commits"]],
    )
    assert told == ("main", ".", ["new file.py"], ["One"])


def test_a_status_with_renames_and_distance_is_read() -> None:
    rows = ("# branch.head fix", "# branch.ab +2 -1", "2 R. N... 1 1 1 a b R100 new.py", "old.py",
            "1 .M N... 1 1 1 a b kept.py", "? mine.py", "")  # fmt: skip
    status = "\0".join(rows)
    heads, changed = worktree.read_status(status)
    assert (worktree.distance(heads["branch.ab"]), changed, worktree.untracked(status)) == (
        (2, 1),
        ["new.py", "kept.py"],
        ["mine.py"],
    )


def test_checkboxes_ticked_on_disk_are_steps_that_are_done(tmp_path: Path) -> None:
    work = new_work()
    tasks = tmp_path / "specs" / "003-login" / "tasks.md"
    tasks.parent.mkdir(parents=True)
    tasks.write_text("- [x] form\n- [ ] check\n")
    work["current_spec"] = "003-login"
    task_files.take(work, str(tmp_path))
    tasks.write_text("- [x] form\n- [x] check\n- [ ] page\n")
    task_files.take(work, str(tmp_path))
    assert (work["completed_steps"], work["pending_steps"], work["steps_source"]) == (
        ["form", "check"],
        ["page"],
        "file",
    )


def test_no_file_outside_the_project_is_read_for_steps(tmp_path: Path) -> None:
    outside = tmp_path / "tasks.md"
    outside.write_text("- [ ] one\n- [ ] two\n")
    project = tmp_path / "project"
    (project / "specs" / "a").mkdir(parents=True)
    (project / "specs" / "a" / "tasks.md").symlink_to(outside)
    work = new_work()
    work["current_spec"] = "a"
    task_files.take(work, str(project))
    assert work["tasks"] == {}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(["npm run dev &"], ["npm run dev"], id="left running"),
        pytest.param(["cd web && nohup npm run dev > log 2>&1 &"], ["npm run dev"], id="nohup"),
        pytest.param(["./a & ./b & wait"], [], id="waited for"),
        pytest.param(["npm run dev &", "kill %1"], [], id="killed"),
        pytest.param(["grep '&' file"], [], id="a character"),
    ],
)
def test_what_the_shell_leaves_running_is_known(lines: list[str], told: list[str]) -> None:
    entries = [
        one
        for number, line in enumerate(lines)
        for one in done("Bash", "ok", tool_id=f"t{number}", command=line)
    ]
    work = state_after(*entries)["work_state"]
    background.keep_running(work, [])
    assert [one["command"] for one in work["background"].values()] == told
