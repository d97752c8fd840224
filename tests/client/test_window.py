"""The window that we assume is the client's, and it compacts where we say that it will."""

import json
import shlex
from collections.abc import Mapping

import pytest

from clearpoint.budget.window import (
    LONG_WINDOW_TOKENS,
    SHORT_WINDOW_TOKENS,
    Window,
    find_window,
    is_before,
    known_model,
    model_table,
)
from clearpoint.client.settings import with_settings
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import ContextWindow
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .conftest import ClientFactory
from .lab import Lab
from .record import Json
from .terminal import Terminal

PROMPT_TOKENS = 200
"""More than the client adds to the usage for a short prompt, when it checks."""
PROVIDERS = (
    "claude-opus-4-1@20250805",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "openrouter/anthropic/claude-sonnet-4.5:thinking",
    "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc",
    "Claude-Haiku-4-5",
    "claude-opus-5-2",
    "claude-sonnet-4-20250514[1m]",
)
"""Ids as providers spell them."""
SONNET, OLD_SONNET, OPUS = "claude-sonnet-4-6", "claude-sonnet-4-5-20250929", "claude-opus-5-5"


def say_status(lab: Lab) -> None:
    """Have the client's status line write down what it is told."""
    path = lab.home / ".claude/settings.json"
    settings = json.loads(path.read_text())
    target = shlex.quote(str(lab.root / "status.json"))
    settings["statusLine"] = {
        "type": "command",
        "command": f"cat >{target}.new; mv {target}.new {target}",
    }
    path.write_text(json.dumps(settings))


def status(lab: Lab) -> Json:
    """What the status line was told last."""
    path = lab.root / "status.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def watched(client: ClientFactory, env: Mapping[str, str] | None = None) -> Lab:
    """Open a lab that is watched without a status line of ours."""
    lab = client(env=env)
    install("project", lab.project, config_dir=lab.home / ".claude", executables=executables_dir())
    say_status(lab)
    return lab


def window_of(lab: Lab, session_id: str) -> ContextWindow:
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    return state["context_window"]


def is_shorter(lab: Lab, model: str) -> bool:
    """Whether this client comes before the version that gives the model its long window."""
    table = model_table()
    row = known_model(table, model) or table["default"]
    return is_before(lab.version, row.get("long_since"))


def wait_for_status(lab: Lab, terminal: Terminal, model: str) -> int:
    """Wait until the status line speaks of this model; give the window it tells."""
    terminal.wait_for(
        lambda: (
            status(lab).get("model", {}).get("id") == model
            and status(lab)["context_window"]["current_usage"]
        ),
        f"a status line of {model}",
    )
    return int(status(lab)["context_window"]["context_window_size"])


@pytest.mark.long
def test_the_table_of_models_is_the_clients(client: ClientFactory) -> None:
    lab, table = client(), model_table()
    windows, outputs = {}, {}
    ids = (*table["models"], *table["aliases"], *PROVIDERS)
    with lab.stream() as stream:
        before: Json = stream.prompt("hello")["modelUsage"]
        for model in ids:
            stream.switch(model)
            usage = stream.prompt("hello")["modelUsage"]
            (told,) = (of for name, of in usage.items() if of != before.get(name))
            windows[model], outputs[model] = told["contextWindow"], told["maxOutputTokens"]
            before = usage
    assert windows == {
        model: find_window(model, table=table, client=lab.version).total for model in windows
    }
    rows = {model: known_model(table, model) or table["default"] for model in ids}
    known = [model for model in outputs if not is_shorter(lab, model)]
    assert [outputs[one] for one in known] == [rows[one]["max_output"] for one in known]


@pytest.mark.parametrize(
    ("model", "env"),
    [
        pytest.param(SONNET, {}, id="legacy"),
        pytest.param(f"{OLD_SONNET}[1m]", {}, id="legacy with 1m"),
        pytest.param(OPUS, {}, id="current"),
        pytest.param("claude-haiku-5-5", {}, id="small"),
        pytest.param("my-gateway-model", {}, id="unknown"),
        pytest.param("vendor/claude-opus-4-6", {}, id="legacy at a gateway"),
        pytest.param("claude-opus-9-1", {}, id="not yet made"),
        pytest.param(OPUS, {"CLAUDE_CODE_DISABLE_1M_CONTEXT": "1"}, id="1m switched off"),
        pytest.param(
            "my-gateway-model", {"CLAUDE_CODE_MAX_CONTEXT_TOKENS": "300000"}, id="limit set"
        ),
        pytest.param(OPUS, {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"}, id="compaction window"),
    ],
)
def test_the_window_is_the_status_lines(
    client: ClientFactory, model: str, env: dict[str, str]
) -> None:
    lab = watched(client, env)
    terminal = lab.start("--model", model)
    terminal.say("hello")
    size = wait_for_status(lab, terminal, model)
    window = window_of(lab, terminal.session_id)
    assert (window["total"], "status line" in window["source"]) == (size, False)


def switch(terminal: Terminal, model: str) -> None:
    """Switch the model in the middle of a session, as a person would."""
    asked, done = "Switch model?", "Set model to"
    before = terminal.screen(history=True).count(done)
    terminal.submit(f"/model {model}")

    def switched() -> bool:
        if asked in terminal.screen():
            terminal.keys("Enter")
        return terminal.is_idle() and terminal.screen(history=True).count(done) > before

    terminal.wait_for(switched, f"the switch to {model}")


def test_the_window_follows_a_switch_of_the_model(client: ClientFactory) -> None:
    lab = watched(client)
    terminal = lab.start("--model", SONNET)
    terminal.say("hello")
    for model in (f"{OLD_SONNET}[1m]", OLD_SONNET, OPUS, SONNET):
        switch(terminal, model)
        terminal.say("hello again")
        size = wait_for_status(lab, terminal, model)
        assert window_of(lab, terminal.session_id)["total"] == size, model


def test_the_status_line_of_ours_tells_the_window_after_a_switch_too(
    client: ClientFactory,
) -> None:
    lab = client()
    install("project", lab.project, config_dir=lab.home / ".claude",
            executables=executables_dir(), statusline=True)  # fmt: skip
    terminal = lab.start("--model", SONNET)
    terminal.say("hello")
    seen = []
    opus = expected(lab, OPUS).total
    for model in (f"{OLD_SONNET}[1m]", OLD_SONNET, OPUS):
        switch(terminal, model)
        terminal.say("hello again")
        window = window_of(lab, terminal.session_id)
        seen.append((window["total"], window["source"]))
    assert seen == [(size, "status line") for size in (1_000_000, 200_000, opus)]


# Where the client compacts by itself


def expected(lab: Lab, model: str) -> Window:
    """What we say of a client with the environment and the settings files of this lab."""
    env = with_settings(lab.env, str(lab.project))
    return find_window(model, table=model_table(), client=lab.version, env=env)


def write_settings(lab: Lab, file: str, settings: Json) -> None:
    path = {"user": lab.home, "project": lab.project}[file.partition(" ")[0]]
    path = path / ".claude" / ("settings.local.json" if "local" in file else "settings.json")
    before = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(before | settings))


def compactions(lab: Lab, model: str, *uses: int) -> list[int]:
    """How often the client has compacted once answers have brought it to each of these uses."""
    with lab.stream("--model", model) as stream:
        stream.prompt("hello")
        counts = []
        for used in uses:
            stream.prompt(f"USAGE:{used}@@ fill it")
            stream.prompt("USAGE:30000@@ go on")
            counts.append(len(lab.events("PreCompact", trigger="auto")))
    return counts


@pytest.mark.parametrize(
    ("model", "env", "settings", "point"),
    [
        pytest.param(SONNET, {}, {}, 167_000, id="legacy"),
        pytest.param(OPUS, {}, {}, 967_000, id="current"),
        pytest.param("my-gateway-model", {}, {}, 967_000, id="unknown"),
        pytest.param(
            SONNET, {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "50"}, {}, 90_000, id="percentage"
        ),
        pytest.param(
            OPUS, {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "8000"}, {}, 979_000, id="shorter output"
        ),
        pytest.param(OPUS, {"CLAUDE_CODE_DISABLE_1M_CONTEXT": "1"}, {}, 167_000, id="no 1m"),
        pytest.param(
            OLD_SONNET, {}, {"project": {"autoCompactWindow": 150_000}}, 117_000,
            id="a setting turns it on",
        ),
        pytest.param(
            SONNET, {}, {"user": {"autoCompactWindow": 150_000},
                         "project": {"autoCompactWindow": 120_000},
                         "project local": {"autoCompactWindow": 100_000}}, 67_000,
            id="the local setting is the strongest",
        ),
        pytest.param(
            SONNET, {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"},
            {"project": {"autoCompactWindow": 100_000}}, 117_000,
            id="the environment is stronger than a setting",
        ),
        pytest.param(
            SONNET, {}, {"user": {"autoCompactEnabled": False},
                         "project": {"autoCompactEnabled": True}}, 167_000,
            id="switched on again by the project",
        ),
    ],
)  # fmt: skip
def test_the_client_compacts_where_we_say(
    client: ClientFactory, model: str, env: dict[str, str], settings: dict[str, Json], point: int
) -> None:
    lab = client(env=env)
    if point > SHORT_WINDOW_TOKENS and is_shorter(lab, model):
        point -= LONG_WINDOW_TOKENS - SHORT_WINDOW_TOKENS
    for file, content in settings.items():
        write_settings(lab, file, content)
    assert expected(lab, model).compaction_at == point
    assert compactions(lab, model, point - PROMPT_TOKENS, point) == [0, 1]


@pytest.mark.parametrize(
    ("model", "env", "file", "settings"),
    [
        pytest.param(OLD_SONNET, {}, "", {}, id="a model that never does"),
        pytest.param(SONNET, {"DISABLE_AUTO_COMPACT": "1"}, "", {}, id="environment"),
        pytest.param(SONNET, {}, "user", {"autoCompactEnabled": False}, id="person"),
        pytest.param(SONNET, {}, "project", {"autoCompactEnabled": False}, id="project"),
        pytest.param(SONNET, {}, "project local", {"autoCompactEnabled": False}, id="local"),
    ],
)
def test_the_client_does_not_compact_where_we_say_so(
    client: ClientFactory, model: str, env: dict[str, str], file: str, settings: Json
) -> None:
    lab = client(env=env)
    if file:
        write_settings(lab, file, settings)
    assert expected(lab, model).compaction_at is None
    assert compactions(lab, model, 199_000) == [0]


def test_the_clients_own_file_switches_compaction_off_last(client: ClientFactory) -> None:
    lab = client()
    path = lab.home / ".claude.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "autoCompactEnabled": False}))
    assert expected(lab, SONNET).compaction_at is None
    assert compactions(lab, SONNET, 199_000) == [0]


@pytest.mark.parametrize(
    ("env", "settings"),
    [
        pytest.param({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "100000"}, {}, id="environment"),
        pytest.param({}, {"autoCompactWindow": 100_000}, id="settings"),
    ],
)
def test_a_client_that_was_asked_to_compact_earlier_is_advised_earlier(
    client: ClientFactory, env: dict[str, str], settings: Json
) -> None:
    lab = watched(client, env)
    write_settings(lab, "project", settings)
    terminal = lab.start("--model", SONNET)
    terminal.say("USAGE:20000@@ hello")
    terminal.say("USAGE:66500@@ on")
    terminal.wait_for_text("Stop says: Context: ")
    assert window_of(lab, terminal.session_id)["compaction_at"] == 67_000
