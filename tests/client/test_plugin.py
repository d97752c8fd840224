"""The plugin and the slash commands in the real client: set up by itself, once, and harmless."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from clearpoint.budget.window import is_before
from clearpoint.install import plugin_setup
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import State
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .conftest import ClientFactory, unavailable
from .lab import PATH, Lab
from .polling import wait_until
from .terminal import Terminal
from .test_lineage import as_by_default, read_archive

MODEL = "claude-sonnet-4-6"
MARK = "Clearpoint reload"
ROOT = Path(__file__).parents[2]
PARTS = (
    ".claude-plugin",
    "bin",
    "hooks",
    "src",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "pyproject.toml",
)
SETUP_SECONDS = 180.0
LISTING_SINCE = "2.1.329"
"""It lists what a plugin brings and knows the field `network`; 2.1.323 does neither."""
LONG_PROMPT = "x" * 300_000


@pytest.fixture(scope="session")
def wheels() -> str:
    """The folder with wheels of all that a set-up installs, as there is no network."""
    folder = os.environ.get("CLEARPOINT_WHEELS", "")
    if not Path(folder, "").is_absolute() or not Path(folder).is_dir():
        unavailable("CLEARPOINT_WHEELS names no folder (pip wheel --wheel-dir DIR hatchling .)")
    return folder


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the plugin that nobody works in, in a folder with a space."""
    folder = tmp_path_factory.mktemp("plugin") / "clear point"
    for part in PARTS:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def offline(client: ClientFactory, wheels: str) -> Lab:
    """Open a lab in which pip finds wheels, and the Python first that they are for."""
    path = f"{sys.base_prefix}/bin:{PATH}"
    return client(env={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "PATH": path})


def data_of(lab: Lab, marketplace: str = "inline") -> Path:
    return lab.home / ".claude" / "plugins" / "data" / f"clearpoint-{marketplace}"


def be_set_up(lab: Lab, checkout: Path) -> None:
    """Give the plugin the environment that these tests run in, as if it had set itself up."""
    data = data_of(lab)
    data.mkdir(parents=True)
    venv = data / f"venv-{plugin_setup.mark(checkout)}"
    venv.symlink_to(sys.prefix)
    plugin_setup.point(data / "current", venv)


def wait_for_setup(data: Path) -> None:
    """Wait until the plugin has set itself up in its data folder."""
    ends = (data / "current", data / "failed.json")
    wait_until(lambda: any(end.exists() for end in ends), "the set-up's end", SETUP_SECONDS)
    assert not ends[1].exists(), ends[1].read_text()


def journal(lab: Lab, session_id: str) -> list[str]:
    """The events that the session's journal has."""
    path = lab.state / "sessions" / session_id / "journal.jsonl"
    return [json.loads(line)["event"] for line in path.read_text().splitlines()]


def state_of(lab: Lab, session_id: str) -> State:
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    return state


def complaints(lab: Lab) -> set[str]:
    """What the client has noted of hooks that went wrong."""
    kinds = {
        entry["attachment"]["type"]
        for path in lab.transcripts()
        for entry in lab.entries(path.stem)
        if isinstance(entry.get("attachment"), dict)
    }
    return kinds & {"hook_non_blocking_error", "hook_blocking_error", "hook_cancelled"}


def test_the_client_finds_nothing_wrong_with_the_plugin(
    client: ClientFactory, checkout: Path
) -> None:
    lab = client()
    done = lab.run(lab.claude, "plugin", "validate", checkout)
    assert done.returncode == 0
    if is_before(lab.version, LISTING_SINCE):
        assert set(re.findall(r"Unknown field '(.*?)'", done.stdout)) == {"network"}
        assert "✔ Validation passed with warnings\n" in done.stdout
        return
    assert "✔ Validation passed\n" in done.stdout
    assert "hooks: SessionStart command ${CLAUDE_PLUGIN_ROOT}/hooks/launch" in done.stdout
    assert "commands: clearpoint:status" in done.stdout


@pytest.mark.long
def test_from_a_folder_it_sets_itself_up_and_watches_that_session_and_the_next(
    client: ClientFactory, checkout: Path, wheels: str
) -> None:
    lab = offline(client, wheels)
    arguments = ("--model", MODEL, "--plugin-dir", str(checkout))
    terminal = lab.start(*arguments)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    wait_for_setup(data_of(lab))
    assert terminal.screen().count("Clearpoint is setting itself up") == 1
    terminal.say("and on")
    terminal.wait_for_text("Clearpoint is ready")
    assert "Stop" in journal(lab, terminal.session_id)
    carried_over_once(lab, terminal)
    other = lab.start(*arguments)
    other.say("For SPEC-KEYS-002 we decided to use RS256.")
    assert journal(lab, other.session_id) == ["SessionStart", "UserPromptSubmit", "Stop"]
    carried_over_once(lab, other, "SPEC-KEYS-002")
    assert complaints(lab) == set()


def test_with_the_plugin_alone_claude_reads_what_was_archived_unasked(
    client: ClientFactory, checkout: Path
) -> None:
    lab = client()
    arguments = ("--plugin-dir", str(checkout))
    be_set_up(lab, checkout)
    as_by_default(lab)
    found = read_archive(lab, *arguments)
    assert ["the needle of the archive" in one for one in found] == [True] * 3


@pytest.mark.long
def test_from_a_marketplace_it_sets_itself_up(
    client: ClientFactory, checkout: Path, wheels: str
) -> None:
    lab = offline(client, wheels)
    for words in (("marketplace", "add", str(checkout)), ("install", "clearpoint@clearpoint")):
        assert lab.run(lab.claude, "plugin", *words).returncode == 0
    reply = lab.prompt(LONG_PROMPT, "--model", MODEL)
    assert reply.process.returncode == 0
    wait_for_setup(data_of(lab, "clearpoint"))
    reply = lab.prompt("USAGE:90000@@ hello", "--model", MODEL)
    assert state_of(lab, reply.session_id)["context_window"]["used"] == 90_000
    assert complaints(lab) == set()


def test_beside_a_projects_own_hooks_nothing_is_done_twice(
    client: ClientFactory, checkout: Path
) -> None:
    lab = client()
    arguments = ("--plugin-dir", str(checkout))
    be_set_up(lab, checkout)
    folder = executables_dir()
    install("project", lab.project, config_dir=lab.home / ".claude", executables=folder)
    terminal = lab.start("--model", MODEL, *arguments)
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    terminal.say("USAGE:152000@@ and on")
    assert terminal.screen().count("Stop says: Context: ") == 1
    turn = ["UserPromptSubmit", "Stop"]
    assert journal(lab, terminal.session_id) == ["SessionStart", *turn, *turn]
    carried_over_once(lab, terminal)
    assert complaints(lab) == set()


def carried_over_once(lab: Lab, terminal: Terminal, spec: str = "SPEC-AUTH-001") -> None:
    """Clear, go on, and look for the reload context in the request."""
    terminal.command("/clear")
    terminal.wait_for_text(f"Picked up {spec}")
    terminal.say("please go on")
    assert lab.requests()[-1].text.count(MARK) == 1
    assert journal(lab, terminal.session_id) == ["SessionStart", "UserPromptSubmit", "Stop"]


@pytest.mark.long
def test_a_failed_setup_is_said_once_a_session_and_hinders_nothing(
    client: ClientFactory, checkout: Path
) -> None:
    lab = client(env={"PIP_NO_INDEX": "1"})
    arguments = ("--model", MODEL, "--plugin-dir", str(checkout))
    lab.prompt("hello", *arguments)
    failed = data_of(lab) / "failed.json"
    wait_until(failed.exists, "the set-up's failure", SETUP_SECONDS)
    written = failed.stat().st_mtime_ns
    terminal = lab.start(*arguments)
    terminal.wait_for_text("Setting up the Clearpoint plugin failed: pip could not install")
    terminal.say("one")
    terminal.say("two")
    assert terminal.screen().count("Setting up the Clearpoint plugin failed") == 1
    assert failed.stat().st_mtime_ns == written
    assert not lab.state.exists()
    assert complaints(lab) == set()


def typed(lab: Lab, terminal: Terminal, text: str, said: str) -> None:
    """Type a slash command of ours and see it answered without a request."""
    before = len(lab.requests())
    terminal.submit(text)
    terminal.wait_for_text(said)
    terminal.wait_for(terminal.is_idle, "an idle input box")
    assert len(lab.requests()) == before


def test_slash_commands_do_what_the_command_line_does(client: ClientFactory) -> None:
    lab = client()
    clearpoint = executables_dir() / "clearpoint"
    done = lab.run(clearpoint, "install", "--commands", "--project", lab.project)
    assert done.returncode == 0, done.stderr
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:90000@@ hello")
    text = 'don\'t use eval; it costs $HOME `id` $(id) "twice"'
    typed(lab, terminal, f"/clearpoint:decide {text}", f"Decision 1: {text}")
    typed(lab, terminal, "/clearpoint:spec SPEC-AUTH-001", "Specification: SPEC-AUTH-001")
    typed(lab, terminal, "/clearpoint:phase testing", "Phase: testing")
    typed(lab, terminal, "/clearpoint:step add -v", "Added step 1: -v")
    typed(lab, terminal, "/clearpoint:checkpoint here", "Saved checkpoint here of session")
    typed(lab, terminal, "/clearpoint:status", "90k of your 200k window")
    work = state_of(lab, terminal.session_id)["work_state"]
    assert [one["text"] for one in work["decisions"]] == [text]
    assert (work["current_spec"], work["phase"]) == ("SPEC-AUTH-001", "testing")
    assert work["pending_steps"] == ["-v"]
    terminal.say("and on")
    assert f"Decision 1: {text}" in lab.requests()[-1].text
    assert complaints(lab) == set()


def test_a_slash_command_without_the_hooks_says_what_is_missing(client: ClientFactory) -> None:
    lab = client()
    clearpoint = executables_dir() / "clearpoint"
    lab.run(clearpoint, "install", "--commands", "--project", lab.project)
    (lab.project / ".claude" / "settings.json").unlink()
    lab.prompt("/clearpoint:note it's `id`", "--model", MODEL)
    (request,) = lab.requests()
    assert "hook did not run" in request.text
    assert "uid=" not in request.text
