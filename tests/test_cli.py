"""The command line, run in process: what a person sees, and what a script can rely on."""

from __future__ import annotations

import json
import os
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client, context_of
from made import answer, boundary, command, done, prompt, result

from clearpoint.cli import render
from clearpoint.cli.main import commands, in_words, main
from clearpoint.session.load import read
from clearpoint.session.state import SCHEMA_VERSION
from clearpoint.store.checksummed import seal
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., "Ran"]

FIRST, SECOND = "1111aaaa-0000-4000-8000-000000000001", "2222bbbb-0000-4000-8000-000000000002"
READING = ("status", "sessions", "show", "reload")
COLUMNS = 80


class Ran:
    """What one command did: its exit code, and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an environment that knows nothing but a home folder of its own."""
    for name in [*os.environ]:
        if name not in ("PATH", "TMPDIR", "CLAUDE_CONFIG_DIR") and not name.startswith("PYTEST"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", str(COLUMNS))

    def ran(*args: str) -> Ran:
        code = main([*args])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


@pytest.fixture
def project(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, in which the command runs."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def client(project: Path) -> Client:
    """A client that has worked in the project."""
    made = Client(project, FIRST)
    made.start(model="claude-sonnet-4-6")
    made.turn(
        command("/moai:2-run", "SPEC-AUTH-001"),
        prompt("We decided to use JWT.", parent="0"),
        *done("TodoWrite", todos=[{"content": "build it", "status": "in_progress"},
                                 {"content": "test it", "status": "pending"}]),
        *done("Edit", file_path=str(project / "auth.py"), tool_id="t2"),
        result(tool_id="t2"),
        answer("Built.", message_id="m9", used=90_000),
    )  # fmt: skip
    return made


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself_within_80_columns(name: str, run: Run) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert max(len(line) for line in ran.out.splitlines()) <= COLUMNS
    assert "Examples:" in ran.out


def test_without_a_command_it_shows_what_there_is(run: Run) -> None:
    ran = run()
    assert ran.code == 0
    assert [name for name in commands() if f"  {name} " not in ran.out] == []


@pytest.mark.parametrize("name", ["handoff", "tag", "statusline"])
def test_a_group_alone_prints_its_help(name: str, run: Run) -> None:
    ran = run(name)
    assert (ran.code, ran.err, ran.out) == (0, "", run(name, "--help").out)


@pytest.mark.parametrize("name", ["replay", "completion"])
def test_a_command_that_lacks_an_argument_says_so_and_prints_its_help(name: str, run: Run) -> None:
    ran = run(name)
    line, _, rest = ran.err.partition("\n\n")
    assert (ran.code, ran.out, rest) == (1, "", run(name, "--help").out)
    assert line.startswith("Error: Missing argument '")


def test_remote_alone_shows_the_remotes(run: Run) -> None:
    ran = run("remote")
    assert (ran.code, ran.out) == (0, run("remote", "show").out)


def test_it_knows_its_version(run: Run) -> None:
    assert run("--version").out.startswith("clearpoint, version ")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(
            ["statsu"], "unknown command 'statsu'; did you mean clearpoint status?", id="typo"
        ),
        pytest.param(["qqq"], "unknown command 'qqq'; see clearpoint --help", id="no such command"),
        pytest.param(["status", "--foo"], "No such option", id="option"),
        pytest.param(["replay", "nowhere.jsonl"], "'nowhere.jsonl' does not exist", id="file"),
        pytest.param(["status", "--project", "nowhere"], "nowhere: no such folder", id="project"),
        pytest.param(["show", "9"], "no session begins with '9'", id="session"),
        pytest.param(["restore", "x"], "no checkpoint 'x'; available:", id="checkpoint"),
        pytest.param(["checkpoint", "a/b"], "'a/b' is no checkpoint name", id="bad name"),
        pytest.param(
            ["phase", "tesing"], "unknown phase 'tesing'; did you mean testing?", id="phase"
        ),
        pytest.param(["decide", " "], "the decision is empty", id="empty"),
        pytest.param(["reload", "--reason", "x"], "'x' is not one of 'clear'", id="reason"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_never_exits_2(
    args: list[str], told: str, run: Run, client: Client
) -> None:
    ran = run(*args)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("Error: ")
    assert told in ran.err


@pytest.mark.parametrize("name", ["show", "reload", "sessions", "checkpoint", "decide"])
def test_a_project_without_sessions_says_what_to_do(name: str, run: Run, project: Path) -> None:
    ran = run(name, *(["x"] if name == "decide" else []))
    assert ran.code == 1
    assert f"Start Claude Code in {project}; if Clearpoint is not installed there" in ran.err


def test_status_tells_how_full_it_is_and_where_the_work_stands(run: Run, client: Client) -> None:
    client.turn(prompt("more", parent="1"), answer(message_id="m10", used=152_000))
    ran = run("status")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith(f"Session {FIRST[:8]} · ")
    assert lines[1].endswith("152k of your 200k window (76%)")
    text = in_one_line(ran.out)
    for fact in (
        "→ /clear when this is finished.",
        "SPEC-AUTH-001 · implementation",
        "▸ build it",
        "We decided to use JWT.",
        "auth.py (1 edit)",
    ):
        assert fact in text
    assert "Growth" not in text


def test_show_has_the_figures_too(run: Run, client: Client) -> None:
    client.turn(prompt("more", parent="1"), answer(message_id="m10", used=152_000))
    text = in_one_line(run("show").out)
    for fact in (
        "Tokens used 152,000 (next request 152,000), 48,000 free",
        "Budget 76% of 200k; next message at 165k (82%)",
        "200k (source: model), auto-compaction at 167k",
        "Advice 1 message so far",
        "Growth not enough turns yet",
    ):
        assert fact in text


def test_status_names_what_is_wrong_with_the_installation(run: Run, project: Path) -> None:
    ran = run("status")
    assert ran.out.startswith(f"No session of {project} is recorded yet.")
    assert (
        f"! No hooks are registered for this project. Run: clearpoint install --project {project}"
        in ran.out
    )


def test_status_shows_recent_faults_and_not_old_ones(run: Run, client: Client) -> None:
    client.store.record_fault("stop", "clearpoint stop: No space left on device", FIRST)
    faults = state_folder(client.project) / "faults.jsonl"
    old = {"at": "2020-01-01T00:00:00Z", "hook": "stop", "fault": "long ago"}
    faults.write_text(json.dumps(old) + "\n{torn\n" + faults.read_text(encoding="utf-8"))
    assert [fault["fault"] for fault in run("status", "--json").json["faults"]] == [
        "clearpoint stop: No space left on device"
    ]
    assert "No space left on device (just now)" in run("status").out


def test_status_names_what_is_wrong_with_the_settings(run: Run, client: Client) -> None:
    config = state_folder(client.project) / "config.toml"
    config.write_text("[budget]\nwindw = 5\n", encoding="utf-8")
    assert "line 2: unknown key budget.windw, did you mean budget.window?" in run("status").out


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(
            PermissionError(13, "Permission denied", "/p/state.json"),
            "Permission denied: /p/state.json",
            id="a file",
        ),
        pytest.param(TimeoutError("the lock is held"), "the lock is held", id="a lock"),
    ],
)
def test_an_error_of_the_system_is_told_with_its_place(error: OSError, told: str) -> None:
    assert in_words(error) == told


def test_status_as_json_has_stable_keys(run: Run, client: Client) -> None:
    found = run("status", "--json").json
    assert [*found] == [
        "project",
        "state_folder",
        "session",
        "installation",
        "settings",
        "faults",
        "transcripts",
    ]
    assert found["session"] == run("show", "--json").json
    assert [*found["session"]] == [
        "session_id", "model", "created_at", "last_updated", "ended", "context_window", "budget",
        "level_starts", "level_reason", "advice_pending", "freed_by_clear", "prompt_cache",
        "attribution", "work_state", "user_context", "lineage", "system", "checkpoints", "archives",
        "folder",
    ]  # fmt: skip


def test_status_without_a_session_is_json_too(run: Run, project: Path) -> None:
    found = run("status", "--json").json
    assert (found["session"], found["project"]) == (None, str(project))


def test_what_the_transcript_has_beyond_the_state_is_shown(run: Run, client: Client) -> None:
    client.write(answer(message_id="m10", used=97_000))
    assert run("status", "--json").json["session"]["context_window"]["used"] == 97_000


def test_sessions_are_listed_newest_first_with_what_they_continue(run: Run, client: Client) -> None:
    client.clear(SECOND)
    rows = run("sessions", "--json").json
    assert [(row["session_id"], row["parent_id"], row["ended"]) for row in rows] == [
        (SECOND, FIRST, None),
        (FIRST, None, "clear"),
    ]
    ran = run("sessions")
    assert ran.out.splitlines()[0] == f"Sessions of {client.project}"
    assert ran.out.splitlines()[2].startswith("2222bbbb  now")
    assert "1111aaaa (after clear)" in ran.out


def test_a_damaged_session_is_listed_and_left_alone(run: Run, client: Client) -> None:
    path = state_folder(client.project) / "sessions" / FIRST / "state.json"
    path.write_bytes(b"{}")
    assert "damaged" in run("sessions").out
    assert run("sessions", "--json").json[0]["damaged"]
    assert path.read_bytes() == b"{}"


def test_a_session_of_a_newer_clearpoint_is_listed_and_left_alone(run: Run, client: Client) -> None:
    path = state_folder(client.project) / "sessions" / FIRST / "state.json"
    data = seal({**client.state, "schema_version": SCHEMA_VERSION + 1})
    path.write_bytes(data)
    listed, shown = run("sessions"), run("show")
    assert ("newer" in listed.out, "damaged" in listed.out) == (True, False)
    (line,) = shown.err.splitlines()
    assert (shown.code, "was written by a newer Clearpoint" in line) == (1, True)
    assert path.read_bytes() == data


def test_sessions_whose_ids_begin_alike_are_shown_apart(run: Run, client: Client) -> None:
    client.clear("1111aaaa-0001-4000-8000-000000000002")
    words = run("sessions").out.split()
    assert [word for word in words if word.startswith("1111aaaa-")] == [
        "1111aaaa-0001",
        "1111aaaa-0000",
    ]


@pytest.mark.parametrize("name", ["status", "sessions", "show"])
def test_lines_fit_the_terminal_except_for_paths(name: str, run: Run, client: Client) -> None:
    client.clear(SECOND)
    long = [line for line in run(name).out.splitlines() if len(line) > COLUMNS]
    paths = (str(client.project), client.store.root)
    assert [line for line in long if not any(path in line for path in paths)] == []


@pytest.mark.parametrize("name", READING)
def test_what_is_piped_is_plain(name: str, run: Run, client: Client) -> None:
    assert "\x1b" not in run(name).out


@pytest.mark.parametrize("name", READING)
def test_reading_leaves_no_trace(name: str, run: Run, client: Client) -> None:
    client.write(answer(message_id="m10", used=97_000))
    before = contents(client.project)
    run(name)
    run(name, "--json")
    assert contents(client.project) == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_hostile_text_gives_the_terminal_no_commands(run: Run, client: Client) -> None:
    client.turn(prompt("\x1b]0;title\x07 we decided \x9b31m to go", parent="1"), answer("ok"))
    assert not {*"\x1b\x07\x9b"} & {*run("show").out}


def test_a_session_is_shown_by_the_beginning_of_its_id(run: Run, client: Client) -> None:
    client.clear(SECOND)
    assert run("show", "1111").out.startswith(f"Session {FIRST}")
    assert run("show").out.startswith(f"Session {SECOND}")


def test_reload_prints_what_the_next_session_is_given(run: Run, client: Client) -> None:
    ran = run("reload")
    given = context_of(client.clear(SECOND))
    assert ran.out == given.replace("reload 2222bbbb", "reload 1111aaaa") + "\n"
    assert ran.err.endswith("of at most 2000 tokens\n")


def test_reload_as_json_measures_it(run: Run, client: Client) -> None:
    found = run("reload", "1111", "--json").json
    assert [*found] == ["session_id", "reason", "context", "tokens", "units"]
    assert found["units"] == len(found["context"])
    assert 0 < found["tokens"] < found["units"]


def test_reload_tells_a_fork_where_it_is_from(run: Run, client: Client) -> None:
    assert client.session == FIRST
    ran = run("reload", "--reason", "fork")
    assert f"this session branched off from session {FIRST}, which continues separately." in ran.out


def test_reload_says_when_there_is_nothing_to_say(run: Run, project: Path) -> None:
    Client(project).start()
    ran = run("reload", "--reason", "resume")
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing to carry over\n")


def test_a_checkpoint_is_restored_and_the_present_kept(run: Run, client: Client) -> None:
    assert run("checkpoint", "before").out == f"Saved checkpoint before of session {FIRST}.\n"
    run("phase", "review")
    ran = run("restore", "before")
    assert phase_of(client) == "implementation"
    undo = ran.out.splitlines()[-1].removeprefix("To undo: clearpoint ").split()
    run(*undo)
    assert phase_of(client) == "review"


def phase_of(client: Client) -> str:
    return client.state["work_state"]["phase"]


@pytest.mark.parametrize(
    ("args", "key", "value"),
    [
        pytest.param(["spec", "SPEC-2"], "current_spec", "SPEC-2", id="spec"),
        pytest.param(["phase", "testing"], "phase", "testing", id="phase"),
        pytest.param(["step", "add", "deploy"], "pending_steps", ["deploy"], id="step add"),
        pytest.param(["step", "done"], "completed_steps", ["build it"], id="step done"),
        pytest.param(["step", "done", "test"], "completed_steps", ["test it"], id="named step"),
    ],
)
def test_the_work_state_is_set_by_hand_and_stays(
    args: list[str], key: str, value: object, run: Run, client: Client
) -> None:
    assert run(*args).code == 0
    client.turn(
        command("/moai:3-sync", "SPEC-9"),
        *done("TodoWrite", todos=[{"content": "other", "status": "in_progress"}]),
        answer("ok"),
    )
    work: Any = client.state["work_state"]
    assert work[key] == value


@pytest.mark.parametrize("name", ["decide", "issue", "note"])
def test_what_is_said_by_hand_is_carried_across(name: str, run: Run, client: Client) -> None:
    run(name, "The staging server is down.")
    assert "- The staging server is down." in context_of(client.clear(SECOND))


def test_an_artifact_is_named_listed_carried_across_and_removed(run: Run, client: Client) -> None:
    told = [run("artifact", "login=src/auth.py").out, run("artifact").out]
    assert "- login: src/auth.py" in context_of(client.clear(SECOND))
    told += [run("artifact", "--remove", "login").out, run("artifact").out]
    assert told == [
        "Artifact: login: src/auth.py\n",
        "1. login: src/auth.py\n",
        "Removed: login\n",
        "No artifacts yet.\n",
    ]


def test_a_value_is_left_to_the_transcript_again(run: Run, client: Client) -> None:
    run("spec", "SPEC-MINE")
    assert run("unset", "spec").out == "spec: detected automatically again.\n"
    assert run("unset", "spec").out == "spec: was not set by hand.\n"
    client.turn(command("/moai:2-run", "SPEC-NEXT-2"), answer("ok"))
    assert client.state["work_state"]["current_spec"] == "SPEC-NEXT-2"


def test_claude_itself_sets_the_session_that_it_runs_in(
    run: Run, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.clear(SECOND)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "of-another-project")
    run("decide", "Of the newest.")
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", FIRST)
    run("decide", "Of the first.")
    store = Store(str(state_folder(client.project)))
    said = {
        session_id: [one["text"] for one in state["work_state"]["decisions"]][-1]
        for session_id in (FIRST, SECOND)
        if (state := read(store, session_id))
    }
    assert said == {FIRST: "Of the first.", SECOND: "Of the newest."}


@pytest.mark.parametrize("mark", [".clearpoint", ".claude", ".git"])
def test_the_project_is_the_one_around_the_folder(
    mark: str, run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / mark).mkdir()
    inner = project / "src" / "deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert run("status", "--json").json["project"] == str(project)


def test_the_home_folder_is_no_project_and_a_bare_folder_is_its_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / ".claude").mkdir()
    bare = tmp_path / "home" / "notes"
    bare.mkdir()
    monkeypatch.chdir(bare)
    assert run("status", "--json").json["project"] == str(bare)


def test_the_running_clients_project_comes_before_the_current_folder(
    run: Run, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(client.project))
    assert run("show").out.startswith(f"Session {FIRST}")


def test_the_state_folder_is_where_the_environment_says(
    run: Run, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state_folder(client.project)).rename(client.project / "elsewhere")
    monkeypatch.setenv("CLEARPOINT_DIR", "elsewhere")
    assert run("show").out.startswith(f"Session {FIRST}")


def test_a_replay_as_jsonl_has_a_line_for_each_thing_that_happened(
    run: Run, client: Client
) -> None:
    client.write(prompt("x", parent="8"), answer(message_id="m10", used=152_000), boundary())
    ran = run("replay", str(client.transcript), "--format", "jsonl")
    kinds = [json.loads(line)["kind"] for line in ran.out.splitlines()]
    assert (ran.code, kinds) == (0, ["request", "request", "request", "advice", "boundary"])


def test_a_replay_tells_the_story_to_people(run: Run, client: Client) -> None:
    client.write(prompt("x", parent="8"), answer(message_id="m10", used=152_000), boundary())
    text = in_one_line(run("replay", str(client.transcript)).out)
    for fact in (
        "152k/200k 76%",
        "advice (level) Context: 152k of your 200k window (76%)",
        "compaction (manual) at 150k, 3k of the conversation left",
        "3 requests, 1 compaction, 1 piece of advice",
    ):
        assert fact in text


def test_a_row_of_a_replay_has_the_percentage_that_its_level_was_judged_by(
    run: Run, client: Client
) -> None:
    config = state_folder(client.project) / "config.toml"
    config.write_text('[budget]\ntokens = "window"\n', encoding="utf-8")
    client.write(
        prompt("x", parent="8"),
        answer(message_id="m10", used=160_100),
        prompt("y", parent="9"),
        answer(message_id="m11", used=170_100, model="claude-opus-5"),
    )
    text = in_one_line(run("replay", str(client.transcript)).out)
    assert [fact in text for fact in ("160k/200k 80%", "170k/1M 17%")] == [True, True]


def test_a_replay_of_nothing_says_so(run: Run, project: Path) -> None:
    (project / "empty.jsonl").touch()
    assert run("replay", "empty.jsonl").out == "No requests in this transcript.\n"


def test_a_replay_takes_the_settings_of_the_project(run: Run, client: Client) -> None:
    config = state_folder(client.project) / "config.toml"
    config.write_text("[budget]\ntokens = 100000\n", encoding="utf-8")
    assert "90k/100k 90%" in run("replay", str(client.transcript)).out


def test_install_tells_what_changed_and_what_comes_next(run: Run, project: Path) -> None:
    ran = run("install")
    assert ran.code == 0
    path = project / ".claude" / "settings.json"
    assert ran.out.startswith(f"Added to {path}: SessionStart, UserPromptSubmit, Stop, PreCompact")
    assert "SubagentStop, status line, permissions to read and search.\n" in ran.out
    assert f"Clearpoint is on. Start Claude Code in {project}" in ran.out
    assert run("status", "--json").json["installation"] == []
    assert run("install").out.startswith("Nothing to change: Clearpoint is already installed")


def test_a_status_line_can_be_left_out(run: Run, project: Path) -> None:
    run("install", "--no-statusline")
    assert "statusLine" not in json.loads((project / ".claude" / "settings.json").read_text())


def test_a_status_line_that_names_no_command_does_not_keep_the_hooks_out(
    run: Run, project: Path
) -> None:
    settings = project / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"statusLine": {"type": "odd"}}', encoding="utf-8")
    assert run("install").code == 0
    assert json.loads(settings.read_text())["statusLine"] == {"type": "odd"}
    assert "keep it with --no-statusline" in run("install", "--statusline").err


def test_a_dry_run_shows_the_difference_and_changes_nothing(run: Run, project: Path) -> None:
    ran = run("install", "--dry-run")
    assert ran.code == 0
    assert '+    "SessionStart": [' in ran.out
    assert not (project / ".claude").exists()


@pytest.mark.parametrize(
    ("scope", "file"),
    [
        pytest.param([], "project/.claude/settings.json", id="project"),
        pytest.param(["--local"], "project/.claude/settings.local.json", id="local"),
        pytest.param(["--user"], "home/.claude/settings.json", id="user"),
    ],
)
def test_uninstall_takes_out_what_install_put_in(  # noqa: PLR0917
    scope: list[str],
    file: str,
    run: Run,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CLAUDE_CONFIG_DIR")
    run("install", *scope)
    assert (tmp_path / file).is_file()
    assert run("uninstall", *scope).out.startswith(f"Removed from {tmp_path / file}: SessionStart")
    assert not (tmp_path / file).exists()
    assert run("uninstall", *scope).out.startswith("Nothing to change: Clearpoint is not installed")


def test_settings_that_cannot_be_changed_are_told_in_one_line(run: Run, project: Path) -> None:
    settings = project / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"hooks": [', encoding="utf-8")
    ran = run("install")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"Error: {settings}:1:")


@pytest.mark.parametrize(
    ("seconds", "long", "short"),
    [
        pytest.param(5, "just now", "now", id="now"),
        pytest.param(61, "1 minute ago", "1m", id="a minute"),
        pytest.param(7_300, "2 hours ago", "2h", id="hours"),
        pytest.param(200_000, "2 days ago", "2d", id="days"),
        pytest.param(-90, "just now", "now", id="a clock that went back"),
    ],
)
def test_an_age_is_told_in_the_largest_unit(seconds: int, long: str, short: str) -> None:
    at, now = "2026-01-31T12:00:00Z", 1_769_860_800.0 + seconds
    assert (render.age(at, now), render.short_age(at, now)) == (long, short)


def test_an_unknown_age_is_said_to_be_unknown() -> None:
    assert (render.age(None), render.short_age("yesterday")) == ("at an unknown time", "?")
