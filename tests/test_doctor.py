"""The doctor: a sound project needs no words, and each thing that is broken has its own."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from driver import CLIENT_PID, Client
from made import answer, prompt

from clearpoint import __version__
from clearpoint.cli.main import main
from clearpoint.doctor import client, runs
from clearpoint.doctor.examination import Case, Finding, examine, is_healthy
from clearpoint.doctor.hook_records import HookRecord, records_of
from clearpoint.install import registration as reg
from clearpoint.install.registering import install
from clearpoint.lowlevel.clock import now_text
from clearpoint.lowlevel.files import make_folder, write_atomically
from clearpoint.session.recovery import UPGRADE
from clearpoint.session.state import SCHEMA_VERSION
from clearpoint.store.checksummed import seal
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

ROOT = Path(__file__).parents[1]
TESTED = client.tested_version()
OURS = "/venv/bin/clearpoint-"
DAY_S = 86_400.0


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose hooks are registered, with a session that has worked."""
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "home" / ".claude"))
    folder = tmp_path / "project"
    folder.mkdir()
    install(
        "project",
        folder,
        config_dir=tmp_path / "home" / ".claude",
        executables=executables(tmp_path / "venv" / "bin"),
        windows=False,
    )
    made = Client(folder)
    made.start(model="claude-sonnet-4-6")
    made.turn(
        prompt("go", parent="1", version=TESTED),
        answer(message_id="m1", used=30_000, version=TESTED),
    )
    return folder


def executables(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for hook in reg.HOOKS:
        program = Path(reg.hook_command(hook.event, folder)[0])
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return folder


def case(project: Path, now: float | None = None, **variables: str) -> Case:
    """The project as it is examined."""
    home = project.parent / "home"
    env = {"HOME": str(home), **variables}
    return Case(str(project), env, home, project.parent / "managed", now or time.time())


def looked(project: Path, now: float | None = None, **variables: str) -> dict[str, Finding]:
    """What is found and not well, by its check; of several of one check the last."""
    found = examine(case(project, now, **variables))
    return {one.check: one for one in found if one.level != "ok"}


def state_folder(project: Path) -> Path:
    env = {"HOME": str(project.parent / "home")}
    return Path(state_root(str(project), env))


def edited(path: Path, **changes: Any) -> None:
    """Change top-level keys of a JSON file, which need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    value = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**value, **changes}))


def test_a_sound_project_needs_no_words(project: Path) -> None:
    assert looked(project) == {}


@pytest.mark.parametrize("name", ["sitecustomize.py", "re.py", "json/__init__.py"])
def test_a_module_that_replaces_one_of_pythons_is_named(project: Path, name: str) -> None:
    path = project / "lib" / name
    path.parent.mkdir(parents=True)
    path.touch()
    named = f"/nowhere{os.pathsep}{project / 'lib'}"
    finding = looked(project, PYTHONPATH=named)["installation.environment"]
    shown = str(path).removesuffix("/__init__.py")
    assert (finding.level, finding.command, f": {shown}. They can" in finding.text) == (
        "warning",
        "unset PYTHONPATH",
        True,
    )


def test_the_home_of_another_python_is_named(project: Path) -> None:
    finding = looked(project, PYTHONHOME="/opt/other")["installation.environment"]
    text = "PYTHONHOME is set (/opt/other): this command starts only if that suits its Python; "
    said = Finding(
        finding.check, "warning", f"{text}hooks start without it", "", "unset PYTHONHOME"
    )
    assert finding == said


@pytest.mark.parametrize("name", ["shop.py", "json", "re.pyi", ""])
def test_a_search_path_that_replaces_nothing_needs_no_words(project: Path, name: str) -> None:
    folder = project / "lib"
    folder.mkdir()
    (folder / name).mkdir(exist_ok=True)
    assert looked(project, PYTHONPATH=str(folder)) == {}


def test_looking_changes_nothing(project: Path) -> None:
    (state_folder(project) / "sessions" / "s-1" / "state.json").write_text("{torn")
    before = contents(project)
    examine(case(project))
    assert contents(project) == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_hooks_that_are_not_registered_are_an_error_with_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    finding = looked(folder)["installation.hooks"]
    assert (finding.level, finding.text, finding.command) == (
        "error",
        "No hooks are registered for this project.",
        f"clearpoint install --project {folder}",
    )


def test_an_enabled_plugin_needs_no_registration(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    settings = tmp_path / "home" / ".claude" / "settings.json"
    edited(settings, enabledPlugins={"clearpoint@team": True})
    assert "installation.hooks" not in looked(folder)
    edited(settings, enabledPlugins={"clearpoint@team": False})
    assert "installation.hooks" in looked(folder)


def test_an_environment_that_has_moved_is_an_error(project: Path) -> None:
    (project.parent / "venv" / "bin").rename(project.parent / "elsewhere")
    finding = looked(project)["installation.hooks"]
    assert (finding.level, "is missing" in finding.text) == ("error", True)


def test_hooks_that_are_switched_off_are_an_error(project: Path) -> None:
    edited(project / ".claude" / "settings.local.json", disableAllHooks=True)
    assert '"disableAllHooks" is true' in looked(project)["installation.hooks"].text


@pytest.mark.parametrize("key", ["disableAllHooks", "allowManagedHooksOnly"])
@pytest.mark.parametrize("file", ["managed-settings.json", "managed-settings.d/10-hooks.json"])
def test_what_an_administrator_forbids_is_an_error(project: Path, key: str, file: str) -> None:
    edited(project.parent / "managed" / file, **{key: True})
    finding = looked(project)["installation.managed"]
    assert (finding.level, f'"{key}" is true' in finding.text) == ("error", True)


def test_what_an_administrator_allows_needs_no_words(project: Path) -> None:
    edited(project.parent / "managed" / "managed-settings.json", disableAllHooks=False)
    assert looked(project) == {}


def test_a_rule_that_keeps_claude_from_the_archives_is_named(project: Path) -> None:
    settings = project / ".claude" / "settings.local.json"
    edited(settings, permissions={"deny": ["Read(./secrets/**)", "Read(~/.claude/**)"]})
    finding = looked(project)["installation.permissions"]
    assert '"Read(~/.claude/**)" denies it' in finding.text


def test_hooks_of_another_version_than_the_command_are_named(project: Path) -> None:
    record = project.parent / "venv/lib/python3.12/site-packages/clearpoint-0.0.1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: clearpoint\nVersion: 0.0.1\n")
    finding = looked(project)["installation.version"]
    assert finding.text.endswith(f"are of clearpoint 0.0.1, this command is of {__version__}")
    assert finding.command == f"clearpoint install --project {project}"


def test_the_last_runs_are_told(project: Path) -> None:
    found = {one.check: one.text for one in examine(case(project, time.time() + 7_300))}
    assert found["runs.last"] == (
        "Last runs: SessionStart 2 hours ago, UserPromptSubmit 2 hours ago, Stop 2 hours ago"
    )


def test_a_project_without_hooks_is_not_told_to_allow_them(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    found = looked(folder)["runs.last"]
    assert (found.level, found.mend) == ("note", "")


def test_a_client_that_works_without_our_hooks_is_noticed(project: Path) -> None:
    transcripts = case(project).config_dir / "projects" / re.sub(r"\W", "-", str(project))
    transcripts = transcripts.with_name(transcripts.name.replace("_", "-"))
    transcripts.mkdir(parents=True)
    transcript = transcripts / "unseen.jsonl"
    transcript.write_text("{}\n")
    later = time.time() + DAY_S
    os.utime(transcript, (later, later))
    finding = looked(project, later + 60)["runs.unseen"]
    assert finding.text == "Claude Code worked here 1 minute ago, but the last hook ran 1 day ago"


def fault(project: Path, text: str, age_s: float, hook: str = "stop") -> None:
    """Write a fault down as the door does, so long ago."""
    line = {"at": now_text(time.time() - age_s), "hook": hook, "session_id": "s-1", "fault": text}
    with (state_folder(project) / "faults.jsonl").open("a") as stream:
        stream.write(json.dumps(line) + "\n")


@pytest.mark.parametrize(
    ("age_s", "level"),
    [
        pytest.param(-60.0, "error", id="since the last run"),
        pytest.param(3_600.0, "warning", id="overcome"),
        pytest.param(8 * DAY_S, None, id="long ago"),
    ],
)
def test_a_fault_counts_until_the_hook_has_run_again(
    project: Path, age_s: float, level: str | None
) -> None:
    fault(project, "clearpoint stop: No space left on device: /p", age_s)
    finding = looked(project, time.time() + 120).get("runs.faults")
    assert (finding.level if finding else None) == level


def test_the_same_fault_is_told_once_with_how_often_it_happened(project: Path) -> None:
    for age_s in (3_000.0, 2_000.0, 120.0):
        fault(project, "clearpoint stop: another process holds the lock: /p", age_s)
    finding = looked(project)["runs.faults"]
    assert finding.text == (
        "Stop failed (3 times, last 2 minutes ago; it has run since): clearpoint stop: another"
        " process holds the lock: /p"
    )


@pytest.mark.parametrize(
    ("said", "command"),
    [
        pytest.param("No space left on device: /p", "clearpoint gc", id="a full disk"),
        pytest.param("Permission denied: /p", "chmod -R u+rwX '/my project'", id="permissions"),
        pytest.param("Read-only file system", "export CLEARPOINT_DIR=FOLDER", id="read-only"),
        pytest.param("ENOENT: posix_spawn '/x'", "clearpoint install", id="a moved executable"),
        pytest.param("KeyError at /x.py:3", UPGRADE, id="our own"),
    ],
)
def test_each_kind_of_fault_has_its_remedy(said: str, command: str) -> None:
    assert runs.mend_of(said, "/my project")[1] == command


def test_torn_lines_of_journals_are_passed_over(project: Path) -> None:
    (state_folder(project) / "faults.jsonl").write_text('{"at": "20\n[]\n{}\n\xff')
    with (state_folder(project) / "sessions" / "s-1" / "journal.jsonl").open("a") as stream:
        stream.write('{"at": 5, "event": []}\n{"torn')
    assert looked(project) == {}


def attached(kind: str, command: str = OURS + "session-start", **fields: Any) -> dict[str, Any]:
    """What the client notes of one run of a hook."""
    facts = {"type": kind, "hookEvent": "SessionStart", "command": command, "durationMs": 40}
    return {"type": "attachment", "timestamp": "2026-01-01T00:00:00Z", "attachment": facts | fields}


SUMMARY = {
    "type": "system",
    "subtype": "stop_hook_summary",
    "timestamp": "2026-01-01T00:00:00Z",
    "hookInfos": [
        {"command": OURS + "stop", "durationMs": 45},
        {"command": "/other/hook", "durationMs": 9_000},
        {"command": OURS + "stop"},
    ],
}
AT = "2026-01-01T00:00:00Z"
FAILED, CANCELLED = "hook_non_blocking_error", "hook_cancelled"


@pytest.mark.parametrize(
    ("entry", "seen"),
    [
        pytest.param(SUMMARY, [("Stop", 45, ""), ("Stop", None, "")], id="a turn"),
        pytest.param(attached("hook_success"), [("SessionStart", 40, "")], id="a success"),
        pytest.param(
            attached("hook_success", OURS + "stop", hookEvent="Stop"), [], id="told by the turn"
        ),
        pytest.param(
            attached(FAILED, stderr="Failed with non-blocking status code: boom\nmore"),
            [("SessionStart", 40, "boom")],
            id="a failure",
        ),
        pytest.param(
            attached(FAILED, exitCode=3), [("SessionStart", 40, "exit code 3")], id="without words"
        ),
        pytest.param(
            attached(CANCELLED, timedOut=True),
            [("SessionStart", 40, "it timed out")],
            id="a timeout",
        ),
        pytest.param(attached("hook_success", "/other/hook"), [], id="another's"),
        pytest.param(attached("hook_success", "/x/not-clearpoint-stop"), [], id="a name like ours"),
        pytest.param(
            attached("hook_success", "C:\\v\\Scripts\\clearpoint-hook.exe stop"),
            [("SessionStart", 40, "")],
            id="on Windows",
        ),
        pytest.param(
            attached("hook_success", "${CLAUDE_PLUGIN_ROOT}/hooks/launch session-start"),
            [("SessionStart", 40, "")],
            id="the plugin's",
        ),
        pytest.param({"type": "attachment", "attachment": []}, [], id="another shape"),
        pytest.param({**SUMMARY, "hookInfos": {"command": 5}}, [], id="another shape of a turn"),
    ],
)
def test_the_clients_own_notes_tell_of_our_runs(entry: Any, seen: list[Any]) -> None:
    assert [*records_of(entry)] == [HookRecord(event, AT, ms, why) for event, ms, why in seen]


def test_a_hook_that_could_not_start_is_known_from_the_client(project: Path) -> None:
    lost = attached(FAILED, stderr="ENOENT: posix_spawn", timestamp="")
    lost["timestamp"] = now_text(time.time() + 60)
    Client(project).write(lost)  # type: ignore[arg-type]
    finding = looked(project, time.time() + 120)["runs.faults"]
    assert (finding.level, finding.command) == ("error", "clearpoint install")


@pytest.mark.parametrize(
    ("times", "level", "text"),
    [
        pytest.param([41], "ok", "Stop: median 41 ms, max 41 ms (1 run)", id="one"),
        pytest.param([30, 50, 900], "ok", "Stop: median 50 ms, max 900 ms (3 runs)", id="usual"),
        pytest.param([30] * 13 + [1_900], "ok", "max 1,900 ms (14 runs)", id="one slow run"),
        pytest.param([1_900], "ok", "max 1,900 ms (1 run)", id="a single run"),
        pytest.param([30, 1_500, 1_900], "warning", "2 of them above 1,000 ms", id="slow"),
    ],
)
def test_slow_runs_are_told_with_the_median(times: list[int], level: str, text: str) -> None:
    finding = runs.duration_finding("Stop", times)
    assert (finding.level, text in finding.text) == (level, True)


def test_a_run_that_failed_says_nothing_of_how_long_runs_take(project: Path) -> None:
    noted = [attached("hook_success"), attached(FAILED, durationMs=9_000, stderr="boom")]
    Client(project).write(*noted)  # type: ignore[arg-type]
    found = [one.text for one in examine(case(project)) if one.check == "runs.slow"]
    assert found == ["SessionStart: median 40 ms, max 40 ms (1 run)"]


@pytest.mark.parametrize(
    ("seen", "level"),
    [
        pytest.param("2.1.329", "ok", id="tested"),
        pytest.param("2.1.332", "ok", id="newer patches"),
        pytest.param("2.2.0", "warning", id="a newer minor version"),
        pytest.param("3.0.1-beta.2", "warning", id="a newer major version"),
        pytest.param("1.9.9", "note", id="older"),
        pytest.param("nightly", "note", id="another form"),
    ],
)
def test_the_clients_version_is_compared_with_the_tested_one(seen: str, level: str) -> None:
    assert client.version_finding(seen, "2.1.329").level == level


def test_the_shipped_version_is_the_one_that_the_tests_are_pinned_to() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pins = tomllib.loads(text)["dependency-groups"]["client"]
    assert len(pins) == 1
    (said,) = re.findall(r"^client = .*# bundles Claude Code ([0-9.]+)", text, re.MULTILINE)
    assert said.rstrip(".") == TESTED


def test_the_bundled_client_is_of_the_shipped_version() -> None:
    found = importlib.util.find_spec("claude_agent_sdk")
    if found is None or found.origin is None:
        pytest.skip("the client's package is not installed")
    text = (Path(found.origin).parent / "_cli_version.py").read_text(encoding="utf-8")
    assert f'"{TESTED}"' in text


def test_an_assumed_window_is_named_with_what_tells_the_real_one(project: Path) -> None:
    made = Client(project)
    made.turn(prompt("x", parent="2"), answer(message_id="m2", model="claude-new-9"))
    finding = looked(project)["client.window"]
    assert finding.command == "clearpoint install"


def test_a_gateway_that_reports_no_usage_is_named(project: Path) -> None:
    made = Client(project, "s-9")
    made.start()
    silent = answer(model="glm-5")
    silent["message"]["usage"] = {"input_tokens": 0, "output_tokens": 0}
    made.turn(prompt("x"), silent)
    assert looked(project)["client.usage"].level == "note"


def test_a_window_that_an_older_client_may_not_have_is_named(project: Path) -> None:
    made = Client(project)
    made.turn(prompt("x", parent="2"),
              answer(message_id="m2", model="claude-opus-5", version="2.1.200"))  # fmt: skip
    assert "may have a longer window" in looked(project)["client.window"].text


def test_a_damaged_state_is_named_with_what_rebuilds_it(project: Path) -> None:
    Client(project).send("session_end", reason="logout")
    (state_folder(project) / "sessions" / "s-1" / "state.json").write_text("{torn")
    finding = looked(project)["state.damaged"]
    assert (finding.level, finding.command) == ("warning", "clearpoint show s-1")
    assert main([*finding.command.split()[1:], "--project", str(project)]) == 0
    assert "state.damaged" not in looked(project)


def test_a_state_of_a_newer_version_is_named_and_stays(project: Path) -> None:
    path = state_folder(project) / "sessions" / "s-1" / "state.json"
    data = seal({**Client(project).state, "schema_version": SCHEMA_VERSION + 1})
    path.write_bytes(data)
    found = looked(project)
    finding = found["state.newer"]
    assert (finding.level, UPGRADE in finding.text) == ("warning", True)
    assert finding.text.startswith(f"{path} was written by a newer Clearpoint")
    assert ("state.damaged" in found, path.read_bytes()) == (False, data)


def test_a_damaged_checkpoint_is_named(project: Path) -> None:
    Client(project).send("session_end", reason="logout")
    (path,) = (state_folder(project) / "sessions" / "s-1" / "checkpoints").iterdir()
    path.write_text("{torn")
    assert looked(project)["state.checkpoints"].command == f"rm {path}"


def test_what_is_in_quarantine_is_told(project: Path) -> None:
    make_folder(str(state_folder(project) / "quarantine"))
    write_atomically(str(state_folder(project) / "quarantine" / "s-1.1.state.json"), b"{torn")
    finding = looked(project)["state.quarantine"]
    assert finding.text.startswith("1 damaged file put aside in ~/.claude/clearpoint/projects/")


def test_a_session_that_nobody_closed_is_stale_after_a_week(project: Path) -> None:
    later = time.time() + 8 * DAY_S
    assert "1 session of 1 never closed" in looked(project, later)["state.stale"].text
    Client(project).send("session_end", reason="logout")
    assert "state.stale" not in looked(project, later)


def test_files_of_killed_processes_are_told(project: Path) -> None:
    path = state_folder(project) / "sessions" / "s-1" / f"state.json.{CLIENT_PID}.5f.tmp"
    path.write_text("half")
    assert (
        looked(project)["state.leftovers"].text == "1 temporary file of killed processes, 4 bytes"
    )


def test_a_folder_beyond_its_size_is_a_warning(project: Path) -> None:
    (state_folder(project) / "config.toml").write_text("[retention]\nmegabytes = 1\n")
    (state_folder(project) / "sessions" / "s-1" / "big").write_bytes(b"x" * 1_100_000)
    finding = looked(project)["state.size"]
    assert (finding.level, finding.command) == ("warning", "clearpoint gc")


def test_wrong_settings_are_named_with_file_and_line(project: Path) -> None:
    config = state_folder(project) / "config.toml"
    config.write_text("[budget]\nwindw = 5\n")
    assert looked(project)["state.settings"].text == (
        f"{config}: line 2: unknown key budget.windw, did you mean budget.window?"
    )


def test_a_folder_that_others_can_read_is_a_warning(project: Path) -> None:
    state_folder(project).chmod(0o755)
    assert looked(project)["state.privacy"].command == f"chmod 700 {state_folder(project)}"


def test_a_missing_gitignore_is_a_warning_with_the_command_that_writes_it(project: Path) -> None:
    in_project = Store(str(project / ".clearpoint"))
    in_project.make_root()
    ignore = project / ".clearpoint/.gitignore"
    before = ignore.read_text()
    ignore.unlink()
    found = looked(project, CLEARPOINT_DIR=".clearpoint")
    os.system(found["state.privacy"].command)  # noqa: S605
    assert ignore.read_text() == before


def test_a_file_in_the_place_of_the_state_folder_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    place = state_folder(folder)
    place.parent.mkdir(parents=True)
    place.write_text("not a folder")
    assert looked(folder)["state.folder"].level == "error"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_an_error_with_the_command(project: Path) -> None:
    os.chown(state_folder(project), 12345, 12345)
    finding = looked(project)["state.folder"]
    assert (finding.level, finding.command) == (
        "error", f'sudo chown -R "$(id -un)" {state_folder(project)}'
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_of_another_user_is_a_warning(tmp_path: Path) -> None:
    for name in ("bare", "home"):
        (tmp_path / name).mkdir()
    os.chown(tmp_path / "home", 12345, 12345)
    assert "belongs to another user" in looked(tmp_path / "bare")["state.folder"].text


def test_a_link_in_the_place_of_the_state_folder_is_an_error(project: Path) -> None:
    place = state_folder(project)
    place.rename(project / "aside")
    place.symlink_to(project / "aside")
    assert " link" in looked(project)["state.folder"].text


def test_what_was_left_of_an_earlier_version_is_told(project: Path) -> None:
    (project / ".clearpoint/sessions").mkdir(parents=True)
    assert looked(project)["state.earlier"].level == "note"


def test_what_cannot_be_looked_at_is_an_error_and_no_crash(project: Path) -> None:
    (state_folder(project) / "sessions" / "s-1" / "checkpoints").write_text("not a folder")
    assert looked(project)["state.unreadable"].level == "error"


@pytest.mark.parametrize(
    ("level", "plain", "strict"),
    [
        pytest.param("ok", True, True, id="ok"),
        pytest.param("note", True, True, id="a note"),
        pytest.param("warning", True, False, id="a warning"),
        pytest.param("error", False, False, id="an error"),
    ],
)
def test_errors_are_unhealthy_and_warnings_where_it_is_strict(
    level: Any, plain: bool, strict: bool
) -> None:
    found = [Finding("a.b", "ok", ""), Finding("a.c", level, "")]
    assert (is_healthy(found), is_healthy(found, strict=True)) == (plain, strict)


@pytest.fixture
def home(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of who types the command, at 80 columns."""
    folder = project.parent / "home"
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    return folder


def test_the_exit_code_is_for_scripts(project: Path, home: Path) -> None:
    command = ["doctor", "--project", str(project)]
    assert [main(command), main([*command, "--strict"])] == [0, 0]
    state_folder(project).chmod(0o755)
    assert [main(command), main([*command, "--strict"])] == [0, 1]
    (project.parent / "venv" / "bin").rename(project.parent / "elsewhere")
    assert main(command) == 1


def test_the_report_as_json_has_stable_keys(
    project: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "CLAUDE.md").write_text("a rule\n" * 600)
    main(["doctor", "--project", str(project), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [*found] == [
        "project", "state_folder", "version", "healthy", "findings", "hygiene",
    ]  # fmt: skip
    assert [*found["findings"][0]] == ["check", "level", "text", "mend", "command"]
    assert [*found["hygiene"][0]] == ["check", "text", "mend", "tokens", "standing", "command"]


def test_commands_mean_the_project_that_was_looked_at(
    project: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (state_folder(project) / "x.999999999.5f.tmp").write_text("half")
    typed = []
    for folder in (project.parent, project):
        monkeypatch.chdir(folder)
        main(["doctor", "--project", str(project), "--json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        typed += [one["command"] for one in found if one["check"] == "state.leftovers"]
    assert typed == [f"clearpoint gc --project {project}", "clearpoint gc"]


def test_the_report_fits_80_columns_but_for_commands_which_are_whole(
    project: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "CLAUDE.md").write_text("a rule\n" * 600)
    state_folder(project).chmod(0o755)
    fault(project, "clearpoint stop: another process holds the lock: /p", 60.0)
    main(["doctor", "--project", str(project)])
    lines = capsys.readouterr().out.splitlines()
    long = [line for line in lines if len(line) > 80]
    assert [line for line in long if not line.startswith(("      $ ", "Project "))] == []
    assert f"      $ chmod 700 {state_folder(project)}" in lines
    assert "Context hygiene" in lines
    assert lines[-1] == "2 warnings, 1 hygiene hint"


def test_a_sound_project_ends_with_a_word_of_peace(
    project: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor", "--project", str(project)])
    assert capsys.readouterr().out.splitlines()[-1].startswith("All is well: ")


def test_hostile_text_gives_the_terminal_no_commands(
    project: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fault(project, "\x1b]0;title\x07 \x9b31m", 60.0)
    main(["doctor", "--project", str(project)])
    assert not {*"\x1b\x07\x9b"} & {*capsys.readouterr().out}
