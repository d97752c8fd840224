"""Autopilot sets one value of the client's, and gives back the settings as they were."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from builders import transcript_lines
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from made import answer, prompt

from clearpoint.budget.window import find_window, model_table
from clearpoint.cli.main import main
from clearpoint.client.settings import with_settings
from clearpoint.history.transcripts import folder_name
from clearpoint.hygiene import autopilot as pilot
from clearpoint.install import own_values as subject
from clearpoint.install.own_values import Edit
from clearpoint.install.settings_file import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = (
    "{}",
    "{ }\n",
    '{"model": "opus"}',
    '{\n\t"model": "opus",\n\t"permissions": {"deny": []}\n}\n',
    '{\r\n  "autoCompactWindow": 150000.0,\r\n  "env": {}\r\n}',
    "\ufeff{}\n",
)
DENY = ("permissions", "deny")
MANY = [
    Edit(("autoCompactWindow",), 203_000),
    Edit(DENY, "Workflow", appended=True),
    Edit(DENY, "ListAgents", appended=True),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".claude" / "settings.json"


def write(path: Path, text: str | None) -> None:
    """Write the settings to the character, or none."""
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def content(path: Path) -> str | None:
    return path.read_bytes().decode() if path.exists() else None


@pytest.mark.parametrize("text", [None, "", *TEXTS])
def test_what_was_set_is_taken_back_to_the_character(path: Path, text: str | None) -> None:
    write(path, text)
    assert subject.put(path, "it", MANY).changed
    assert json.loads((content(path) or "").removeprefix("\ufeff"))["permissions"]["deny"] == [
        "Workflow", "ListAgents"
    ]  # fmt: skip
    subject.take_back(path, "it")
    assert (content(path), subject.features(path)) == (text, [])


def test_nothing_is_left_where_there_was_nothing(path: Path) -> None:
    subject.put(path, "it", MANY)
    subject.take_back(path, "it")
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("theirs", "left"),
    [
        pytest.param({"model": "opus"}, {"model": "opus"}, id="another value"),
        pytest.param({"autoCompactWindow": 1}, {"autoCompactWindow": 1}, id="the same one"),
        pytest.param(
            {"permissions": {"deny": ["WebFetch"]}},
            {"permissions": {"deny": ["WebFetch"]}},
            id="the same list",
        ),
        pytest.param({"permissions": "x"}, {"permissions": "x"}, id="another shape"),
    ],
)
def test_what_others_change_meanwhile_stays(path: Path, theirs: Any, left: Any) -> None:
    subject.put(path, "it", MANY)
    write(path, json.dumps({**json.loads(content(path) or ""), **theirs}))
    subject.take_back(path, "it")
    assert json.loads(content(path) or "") == left


def test_a_value_of_the_users_own_comes_back_though_the_file_was_changed(path: Path) -> None:
    write(path, '{"autoCompactWindow": 150000.0}')
    subject.put(path, "it", [Edit(("autoCompactWindow",), 203_000)])
    write(path, (content(path) or "").replace("{", '{"model": "opus", ', 1))
    subject.take_back(path, "it")
    assert content(path) == '{"model": "opus", "autoCompactWindow": 150000.0}'


def test_setting_again_replaces_what_was_set(path: Path) -> None:
    write(path, '{"model": "opus"}')
    for value in (1, 2, 2):
        subject.put(path, "it", [Edit(("autoCompactWindow",), value)])
    assert json.loads(content(path) or "") == {"model": "opus", "autoCompactWindow": 2}
    subject.take_back(path, "it")
    assert content(path) == '{"model": "opus"}'


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")], ids=str)
def test_two_features_do_not_disturb_each_other(path: Path, order: tuple[str, str]) -> None:
    write(path, '{"model": "opus"}')
    subject.put(path, "one", MANY[:1])
    subject.put(path, "two", MANY[1:])
    for feature in order:
        subject.take_back(path, feature)
    assert content(path) == '{"model": "opus"}'


def test_a_trial_changes_nothing(path: Path) -> None:
    write(path, "{}")
    done = subject.put(path, "it", MANY, dry_run=True)
    assert (done.changed, content(path), subject.features(path)) == (True, "{}", [])
    assert '+    "autoCompactWindow": 203000' in done.diff.replace("+  ", "+    ")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [('{"permissions": []}', "an object"), ('{"permissions": {"deny": "x"}}', "a list")],
)
def test_settings_of_another_shape_are_refused_and_stay(path: Path, text: str, wanted: str) -> None:
    write(path, text)
    with pytest.raises(SettingsError, match=f"must be {wanted}"):
        subject.put(path, "it", MANY)
    assert content(path) == text


@given(
    text=st.dictionaries(st.text(max_size=3), st.integers() | st.none() | st.text(max_size=3)),
    indent=st.sampled_from([None, 1, 2, "\t"]),
)
@hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_settings_come_back(path: Path, text: dict[str, Any], indent: Any) -> None:
    written = json.dumps(text, indent=indent)
    write(path, written)
    subject.put(path, "it", MANY)
    subject.take_back(path, "it")
    assert content(path) == written


class Ran(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str


Run = "Callable[..., Ran]"


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    project = path.parents[1]
    project.mkdir()
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(project.parent / "config"))
    monkeypatch.delenv("CLAUDE_CODE_AUTO_COMPACT_WINDOW", raising=False)

    def ran(*args: str) -> Ran:
        code = main([args[0], *args[1:], "--project", str(project)])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


@pytest.mark.parametrize(
    ("options", "window"),
    [
        pytest.param((), 203_000, id="at the budget's critical level"),
        pytest.param(("--at", "120k"), 153_000, id="at a size"),
    ],
)
def test_on_sets_the_clients_window(
    run: Callable[..., Ran], path: Path, options: tuple[str, ...], window: int
) -> None:
    assert run("autopilot", "on", *options).code == 0
    assert json.loads(content(path) or "") == {"autoCompactWindow": window}
    assert run("autopilot", "off").out == f"Autopilot is off; {path} is restored.\n"
    assert not path.exists()


@pytest.mark.parametrize("model", ["claude-opus-5-5", "claude-sonnet-4-6", "claude-haiku-4-5"])
def test_levels_follow_the_point_on_every_model(
    run: Callable[..., Ran], path: Path, model: str
) -> None:
    run("autopilot", "on", "--at", "120k")
    env = with_settings({}, str(path.parents[1]))
    assert find_window(model, table=model_table(), env=env).compaction_at == 120_000


@pytest.mark.parametrize("size", ["10k", "2m", "much", ""])
def test_a_size_that_cannot_be_is_refused(run: Callable[..., Ran], path: Path, size: str) -> None:
    ran = run("autopilot", "on", "--at", size)
    assert (ran.code, "--at takes a size from 50k to 967k" in ran.err) == (1, True)
    assert not path.exists()


def test_the_scope_is_remembered(run: Callable[..., Ran], path: Path) -> None:
    run("autopilot", "on", "--user")
    settings = path.parents[2] / "config" / "settings.json"
    found = json.loads(run("autopilot", "status", "--json").out)
    assert found == {
        "on": True, "files": [str(settings)], "compacts_at": 170_000, "from": "autopilot"
    }  # fmt: skip
    run("autopilot", "off")
    assert not settings.exists()


def test_status_says_whether_it_is_on(run: Callable[..., Ran], path: Path) -> None:
    off = "Autopilot is off.\nClaude Code compacts at its own default for the model.\n"
    assert run("autopilot", "status").out == off
    run("autopilot", "on")
    assert run("autopilot", "status").out == (
        f"Autopilot is on ({path}).\nClaude Code compacts at 170k tokens, set by autopilot.\n"
    )


@pytest.mark.parametrize("first", ["install", "autopilot"])
def test_uninstalling_takes_it_back_too(run: Callable[..., Ran], path: Path, first: str) -> None:
    write(path, '{ "model": "opus" }')
    for name in sorted(("install", "autopilot"), key=lambda one: one != first):
        assert run(*((name, "on") if name == "autopilot" else (name,))).code == 0
    assert run("uninstall").code == 0
    assert content(path) == '{ "model": "opus" }'
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_the_point_and_the_window_belong_together() -> None:
    assert pilot.point_of(pilot.window_for(120_000)) == 120_000


@pytest.fixture(name="in_heavy_project")
def fixture_in_heavy_project(run: Callable[..., Ran], path: Path) -> Callable[..., Ran]:
    """Commands in a project with a session that begins with 90k tokens."""
    folder = path.parents[2] / "config" / "projects" / folder_name(str(path.parents[1]))
    folder.mkdir(parents=True)
    lines = transcript_lines(*[e for n in range(30) for e in turn(n, 90_000 + 3_000 * n)])
    (folder / "t.jsonl").write_bytes(lines)
    return run


def turn(number: int, used: int) -> list[Any]:
    """A prompt and its answer at this use."""
    said = answer(message_id=f"m{number}", used=used, uuid=f"a{number}")
    return [prompt(f"Prompt {number}.", uuid=f"u{number}", parent=f"a{number - 1}"), said]


@pytest.mark.parametrize(
    ("options", "window", "told"),
    [
        pytest.param((), 203_000, "", id="default"),
        pytest.param(("--at", "100k"), 133_000, "so Claude Code will compact often", id="named"),
        pytest.param(("--at", "auto"), 173_000, "at 140k: ", id="auto"),
    ],
)
def test_compaction_leaves_room_above_what_sessions_begin_with(
    in_heavy_project: Callable[..., Ran],
    path: Path,
    options: tuple[str, ...],
    window: int,
    told: str,
) -> None:
    ran = in_heavy_project("autopilot", "on", *options)
    assert json.loads(content(path) or "") == {"autoCompactWindow": window}
    assert told in ran.out + ran.err


def test_auto_tells_what_it_saves_and_what_it_takes(in_heavy_project: Callable[..., Ran]) -> None:
    first = in_heavy_project("autopilot", "on", "--at", "auto").out.splitlines()[0]
    words = r"at 140k: \d+% fewer input tokens, \d+% less cost, 1\.0 compactions a session over"
    assert re.fullmatch(f"{words} your last 1 session", first)


def test_auto_asks_for_a_size_where_there_are_no_sessions(run: Callable[..., Ran]) -> None:
    ran = run("autopilot", "on", "--at", "auto")
    assert (ran.code, "there are no sessions yet to learn from" in ran.err) == (1, True)
