"""Handoffs in the real client: every subagent gets its context, and the record tells the truth."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from clearpoint.handoffs.pipeline import HandoffService
from clearpoint.handoffs.shapes import Handoff
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install

from .answers import ToolCall
from .conftest import ClientFactory
from .lab import Lab
from .polling import wait_until
from .record import Request

MODEL = "claude-sonnet-4-6"
MARK = "Clearpoint handoff"
CREW = ("planner", "implementer", "reviewer")
SAID = "For SPEC-AUTH-001 we decided to use JWT."
FOREGROUND = {"CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1"}
SIZE = 21_035
"""Of the stub's usual answer."""


def crewed(client: ClientFactory, env: Mapping[str, str] | None = None, config: str = "") -> Lab:
    """Open a lab whose project is watched and has three agents."""
    lab = client(env=env)
    folder = executables_dir()
    install("project", lab.project, config_dir=lab.home / ".claude", executables=folder)
    agents = lab.project / ".claude" / "agents"
    agents.mkdir()
    for name in CREW:
        text = f"---\nname: {name}\ndescription: The {name}.\n---\nYou are the {name}.\n"
        (agents / f"{name}.md").write_text(text)
    if config:
        (lab.project / ".clearpoint").mkdir()
        (lab.project / ".clearpoint" / "config.toml").write_text(config)
    return lab


def agent(kind: str, task: str = "") -> ToolCall:
    task = task or f"the work of the {kind}"
    given = {"subagent_type": kind, "description": task, "prompt": f"SUBTASK {task}"}
    return ToolCall(name="Agent", input=given)


def handoffs(lab: Lab) -> list[Handoff]:
    """Give the recorded handoffs, the oldest first."""
    return HandoffService(str(lab.project), str(lab.state), lab.env).handoffs()[::-1]


def awaited(lab: Lab, number: int, fits: Callable[[Handoff], object]) -> Handoff:
    """Give the handoff of this number once it is as it should be."""
    wait_until(lambda: len(handoffs(lab)) > number and fits(handoffs(lab)[number]), "a handoff")
    return handoffs(lab)[number]


def first_request(lab: Lab, task: str) -> Request:
    """Give the first request of the subagent that works on a task."""
    return next(one for one in lab.requests() if one.prompt == f"SUBTASK {task}")


def faults(lab: Lab) -> str:
    path = lab.state / "faults.jsonl"
    return path.read_text() if path.exists() else ""


def assert_each_has_its_context(lab: Lab, found: list[Handoff]) -> None:
    for one in found:
        text = first_request(lab, one["task"]).text
        head = f"{MARK} {one['handoff_id'][:8]}: from main to {one['to_agent']}."
        assert text.count(MARK) == 1
        assert head in text
        assert SAID in text
        assert "Spec: SPEC-AUTH-001" in text


@pytest.mark.parametrize("env", [{}, FOREGROUND], ids=["background", "foreground"])
def test_three_subagents_at_once_get_their_contexts(
    client: ClientFactory, env: dict[str, str]
) -> None:
    lab = crewed(client, env)
    lab.control(tools={SAID: [[agent(name) for name in CREW]]})
    lab.prompt(SAID, "--model", MODEL)
    found = handoffs(lab)
    assert sorted(one["to_agent"] for one in found) == sorted(CREW)
    assert {(one["status"], one["tokens"], one["rounds"]) for one in found} == {
        ("completed", SIZE, 1)
    }
    assert_each_has_its_context(lab, found)
    assert faults(lab) == ""


def test_three_subagents_in_turn_each_know_the_one_before(client: ClientFactory) -> None:
    lab = crewed(client, FOREGROUND)
    written = {"file_path": str(lab.project / "plan.md"), "content": "1. Write it.\n"}
    lab.control(
        tools={
            SAID: [[agent(name)] for name in CREW],
            "SUBTASK the work of the planner": [[ToolCall(name="Write", input=written)]],
        }
    )
    lab.prompt(SAID, "--model", MODEL)
    plan, code, review = found = handoffs(lab)
    assert [one["to_agent"] for one in found] == list(CREW)
    assert (plan["files"], plan["requests"], plan["status"]) == (["plan.md"], 2, "completed")
    assert [code["predecessor"], review["predecessor"]] == [plan["handoff_id"], code["handoff_id"]]
    assert_each_has_its_context(lab, found)
    text = first_request(lab, code["task"]).text
    assert (
        f"Previous agent: planner, completed, {SIZE:,} tokens of context, changed plan.md" in text
    )
    assert "Previous agent: implementer" in first_request(lab, review["task"]).text
    assert faults(lab) == ""


def test_subagents_of_a_kind_at_once_are_told_of_each_other(client: ClientFactory) -> None:
    lab = crewed(client)
    tasks = ("task one", "task two", "task three")
    lab.control(tools={SAID: [[agent("general-purpose", task) for task in tasks]]})
    lab.prompt(SAID, "--model", MODEL)
    found = {one["task"]: one for one in handoffs(lab)}
    assert sorted(found) == sorted(tasks)
    for task, one in found.items():
        assert f"{one['handoff_id'][:8]} “{task}”" in first_request(lab, task).text
        own = list(
            lab.root.glob(f"home/.claude/projects/*/*/subagents/agent-{one['agent_id']}.jsonl")
        )
        assert f"SUBTASK {task}" in own[0].read_text()
        assert (one["status"], one["rounds"], one["note"]) == ("completed", 1, "")


def test_a_subagent_of_a_subagent_has_its_caller(client: ClientFactory) -> None:
    lab = crewed(client, FOREGROUND)
    inner = agent("implementer", "the inner task")
    lab.control(tools={SAID: [[agent("planner", "the outer task")]], "outer task": [[inner]]})
    lab.prompt(SAID, "--model", MODEL)
    outer, nested = handoffs(lab)
    assert (nested["from_agent"], nested["caller"]) == ("planner", outer["agent_id"])
    assert {outer["status"], nested["status"]} == {"completed"}
    head = f"{MARK} {nested['handoff_id'][:8]}: from planner to implementer."
    assert head in first_request(lab, "the inner task").text


def test_a_failure_and_a_call_that_came_to_nothing_are_told_apart(client: ClientFactory) -> None:
    lab = crewed(client)
    refused = {"status": 400, "type": "invalid_request_error", "message": "no"}
    lab.control(
        tools={SAID: [[agent("planner"), agent("nobody")]]},
        errors=[{"when": "SUBTASK the work of the planner", **refused}],  # type: ignore[typeddict-item]
    )
    reply = lab.prompt(SAID, "--model", MODEL)
    lab.control(tools={"once more": [[agent("reviewer")]]})
    lab.prompt("once more", "--model", MODEL, "--resume", reply.session_id)
    found = {one["to_agent"]: one["status"] for one in handoffs(lab)}
    assert found == {"planner": "failed", "nobody": "not started", "reviewer": "completed"}
    assert "Previous agent: planner, failed" in first_request(lab, "the work of the reviewer").text


def test_an_interrupted_subagent_is_recorded_as_one(client: ClientFactory) -> None:
    lab = crewed(client)
    terminal = lab.start("--model", MODEL, env=FOREGROUND)
    lab.control(tools={SAID: [[agent("reviewer", "SLOW:60@@")]]})
    terminal.submit(SAID)
    awaited(lab, 0, lambda one: one["status"] == "running")
    wait_until(lambda: [one for one in lab.requests() if "SLOW" in one.prompt], "its request")
    terminal.keys("Escape")
    terminal.wait_for_text("Interrupted")
    one = awaited(lab, 0, lambda one: one["status"] != "running")
    assert one["status"] == "interrupted"


def test_a_subagent_taken_up_again_is_the_same_handoff(client: ClientFactory) -> None:
    lab = crewed(client)
    terminal = lab.start("--model", MODEL)
    lab.control(tools={SAID: [[agent("planner")]]})
    terminal.say(SAID)
    one = awaited(lab, 0, lambda one: one["status"] == "completed")
    message = {"to": one["agent_id"], "summary": "one more thing to do", "message": "And more."}
    lab.control(tools={"again": [[ToolCall(name="SendMessage", input=message)]]})
    terminal.say("again")
    one = awaited(lab, 0, lambda one: one["rounds"] == 2 and one["ended_at"])
    assert (one["status"], one["requests"]) == ("completed", 2)


@pytest.mark.parametrize("policy", ["deny", "ask"])
def test_a_pair_that_is_refused_does_not_start(client: ClientFactory, policy: str) -> None:
    config = f'[handoffs.policies]\n"main -> reviewer" = "{policy}"\n'
    lab = crewed(client, config=config)
    lab.control(tools={SAID: [[agent("reviewer")]]})
    lab.prompt(SAID, "--model", MODEL)
    assert "main → reviewer is not in the handoff matrix" in lab.requests()[-1].text
    assert lab.events("SubagentStart") == []


def test_after_a_clear_the_agents_come_back_with_the_way_to_go_on(client: ClientFactory) -> None:
    lab = crewed(client)
    terminal = lab.start("--model", MODEL)
    lab.control(tools={SAID: [[agent("planner")]]})
    terminal.say(SAID)
    before = awaited(lab, 0, lambda one: one["status"] == "completed")
    terminal.command("/clear")
    terminal.wait_for_text("Picked up ")
    lab.control(tools={"go on": [[agent("reviewer")]]})
    terminal.say("go on")
    text = next(one for one in lab.requests() if one.prompt == "go on").text
    assert "planner “the work of the planner”" in text
    assert str(before["agent_id"]) in text
    after = awaited(lab, 1, lambda one: one["status"] == "completed")
    assert after["predecessor"] == before["handoff_id"]
    assert "Spec: SPEC-AUTH-001" in first_request(lab, after["task"]).text


# The pipeline of docs/handoffs.md


def commands(lab: Lab, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run shell lines in a project, as a job would; a command that fails ends them."""
    programs = f"PATH={executables_dir()}:{lab.claude.parent}:$PATH; set -e; "
    return lab.run("bash", "-c", programs + script, cwd=folder)


def trust(lab: Lab, *folders: Path) -> None:
    """Have the client trust more folders; elsewhere it says that it ignores their permissions."""
    path = lab.home / ".claude.json"
    state = json.loads(path.read_text())
    state["projects"] |= {str(folder): {"hasTrustDialogAccepted": True} for folder in folders}
    path.write_text(json.dumps(state))


def test_a_pipeline_of_three_processes_hands_over_by_file(client: ClientFactory) -> None:
    page = Path(__file__).parents[2] / "docs" / "handoffs.md"
    jobs = page.read_text(encoding="utf-8").split("```sh\n")[1:4]
    lab = crewed(client)
    second, third = lab.root / "second", lab.root / "third"
    for folder in (second, third):
        lab.run("cp", "-r", lab.project, folder, cwd=lab.root)
    trust(lab, second, third)
    for number, folder in enumerate((lab.project, second, third)):
        if number:
            (folder / ".clearpoint").exists() and pytest.fail("a job starts from nothing")
        for name in ("plan.json", "code.json"):
            carried = (lab.project, second, third)[number - 1] / name
            if number and carried.exists():
                (folder / name).write_bytes(carried.read_bytes())
        done = commands(lab, folder, jobs[number].split("```")[0])
        assert (done.returncode, done.stderr) == (0, "")
    first, last = lab.requests()[0], lab.requests()[-1]
    assert len({one.session_id for one in lab.requests()}) == 3
    assert MARK not in first.text
    assert "from planner to implementer" in lab.requests()[1].text
    assert "from implementer to reviewer" in last.text
    for one in lab.requests()[1:]:
        assert "Spec: SPEC-AUTH-001" in one.text
        assert "decided to use JWT" in one.text
    plan = json.loads((second / "plan.json").read_text())["package"]
    code = json.loads((third / "code.json").read_text())["package"]
    assert code["predecessor"]["handoff_id"] == plan["handoff_id"]
