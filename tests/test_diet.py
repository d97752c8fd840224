"""A diet takes out what nobody used, never what somebody did, and is measured afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import transcript_lines
from driver import Client
from made import answer, call, entry, prompt

from clearpoint.advice.catalogue import ENGLISH
from clearpoint.attribution.parts import AGENTS, MCP_TOOLS, SKILLS, SYSTEM_PROMPT, TOOLS
from clearpoint.cli.main import main
from clearpoint.diet.first_request import FirstRequest, Part, first_request
from clearpoint.diet.in_use import InUse, in_use
from clearpoint.diet.nested import long_files
from clearpoint.diet.overhead import overhead
from clearpoint.diet.proposals import edits, proposals
from clearpoint.diet.verdict import is_comparable, standing, verdict
from clearpoint.history.transcripts import folder_name
from clearpoint.tokens.encoder import count

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.state import DietTrial
    from clearpoint.transcript.entry import Entry

MODEL = "claude-opus-5-5"
TRIAL: DietTrial = {
    "at": "2026-01-01T00:00:00Z",
    "model": MODEL,
    "attended": True,
    "tokens": 15_000,
}


def tool(name: str, words: int) -> dict[str, Any]:
    """A tool's definition of about so many tokens."""
    return {"name": name, "description": "word " * words, "input_schema": {"type": "object"}}


def snapshot(*tools: dict[str, Any]) -> Entry:
    """What a client writes of its first request."""
    system = [{"type": "text", "text": "You help. " * 200}]
    return entry("api-request-shape", shape={"system": system, "tools": list(tools)})


def session(*calls: Entry, tools: tuple[str, ...] = ("Bash", "Workflow", "ListAgents")) -> bytes:
    """A small session that lists these tools."""
    shape = snapshot(*(tool(name, 800) for name in tools))
    used = 6_000 + 1_000 * len(tools)
    begin = [prompt("hi", uuid="u1", parent=None), shape]
    return transcript_lines(*begin, answer(message_id="m0", used=used, model=MODEL), *calls)


def first(*parts: Part) -> FirstRequest:
    """A first request of these parts."""
    return FirstRequest("t.jsonl", MODEL, True, sum(part.tokens for part in parts), [*parts])


def used(sessions: int = 10, **found: Any) -> InUse:
    """What so many sessions have used."""
    made = InUse()
    made.sessions = sessions
    for name, names in found.items():
        setattr(made, name, names)
    return made


PARTS = (
    Part(TOOLS, "", 300),
    Part(TOOLS, "Bash", 4_000),
    Part(TOOLS, "Workflow", 6_000),
    Part(TOOLS, "WebFetch", 900),
    Part(MCP_TOOLS, "my_shop", 5_000),
    Part(SKILLS, "dataviz", 1_200),
    Part(AGENTS, "big", 1_500),
    Part(AGENTS, "small", 90),
    Part(SYSTEM_PROMPT, "", 3_000),
)


def test_what_was_not_used_is_proposed_the_largest_first() -> None:
    found = proposals(first(*PARTS), used())
    assert [(one.what, one.name, one.tokens) for one in found] == [
        ("tool", "Workflow", 6_000),
        ("MCP server", "my_shop", 5_000),
        ("agent", "big", 1_500),
        ("skills", "that come with Claude Code", 1_200),
        ("tool", "WebFetch", 900),
    ]
    assert [(one.pointer, one.value) for one in edits(found)] == [
        (("disableBundledSkills",), True) if name == "skills" else (("permissions", "deny"), name)
        for name in ("Workflow", "skills", "WebFetch")
    ]


def test_what_was_used_is_never_denied() -> None:
    names: Any = {"tools": {"Workflow", "WebFetch"}, "servers": {"my_shop"}, "skills": {"dataviz"},
             "agents": {"big"}}  # fmt: skip
    assert proposals(first(*PARTS), used(**names)) == []


@pytest.mark.parametrize("name", ["Bash", "Read", "Edit", "Write", "Agent", "Skill", "ToolSearch"])
def test_what_claude_needs_is_never_denied(name: str) -> None:
    assert proposals(first(Part(TOOLS, name, 9_000)), used()) == []


def test_too_few_sessions_tell_nothing() -> None:
    assert proposals(first(*PARTS), used(2)) == []


def test_the_first_request_is_measured_by_part(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(session())
    found = first_request(str(path), count)
    assert found is not None
    sizes = {(part.group, part.name): part.tokens for part in found.parts}
    assert (found.model, found.is_attended, found.tokens) == (MODEL, True, 8_900)
    assert sizes[TOOLS, "Workflow"] == pytest.approx(sizes[TOOLS, "Bash"], abs=5)
    assert 0.9 * found.tokens < standing(found) <= found.tokens


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{torn\n[]\n", id="not entries"),
        pytest.param(transcript_lines(prompt("hi"), answer()), id="no snapshot"),
        pytest.param(transcript_lines(snapshot(tool("Bash", 9))), id="no answer"),
    ],
)
def test_without_a_snapshot_nothing_is_measured(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(data)
    assert first_request(str(path), count) is None


def test_calls_of_subagents_are_uses_too(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(
        session(
            call("mcp__my shop__find", tool_id="t1"),
            call("Skill", tool_id="t2", skill="dataviz"),
            call("Agent", tool_id="t3", subagent_type="Explore"),
        )
    )
    (tmp_path / "s" / "subagents").mkdir(parents=True)
    beside = tmp_path / "s" / "subagents" / "agent-1.jsonl"
    beside.write_bytes(transcript_lines(call("WebFetch", url="https://example.org")))
    found = in_use([str(path), str(tmp_path / "gone.jsonl")])
    assert (found.sessions, found.skills, found.agents, found.servers) == (
        1, {"dataviz"}, {"Explore"}, {"my_shop"})  # fmt: skip
    assert found.tools == {"mcp__my shop__find", "Skill", "Agent", "WebFetch"}


def test_long_memory_files_in_folders_are_found(tmp_path: Path) -> None:
    for folder, lines in (("", 900), ("api", 600), ("web", 10), ("node_modules/x", 900)):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "CLAUDE.md").write_text("line\n" * lines)
    assert [*long_files(str(tmp_path), 500)] == [(str(tmp_path / "api" / "CLAUDE.md"), 600)]


UNDO = " Run `clearpoint diet --undo` to restore your settings."


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        pytest.param(
            11_000,
            "The diet works: the first request went from 15k to 11k tokens (-27%).",
            id="smaller",
        ),
        pytest.param(
            18_000,
            f"The diet made the first request larger: from 15k to 18k tokens (+20%).{UNDO}",
            id="larger",
        ),
        pytest.param(
            15_100,
            "The diet made almost no difference: the first request went from 15k to 15k tokens."
            f"{UNDO}",
            id="the same",
        ),
    ],
)
def test_what_came_of_it_is_told(tokens: int, words: str) -> None:
    assert verdict(first(Part(TOOLS, "Bash", tokens)), TRIAL, ENGLISH) == words


@pytest.mark.parametrize("change", [{"model": "claude-haiku-5-5"}, {"attended": False}], ids=str)
def test_only_the_same_kind_of_session_is_compared(change: Any) -> None:
    assert not is_comparable(first(Part(TOOLS, "Bash", 9)), {**TRIAL, **change})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three sessions that use Bash only."""
    config = tmp_path / "config"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(config))
    found = tmp_path / "project"
    found.mkdir()
    folder = config / "projects" / folder_name(str(found))
    folder.mkdir(parents=True)
    for number in range(3):
        name = f"{number}f5c1c2e-6d1b-4c5e-9a53-1d9a7c1f0001.jsonl"
        (folder / name).write_bytes(session(call("Bash", command="ls")))
    return found


def test_the_command_proposes_applies_and_undoes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = project / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{ "model": "opus" }')
    assert main(["diet", "--project", str(project)]) == 0
    said = capsys.readouterr().out
    assert "- tool Workflow: " in said
    assert "- tool ListAgents: " in said
    assert settings.read_text() == '{ "model": "opus" }'
    assert main(["diet", "--project", str(project), "--apply"]) == 0
    denied = json.loads(settings.read_text())["permissions"]["deny"]
    assert sorted(denied) == ["ListAgents", "Workflow"]
    assert main(["diet", "--project", str(project), "--undo"]) == 0
    assert settings.read_text() == '{ "model": "opus" }'


@pytest.mark.parametrize("undone", [False, True], ids=["apply", "undo"])
def test_links_that_lead_out_of_the_project_are_asked_about(
    project: Path, undone: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = project.parent / "other"
    outside.mkdir()
    (outside / "settings.json").write_text("{}")
    (project / ".claude").mkdir(exist_ok=True)
    (project / ".claude/settings.json").unlink(missing_ok=True)
    (project / ".claude/settings.json").symlink_to(outside / "settings.json")
    given = ["diet", "--project", str(project)]
    if undone:
        assert main([*given, "--apply", "--yes"]) == 0
    command = [*given, "--undo" if undone else "--apply"]
    before = (outside / "settings.json").read_text()
    refused = main(command)
    is_same = (outside / "settings.json").read_text() == before
    said = capsys.readouterr().err
    agreed = main([*command, "--yes"])
    changed = (outside / "settings.json").read_text() != before
    assert (refused, is_same, "use --yes" in said, agreed, changed) == (1, True, True, 0, True)


def test_the_command_tells_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diet", "--project", str(project), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sessions"] == 3
    assert {one["name"] for one in told["proposals"]} == {"Workflow", "ListAgents"}


def test_without_a_session_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
    assert main(["diet", "--project", str(tmp_path)]) == 1
    assert "nothing to measure yet: finish a session here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        pytest.param(("Bash",), "The diet works", id="smaller"),
        pytest.param(("Bash", "A", "B", "C", "D", "E", "F"), "made the first request larger",
                     id="larger"),
    ],
)  # fmt: skip
def test_the_next_session_is_measured_once(
    project: Path, tools: tuple[str, ...], words: str
) -> None:
    assert main(["diet", "--project", str(project), "--apply"]) == 0
    client = Client(project)
    client.start()
    client.transcript.write_bytes(session(tools=tools))
    assert words in client.reply("stop")["systemMessage"]
    client.write(prompt("more", uuid="u2", parent="a"), answer(message_id="m2", model=MODEL))
    assert "systemMessage" not in client.reply("stop")


def test_a_turn_that_is_not_written_yet_is_measured_at_the_next_one(project: Path) -> None:
    assert main(["diet", "--project", str(project), "--apply"]) == 0
    client = Client(project)
    client.start()
    client.transcript.unlink(missing_ok=True)
    assert "systemMessage" not in client.reply("stop")
    client.transcript.write_bytes(session(tools=("Bash",)))
    assert "The diet works" in client.reply("stop")["systemMessage"]


def test_a_heavy_start_is_told_once_with_its_largest_parts(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    names = tuple("ABCDEFGHIJKLMN")
    client.transcript.write_bytes(session(tools=names))
    client.reply("stop")
    carried, said = client.clear("s-2")["systemMessage"].splitlines()
    assert carried.startswith("Picked up the work")
    assert said.startswith(
        "Each request here carries 20k tokens before you type anything; largest: "
    )
    assert said.endswith("`clearpoint diet` shows how to shrink that.")
    assert "Each request here" not in client.start("startup").get("systemMessage", "")


def test_a_heavy_start_waits_for_a_start_where_the_end_came_later(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    client.transcript.write_bytes(session(tools=tuple("ABCDEFGHIJKLMN")))
    client.reply("stop")
    client.send("session_end", reason="clear")
    assert "Each request here" not in client.reply("stop").get("systemMessage", "")
    assert "Each request here" in client.start("startup")["systemMessage"]


def test_a_light_start_is_not_told() -> None:
    assert overhead(first(Part(TOOLS, "Bash", 15_000)), 15_000, ENGLISH["heavy"]) == ""
