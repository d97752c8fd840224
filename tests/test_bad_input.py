"""Bad input: whatever comes in, the exit code is 0 or 1, nothing stray is said, nothing is lost."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    HOOKS,
    SESSION,
    Answer,
    files_below,
    payload,
    send,
    session_file,
    state_folder,
    state_of,
    transcript_lines,
    transcript_of,
    turn,
)
from driver import Client, context_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import answer, boundary, call, entry, prompt, result

from clearpoint.client.events import ENVIRONMENT
from clearpoint.handlers import stop
from clearpoint.session import recovery
from clearpoint.store.checksummed import remainder, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable

TYPED = "the words that the person typed"
FULL: dict[str, dict[str, Any]] = {
    "session_start": {"source": "resume", "model": "claude-sonnet-4-6", "context_tokens": 5,
                      "seconds_since_last_response": 5.5, "session_title": "t"},
    "user_prompt_submit": {"prompt": TYPED, "permission_mode": "default", "prompt_id": "p"},
    "stop": {"last_assistant_message": "Answer 2.", "stop_hook_active": False,
             "background_tasks": [], "session_crons": [], "effort": {"level": "high"}},
    "pre_compact": {"trigger": "manual", "custom_instructions": TYPED},
    "session_end": {"reason": "clear"},
    "statusline": {"model": {"id": "m[1m]", "display_name": "M"}, "version": "2", "context_window":
                   {"context_window_size": 200_000, "total_input_tokens": 5,
                    "total_output_tokens": 5, "current_usage": {"input_tokens": 5}}},
    "pre_tool_use": {"tool_name": "Agent", "tool_use_id": "t", "prompt_id": "p", "agent_id": "a",
                     "agent_type": "planner", "tool_input": {"subagent_type": "x"}},
    "subagent_start": {"agent_id": "a", "agent_type": "planner", "prompt_id": "p"},
    "subagent_stop": {"agent_id": "a", "agent_type": "planner", "last_assistant_message": TYPED},
}  # fmt: skip
COMMON = ("session_id", "transcript_path", "cwd", "hook_event_name")
FIELDS = [(hook, field) for hook, fields in FULL.items() for field in (*COMMON, *fields)]

STRANGE: dict[str, Any] = {
    "missing": ...,
    "null": None,
    "true": True,
    "a number": 17,
    "a huge number": 10**400,
    "infinity": float("inf"),
    "no number": float("nan"),
    "negative": -1,
    "empty": "",
    "huge": "x" * 3_000_000,
    "zero bytes": "a\0b",
    "half of a character": "\ud83d",
    "controls": "\x1b[2J\r\n\u202e",
    "a path upwards": "../../../../tmp/x",
    "a list": [[[1]], {"a": None}],
    "an object": {"id": {"id": 5}, "context_window_size": [], "current_usage": {"a": "b"}},
    "deep": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]],
}


@pytest.fixture(autouse=True)
def _no_waiting_for_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "LAG_S", 0.0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a session of two turns."""
    transcript_of(tmp_path).write_bytes(turn(1) + turn(2))
    assert send("stop", payload(tmp_path)).code == 0
    return tmp_path


def is_calm(given: Answer) -> bool:
    """Whether a hook behaved as it must, whatever it was given."""
    quiet = given.err == "" if given.code == 0 else given.err.count("\n") == 1 and given.out == ""
    return given.code in (0, 1) and quiet and len(given.err) < 1_000 and TYPED not in given.err


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize(("hook", "field"), FIELDS)
def test_any_field_may_hold_anything(project: Path, hook: str, field: str, strange: str) -> None:
    given = payload(project, hook_event_name=hook, **copy.deepcopy(FULL[hook]))
    given[field] = STRANGE[strange]
    if STRANGE[strange] is ...:
        del given[field]
    before = state_of(project)["work_state"]["last_prompt"]
    replied = send(hook, given)
    assert is_calm(replied)
    if replied.out and hook not in ("pre_compact", "statusline"):
        json.loads(replied.out)
    assert state_of(project)["work_state"]["last_prompt"] == before
    assert sum(path.lstat().st_size for path in files_below(state_folder(project))) < 1_000_000
    assert send("stop", payload(project)).code == 0


@pytest.mark.parametrize(
    "session_id",
    [
        "../../x", "..", ".", "/etc", "a/b", "a\\b", "C:", "a\0", "x" * 65, "é", "٣", " ", "a b",
        "-", "", "a\nb", "~", "$HOME", "con.json", None, 5, ["a"],
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("hook", HOOKS)
def test_a_session_id_never_becomes_a_path(tmp_path: Path, hook: str, session_id: Any) -> None:
    inside = tmp_path / "inside/project"
    inside.mkdir(parents=True)
    replied = send(hook, payload(inside, session_id=session_id))
    said = f"clearpoint {hook}: session_id is missing or is not a plain identifier\n"
    assert replied == (1, "", said)
    assert files_below(tmp_path) == [tmp_path, tmp_path / "inside", inside]


def as_loop(path: Path) -> None:
    path.symlink_to(path)


def as_socket(path: Path) -> None:
    os.mknod(path, 0o140600)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Path.exists, id="nothing"),
        pytest.param(Path.mkdir, id="a folder"),
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(as_socket, id="a socket"),
        pytest.param(as_loop, id="a loop"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), id="an endless device"),
        pytest.param(lambda path: path.symlink_to("/"), id="the root"),
    ],
)
@pytest.mark.parametrize("hook", HOOKS)
def test_what_stands_in_place_of_a_transcript_does_no_harm(
    project: Path, hook: str, make: Callable[[Path], None]
) -> None:
    before = state_of(project)
    transcript_of(project).unlink()
    make(transcript_of(project))
    replied = send(hook, payload(project, **FULL[hook]))
    assert (replied.code, replied.err) == (0, "")
    after = state_of(project)
    assert (after["work_state"], after["usage"]) == (before["work_state"], before["usage"])


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("relative.jsonl", id="relative"),
        pytest.param("/etc/passwd", id="no transcript"),
        pytest.param("/nowhere/at/all.jsonl", id="nowhere"),
        pytest.param("/proc/self/environ\0.jsonl", id="a zero byte"),
        pytest.param("/\ud800.jsonl", id="half of a character"),
        pytest.param("/" + "x" * 300 + ".jsonl", id="too long a name"),
        pytest.param("/" + "x/" * 2_000 + "a.jsonl", id="too long a path"),
    ],
)
@pytest.mark.parametrize("hook", HOOKS)
def test_a_transcript_path_that_cannot_be_is_no_transcript(
    project: Path, hook: str, path: str
) -> None:
    before = unpointed(state_of(project))
    replied = send(hook, payload(project, **{**FULL[hook], "transcript_path": path}))
    assert (replied.code, replied.err) == (0, "")
    assert unpointed(state_of(project)) == before


def unpointed(state: Any) -> dict[str, Any]:
    """The work state without its pointers into archives, which come when one is written."""
    without = {"pointer": None}
    work: dict[str, Any] = {**state["work_state"]}
    said = [{**one, **without} for one in work["said"]]
    return {**work, "said": said, "answer": {**(work["answer"] or {}), **without}}


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "cwd", ["relative", "/nowhere/at/all", "/etc/passwd", "a\0b", "/\ud800", "x" * 5_000, "", None]
)
def test_without_a_project_nothing_is_written(hook: str, cwd: Any) -> None:
    said = f"clearpoint {hook}: no project folder: neither CLAUDE_PROJECT_DIR nor cwd is a folder\n"
    assert send(hook, {"session_id": SESSION, "cwd": cwd}) == (1, "", said)


PLACES = ("CLEARPOINT_DIR", "CLAUDE_CONFIG_DIR")
"""What says where the state is: a wrong place is told, not passed over."""


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "9" * 400, "٣", "nan", "1e999", "0", "/x", "\udcff"]
)
@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name not in PLACES])
def test_any_variable_may_hold_anything(project: Path, name: str, value: str) -> None:
    for hook in HOOKS:
        env = {"CLAUDE_PROJECT_DIR": str(project), name: value}
        replied = send(hook, payload(project, **FULL[hook]), env)
        assert (replied.code, replied.err) == (0, "")
    assert state_of(project)["usage"]["requests"] == 2


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("place", ["file", "file/below", "link", "/proc/nowhere", "/dev/null/x"])
def test_a_state_folder_that_cannot_be_made_is_said(tmp_path: Path, hook: str, place: str) -> None:
    (tmp_path / "file").write_text("a file")
    (tmp_path / "link").symlink_to("nowhere")
    replied = send(hook, payload(tmp_path, **FULL[hook]), {"CLEARPOINT_DIR": place})
    assert is_calm(replied)
    assert replied.code == (0 if hook in ("user_prompt_submit", "statusline") else 1)
    assert (tmp_path / "file").read_text() == "a file"


ODD: list[Any] = [
       None, True, 5, -1, 10**400, 1.5, float("inf"), "", "x" * 6_000, "\ud800", "\0", [], ["a"],
       [None], [[]], {}, {"type": 5}, {"a": {"b": []}}, [{"type": None, "text": {}}],
       [{"type": "tool_use", "input": []}], [{"type": "tool_result", "content": [5, {"text": 5}]}],
       [{"type": "image", "source": {"data": 5}}]]  # fmt: skip
WHOLE = [
    prompt("Hello.", uuid="u1", parent=None),
    answer("Hi.", message_id="m1", requestedModel="claude-sonnet-4-6", cwd="/", version="2",
           gitBranch="main", timestamp="2026-01-01T00:00:00Z"),
    call("TodoWrite", todos=[{"content": "a", "status": "pending"}]),
    call("Bash", command="pytest"),
    call("TaskUpdate", taskId="1", status="completed"),
    call("TaskCreate", subject="b"),
    call("Edit", file_path="/a.py"),
    call("ExitPlanMode", plan="p"),
    result("x", failed=True),
    boundary(),
    entry("attachment", attachment={"type": "file", "content": "x"}, rendered=[{"content": "x"}]),
    entry("system", subtype="local_command", content="x"),
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, as keys from the outside."""
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        if isinstance(part, dict | list):
            found += places(part, (*path, key))
        else:
            found.append((*path, key))
    return found


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The value with something odd at a place."""
    made = copy.deepcopy(value)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    return made


@pytest.mark.parametrize("number", range(len(WHOLE)), ids=lambda n: f"{n}-{WHOLE[n]['type']}")
def test_any_field_of_any_entry_may_hold_anything(tmp_path: Path, number: int) -> None:
    odd_ones = [with_odd(WHOLE[number], path, odd) for path in places(WHOLE[number])
                for odd in ODD]  # fmt: skip
    transcript_of(tmp_path).write_bytes(transcript_lines(*WHOLE, *odd_ones, *WHOLE))
    assert send("stop", payload(tmp_path)) == (0, "", "")
    state = state_of(tmp_path)
    assert recovery.validate(state) == state
    assert state["work_state"]["last_prompt"] is not None
    assert session_file(tmp_path, "state.json").stat().st_size < 200_000
    for hook in ("session_start", "pre_compact", "session_end"):
        assert is_calm(send(hook, payload(tmp_path, source="compact")))
        assert send(hook, payload(tmp_path, source="compact")).code == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "content", "name", "input"]), inner)
    ),
    max_leaves=6,
)
KEYS = ["type", "subtype", "uuid", "message", "rendered", "attachment", "compactMetadata",
        "isSidechain", "origin", "timestamp"]  # fmt: skip
ENTRIES = st.dictionaries(
    st.sampled_from(KEYS), JSON | st.sampled_from(["user", "assistant", "system", "attachment"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(ENTRIES, max_size=5))
def test_no_transcript_stops_a_hook(tmp_path: Path, found: list[Any]) -> None:
    project = Path(mkdtemp(dir=tmp_path))
    transcript_of(project).write_bytes(transcript_lines(*WHOLE, *found))
    assert send("stop", payload(project)) == (0, "", "")
    state = state_of(project)
    assert recovery.validate(state) == state


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_in_a_transcript_stop_a_hook(tmp_path: Path, data: bytes, place: int) -> None:
    lines, project = turn(1), Path(mkdtemp(dir=tmp_path))
    transcript_of(project).write_bytes(lines[:place] + data + lines[place:] + turn(2))
    assert send("stop", payload(project)) == (0, "", "")
    assert state_of(project)["usage"]["message_id"] == "m2"


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_on_standard_input_stop_a_hook(data: bytes) -> None:
    assert is_calm(send("stop", data))
    assert send("stop", data).code == 1


@pytest.mark.parametrize("depth", [100, 900, 960, 980, 990, 1_000, 5_000])
@pytest.mark.parametrize("size", [0, 3 << 20], ids=["fast lane", "full lane"])
def test_deep_nesting_is_no_obstacle(tmp_path: Path, depth: int, size: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    block = b'{"type":"tool_use","id":"t","name":"Bash","input":' + nested + b"}"
    line = b'{"type":"assistant","uuid":"d","message":{"id":"x","content":[' + block + b"]}}\n"
    transcript_of(tmp_path).write_bytes(b" " * size + b"\n" + turn(1) + line + turn(2))
    fields = {"source": "compact", "reason": "clear"}
    sent = [send(hook, payload(tmp_path, **fields)) for hook in ("stop", "pre_compact",
            "session_end", "session_start")]  # fmt: skip
    assert [one.code for one in sent] == [0, 0, 0, 0]
    assert state_of(tmp_path)["usage"]["message_id"] == "m2"


def test_deep_nesting_in_a_payload_is_refused_or_read(tmp_path: Path) -> None:
    for depth in (100, 900, 1_000, 100_000):
        nested = "[" * depth + "]" * depth
        data = json.dumps(payload(tmp_path))[:-1] + f', "background_tasks": {nested}}}'
        assert is_calm(send("stop", data.encode()))


def test_what_was_read_before_a_transcript_went_stays(project: Path) -> None:
    transcript_of(project).unlink()
    for hook in HOOKS:
        assert send(hook, payload(project, **FULL[hook])).code == 0
    assert state_of(project)["work_state"]["last_prompt"] == "Prompt 2"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="emptied"),
        pytest.param(b"\0" * 3_000, id="zero bytes"),
        pytest.param(b"{" * 3_000 + b"\n", id="nonsense"),
        pytest.param(turn(1), id="truncated"),
    ],
)
def test_a_transcript_that_was_damaged_is_read_again_once_it_is_whole(
    project: Path, content: bytes
) -> None:
    whole = transcript_of(project).read_bytes()
    expected = state_of(project)
    transcript_of(project).write_bytes(content)
    assert send("stop", payload(project)).code == 0
    transcript_of(project).write_bytes(whole + turn(3))
    assert send("stop", payload(project)).code == 0
    state = state_of(project)
    assert state["usage"]["requests"] == expected["usage"]["requests"] + 1
    assert state["work_state"]["first_prompt"] == "Prompt 1"


def at_once(path: Path, content: bytes) -> None:
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["status.json", "statusline.json", "journal.jsonl"])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_damaged_file_beside_the_state_costs_nothing(project: Path, hook: str, name: str) -> None:
    send("statusline", payload(project, **FULL["statusline"]))
    path = session_file(project, name)
    whole = path.read_bytes()
    before = unpointed(state_of(project))
    for content in (b"", b"{", b"null", b"[]", b"17", b'{"size": 1e999, "model": []}', b"\xff" * 99,
                    whole[:-5], whole[5:], whole.replace(b"0", b"x"), b"\0" * 99):  # fmt: skip
        at_once(path, content)
        replied = send(hook, payload(project, **FULL[hook]))
        assert (replied.code, replied.err) == (0, "")
    assert unpointed(state_of(project)) == before


@pytest.mark.parametrize("flip", range(8))
def test_what_the_status_line_reads_is_made_anew_where_it_is_damaged(
    project: Path, flip: int
) -> None:
    path = session_file(project, "status.json")
    whole = path.read_bytes()
    for place in range(flip, len(whole), 8):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << flip]) + whole[place + 1 :])
        assert send("user_prompt_submit", payload(project, prompt="")) == (0, "", "")
        assert unseal(path.read_bytes(), remainder) == unseal(whole, remainder)


def test_a_reload_that_is_awaited_is_not_forgotten_with_a_damaged_state(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("We decided to use JWT."), answer())
    assert "Clearpoint reload" in context_of(client.clear("s-2"))
    client.write(prompt("Go on.", uuid="u2"), answer(message_id="m2"))
    (state_folder(tmp_path) / "sessions/s-2/state.json").write_bytes(b"damaged")
    again = context_of(client.reply("user_prompt_submit", prompt="go on"))
    assert "We decided to use JWT." in again
    assert client.reply("user_prompt_submit", prompt="go on") == {}


@pytest.mark.parametrize("name", ["state.json", "status.json", "journal.jsonl", "state.lock"])
@pytest.mark.parametrize("hook", ["stop", "user_prompt_submit", "session_start", "session_end"])
def test_a_link_in_the_state_folder_is_never_written_through(
    project: Path, hook: str, name: str
) -> None:
    target = project / "precious.json"
    target.write_text("precious")
    path = session_file(project, name)
    path.unlink()
    path.symlink_to(target)
    assert is_calm(send(hook, payload(project, **FULL[hook])))
    assert target.read_text() == "precious"


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_jumps_loses_nothing(project: Path, years: int) -> None:
    jump = years * 365 * 86_400
    for path in files_below(project):
        found = path.stat()
        os.utime(path, (found.st_atime + jump, found.st_mtime + jump))
    state = state_of(project)
    state["created_at"] = state["last_updated"] = f"{2026 + years}-01-01T00:00:00Z"
    session_file(project, "state.json").write_bytes(seal(state))
    with transcript_of(project).open("ab") as stream:
        stream.write(turn(3))
    for hook in HOOKS:
        assert send(hook, payload(project, **FULL[hook])).code == 0
    after = state_of(project)
    assert after["work_state"]["last_prompt"] == "Prompt 3"
    assert (after["usage"]["requests"], after["created_at"]) == (3, state["created_at"])
