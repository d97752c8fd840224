"""Context hygiene: what takes up context without need is named, and nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client
from made import MODEL, answer, call, entry, prompt

from clearpoint.config.defaults import DEFAULTS
from clearpoint.hygiene import conversation, examination, listings, memory
from clearpoint.hygiene.savings import Saving

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from clearpoint.attribution.attribution import Attribution, Part
    from clearpoint.models.config import Config
    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

SESSIONS = ("1111aaaa", "2222bbbb", "3333cccc")


def settings(note: bool = False, sessions: int = 10) -> Config:
    return {**DEFAULTS, "hygiene": {**DEFAULTS["hygiene"], "note": note, "sessions": sessions}}


def long_memory(project: Path, lines: int = 600) -> None:
    (project / "CLAUDE.md").write_text("Keep the rules short.\n" * lines)


def worked(project: Path, session: str = SESSIONS[0], *entries: Entry, pid: int = 9) -> Client:
    """A session with these entries and an answer of 100,000 tokens."""
    client = Client(project, session, pid=999_999_000 + pid)
    client.start()
    last = answer(message_id="last", used=100_000)
    client.turn(*chained(prompt("go"), *entries, last))
    return client


def chained(*entries: Entry) -> list[Entry]:
    """The entries as one conversation: each continues the one before."""
    made: Any = [
        {**one, "uuid": f"u{n}", "parentUuid": f"u{n - 1}"} for n, one in enumerate(entries)
    ]
    made[0]["parentUuid"] = None
    return made  # type: ignore[no-any-return]


def read(path: str, number: int, start: int = 1, lines: int = 400, text: str = "") -> list[Entry]:
    """A call that reads lines of a file, and its result as the client notes it."""
    block = {"type": "tool_result", "tool_use_id": f"t{number}", "is_error": False,
             "content": text or "a line of code\n" * lines}  # fmt: skip
    file = {"filePath": path, "startLine": start, "numLines": lines, "totalLines": lines}
    return [
        call("Read", tool_id=f"t{number}", message_id=f"m{number}", file_path=path),
        entry(
            "user",
            uuid=f"r{number}",
            message={"role": "user", "content": [block]},
            toolUseResult={"type": "text", "file": file},
        ),
    ]


def found(project: Path, config: Config = DEFAULTS) -> dict[str, Saving]:
    """What is found in a project, by its check."""
    home = project / "home"
    home.mkdir(exist_ok=True)
    store = Client(project).store
    savings = examination.examine(str(project), {"HOME": str(home)}, store, config)
    return {saving.check: saving for saving in savings}


def memory_found(project: Path) -> list[Saving]:
    return [*memory.look(str(project), str(project / "none"), DEFAULTS, MODEL)]


def test_an_orderly_project_has_nothing_to_save(tmp_path: Path) -> None:
    long_memory(tmp_path, 500)
    for number, session in enumerate(SESSIONS):
        worked(tmp_path, session, *read("/a.py", 1), pid=number)
    assert found(tmp_path) == {}


def test_a_long_memory_file_is_named_with_what_it_costs(tmp_path: Path) -> None:
    long_memory(tmp_path, 1_000)
    (saving,) = memory_found(tmp_path)
    assert saving.text == "CLAUDE.md has 1,000 lines; 500 is enough for most projects"
    assert saving.tokens == round(5_001 * 1.15 / 2)  # five tokens a line, as the model counts


def test_imports_count_with_the_file_that_imports_them(tmp_path: Path) -> None:
    (tmp_path / "CLAUDE.md").write_text("@rules/one.md\n" + "x\n" * 199)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.md").write_text("@two.md\n" + "x\n" * 199)
    (tmp_path / "rules" / "two.md").write_text("x\n" * 200)
    (saving,) = memory_found(tmp_path)
    assert saving.text.startswith(
        "CLAUDE.md has 600 lines with its imports (rules/one.md 200, rules/two.md 200); "
    )


def test_an_import_of_two_files_counts_once(tmp_path: Path) -> None:
    (tmp_path / "CLAUDE.md").write_text("@shared.md\n" + "x\n" * 99)
    (tmp_path / "CLAUDE.local.md").write_text("@shared.md\n" + "x\n" * 399)
    (tmp_path / "shared.md").write_text("x\n" * 400)
    assert memory_found(tmp_path) == []


def test_files_that_import_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "CLAUDE.md").write_text("@other.md\n" + "x\n" * 300)
    (tmp_path / "other.md").write_text("@CLAUDE.md\n" + "x\n" * 300)
    (saving,) = memory_found(tmp_path)
    assert saving.text.startswith("CLAUDE.md has 602 lines with its imports (other.md 301)")


def results(entries: Iterable[Entry]) -> list[tuple[str, float]]:
    """Each result's file or argument, and the share of it that was read before."""
    numbered: Any = enumerate(entries, 1)
    return [(one.about, one.again) for one in conversation.results_of(numbered, len)]


@pytest.mark.parametrize(
    ("second", "again"),
    [
        pytest.param(read("/a", 2), 1.0, id="the same lines"),
        pytest.param(read("/a", 2, start=201), 0.5, id="half of them"),
        pytest.param(read("/a", 2, start=401), 0.0, id="the next lines"),
        pytest.param(read("/b", 2), 0.0, id="another file"),
        pytest.param(
            [call("Edit", tool_id="e", file_path="/a"), *read("/a", 2)], 0.0, id="after an edit"
        ),
        pytest.param(
            [call("Edit", tool_id="e", file_path="/b"), *read("/a", 2)], 1.0, id="another's edit"
        ),
        pytest.param(read("/a", 2, lines=10**15, text="x"), 0.0, id="a number that cannot be"),
    ],
)
def test_lines_are_read_again_where_nothing_has_changed_them(
    second: list[Entry], again: float
) -> None:
    assert results([*read("/a", 1), *second])[-1][1] == again


def test_a_file_read_again_is_named_with_what_that_cost(tmp_path: Path) -> None:
    path = str(tmp_path / "a.py")
    lines = [line for number in range(1, 5) for line in read(path, number, lines=900)]
    worked(tmp_path, SESSIONS[0], *lines)
    saving = found(tmp_path)["context.read_again"]
    assert saving.text.startswith(f"Session {SESSIONS[0]} re-read unchanged files: a.py 3 times (")
    assert not saving.standing


def test_results_that_are_most_of_a_context_are_named(tmp_path: Path) -> None:
    path = str(tmp_path / "big.log")
    worked(tmp_path, SESSIONS[0], *read(path, 1, lines=14_000))
    saving = found(tmp_path)["context.results"]
    assert "% of the 100k tokens in session 1111aaaa; the largest: Read big.log (" in saving.text
    assert saving.tokens > 40_000


def with_parts(*parts: tuple[str, str, int]) -> Attribution:
    made: list[Part] = [
        {"group": group, "name": name, "tokens": tokens, "basis": "exact"}
        for group, name, tokens in parts
    ]
    return {"window": 200_000, "used": 50_000, "free": 150_000, "buffer": 0, "estimated": False,
            "parts": made, "categories": {}, "budget": 200_000}  # fmt: skip


def test_descriptions_above_the_limit_are_named_the_largest_first() -> None:
    parts = (("Skills", "pdf", 9_000), ("Agents", "reviewer", 5_000), ("Commands", "ship", 3_000))
    (saving,) = listings.look_at_descriptions(with_parts(*parts), DEFAULTS)
    assert saving.text == (
        "Skills, commands and agents are described in 17k tokens, above 15k; the largest:"
        " pdf 9k, reviewer 5k, ship 3k"
    )
    assert (saving.tokens, saving.said) == (2_000, "saves about 2k tokens per request")


def test_descriptions_within_the_limit_need_no_words() -> None:
    parts = with_parts(("Skills", "pdf", 15_000), ("Memory files", "CLAUDE.md", 9_000))
    assert [*listings.look_at_descriptions(parts, DEFAULTS)] == []


def used_servers(*servers: str) -> State:
    from made import state_after

    state = state_after()
    state["work_state"]["servers"] = dict.fromkeys(servers, 1)
    return state


@pytest.mark.parametrize(
    ("states", "unused"),
    [
        pytest.param([used_servers()] * 3, ["my tracker"], id="never used"),
        pytest.param([used_servers(), used_servers("my_tracker"), used_servers()], [], id="used"),
        pytest.param([used_servers()] * 2, [], id="too few sessions to tell"),
    ],
)
def test_a_server_is_unused_where_enough_sessions_did_not_call_it(
    states: list[State], unused: list[str]
) -> None:
    named = listings.look_at_servers({"my tracker": "project"}, states, None)
    assert [one.text.split(" (")[0].removeprefix("The MCP server ") for one in named] == unused


def test_an_unused_server_is_told_with_its_cost_and_the_command_that_removes_it() -> None:
    parts = with_parts(
        ("MCP tools", "my_tracker", 4_000), ("MCP server instructions", "my tracker", 1_000),
        ("MCP tools", "other", 900),
    )  # fmt: skip
    found = listings.look_at_servers({"my tracker": "user"}, [used_servers("other")] * 3, parts)
    (saving,) = found
    assert saving.text == (
        "The MCP server my tracker (user) was not used in the last 3 sessions; tools and"
        " instructions take 5k tokens"
    )
    assert (saving.tokens, saving.command) == (
        5_000,
        "claude mcp remove 'my tracker' --scope user",
    )


def test_a_server_that_no_file_configures_is_known_from_the_requests() -> None:
    parts = with_parts(("MCP tools", "of_a_plugin", 4_000))
    (saving,) = listings.look_at_servers({}, [used_servers()] * 3, parts)
    assert saving.text.startswith("The MCP server of_a_plugin (plugin or connector) was not used")
    assert (saving.mend, saving.command) == ("see /mcp", "")


def test_servers_are_known_from_every_scope_but_for_those_switched_off(tmp_path: Path) -> None:
    project, config = tmp_path / "p", tmp_path / "c"
    for folder in (project / ".claude", config):
        folder.mkdir(parents=True)
    shared: Any = {"mcpServers": {"team": {}, "both": {}, "off": {}}}
    (project / ".mcp.json").write_text(json.dumps(shared))
    (project / ".claude" / "settings.local.json").write_text('{"disabledMcpjsonServers": ["off"]}')
    here = {"mcpServers": {"both": {}, "mine": {}}, "disabledMcpServers": ["tired"]}
    known = {"mcpServers": {"all": {}, "tired": {}}, "projects": {str(project): here}}
    (config / ".claude.json").write_text(json.dumps(known))
    own_file = str(config / ".claude.json")
    assert listings.configured_servers(str(project), str(config), own_file) == {
        "all": "user", "team": "project", "both": "local", "mine": "local",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", '{"mcpServers": 5, "projects": {"/p": []}}', "{torn"])
def test_files_of_another_shape_name_no_servers(tmp_path: Path, text: str) -> None:
    for name in (".mcp.json", ".claude.json"):
        (tmp_path / name).write_text(text)
    own_file = str(tmp_path / ".claude.json")
    assert listings.configured_servers(str(tmp_path), "", own_file) == {}


def test_a_transcript_that_has_gone_is_passed_over(tmp_path: Path) -> None:
    client = worked(tmp_path, SESSIONS[0], *read("/a", 1, lines=30_000))
    assert found(tmp_path) != {}
    client.transcript.unlink()
    assert found(tmp_path) == {}


def start_of(project: Path, source: str = "startup", **env: str) -> str:
    """What a person is told when a session begins."""
    client = Client(project, "of-now", pid=999_998_000)
    client.env.update(env)
    return str(client.start(source).get("systemMessage", ""))


def asked_for(project: Path) -> None:
    state_folder(project).mkdir(parents=True, exist_ok=True)
    (state_folder(project) / "config.toml").write_text("[hygiene]\nnote = true\n")


def test_the_note_at_the_start_is_said_where_it_is_asked_for(tmp_path: Path) -> None:
    long_memory(tmp_path, 1_000)
    assert start_of(tmp_path) == ""
    asked_for(tmp_path)
    assert start_of(tmp_path) == (
        "Context hygiene: CLAUDE.md has 1,000 lines; 500 is enough for most projects (saves"
        " about 3k tokens per request). What to do: clearpoint doctor"
    )


@pytest.mark.parametrize("source", ["resume", "compact"])
def test_a_session_that_goes_on_is_not_told_again(tmp_path: Path, source: str) -> None:
    long_memory(tmp_path)
    asked_for(tmp_path)
    assert "hygiene" not in start_of(tmp_path, source)


def test_nobody_is_told_where_nobody_attends(tmp_path: Path) -> None:
    long_memory(tmp_path)
    asked_for(tmp_path)
    assert start_of(tmp_path, CLAUDE_CODE_SESSION_ATTENDED="0") == ""


def test_the_note_counts_what_else_there_is() -> None:
    savings = [Saving("a", "A is long", "shorten it", 5_000), Saving("b", "B", "b", 0)]
    assert examination.note(savings) == (
        "Context hygiene: A is long (saves about 5k tokens per request). 1 more: clearpoint doctor"
    )
    assert examination.note([]) == ""
