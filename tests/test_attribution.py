"""Every token of the window is somebody's, and the sum is what the client counted."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import answer, blocks, boundary, call, entry, prompt, result

from clearpoint.attribution.attribution import (
    attribute,
    saved_by_clear,
    segments_of,
    starting_tokens,
)
from clearpoint.attribution.breakdown import heavy_note, heavy_parts, rows
from clearpoint.attribution.memory_files import memory_files
from clearpoint.attribution.parts import Piece
from clearpoint.attribution.shares import Segment, fit
from clearpoint.budget import window
from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import state as session
from clearpoint.transcript.chain import find_chain
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from clearpoint.attribution.attribution import Attribution
    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

CORPUS = Path(__file__).parents[2] / "shared/corpus"
CONTRACT = Path(__file__).parents[2] / "shared/contract/transcripts"
TOOLS = [{"name": "Read", "description": "Reads a file. " * 40, "input_schema": {}}]
WORDS = "the quick brown fox jumps over the lazy dog "


def chained(*entries: Entry) -> list[dict[str, Any]]:
    """The entries as a conversation, each hanging on the one before it unless it says where."""
    lines: list[dict[str, Any]] = []
    for number, one in enumerate(entries):
        line: dict[str, Any] = {**one}
        is_named = line.get("uuid") not in (None, "u", "a")
        line["uuid"] = line["uuid"] if is_named else f"line-{number}"
        if line.get("parentUuid") in (None, "p") and lines and "root" not in line:
            line["parentUuid"] = lines[-1]["uuid"]
        lines.append(line)
    return lines


def shape(*tools: dict[str, Any], system: str = WORDS * 50) -> Entry:
    """What the client writes of a request's system prompt and tools."""
    return entry("api-request-shape", shape={"system": system, "tools": list(tools) or TOOLS})


def attachment(kind: str, text: str, **fields: Any) -> Entry:
    """An attachment as it was rendered."""
    rendered = [{"content": text}] if text else []
    return entry("attachment", attachment={"type": kind, **fields}, rendered=rendered)


def state_with(used: int, total: int = 200_000, projected: int = 0, point: int = 0) -> State:
    state = session.new_state("s", "2026-01-01T00:00:00Z", DEFAULTS)
    known = {"total": total, "used": used, "projected": projected or used}
    state["context_window"].update(known, compaction_at=point or None)  # type: ignore[call-arg,typeddict-item]
    return state


def attributed(folder: Path, used: int, *entries: Entry, state: State | None = None) -> Attribution:
    """The attribution of a session of these entries, in a project of this folder."""
    path = folder / "transcript.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in chained(*entries)))
    return attribute(str(path), state or state_with(used), DEFAULTS, str(folder))


def sizes(attribution: Attribution) -> dict[str, int]:
    """Tokens by group and name."""
    return {
        f"{part['group']}: {part['name']}".removesuffix(": "): part["tokens"]
        for part in attribution["parts"]
    }


def state_of(path: Path) -> State:
    """The judged state of a transcript."""
    state = session.new_state("s", "2026-01-01T00:00:00Z", DEFAULTS)
    transcript = Transcript(str(path), None)
    session.fold(state, transcript.entries(decode), DEFAULTS)
    transcript.close()
    session.judge(state, DEFAULTS, window.model_table(), 0, {})
    return state


def grown(by: int, *since: Entry) -> tuple[Entry, ...]:
    """A first answer, what was written since, and a next answer to a request that much larger."""
    first, then = answer("Yes.", used=20_100), answer("So.", used=20_100 + by, message_id="m2")
    return (shape(), prompt("go on"), first, *since, then)


def test_parts_and_free_space_are_the_window(tmp_path: Path) -> None:
    state = state_with(21_000, point=167_000)
    found = attributed(tmp_path, 0, *grown(900, prompt("and " * 600)), state=state)
    assert sum(part["tokens"] for part in found["parts"]) == found["used"] == 21_000
    assert (found["free"], found["buffer"]) == (179_000, 33_000)


def test_the_rows_without_indentation_add_up_to_the_window(tmp_path: Path) -> None:
    state = state_with(21_000, point=167_000)
    table = rows(attributed(tmp_path, 0, *grown(900, prompt("and " * 600)), state=state))
    assert sum(row.tokens for row in table if not row.label.startswith(" ")) == 200_000


def test_what_alone_was_written_between_two_requests_is_exact(tmp_path: Path) -> None:
    lines = (answer("Reading." * 10, used=20_100), result(WORDS * 80),
             answer("Done.", used=21_400, message_id="m2"))  # fmt: skip
    called = blocks([{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}], "m1",
                    20_100, 100, "claude-sonnet-4-6", "c")  # fmt: skip
    found = attributed(tmp_path, 21_400, shape(), prompt("go"), called, *lines[1:])
    (part,) = (part for part in found["parts"] if part["group"] == "Tool results")
    assert (part["name"], part["tokens"], part["basis"]) == ("Bash", 1_200, "exact")


def test_what_several_pieces_have_grown_by_is_shared_by_their_sizes(tmp_path: Path) -> None:
    calls = [
        {"type": "tool_use", "id": f"t{n}", "name": "Read", "input": {"file_path": f"/f{n}"}}
        for n in (1, 2)
    ]
    called = blocks(calls, "m1", 20_000, 1, "claude-sonnet-4-6", "c")
    lines = (called, result(WORDS * 100, tool_id="t1"), result(WORDS * 50, tool_id="t2"))
    found = attributed(
        tmp_path, 21_900, shape(), prompt("go"), *lines, answer(used=21_900, message_id="m2")
    )
    by_name = sizes(found)
    assert by_name["Files: /f1"] == pytest.approx(2 * by_name["Files: /f2"], rel=0.05)
    assert {part["basis"] for part in found["parts"] if part["group"] == "Files"} == {"shared"}


def test_files_are_named_from_the_projects_folder(tmp_path: Path) -> None:
    lines = (call("Read", file_path=str(tmp_path / "src" / "a.py")), result(WORDS * 80))
    found = attributed(tmp_path, 21_500, shape(), prompt("go"), *lines,
                       answer(used=21_500, message_id="m2"))  # fmt: skip
    assert any(name == "Files: src/a.py" for name in sizes(found))


def test_parallel_results_beside_the_chain_count(tmp_path: Path) -> None:
    lines = (
        prompt("go", uuid="p1"),
        call("Bash", tool_id="t1"),
        call("Grep", tool_id="t2"),
        {**result(WORDS * 90, tool_id="t1"), "parentUuid": "c-t1"},
        {**result(WORDS * 90, tool_id="t2"), "parentUuid": "c-t2"},
        answer(used=22_500, message_id="m2"),
    )
    by_name = sizes(attributed(tmp_path, 22_500, shape(), *lines))  # type: ignore[arg-type]
    assert by_name["Tool results: Bash"] == pytest.approx(by_name["Tool results: Grep"], rel=0.01)


def test_a_branch_that_a_rewind_left_does_not_count(tmp_path: Path) -> None:
    lines = (
        prompt("one", uuid="one"),
        answer(used=20_000, uuid="turn-1"),
        prompt(WORDS * 500, uuid="dead"),
        answer(used=26_000, uuid="dead-2", message_id="m2"),
        prompt("another two", uuid="two", parent="turn-1"),
        answer(used=20_200, uuid="turn-2", message_id="m3"),
    )
    found = attributed(tmp_path, 20_200, shape(), *lines)
    assert sizes(found)["Prompts"] < 100
    assert sum(part["tokens"] for part in found["parts"]) == 20_200


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(prompt(WORDS * 500, uuid="x", isSidechain=True), id="sidechain"),
        pytest.param(answer(WORDS * 500, uuid="x", model="<synthetic>"), id="synthetic"),
        pytest.param(entry("system", uuid="x", subtype="turn_duration"), id="duration"),
        pytest.param(attachment("already_read_file", "", filename="/a.py"), id="not rendered"),
        pytest.param(
            entry("system", uuid="x", subtype="local_command", content=WORDS * 500,
                  isDisplayOnly=True), id="shown only"),
    ],
)  # fmt: skip
def test_what_does_not_go_to_the_model_does_not_count(tmp_path: Path, line: Entry) -> None:
    with_it = attributed(tmp_path, 20_600, *grown(500, line, prompt("and " * 300)))
    without = attributed(tmp_path, 20_600, *grown(500, prompt("and " * 300)))
    assert sizes(with_it) == sizes(without)


def test_only_what_a_compaction_has_left_counts(tmp_path: Path) -> None:
    kept = {"preservedMessages": {"uuids": ["kept"]}}
    mark = boundary()
    mark["compactMetadata"].update(kept)  # type: ignore[typeddict-item]
    lines = (
        shape(),
        prompt(WORDS * 900, uuid="gone"),
        answer(used=30_000, uuid="gone-2"),
        prompt("keep this prompt " * 40, uuid="kept"),
        {**mark, "uuid": "b", "root": True},
        prompt("This session is being continued. " * 20, uuid="s", parent="b",
               isCompactSummary=True),
        answer(used=9_000, message_id="m2", output=10),
    )  # fmt: skip
    by_name = sizes(attributed(tmp_path, 9_000, *lines))  # type: ignore[arg-type]
    assert {"Compaction summary", "Prompts", "System prompt", "Answers"} <= set(by_name)
    assert by_name["Prompts"] < 3 * by_name["Compaction summary"]


def test_right_after_a_compaction_the_projection_is_attributed(tmp_path: Path) -> None:
    lines = (shape(), prompt("one"), answer(used=150_000), {**boundary(), "uuid": "b"},
             prompt("This session is being continued.", isCompactSummary=True))  # fmt: skip
    found = attributed(tmp_path, 0, *lines, state=state_with(0, projected=23_000))  # type: ignore[arg-type]
    assert (found["used"], found["estimated"]) == (23_000, True)
    assert sum(part["tokens"] for part in found["parts"]) == 23_000


def test_what_the_client_adds_is_told_apart(tmp_path: Path) -> None:
    files = [{"path": str(tmp_path / name), "content": WORDS * 30} for name in ("a.md", "b.md")]
    started = (
        attachment("instructions", "Shown below. " + WORDS * 60, files=files),
        attachment("skill_listing", "Skills:\n- ship: " + WORDS, content="- ship: " + WORDS),
        attachment("agent_listing_delta", "- judge: " + WORDS, addedLines=["- judge: " + WORDS]),
        attachment("mcp_instructions_delta", WORDS, addedNames=["jira"], addedBlocks=[WORDS]),
        attachment("environment", "# Environment " + WORDS),
        attachment("file", WORDS * 9, filename=str(tmp_path / "read.py")),
        attachment("hook_additional_context", "SessionStart hook additional context: " + WORDS),
        attachment("hook_additional_context",
                   "SessionStart hook additional context: Clearpoint reload 0b5e1f2a " + WORDS),
        attachment("something_new", WORDS),
    )  # fmt: skip
    found = attributed(tmp_path, 21_000, shape(), prompt("hi"), *started, answer(used=21_000))
    assert set(sizes(found)) >= {
        "Memory files: a.md", "Memory files: b.md", "Skills: ship", "Agents: judge",
        "MCP server instructions: jira", "Environment", "Files: read.py", "Hook context",
        "Reload context", "Reminders", "System prompt", "Tools: Read", "Prompts",
    }  # fmt: skip


def test_tools_of_a_server_are_one_part_and_count_once_referred_to(tmp_path: Path) -> None:
    tools = [{**TOOLS[0], "name": f"mcp__jira__{n}", "defer_loading": True} for n in range(3)]
    found_it = entry(
        "user",
        message={"role": "user", "content": [{
            "type": "tool_result", "tool_use_id": "t1",
            "content": [{"type": "tool_reference", "tool_name": "mcp__jira__1"}],
        }]},
    )  # fmt: skip
    lines = (call("ToolSearch", query="jira"), found_it, answer(used=20_400, message_id="m2"))
    before = attributed(tmp_path, 20_000, shape(*TOOLS, *tools), prompt("hi"), lines[0])
    after = attributed(tmp_path, 20_400, shape(*TOOLS, *tools), prompt("hi"), *lines)
    assert "MCP tools: jira" not in sizes(before)
    assert 100 < sizes(after)["MCP tools: jira"] < 400


LISTING = attachment("skill_listing", "- deploy: " + WORDS * 90, content="- deploy: " + WORDS * 90)


def test_what_is_written_after_the_response_that_it_led_to_counts_as_before_it(
    tmp_path: Path,
) -> None:
    asked = prompt("go on")
    listing: Any = {**LISTING, "uuid": "listing", "parentUuid": "line-1"}
    context: Any = {**attachment("date", WORDS), "uuid": "context", "parentUuid": "listing"}
    first = answer("Yes.", used=9_000, parentUuid="context")
    then = (result(WORDS * 300), answer("So.", used=12_000, message_id="m2", uuid="z"))
    in_order = (shape(), asked, listing, context, first, *then)
    late = (shape(), asked, first, listing, context, *then)
    assert sizes(attributed(tmp_path, 12_000, *late)) == sizes(
        attributed(tmp_path, 12_000, *in_order)
    )


def test_a_prompt_that_is_written_before_what_it_follows_hangs_on_it(tmp_path: Path) -> None:
    told: Any = {**attachment("hook_additional_context", f"Clearpoint reload. {WORDS * 40}"),
                 "uuid": "told", "root": True}  # fmt: skip
    asked = prompt("go on", uuid="asked", parent="told")
    first = answer("Yes.", used=9_000, parentUuid="asked")
    found = sizes(attributed(tmp_path, 9_000, shape(), asked, told, first))
    assert found["Reload context"] > 300


def test_a_first_request_that_is_not_written_is_told_by_the_snapshot_of_its_prompt(
    tmp_path: Path,
) -> None:
    tools = [{"name": tool["name"], "description": "", "schema": tool} for tool in TOOLS]
    snapshot = attachment("prompt_snapshot", "", systemPrompt=[WORDS * 50], tools=tools)
    asked, first = prompt("go on"), answer("Yes.", used=9_000)
    written = sizes(attributed(tmp_path, 9_000, shape(), asked, first))
    assert written["Tools: Read"] > 100
    assert sizes(attributed(tmp_path, 9_000, asked, first, snapshot)) == written
    assert sizes(attributed(tmp_path, 9_000, asked, first, snapshot, shape())) == written
    assert sizes(attributed(tmp_path, 9_000, shape(), asked, first, snapshot)) == written


def test_thinking_that_is_sent_no_longer_is_taken_off(tmp_path: Path) -> None:
    thought = [{"type": "thinking", "thinking": "", "signature": "x" * 20_000}]
    lines = (
        prompt("one", uuid="1"),
        blocks(thought, "m1", 20_000, 1, "claude-sonnet-4-5", "2"),
        call("Bash", message_id="m1"),
        result(WORDS * 50),
        answer(used=25_300, message_id="m2", model="claude-sonnet-4-5"),
        prompt("two", uuid="3"),
        answer(used=20_900, message_id="m3", model="claude-sonnet-4-5"),
    )
    by_name = sizes(attributed(tmp_path, 20_900, shape(), *lines))
    assert by_name.get("Thinking", 0) < 200
    assert by_name["Tool results: Bash"] > 300


def test_another_models_tokenizer_counts_everything_anew(tmp_path: Path) -> None:
    lines = (
        prompt("one", uuid="1"),
        answer(used=20_000, model="claude-sonnet-4-6"),
        prompt("two", uuid="2"),
        answer(used=28_000, message_id="m2", model="claude-opus-5-5"),
    )
    by_name = sizes(attributed(tmp_path, 28_000, shape(), *lines))
    assert by_name["System prompt"] + by_name["Tools: Read"] > 18_000
    assert by_name["Prompts"] < 100


def test_growth_that_nothing_written_explains_is_named_as_such(tmp_path: Path) -> None:
    by_name = sizes(attributed(tmp_path, 25_100, *grown(5_000, prompt("and"))))
    assert by_name["Reminders: not in the transcript"] == pytest.approx(5_000, rel=0.05)


# Older clients


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with memory files, a rule for some paths, a command, and an MCP server."""
    (tmp_path / "CLAUDE.md").write_text(f"Read @docs/style.md.\n```\n@no.md\n```\n{WORDS * 200}")
    (tmp_path / "CLAUDE.local.md").write_text(WORDS * 20)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/style.md").write_text("See @style.md and @missing.md.\n" + WORDS * 50)
    (tmp_path / "no.md").write_text(WORDS)
    rules = tmp_path / ".claude/rules"
    rules.mkdir(parents=True)
    (rules / "all.md").write_text(WORDS * 20)
    (rules / "web.md").write_text("---\npaths: '**/*.ts'\n---\n" + WORDS * 20)
    (tmp_path / ".claude/commands").mkdir()
    (tmp_path / ".claude/commands/ship.md").write_text("---\ndescription: Ships it\n---\nShip.")
    (tmp_path / ".mcp.json").write_text('{"mcpServers": {"jira": {}, "sentry": {}}}')
    return tmp_path


def test_memory_files_are_read_with_what_they_import(project: Path) -> None:
    below = [path for path in memory_files(str(project), None) if path.startswith(str(project))]
    names = [Path(path).relative_to(project).as_posix() for path in below]
    assert names == ["CLAUDE.md", "docs/style.md", ".claude/rules/all.md", "CLAUDE.local.md"]


def test_a_silent_transcript_is_filled_in_from_the_project(project: Path) -> None:
    by_name = sizes(attributed(project, 22_000, prompt("hi"), answer(used=22_000, output=10)))
    assert by_name["Memory files: CLAUDE.md"] > by_name["Memory files: docs/style.md"] > 100
    assert by_name["Commands: ship"] > 0
    assert by_name["System prompt and tools: with MCP tools of jira, sentry"] > 15_000


def test_what_an_older_client_restores_after_a_compaction_is_no_overhead(tmp_path: Path) -> None:
    state = state_with(60_000)
    state["usage"]["overhead"] = 25_000
    lines = ({**boundary(), "uuid": "b"},
             prompt(WORDS * 100, uuid="s", parent="b", isCompactSummary=True),
             answer(used=60_000, output=10))  # fmt: skip
    by_name = sizes(attributed(tmp_path, 0, *lines, state=state))  # type: ignore[arg-type]
    assert by_name["System prompt and tools"] == 25_000
    assert by_name["Files: restored by Claude Code"] > 30_000


# What follows from it


def test_use_is_set_against_the_allocation(tmp_path: Path) -> None:
    memory = [{"path": str(tmp_path / "CLAUDE.md"), "content": WORDS * 2_000}]
    lines = (attachment("instructions", WORDS * 2_000, files=memory), answer(used=30_000))
    found = attributed(tmp_path, 30_000, shape(), prompt("hi"), *lines)
    use = found["categories"]["system"]["parts"]["claude_md"]
    assert use["over"] == use["used"] - 8_000 > 0
    row = next(row for row in rows(found) if row.label == "  CLAUDE.md")
    assert (row.tokens, row.allocated) == (use["used"], 8_000)
    assert row.note.endswith("over")


def test_heavy_metadata_is_named_with_its_largest_parts(tmp_path: Path) -> None:
    memory = [{"path": str(tmp_path / "CLAUDE.md"), "content": WORDS * 2_000}]
    lines = (attachment("instructions", WORDS * 2_000, files=memory), answer(used=30_000))
    found = attributed(tmp_path, 30_000, shape(), prompt("hi"), *lines)
    assert heavy_parts(found)[0]["name"] == "CLAUDE.md"
    assert "(largest: CLAUDE.md " in heavy_note(found)


def test_light_metadata_is_nothing_to_speak_of(tmp_path: Path) -> None:
    lines = grown(90_000, prompt(WORDS * 9_000))
    assert heavy_note(attributed(tmp_path, 110_000, *lines)) == ""


def test_a_clear_saves_what_the_next_session_does_not_begin_with(tmp_path: Path) -> None:
    state = state_with(110_100)
    found = attributed(tmp_path, 0, *grown(90_000, prompt(WORDS * 9_000)), state=state)
    assert 19_000 < starting_tokens(found) < 20_100
    assert saved_by_clear(state, found) == pytest.approx(88_600, rel=0.01)


def test_without_a_transcript_the_first_request_tells_what_a_clear_saves() -> None:
    state = state_with(110_000)
    state["usage"]["overhead"] = 20_000
    assert saved_by_clear(state) == pytest.approx(88_500, rel=0.01)


# Whatever comes


PIECES = st.lists(
    st.builds(Piece, st.sampled_from(["Prompts", "Thinking", "Files"]), st.just(""),
              st.integers(0, 9_000).map(float)), max_size=4,
)  # fmt: skip


KINDS = st.sampled_from(["user", "assistant", "attachment", "system", "api-request-shape"])
FIELDS = st.sampled_from(
    ["message", "attachment", "rendered", "shape", "content", "type", "text", "name", "id",
     "tool_use_id", "input", "file_path", "tools", "system", "files", "path", "addedNames",
     "addedLines", "addedBlocks", "skills", "source", "data", "subtype", "compactMetadata",
     "preservedMessages", "uuids", "microcompactMetadata", "tokensSaved", "model", "usage",
     "isMeta", "filename", "signature", "parentUuid"]
)  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 9_000), PIECES, PIECES), max_size=6),
    st.integers(0, 1_000_000),
    st.integers(0, 60_000),
)
def test_any_session_adds_up(
    requests: list[tuple[int, int, list[Piece], list[Piece]]], used: int, overhead: int
) -> None:
    segments = [Segment()]
    for number, (carried, output, answered, since) in enumerate(requests):
        one = Segment(str(number), carried)
        one.output, one.answer, one.since = output, answered, since
        segments.append(one)
    fitted = fit(segments, used, overhead)
    assert sum(tokens for tokens, _ in fitted.values()) == used
    assert all(tokens > 0 for tokens, _ in fitted.values())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real transcripts are not here")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem[:8])
def test_real_sessions_add_up(path: Path, tmp_path: Path) -> None:
    state = state_of(path)
    found = attribute(str(path), state, DEFAULTS, str(tmp_path))
    assert sum(part["tokens"] for part in found["parts"]) == state["context_window"]["used"] > 0
    overhead = sum(part["tokens"] for part in found["parts"] if "tools" in part["group"])
    assert overhead == pytest.approx(state["usage"]["overhead"], rel=0.15)


@pytest.mark.skipif(not CONTRACT.is_dir(), reason="the measured transcripts are not here")
@pytest.mark.parametrize("name", ["tools", "rewind", "compact_auto", "subagent", "model_switch"])
def test_measured_sessions_add_up(name: str, tmp_path: Path) -> None:
    path = CONTRACT / f"{name}.jsonl"
    found = attribute(str(path), state_of(path), DEFAULTS, str(tmp_path))
    assert sum(part["tokens"] for part in found["parts"]) == found["used"] > 0
    assert "System prompt" in sizes(found)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "text", "Read", "t1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=12,
)


@given(st.lists(st.tuples(KINDS, st.dictionaries(FIELDS, ODD, max_size=8)), max_size=8))
def test_whatever_the_fields_hold_nothing_is_raised(
    found: list[tuple[str, dict[str, Any]]],
) -> None:
    entries = [(number, {"type": kind, **fields}) for number, (kind, fields) in enumerate(found)]
    fitted = fit(segments_of(entries, len), 20_100)
    assert sum(tokens for tokens, _ in fitted.values()) == 20_100


def test_lines_that_are_no_entries_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "transcript.jsonl"
    lines = [json.dumps(line) for line in chained(shape(), prompt("hi"), answer(used=20_000))]
    odd = ["", "nothing", "[]", '{"type": 5}', '{"type": "user", "uuid": 7}', "[" * 5_000, lines[1]]
    path.write_text("\n".join([*odd, *lines, *odd[:-1], '{"type": "user", "mess']))
    found = attribute(str(path), state_with(20_000), DEFAULTS, str(tmp_path))
    assert sum(part["tokens"] for part in found["parts"]) == 20_000


def test_a_long_past_is_read_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "transcript.jsonl"
    with path.open("w") as stream:
        for number in range(4_000):
            line = prompt(WORDS * 100, uuid=f"old-{number}", parent=f"old-{number - 1}")
            stream.write(json.dumps(line) + "\n")
        for late in ({**boundary(), "uuid": "b"}, prompt("hi", uuid="new", parent="b")):
            stream.write(json.dumps(late) + "\n")
    tracemalloc.start()
    chain = find_chain(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert chain.lines == {4_001, 4_002}
    assert peak < path.stat().st_size / 3
