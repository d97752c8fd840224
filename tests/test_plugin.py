"""The plugin: its manifests, its launcher, how it sets itself up, and how it steps back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, transcript_of, turn
from driver import Client
from made import answer, prompt
from test_fast_lane import CHEAP, loaded

from clearpoint import __version__
from clearpoint.client.registered import kebab
from clearpoint.handlers import plugin
from clearpoint.install import plugin_setup
from clearpoint.install import registration as reg
from clearpoint.install.check import check, explain
from clearpoint.install.commands import COMMANDS
from clearpoint.install.executables import executables_dir

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
LAUNCHER = ROOT / "hooks" / "launch"
posix_only = pytest.mark.skipif(os.name != "posix", reason="the plugin starts through a shell")


def manifest(name: str) -> dict[str, Any]:
    """One of the plugin's JSON files."""
    content: dict[str, Any] = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return content


# Manifests


def test_the_plugin_has_the_packages_name_and_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = manifest(".claude-plugin/plugin.json")
    assert [found["name"], found["version"]] == [project["name"], project["version"]]
    assert found["version"] == __version__


def test_the_repository_is_a_marketplace_with_the_plugin_in_it() -> None:
    (listed,) = manifest(".claude-plugin/marketplace.json")["plugins"]
    assert (listed["name"], listed["source"]) == ("clearpoint", "./")


def test_the_plugin_runs_what_install_registers() -> None:
    launcher = "${CLAUDE_PLUGIN_ROOT}/hooks/launch"
    expected = {
        hook.event: [
            reg.hook_group(
                hook.event,
                reg.hook_entry(hook, Path()) | {"command": launcher, "args": [kebab(hook.event)]},
            )
        ]
        for hook in reg.HOOKS
    }
    found = manifest("hooks/hooks.json")["hooks"]
    answering = found.pop(plugin.PERMISSION)
    assert found == expected
    assert answering[0]["hooks"][0]["args"] == ["permission-request"]


@posix_only
def test_the_launcher_can_be_started() -> None:
    assert os.access(LAUNCHER, os.X_OK)


def test_every_registered_event_has_its_handler() -> None:
    expected = {hook.event: kebab(hook.event).replace("-", "_") for hook in reg.HOOKS}
    assert {**expected, plugin.PERMISSION: "permission_request"} == plugin.HANDLERS


def test_the_plugin_brings_the_same_commands() -> None:
    folder = ROOT / manifest(".claude-plugin/plugin.json")["commands"]
    assert {path.name for path in folder.iterdir()} == {f"{name}.md" for name in COMMANDS}


# One event


@pytest.fixture
def client(tmp_path: Path) -> Client:
    project = tmp_path / "project"
    project.mkdir()
    client = Client(project)
    client.env["CLAUDE_CONFIG_DIR"] = str(tmp_path / "config")
    return client


def events(client: Client) -> list[str]:
    """What the session's journal has."""
    path = Path(client.store.path(client.session, "journal.jsonl"))
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line)["event"] for line in lines]


def register(settings: Path, command: str, event: str = "Stop", **fields: Any) -> None:
    """Have a settings file run a command for an event."""
    entry = {"type": "command", "command": command, **fields}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"hooks": {event: [{"hooks": [entry]}]}}))


def executable(path: Path, mode: int = 0o755) -> str:
    """An executable with nothing in it; give its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return str(path)


def test_an_event_goes_to_its_own_handler(client: Client) -> None:
    client.send("plugin", hook_event_name="SessionStart", source="startup")
    client.send("plugin", hook_event_name="UserPromptSubmit", prompt="go on")
    client.write(prompt("go on"), answer(used=152_000))
    said = client.reply("plugin", hook_event_name="Stop")
    assert events(client) == ["SessionStart", "UserPromptSubmit", "Stop"]
    assert "Context: " in said["systemMessage"]


@pytest.mark.parametrize("name", ["", "Setup", "../stop", "plugin"])
def test_an_event_that_is_not_known_is_nobodys(client: Client, name: str) -> None:
    assert client.send("plugin", hook_event_name=name) == ""
    assert events(client) == []


@posix_only
@pytest.mark.parametrize(
    "settings",
    [
        "project/.claude/settings.json",
        "project/.claude/settings.local.json",
        "config/settings.json",
    ],
)
@pytest.mark.parametrize(
    ("command", "fields"),
    [
        pytest.param("{}/clearpoint-stop", {"args": []}, id="exec form"),
        pytest.param("{}/clearpoint-hook", {"args": ["stop"]}, id="runner"),
        pytest.param("{}/clearpoint-stop", {}, id="shell form"),
        pytest.param("'{}/clearpoint-hook' stop", {}, id="quoted in the shell form"),
        pytest.param(
            "${{CLAUDE_PROJECT_DIR}}/../bin/clearpoint-stop", {"args": []}, id="in the project"
        ),
        pytest.param("${{CLAUDE_PROJECT_DIR}}/../bin/clearpoint-stop", {}, id="braces, shell"),
        pytest.param("$CLAUDE_PROJECT_DIR/../bin/clearpoint-stop", {}, id="no braces"),
        pytest.param('"$CLAUDE_PROJECT_DIR"/../bin/clearpoint-hook stop', {}, id="quoted folder"),
        pytest.param('"${{CLAUDE_PROJECT_DIR}}/../bin/clearpoint-stop"', {}, id="quoted whole"),
        pytest.param("${{CLAUDE_PROJECT_DIR:-.}}/../bin/clearpoint-stop", {}, id="with a default"),
        pytest.param("../bin/clearpoint-stop", {}, id="from the project"),
        pytest.param("~/../bin/clearpoint-stop", {}, id="from the home folder"),
        pytest.param('"$HOME/../bin/clearpoint-stop"', {}, id="by HOME"),
        pytest.param("clearpoint-stop", {"args": []}, id="on PATH"),
    ],
)
def test_the_plugin_steps_back_where_settings_register_us(
    client: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    settings: str,
    command: str,
    fields: dict[str, Any],
) -> None:
    for name in ("clearpoint-stop", "clearpoint-hook"):
        executable(tmp_path / "bin" / name)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    client.env["HOME"] = str(client.project)
    register(tmp_path / settings, command.format(tmp_path / "bin"), **fields)
    client.send("plugin", hook_event_name="Stop")
    assert events(client) == []
    client.send("plugin", hook_event_name="SessionStart")
    assert events(client) == ["SessionStart"]


def missing(folder: Path) -> str:
    return str(folder / "clearpoint-stop")


@posix_only
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(missing, id="missing"),
        pytest.param(lambda f: executable(f / "clearpoint-stop", 0o644), id="not executable"),
        pytest.param(lambda f: executable(f / "clearpoint-statusline"), id="another hook"),
        pytest.param(lambda f: executable(f / "not-clearpoint-stop"), id="another program"),
    ],
)
def test_the_plugin_does_not_step_back_for_what_cannot_do_the_work(
    client: Client, tmp_path: Path, program: Callable[[Path], str]
) -> None:
    register(client.project / ".claude" / "settings.json", program(tmp_path), args=[])
    client.send("plugin", hook_event_name="Stop")
    assert events(client) == ["Stop"]


@posix_only
@pytest.mark.parametrize(
    ("command", "fields"),
    [
        pytest.param("$CLAUDE_PROJECT_DIR/clearpoint-stop", {"args": []}, id="exec: no braces"),
        pytest.param("~/clearpoint-stop", {"args": []}, id="exec: home"),
        pytest.param("clearpoint-hook session-start", {}, id="another event"),
        pytest.param("${CLAUDE_PROJECT_DIR}/clearpoint-hook", {}, id="a runner without an event"),
    ],
)
def test_the_plugin_does_not_step_back_for_an_entry_that_does_not_start(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    fields: dict[str, Any],
) -> None:
    for name in ("clearpoint-stop", "clearpoint-hook"):
        executable(client.project / name)
    monkeypatch.setenv("PATH", str(client.project))
    client.env["HOME"] = str(client.project)
    register(client.project / ".claude" / "settings.json", command, **fields)
    client.send("plugin", hook_event_name="Stop")
    assert events(client) == ["Stop"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"hooks": 1}', '{"hooks": {"Stop": {}}}', '{"hooks": {"Stop": [1]}}',
        '{"hooks": {"Stop": [{"hooks": 1}]}}', '{"hooks": {"Stop": [{"hooks": [1, {}]}]}}',
        '{"hooks": {"Stop": [{"hooks": [{"command": 1}, {"command": ""}]}]}}',
        '{"note": "clearpoint-stop"}',
    ],
)  # fmt: skip
def test_settings_of_any_shape_leave_the_work_to_the_plugin(client: Client, text: str) -> None:
    (client.project / ".claude").mkdir()
    (client.project / ".claude" / "settings.json").write_text(text)
    client.send("plugin", hook_event_name="Stop")
    assert events(client) == ["Stop"]


@pytest.mark.processes
@posix_only
def test_side_by_side_each_event_is_handled_once(client: Client, tmp_path: Path) -> None:
    bin_dir = executables_dir()
    register(client.project / ".claude" / "settings.json", f"{bin_dir}/clearpoint-stop", args=[])
    client.write(prompt("one"), answer())
    data = tmp_path / "data"
    data.mkdir()
    (data / "current").symlink_to(bin_dir.parent)
    commands = [[str(LAUNCHER), "stop"], [f"{bin_dir}/clearpoint-stop"]]
    given = {"session_id": client.session, "transcript_path": str(client.transcript),
             "cwd": str(client.project), "hook_event_name": "Stop"}  # fmt: skip
    for turn_number in range(10):
        env = {**client.env, "CLAUDE_PLUGIN_DATA": str(data), "CLAUDE_PLUGIN_ROOT": str(ROOT)}
        started = [
            subprocess.Popen(command, stdin=subprocess.PIPE, env=env, text=True)
            for command in commands[:: 1 if turn_number % 2 else -1]
        ]
        for process in started:
            process.communicate(json.dumps(given))
        assert [process.returncode for process in started] == [0, 0]
    assert events(client) == ["Stop"] * 10


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        pytest.param({"enabledPlugins": {"clearpoint@clearpoint": True}}, 0, id="enabled"),
        pytest.param({"enabledPlugins": {"clearpoint@clearpoint": False}}, 1, id="disabled"),
        pytest.param({"enabledPlugins": {"not-clearpoint@clearpoint": True}}, 1, id="another"),
        pytest.param({"enabledPlugins": ["clearpoint@clearpoint"]}, 1, id="odd shape"),
        pytest.param({}, 1, id="none"),
    ],
)
def test_with_the_plugin_no_registration_is_missing(
    tmp_path: Path, settings: dict[str, Any], lines: int
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    assert len(explain(check(tmp_path, config_dir=tmp_path), tmp_path)) == lines


@pytest.mark.processes
@pytest.mark.parametrize("name", ["UserPromptSubmit", "Stop"])
def test_the_plugin_stays_in_the_fast_lane(tmp_path: Path, name: str) -> None:
    transcript_of(tmp_path).write_bytes(turn(1))
    Client(tmp_path, payload(tmp_path)["session_id"]).send("stop")
    given = payload(tmp_path, hook_event_name=name, prompt="go on")
    assert loaded("plugin", given) <= CHEAP


def test_a_failed_update_is_said_when_a_session_starts(client: Client, tmp_path: Path) -> None:
    client.env["CLAUDE_PLUGIN_DATA"] = str(tmp_path)
    (tmp_path / "failed.json").write_text('{"systemMessage": "No network."}')
    assert client.reply("plugin", hook_event_name="SessionStart") == {
        "systemMessage": "No network."
    }
    assert client.reply("plugin", hook_event_name="UserPromptSubmit", prompt="on") == {}


def test_the_first_session_says_once_that_it_is_on(client: Client) -> None:
    client.env["CLAUDE_CODE_SESSION_ATTENDED"] = "1"
    first = client.start()["systemMessage"]
    assert first.startswith("Clearpoint is on. It tells you when to /clear")
    other = Client(client.project, "another")
    other.env |= client.env
    assert other.start() == {}


@pytest.mark.parametrize("attended", ["0", ""])
def test_nobody_is_welcomed_who_is_not_there(attended: str, client: Client) -> None:
    client.env["CLAUDE_CODE_SESSION_ATTENDED"] = attended
    assert client.start() == {}


def test_the_plugin_says_once_that_it_is_ready(client: Client, tmp_path: Path) -> None:
    client.env |= {"CLAUDE_PLUGIN_DATA": str(tmp_path), "CLAUDE_CODE_SESSION_ATTENDED": "1"}
    (tmp_path / "ready").touch()
    asked = {"hook_event_name": "UserPromptSubmit", "prompt": "on"}
    said = client.reply("plugin", **asked)["systemMessage"]
    assert said.startswith("Clearpoint is ready. It tells you when to /clear")
    assert (client.reply("plugin", **asked), client.start()) == ({}, {})


# The launcher


class Machine:
    """A machine on which only the programs in `bin` are found, and the plugin's data folder."""

    def __init__(self, root: Path) -> None:
        self.bin, self.data = root / "bin", root / "data of the plugin"
        self.bin.mkdir()
        self.data.mkdir()
        (self.bin / "cat").symlink_to("/bin/cat")
        self.failed = self.data / "failed.json"

    def program(self, path: Path, text: str) -> None:
        """A shell script."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def launch(self, event: str, **env: str) -> tuple[int, str, str]:
        """Run the launcher and wait for whatever it started; give code, output and errors."""
        known = {"PATH": str(self.bin), "CLAUDE_PLUGIN_DATA": str(self.data),
                 "CLAUDE_PLUGIN_ROOT": str(ROOT)}  # fmt: skip
        read, write = os.pipe()
        done = subprocess.run(
            [LAUNCHER, event], input="{}", env=known | env, capture_output=True, text=True,
            pass_fds=[write], check=False,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as ends_with_the_last_process:
            ends_with_the_last_process.read()
        return done.returncode, done.stdout, done.stderr

    @property
    def attempts(self) -> int:
        """How often the set-up was started."""
        path = self.data / "attempts"
        return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    count = 'case "$2" in -c) ;; *) echo "$*" >>"$CLAUDE_PLUGIN_DATA/attempts" ;; esac'
    machine.program(machine.bin / "python3", count)
    return machine


SILENT = (0, "", "")


@pytest.mark.processes
@posix_only
@pytest.mark.parametrize("event", [kebab(hook.event) for hook in reg.HOOKS])
def test_before_it_is_set_up_every_hook_is_silent(machine: Machine, event: str) -> None:
    assert machine.launch(event) == SILENT
    assert machine.attempts == (event in {"session-start", "user-prompt-submit"})


@pytest.mark.processes
@posix_only
@pytest.mark.parametrize("name", ["CLAUDE_PLUGIN_DATA", "CLAUDE_PLUGIN_ROOT", "PATH"])
def test_without_a_variable_it_is_silent_all_the_same(machine: Machine, name: str) -> None:
    assert machine.launch("user-prompt-submit", **{name: ""}) == SILENT


@pytest.mark.processes
@posix_only
def test_once_it_is_set_up_the_event_goes_to_the_environment(machine: Machine) -> None:
    machine.program(machine.data / "current/bin/python", 'cat; echo " $1 $4"; exit 1')
    assert machine.launch("stop") == (1, "{} -I -c\n", "")
    assert machine.attempts == 0


@pytest.mark.processes
@posix_only
def test_only_a_new_session_looks_for_updates(machine: Machine) -> None:
    machine.program(machine.data / "current/bin/python", "exit 0")
    for event in ("user-prompt-submit", "stop", "pre-compact", "session-end"):
        machine.launch(event)
    assert machine.attempts == 0
    machine.launch("session-start")
    assert machine.attempts == 1


@pytest.mark.processes
@posix_only
def test_a_failure_is_said_at_the_start_and_nothing_is_tried_in_between(machine: Machine) -> None:
    machine.failed.write_text('{"systemMessage": "No network."}\n')
    assert machine.launch("user-prompt-submit") == SILENT
    assert machine.attempts == 0
    assert machine.launch("session-start") == (0, '{"systemMessage": "No network."}\n', "")
    assert machine.attempts == 1


@pytest.mark.processes
@posix_only
def test_a_user_who_is_there_hears_that_it_sets_itself_up(machine: Machine) -> None:
    code, said, errors = machine.launch("session-start", CLAUDE_CODE_SESSION_ATTENDED="1")
    assert (code, errors) == (0, "")
    assert json.loads(said)["systemMessage"].startswith("Clearpoint is setting itself up")
    assert machine.launch("stop", CLAUDE_CODE_SESSION_ATTENDED="1") == SILENT


@pytest.mark.processes
@posix_only
def test_a_machine_without_a_python_that_will_do_is_told_so(machine: Machine) -> None:
    machine.program(machine.bin / "python3", "exit 1")
    machine.launch("session-start")
    assert "Python 3.11 or newer" in json.loads(machine.failed.read_text())["systemMessage"]


@pytest.mark.processes
@posix_only
def test_a_newer_python_is_found_beside_an_old_one(machine: Machine) -> None:
    (machine.bin / "python3.12").write_bytes((machine.bin / "python3").read_bytes())
    (machine.bin / "python3.12").chmod(0o755)
    machine.program(machine.bin / "python3", "exit 1")
    machine.launch("session-start")
    assert machine.attempts == 1


# Setting up

BACKEND = """
import os, zipfile
TEXTS = {
    "METADATA": "Metadata-Version: 2.1\\nName: clearpoint\\nVersion: 1\\n",
    "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
def build_wheel(folder, config_settings=None, metadata_directory=None):
    if os.path.exists("broken"):
        raise SystemExit("this plugin cannot be built")
    name = "clearpoint-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for place, _, files in os.walk("src"):
            for file in files:
                path = os.path.join(place, file)
                wheel.write(path, os.path.relpath(path, "src"))
        info = "clearpoint-1.dist-info/"
        for file, text in TEXTS.items():
            wheel.writestr(info + file, text)
        wheel.writestr(info + "RECORD", "")
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


class Plugin:
    """A plugin with nothing in it but what a set-up looks for, and its data folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.data = root / "my plugin", root / "its data"
        self.data.mkdir()
        for module in ("__init__", "api", "cli", "handlers/__init__", "handlers/plugin"):
            self.write(f"src/clearpoint/{module}.py", "")
        self.write("backend.py", BACKEND)
        self.write("pyproject.toml", PYPROJECT)
        self.current, self.failed = self.data / "current", self.data / "failed.json"

    def write(self, name: str, text: str) -> None:
        """Write one of the plugin's files."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def set_up(self) -> int:
        """Set it up, as the launcher has it done."""
        place = {"CLAUDE_PLUGIN_ROOT": str(self.root), "CLAUDE_PLUGIN_DATA": str(self.data)}
        home = {"PATH": os.environ["PATH"], "HOME": str(self.root.parent)}
        return plugin_setup.main({**place, **home, "PIP_NO_INDEX": "1"})

    def environments(self) -> set[str]:
        """The environments that are there."""
        return {path.name for path in self.data.glob("venv-*")}

    def installed(self) -> bytes:
        """What the environment in use holds of the package."""
        (found,) = self.current.glob("lib/python*/site-packages/clearpoint/api.py")
        return found.read_bytes()


@pytest.mark.long
@pytest.mark.processes
@posix_only
def test_the_plugin_sets_itself_up_and_follows_its_files(tmp_path: Path) -> None:
    subject = Plugin(tmp_path)
    assert subject.set_up() == 0
    (subject.data / "ready").unlink()
    first = subject.current.readlink()
    python = subject.current / "bin" / "python"
    assert (
        subprocess.run([python, "-I", "-c", "import clearpoint.api"], check=False).returncode == 0
    )

    assert subject.set_up() == 0
    assert subject.current.readlink() == first

    subject.write("src/clearpoint/api.py", "NEW = 1\n")
    subject.write("broken", "")
    assert subject.set_up() == 1
    assert subject.current.readlink() == first
    said = json.loads(subject.failed.read_text())["systemMessage"]
    assert said.startswith("Setting up the Clearpoint plugin failed: pip could not install")
    assert "cannot be built" in (subject.data / "setup.log").read_text()

    (subject.root / "broken").unlink()
    assert subject.set_up() == 0
    assert subject.current.readlink() == first, "tried again too soon"
    os.utime(subject.failed, (0, 0))
    (subject.data / "venv-of-long-ago").mkdir()
    assert subject.set_up() == 0
    assert subject.installed() == b"NEW = 1\n"
    assert not subject.failed.exists()
    assert subject.environments() == {str(first), str(subject.current.readlink())}
    assert not (subject.data / "ready").exists(), "an update says nothing"


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("", "it gave no reason", id="nothing"),
        pytest.param("ERROR: One.\n  ERROR: Two.\nnote: a hint\n", "Two", id="the last"),
        pytest.param("\xff\n ERROR: é\n", "é", id="any text"),
    ],
)
def test_pips_own_reason_is_given(tmp_path: Path, printed: str, reason: str) -> None:
    (tmp_path / "log").write_text(printed, encoding="utf-8")
    assert plugin_setup.last_error(tmp_path / "log") == reason


@pytest.mark.long
@pytest.mark.processes
@posix_only
def test_an_environment_that_no_longer_works_is_made_anew(tmp_path: Path) -> None:
    subject = Plugin(tmp_path)
    venv = subject.data / f"venv-{plugin_setup.mark(subject.root)}"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to("a-python-that-is-gone")
    plugin_setup.point(subject.current, venv)
    assert subject.set_up() == 0
    assert subject.installed() == b""


@posix_only
def test_two_sessions_that_start_at_once_set_up_once(tmp_path: Path) -> None:
    subject = Plugin(tmp_path)
    with plugin_setup.locked(subject.data / "setup.lock") as is_ours:
        assert is_ours
        assert subject.set_up() == 0
    assert subject.environments() == set()


@pytest.mark.processes
@posix_only
def test_claudes_commands_start_whatever_pythons_home_is_said_to_be(tmp_path: Path) -> None:
    folder = tmp_path / "current/bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    program = Path(executable(folder / "clearpoint", 0o755))
    program.write_text(f"#!{folder}/python\nprint('started')\n")
    env = {"PATH": os.defpath, "CLAUDE_PLUGIN_DATA": str(tmp_path), "PYTHONHOME": "/nowhere"}
    done = subprocess.run([ROOT / "bin/clearpoint"], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"started\n", b"")


@posix_only
def test_a_python_that_makes_no_environments_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable(tmp_path / "python3", 0o755))
    Path(sys.executable).write_text("#!/bin/sh\nexit 1\n")
    subject = Plugin(tmp_path)
    assert subject.set_up() == 1
    assert f"{sys.executable} cannot make" in subject.failed.read_text()


def test_pip_gets_its_own_variables_and_no_key() -> None:
    names = (
        "PATH",
        "https_proxy",
        "PIP_INDEX_URL",
        "PIP_TARGET",
        "ANTHROPIC_API_KEY",
        "PYTHONPATH",
    )
    handed = [name for name in names if plugin_setup.is_for_pip(name)]
    assert handed == ["PATH", "https_proxy", "PIP_INDEX_URL"]
