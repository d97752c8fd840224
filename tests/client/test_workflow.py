"""The workflow of the documentation, played in the real client: plan, clear, run, clear, sync."""

from pathlib import Path

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import State
from clearpoint.session.load import read
from clearpoint.store.store import Store

from .answers import ToolCall
from .conftest import ClientFactory
from .lab import Lab
from .terminal import Terminal

MODEL = "claude-sonnet-4-6"
SPEC = "SPEC-AUTH-001"
COMMANDS = {
    "1-plan": "Plan: write the specification of $ARGUMENTS.",
    "2-run": "Run: build $ARGUMENTS as it is specified.",
    "3-sync": "Sync: bring the documents up to date with $ARGUMENTS.",
}
TEST = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        pass\n"


def write(path: Path, content: str) -> list[ToolCall]:
    return [{"name": "Write", "input": {"file_path": str(path), "content": content}}]


def bash(command: str) -> list[ToolCall]:
    return [{"name": "Bash", "input": {"command": command, "description": "as planned"}}]


def project(client: ClientFactory) -> Lab:
    """A watched project with the three commands of the workflow."""
    lab = client()
    config = lab.home / ".claude"
    install("project", lab.project, config_dir=config, executables=executables_dir())
    for name in ("name", "email"):
        lab.run("git", "config", f"user.{name}", "person@example.org")
    folder = lab.project / ".claude/commands/moai"
    folder.mkdir(parents=True)
    for name, text in COMMANDS.items():
        (folder / f"{name}.md").write_text(text + "\n")
    return lab


def run(terminal: Terminal, command: str) -> None:
    """Give a command of the project, and wait for the end of its turn."""
    stops = len(terminal.events("Stop"))
    terminal.submit(command)

    def has_ended() -> bool:
        return len(terminal.events("Stop")) > stops and terminal.is_idle()

    terminal.wait_for(has_ended, f"the end of {command!r}")


def clear(terminal: Terminal) -> None:
    terminal.command("/clear")
    terminal.wait_for_text(f"Picked up {SPEC}")


def state_of(lab: Lab, terminal: Terminal) -> State:
    state = read(Store(str(lab.state)), terminal.session_id)
    assert state is not None
    return state


def test_plan_clear_run_clear_sync(client: ClientFactory) -> None:
    lab = project(client)
    terminal = lab.start("--model", MODEL)

    spec = lab.project / f".moai/specs/{SPEC}/spec.md"
    plan = [write(spec, f"# {SPEC}\n\nSign in by password.\n")]
    decided = "The specification stands. We decided to use JWT for the sessions."
    lab.control(tools={"Plan:": plan}, context_tokens=[30_000, 112_000], reply=decided)
    run(terminal, f"/moai:1-plan {SPEC} sign in")
    terminal.wait_for_text(f"Stop says: {SPEC} written. Context: 112k of your 200k window (56%)")
    for told in ("after /clear it would be about 32k", "keep your 1 decision."):  # it may wrap
        terminal.wait_for_text(told)
    planning = terminal.session_id

    clear(terminal)
    built = [
        write(lab.project / "auth.py", "def sign_in(): ...\n"),
        write(lab.project / "test_auth.py", TEST),
        bash("python3 -m unittest"),
        bash("git add auth.py test_auth.py && git commit -q -m 'Sign in'"),
    ]
    lab.control(tools={"Run:": built}, context_tokens=[30_000, 60_000, 80_000, 100_000, 118_000])
    run(terminal, f"/moai:2-run {SPEC}")
    terminal.wait_for_text("Stop says: Work committed. Context: 118k of your 200k window (59%)")
    first = lab.requests(session_id=terminal.session_id)[0].text
    assert f"Spec: {SPEC} · phase: planning" in first
    assert "We decided to use JWT for the sessions." in first
    assert f".moai/specs/{SPEC}/spec.md" in first
    running = terminal.session_id
    assert "auth.py" in lab.run("git", "show", "--stat").stdout
    assert state_of(lab, terminal)["work_state"]["phase"] in ("implementation", "testing")

    clear(terminal)
    guide = [write(lab.project / "README.md", "Sign in with your password.\n")]
    lab.control(tools={"Sync:": guide})
    run(terminal, f"/moai:3-sync {SPEC}")
    text = lab.requests(session_id=terminal.session_id)[0].text
    assert f"Spec: {SPEC}" in text
    assert "test_auth.py" in text
    assert "We decided to use JWT for the sessions." in text
    state = state_of(lab, terminal)
    assert state["work_state"]["phase"] == "documentation"
    assert state["work_state"]["current_spec"] == SPEC
    assert state["lineage"]["parent_id"] == running
    parent = read(Store(str(lab.state)), running)
    assert parent is not None
    assert parent["lineage"]["parent_id"] == planning
    assert not (lab.state / "faults.jsonl").exists()
