"""The hooks that run at every turn load next to nothing: their speed is what they do not import."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send, session_file, state_folder, transcript_of, turn

from clearpoint.store.checksummed import seal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes

SCRIPT = """
import io, os, sys
env = {"CLAUDE_CONFIG_DIR": os.environ["CLAUDE_CONFIG_DIR"]}
before = set(sys.modules)
from clearpoint import door
out = io.BytesIO()
code = door.run(sys.argv[1], sys.stdin.buffer, out, sys.stderr, env)
print(code, *sorted(set(sys.modules) - before))
"""
CHEAP = frozenset(("__future__", "_json", "errno", "fcntl", "select", "zlib",
                   "_operator", "_signal", "itertools", "math"))  # fmt: skip
"""Modules that cost nothing to load: all but the first are in C."""
SHOWN = {"context_window": {"context_window_size": 200_000}, "model": {"id": "m"}}


def loaded(hook: str, given: dict[str, Any]) -> set[str]:
    """What a hook loads in a fresh interpreter, beside our own modules."""
    command = [sys.executable, "-c", SCRIPT, f"clearpoint.handlers.{hook}"]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    code, *names = done.stdout.split()
    assert (code, done.stderr) == ("0", "")
    return {name for name in names if name.partition(".")[0] != "clearpoint"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A session of two turns, with settings of its own, and a third that was not seen yet."""
    state_folder(tmp_path).mkdir(parents=True, exist_ok=True)
    (state_folder(tmp_path) / "config.toml").write_text("[reload]\nfiles = 5\n")
    transcript_of(tmp_path).write_bytes(turn(1))
    send("session_start", payload(tmp_path, source="startup"))
    with transcript_of(tmp_path).open("ab") as stream:
        stream.write(turn(2))
    send("stop", payload(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("hook", "fields"),
    [
        pytest.param("user_prompt_submit", {"prompt": "go on"}, id="UserPromptSubmit"),
        pytest.param("user_prompt_submit", {"prompt": "see @a.py and @NO-1"}, id="no tag"),
        pytest.param("stop", {"last_assistant_message": "Answer 3."}, id="Stop"),
        pytest.param("statusline", SHOWN, id="status line"),
    ],
)
def test_the_usual_case_loads_nothing_that_costs(
    project: Path, hook: str, fields: dict[str, Any]
) -> None:
    if hook == "stop":
        with transcript_of(project).open("ab") as stream:
            stream.write(turn(3))
    assert loaded(hook, payload(project, **fields)) <= CHEAP


@pytest.mark.parametrize(
    ("hook", "fields"),
    [
        pytest.param("user_prompt_submit", {"prompt": "x" * 400_000}, id="a prompt of a level"),
        pytest.param("stop", {}, id="a level newly reached"),
        pytest.param("statusline", SHOWN, id="the first status line"),
    ],
)
def test_what_is_less_usual_is_the_standard_library_still(
    project: Path, hook: str, fields: dict[str, Any]
) -> None:
    with transcript_of(project).open("ab") as stream:
        stream.write(b'{"type":"user","torn\n{"glued":1}' + turn(160))
    session_file(project, "statusline.json").unlink(missing_ok=True)
    found = {name.partition(".")[0] for name in loaded(hook, payload(project, **fields))}
    assert found <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("hook", "fields"),
    [
        pytest.param("session_start", {"source": "compact"}, id="work given back"),
        pytest.param("session_start", {"source": "resume"}, id="a session resumed"),
        pytest.param("session_start", {"source": "clear", "session_id": "n"}, id="work carried on"),
        pytest.param("session_start", {"source": "startup", "session_id": "n"}, id="a new session"),
        pytest.param("pre_compact", {"trigger": "manual"}, id="a conversation archived"),
        pytest.param("session_end", {"reason": "other"}, id="a session closed"),
    ],
)
def test_what_begins_and_ends_a_session_loads_nothing_that_costs(
    project: Path, hook: str, fields: dict[str, Any]
) -> None:
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    if hook == "session_end":
        send(hook, payload(project, **fields))  # the first of a day looks for what is too old
    if "session_id" in fields:  # the first one says how heavy a session begins
        send(hook, payload(project, source="startup", session_id="first"))
    assert loaded(hook, payload(project, **fields)) <= CHEAP


def test_a_damaged_state_brings_in_the_full_lane(project: Path) -> None:
    path = session_file(project, "state.json")
    state = json.loads(path.read_bytes())
    path.write_bytes(seal({**state, "usage": None}))
    assert "pydantic" in loaded("stop", payload(project))


TORN = r"""
import sys
from clearpoint.lowlevel import fast_json
assert "json" not in sys.modules
text = '{"a": [1, -2.5e3, "x\\u00e9\\ud83d\\ude00", true, null, {"b": "c"}], "d": NaN, "e": 1}'
for place in range(len(text)):
    head, tail = text[:place], text[place:]
    for made in (head, tail, head + tail[1:], *(head + sign + tail for sign in '"\\{]')):
        try:
            fast_json.loads(made)
        except fast_json.MalformedJSONError:
            pass
print("calm")
"""


def test_torn_json_is_told_where_the_standard_librarys_errors_are_not_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", TORN], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "calm\n", "")
