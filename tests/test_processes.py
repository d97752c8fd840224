"""The hook executables as the client starts them: real processes, real pipes, real signals."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    HOOKS,
    SESSION,
    files_below,
    payload,
    session_file,
    state_of,
    store_of,
    transcript_of,
    turn,
)
from filelock import FileLock

from clearpoint.session.load import read
from clearpoint.store import faults
from clearpoint.store.checksummed import unseal
from clearpoint.store.layout import state_root

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes and signals"),
]

HERE = Path(__file__).parent
ENV = {"PATH": os.defpath}
FIELDS = {"source": "startup", "reason": "clear", "prompt": "the person's own words"}


def executable(hook: str) -> str:
    """Where the installed executable of a hook is."""
    return str(Path(sysconfig.get_path("scripts")) / f"clearpoint-{hook.replace('_', '-')}")


def start(hook: str, **streams: Any) -> subprocess.Popen[bytes]:
    """Start a hook as the client does: in a session of its own, with three pipes."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [executable(hook)], env=ENV, start_new_session=True, **{**pipes, **streams}
    )


@contextlib.contextmanager
def started(hook: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A started hook that does not outlive the test."""
    with start(hook, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def _own_folder(client_folder: Path) -> None:
    ENV["CLAUDE_CONFIG_DIR"] = str(client_folder)


def run(hook: str, given: dict[str, Any] | bytes) -> tuple[int, str, str]:
    """Run a hook to its end; give exit code, standard output and standard error."""
    data = given if isinstance(given, bytes) else json.dumps(given).encode()
    done = subprocess.run([executable(hook)], input=data, env=ENV, capture_output=True)  # noqa: PLW1510
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def shell(redirections: str, hook: str, given: dict[str, Any]) -> tuple[int, str, str]:
    """Run a hook with its streams redirected by a shell."""
    command = ["/bin/sh", "-c", f'"$0" {redirections}', executable(hook)]
    data = json.dumps(given).encode()
    done = subprocess.run(command, input=data, env=ENV, capture_output=True)  # noqa: PLW1510
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A session of two turns."""
    transcript_of(tmp_path).write_bytes(turn(1) + turn(2))
    assert run("stop", payload(tmp_path)) == (0, "", "")
    return tmp_path


def prints(hook: str) -> bool:
    """Whether a hook has something to say in a session where nothing is due."""
    return hook in ("statusline", "pre_compact")


@pytest.mark.parametrize("hook", HOOKS)
def test_an_ordinary_event_ends_with_0_and_our_words_alone(project: Path, hook: str) -> None:
    code, out, err = run(hook, payload(project, **FIELDS))
    assert (code, bool(out), err) == (0, prints(hook), "")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("data", [b"", b"{", b"null", b"\xff\xfe"], ids=repr)
def test_no_event_ends_with_1_and_one_line(hook: str, data: bytes) -> None:
    code, out, err = run(hook, data)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"clearpoint {hook}: the event on stdin is ")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_client_that_keeps_the_pipe_open_is_answered(project: Path, hook: str) -> None:
    with started(hook) as process:
        assert process.stdin is not None
        begun = time.monotonic()
        process.stdin.write(json.dumps(payload(project, **FIELDS)).encode())
        process.stdin.flush()
        assert process.wait(30) == 0
        assert time.monotonic() - begun < 2.5


def test_a_client_that_never_finishes_is_given_up_after_seconds(project: Path) -> None:
    with started("stop") as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(payload(project)).encode()[:-1])
        process.stdin.flush()
        assert process.wait(30) == 1


@pytest.mark.parametrize(
    ("redirections", "codes"),
    [
        pytest.param("<&-", [1], id="stdin closed"),
        pytest.param("</dev/null", [1], id="stdin empty"),
        pytest.param(">&-", [0], id="stdout closed"),
        pytest.param("2>&-", [0], id="stderr closed"),
        pytest.param(">&- 2>&-", [0], id="both closed"),
        pytest.param("<&- >&- 2>&-", [1], id="all closed"),
        pytest.param("<&- 2>/dev/full", [1], id="stderr full"),
        pytest.param(">/dev/full", [0, 1], id="stdout full"),
        pytest.param(">/dev/full 2>/dev/full", [0, 1], id="both full"),
    ],
)
@pytest.mark.parametrize("hook", ["stop", "session_start", "statusline"])
def test_the_exit_code_is_0_or_1_whatever_the_streams_are(
    project: Path, hook: str, redirections: str, codes: list[int]
) -> None:
    code, out, err = shell(redirections, hook, payload(project, **FIELDS))
    assert code in codes
    assert err.count("\n") <= 1
    assert "own words" not in out + err
    assert state_of(project)["usage"]["requests"] == 2
    assert not [path for path in files_below(project) if path.name == "1"]


def test_a_state_file_never_becomes_standard_output(project: Path) -> None:
    shell(">&- 2>&-", "stop", payload(project))
    shell("<&- >&- 2>&-", "stop", payload(project))
    data = session_file(project, "state.json").read_bytes()
    assert unseal(data)["session_id"] == SESSION


def test_an_answer_that_is_not_taken_is_no_fault_and_no_signal(project: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with started("statusline", stdout=writer) as process:
        os.close(writer)
        _, err = process.communicate(json.dumps(payload(project)).encode())
        assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        pytest.param("chatter", (0, '{"said": "this alone"}', ""), id="prints by every way"),
        pytest.param("leave", (1, "", 1), id="asks for exit code 2"),
        pytest.param("interrupt", (1, "", 1), id="is interrupted"),
    ],
)
def test_a_handler_cannot_say_more_than_its_answer(
    tmp_path: Path, deed: str, expected: tuple[int, str, object]
) -> None:
    program = "from clearpoint.door import run; raise SystemExit(run('behaving'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(payload(tmp_path, do=deed)).encode(),
        env={**ENV, "PYTHONPATH": str(HERE)},
        capture_output=True,
        check=False,
    )
    err = done.stderr.decode()
    said: object = err.count("\n") if expected[0] else err
    assert (done.returncode, done.stdout.decode(), said) == expected


def test_the_entry_point_for_windows_does_the_same(project: Path) -> None:
    given = json.dumps(payload(project, **FIELDS)).encode()
    for name in ("stop", "user-prompt-submit"):
        command = [executable("hook"), name]
        done = subprocess.run(command, input=given, env=ENV, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_modules_in_the_project_are_not_taken_for_the_librarys(project: Path) -> None:
    for name in ("json", "select", "zlib", "filelock", "logging"):
        (project / f"{name}.py").write_text("raise SystemExit(2)")
    given = json.dumps(payload(project, **FIELDS)).encode()
    for hook in HOOKS:
        done = subprocess.run(
            [executable(hook)], input=given, env=ENV, cwd=project, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_project_whose_name_is_no_text_is_served(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/caf\xe9\n project"
    os.mkdir(place)
    given = json.dumps({"session_id": SESSION, "cwd": "/", **FIELDS}).encode()
    for hook in HOOKS:
        env = {**ENV, "CLAUDE_PROJECT_DIR": os.fsdecode(place)}
        done = subprocess.run(
            [executable(hook)], input=given, env=env, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b""), hook
    root = state_root(os.fsdecode(place), ENV)
    assert os.path.isfile(f"{root}/sessions/{SESSION}/state.json")


CROWD = 16


@pytest.mark.parametrize(
    "hooks",
    [
        pytest.param(["stop"], id="Stop"),
        pytest.param(["user_prompt_submit"], id="UserPromptSubmit"),
        pytest.param(["session_end"], id="SessionEnd"),
        pytest.param(["stop", "user_prompt_submit", "session_end", "pre_compact"], id="mixed"),
    ],
)
def test_processes_of_one_session_at_once_lose_nothing(project: Path, hooks: list[str]) -> None:
    with transcript_of(project).open("ab") as stream:
        stream.write(turn(3))
    crowd = [start(hooks[number % len(hooks)]) for number in range(CROWD)]
    given = json.dumps(payload(project, prompt="go on", reason="clear")).encode()
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        process.stdin = None
    ends = [(process.communicate(timeout=60), process.returncode) for process in crowd]
    assert [code for _, code in ends] == [0] * CROWD, ends
    state = state_of(project)
    assert (state["usage"]["requests"], state["work_state"]["last_prompt"]) == (3, "Prompt 3")
    journal = session_file(project, "journal.jsonl").read_bytes().splitlines()
    assert len([json.loads(line) for line in journal]) == 1 + CROWD
    assert not [path for path in files_below(project) if path.suffix == ".tmp"]


def test_a_lock_that_is_not_let_go_is_said_and_nothing_is_lost(project: Path) -> None:
    before = state_of(project)
    lock = session_file(project, "state.lock")
    with FileLock(lock):
        code, out, err = run("stop", payload(project))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert str(lock) in err
    assert state_of(project) == before


def test_an_end_beside_a_lock_is_left_to_the_next_start_in_silence(project: Path) -> None:
    before = state_of(project)
    with FileLock(session_file(project, "state.lock")):
        said = run("session_end", payload(project))
    assert (said, state_of(project)) == ((0, "", ""), before)
    assert [one["hook"] for one in faults.recent(store_of(project).root, time.time())] == [
        "SessionEnd"
    ]


def test_a_process_killed_at_any_moment_leaves_a_whole_state(project: Path) -> None:
    for number in range(3, 15):
        with transcript_of(project).open("ab") as stream:
            stream.write(turn(number))
        with started("stop") as process:
            assert process.stdin is not None
            process.stdin.write(json.dumps(payload(project)).encode())
            process.stdin.close()
            process.stdin = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.004 * (number - 2))
        assert read(store_of(project), SESSION) is not None
    assert run("stop", payload(project)) == (0, "", "")
    assert state_of(project)["usage"]["requests"] == 14
    for line in session_file(project, "journal.jsonl").read_bytes().splitlines():
        json.loads(line)


def can_mount() -> bool:
    """Whether this place lets us make a namespace with a disk of its own."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return False
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "t", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("disk", ["full", "read-only", "index"])
def test_a_disk_that_takes_no_more_loses_nothing(tmp_path: Path, disk: str) -> None:
    if not can_mount():
        pytest.skip("no user namespaces here")
    command = ["unshare", "-rm", sys.executable, str(HERE / "in_namespace.py")]
    done = subprocess.run(
        [*command, str(tmp_path), disk], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
