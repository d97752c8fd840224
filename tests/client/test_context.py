"""Where the tokens go is what the client's own `/context` says of the same session."""

import json
import re
import sys
from pathlib import Path

import pytest

from clearpoint.attribution.attribution import Attribution, attribute
from clearpoint.attribution.breakdown import rows
from clearpoint.attribution.memory_files import memory_files
from clearpoint.config.defaults import DEFAULTS
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import State
from clearpoint.session.load import read
from clearpoint.store.store import Store
from clearpoint.tokens.counts import INPUT_COUNTS

from .conftest import ClientFactory
from .lab import Lab
from .polling import wait_until
from .terminal import Terminal

TOLERANCE = 0.05
INSTRUCTIONS = "MCP server instructions"
ROW = re.compile(r"^\| ([^|]+) \| (?:[^|]+ \| )?~?([\d.]+)(k?) \|", re.MULTILINE)
TOTAL = re.compile(r"\*\*Tokens:\*\* ([\d.]+)(k?) / ([\d.]+)([km])")
SERVER = """
import json, sys

TOOL = {"description": "Looks an issue up in the tracker and gives its fields. " * 8,
        "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}}}
ANSWERS = {
    "initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                   "serverInfo": {"name": "tracker", "version": "1"},
                   "instructions": "Use the tracker for issues and for nothing else. " * 20},
    "tools/list": {"tools": [{**TOOL, "name": f"tool_{n}"} for n in range(6)]},
    "tools/call": {"content": [{"type": "text", "text": "The issue is open. " * 100}]},
}
for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        answer = {"jsonrpc": "2.0", "id": message["id"],
                  "result": ANSWERS.get(message["method"], {})}
        print(json.dumps(answer), flush=True)
"""


def furnished(client: ClientFactory, **env: str) -> Lab:
    """Open a lab whose project has everything that a context is made of, and is watched."""
    lab = client(env=env)
    lab.control(measured=True, reply="Done, and the work goes on. " * 60)
    config, project = lab.home / ".claude", lab.project
    files = {
        config / "CLAUDE.md": "Speak plainly.\n" * 60,
        project / "CLAUDE.md": "Always write tests first.\n" * 90 + "See @docs/style.md\n",
        project / "docs/style.md": "Short functions are preferred here.\n" * 80,
        project / "CLAUDE.local.md": "My own preferences: be brief.\n" * 40,
        project / ".claude/rules/py.md": "Annotate everything.\n" * 60,
        project / ".claude/agents/reviewer.md": "---\nname: reviewer\ndescription: "
        + "Reviews code for correctness and style in detail. " * 30 + "\n---\nYou review.\n",
        project / ".claude/skills/deploy/SKILL.md": "---\nname: deploy\ndescription: "
        + "Deploys the service to the staging cluster. " * 10 + "\n---\nStep one.\n",
        project / "sub/CLAUDE.md": "Of this folder alone.\n" * 40,
        project / "sub/b.py": "y = 2\n" * 200,
        project / "a.py": "def f(x):\n    return x + 1\n\n" * 200,
        project / "server.py": SERVER,
    }  # fmt: skip
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    run = {"command": sys.executable, "args": [str(project / "server.py")]}
    (project / ".mcp.json").write_text(json.dumps({"mcpServers": {"tracker": run}}))
    state = json.loads((lab.home / ".claude.json").read_text())
    state["projects"][str(project)]["enabledMcpjsonServers"] = ["tracker"]
    (lab.home / ".claude.json").write_text(json.dumps(state))
    settings = json.loads((config / "settings.json").read_text())
    settings["permissions"]["allow"] += ["mcp__tracker", "Skill"]
    (config / "settings.json").write_text(json.dumps(settings))
    install("project", project, config_dir=config, executables=executables_dir())
    return lab


def working(lab: Lab, terminal: Terminal) -> None:
    """Have every kind of content in the context."""
    read = f'TOOL:Read {{"file_path": "{lab.project}/'
    terminal.say(f'{read}a.py"}}@@ {read}sub/b.py"}}@@ please read')
    terminal.say('TOOL:Bash {"command": "seq 1 500"}@@ TOOL:Skill {"skill": "deploy"}@@ then')


def kept(lab: Lab, session_id: str) -> State:
    """The state that the hooks have kept."""
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    return state


def ours(lab: Lab, session_id: str) -> Attribution:
    """The attribution of a session, from the state that the hooks have kept."""
    state, path = kept(lab, session_id), lab.transcript(session_id)
    assert path is not None
    return attribute(str(path), state, DEFAULTS, str(lab.project), str(lab.home / ".claude"))


def newest_usage(lab: Lab, session_id: str) -> dict[str, int]:
    """The counts of the newest answer."""
    answers = [entry for entry in lab.entries(session_id) if entry["type"] == "assistant"]
    counts: dict[str, int] = answers[-1]["message"]["usage"]
    return counts


def tokens_of_answer(lab: Lab, session_id: str) -> int:
    """The newest answer's size."""
    return newest_usage(lab, session_id)["output_tokens"]


def input_of_newest(lab: Lab, session_id: str) -> int:
    """What the newest request carried."""
    counts = newest_usage(lab, session_id)
    return sum(counts[name] for name in INPUT_COUNTS)


def theirs(lab: Lab, session_id: str) -> str:
    """The table that the client wrote."""
    tables = [
        entry["message"]["content"]
        for entry in lab.entries(session_id)
        if entry["type"] == "user" and str(entry["message"]["content"]).startswith("## Context")
    ]
    return str(tables[-1])


def number(digits: str, unit: str) -> float:
    return float(digits) * {"": 1, "k": 1_000, "m": 1_000_000}[unit]


def table_of(text: str) -> dict[str, float]:
    """The client's rows by name; a memory file by its path, which stands in the second column."""
    named = {name: number(digits, unit) for name, digits, unit in ROW.findall(text)}
    for path, digits, unit in re.findall(r"\| (/[^|]+) \| ([\d.]+)(k?) \|", text):
        named[path] = number(digits, unit)
    return named


def group(found: Attribution, name: str, *, named: bool = False) -> int:
    """Tokens of one group, or of what is named in it."""
    return sum(
        part["tokens"]
        for part in found["parts"]
        if part["group"] == name and (part["name"] or not named)
    )


def part(found: Attribution, group: str, name: str) -> int:
    return next(
        one["tokens"] for one in found["parts"] if (one["group"], one["name"]) == (group, name)
    )


def compare(lab: Lab, session_id: str) -> None:
    """Hold ours against theirs, part by part."""
    text, found = theirs(lab, session_id), ours(lab, session_id)
    table = table_of(text)
    total = TOTAL.search(text)
    assert total is not None
    # Theirs is the request alone; ours has its answer too, which the next request takes up.
    answer = tokens_of_answer(lab, session_id)
    assert answer > 300
    assert number(total[1], total[2]) == pytest.approx(found["used"] - answer, abs=50)
    assert number(total[3], total[4]) == found["window"]
    memory = {path: table[path] for path in table if path.startswith("/")}
    assert memory
    for path, tokens in memory.items():
        name = path.removeprefix(f"{lab.project}/")
        assert part(found, "Memory files", name) == pytest.approx(tokens, rel=TOLERANCE), path
    # The client takes the listing of skills off its tools, where it no longer stands, and counts
    # the tool that runs them twice. What goes before all tools is among its messages.
    tools = group(found, "Tools", named=True) + part(found, "Tools", "Skill")
    # Those of servers are a row of their own since 2.1.304 at the latest, before among messages.
    servers = group(found, INSTRUCTIONS, named=True) if INSTRUCTIONS in table else 0
    pairs = {
        "System prompt": (group(found, "System prompt"), table["System prompt"]),
        "System tools": (tools, table["System tools"] + table["Skills"]),
        INSTRUCTIONS: (servers, table.get(INSTRUCTIONS, 0)),
        "Custom agents": (part(found, "Agents", "reviewer"), table["Custom agents"]),
        "MCP tools": (group(found, "MCP tools"), table.get("MCP tools", 0)),
        "Free space": (found["free"] + answer - found["buffer"], table["Free space"]),
        "Autocompact buffer": (found["buffer"], table["Autocompact buffer"]),
    }  # fmt: skip
    counted = sum(pairs[name][0] for name in list(pairs)[:5])
    mine = sum(part(found, "Memory files", path.removeprefix(f"{lab.project}/")) for path in memory)
    pairs["Messages"] = (found["used"] - answer - counted - mine, table["Messages"])
    for name, (our, their) in pairs.items():
        assert our == pytest.approx(their, rel=TOLERANCE), name


def test_ours_is_theirs(client: ClientFactory) -> None:
    lab = furnished(client)
    terminal = lab.start("--model", "claude-opus-5-5")
    working(lab, terminal)
    terminal.command("/context")
    compare(lab, terminal.session_id)


def test_ours_is_theirs_with_the_tools_of_a_server_loaded(client: ClientFactory) -> None:
    lab = furnished(client, ENABLE_TOOL_SEARCH="false")
    terminal = lab.start("--model", "claude-sonnet-4-6")
    working(lab, terminal)
    terminal.say('TOOL:mcp__tracker__tool_1 {"id": "7"}@@ look it up')
    terminal.command("/context")
    compare(lab, terminal.session_id)
    assert part(ours(lab, terminal.session_id), "Tool results", "mcp__tracker__tool_1") > 300


def test_ours_is_theirs_from_the_start_to_a_compaction_and_a_clear(client: ClientFactory) -> None:
    lab = furnished(client)
    terminal = lab.start("--model", "claude-sonnet-4-6")
    terminal.say("For SPEC-AUTH-001 we decided to use JWT.")
    working(lab, terminal)
    table = rows(ours(lab, terminal.session_id))
    assert sum(row.tokens for row in table if not row.label.startswith(" ")) == 200_000
    terminal.command("/context")
    compare(lab, terminal.session_id)
    terminal.command("/compact")
    wait_until(lambda: not kept(lab, terminal.session_id)["usage"]["since_boundary"], "our hook")
    guessed = kept(lab, terminal.session_id)["context_window"]["projected"]
    terminal.say("and on")
    assert guessed == pytest.approx(input_of_newest(lab, terminal.session_id), rel=0.1)
    terminal.command("/context")
    compare(lab, terminal.session_id)
    found = ours(lab, terminal.session_id)
    assert group(found, "Compaction summary") > 0
    assert group(found, "Tool results") == 0
    terminal.command("/clear")
    terminal.say("and on")
    found = ours(lab, terminal.session_id)
    assert group(found, "Compaction summary") == 0
    assert group(found, "Files") == group(found, "Tool results") == 0
    assert group(found, "Reload context") > 50


def test_the_memory_files_on_disk_are_those_that_the_client_loads(client: ClientFactory) -> None:
    lab = furnished(client)
    session_id = lab.prompt("hello").session_id
    (loaded,) = (
        [file["path"] for file in entry["attachment"]["files"]]
        for entry in lab.entries(session_id)
        if entry.get("attachment", {}).get("type") == "instructions"
    )
    assert list(memory_files(str(lab.project), str(lab.home / ".claude"))) == loaded
    assert all(Path(path).is_file() for path in loaded)
