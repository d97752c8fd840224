"""A diet in the real client: denied tools leave the request, and the next session says so."""

import json

import pytest

from clearpoint.cli.main import main
from clearpoint.install import own_values
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install

from .conftest import ClientFactory
from .lab import Lab

MODEL = "claude-opus-5-5"


def tools(lab: Lab) -> set[str]:
    """The tools that the newest request defines."""
    return {tool["name"] for tool in lab.requests()[-1].body["tools"]}


def test_tools_that_no_session_used_leave_the_next_sessions_requests(
    client: ClientFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = client()
    install("project", lab.project, config_dir=lab.home / ".claude", executables=executables_dir())
    places = {"HOME": lab.home, "CLAUDE_CONFIG_DIR": lab.home / ".claude"}
    for name, value in {**places, "CLAUDE_PROJECT_DIR": lab.project}.items():
        monkeypatch.setenv(name, str(value))
    lab.control(context_tokens=[20_000])
    terminal = lab.start("--model", MODEL)
    for _ in range(3):
        terminal.say("hello")
        terminal.command("/clear")
    before = tools(lab)
    assert main(["diet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    denied = {one["name"] for one in told["proposals"] if one["what"] == "tool"}
    assert denied
    assert denied < before
    settings = lab.project / ".claude" / "settings.json"
    watched = settings.read_bytes()
    assert main(["diet", "--apply"]) == 0
    terminal.kill()
    lab.control(context_tokens=[15_000])
    again = lab.start("--model", MODEL)
    again.say("hello again")
    assert tools(lab) == before - denied
    again.say("and again")  # a busy machine can write the first turn after its Stop
    again.wait_for_text("Stop says: The diet works: the first request went from")
    assert main(["diet", "--undo"]) == 0
    assert settings.read_bytes() == watched
    assert own_values.features(settings) == []
