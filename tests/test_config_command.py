"""`clearpoint config`: what is in force and from where, a documented file, a schema for editors."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from pydantic import TypeAdapter

from clearpoint.cli.main import main
from clearpoint.config import origin
from clearpoint.config import schema as config_schema
from clearpoint.config.defaults import DEFAULTS
from clearpoint.config.file import REPOSITORY_KEYS
from clearpoint.models.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / ".clearpoint").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `clearpoint config …`; gives the exit code, standard output and error."""

    def ran(*args: str) -> tuple[int, str, str]:
        code = main(["config", *args])
        return (code, *capsys.readouterr())

    return ran


def settings_file(project: Path, text: str) -> Path:
    path = project / ".clearpoint" / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def users_file(project: Path, text: str) -> Path:
    path = project.parent / "home" / "clearpoint" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_each_setting_tells_where_it_comes_from(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = settings_file(project, "[reload]\n\nfiles = 5\n[work.phase_commands]\n'/a b' = 'review'")
    yours = users_file(project, "[reload]\nfiles = 3\nmax_tokens = 2000\n")
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, _ = run("--json", "--changed")
    assert code == 0
    assert json.loads(out)["settings"] == [
        {"key": "reload.max_tokens", "value": 2000, "kind": "user", "place": f"{yours}:3"},
        {"key": "reload.files", "value": 5, "kind": "project", "place": f"{mine}:3"},
        {"key": "work.phase_commands./a b", "value": "review", "kind": "project",
         "place": f"{mine}:5"},
        {"key": "statusline.colour", "value": False, "kind": "environment", "place": "NO_COLOR"},
    ]  # fmt: skip


def test_without_files_everything_is_built_in_and_nothing_is_written(
    run: Run, project: Path
) -> None:
    code, out, err = run("--changed")
    assert (code, err) == (0, "")
    assert out.startswith("All settings are at their defaults.\n")
    assert list((project / ".clearpoint").iterdir()) == []


def test_the_list_fits_the_terminal_and_names_every_setting(run: Run) -> None:
    code, out, _ = run()
    lines = out.splitlines()
    settings = lines[1 : lines.index("")]
    assert code == 0
    assert max(len(line) for line in settings) <= 80
    named = {line.split("  ")[0] for line in settings}
    assert named == {key for key, _ in origin.leaves(DEFAULTS)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "[statusline]\npieces = ['turn_left']\n",
            "did you mean turns_left?",
            id="a piece",
        ),
        pytest.param(
            "[work.phase_commands]\n'/x' = 'planing'\n", "did you mean planning?", id="a phase"
        ),
        pytest.param("[bugdet]\n", "did you mean budget?", id="a key"),
    ],
)
def test_a_wrong_value_is_named_with_the_nearest_right_one(
    run: Run, project: Path, text: str, problem: str
) -> None:
    path = users_file(project, text)
    code, out, _ = run()
    told = out.splitlines()[-1]
    assert code == 1
    assert told.startswith(f"! {path}: line ")
    assert told.endswith(problem)


def test_init_writes_a_file_that_changes_nothing_and_explains_every_key(
    run: Run, project: Path
) -> None:
    path = project / ".clearpoint" / "config.toml"
    assert run("init") == (0, f"Wrote {path}\n", "")
    text = path.read_text(encoding="utf-8")
    assert origin.settings_in_force(str(project), "/state", {})[1] == []
    assert all(len(line) <= 100 for line in text.splitlines())
    given = tomllib.loads(re.sub(r"(?m)^#(?! )", "", text))
    settable = {key: value for key, value in origin.leaves(DEFAULTS)
                if key.startswith(REPOSITORY_KEYS)}  # fmt: skip
    assert dict(origin.leaves(given)) == settable


def test_init_leaves_a_file_that_is_there_alone(run: Run, project: Path) -> None:
    path = settings_file(project, "[reload]\nfiles = 5\n")
    code, _, err = run("init")
    assert (code, err) == (1, f"Error: {path} exists already and was left alone\n")
    assert path.read_text() == "[reload]\nfiles = 5\n"


def test_init_for_the_person_goes_below_the_home_folder(run: Run, project: Path) -> None:
    path = project.parent / "home" / "clearpoint" / "config.toml"
    assert run("init", "--user") == (0, f"Wrote {path}\n", "")
    assert path.read_text(encoding="utf-8") == config_schema.documented()


def described(rule: Any, name: str = "") -> dict[str, str]:
    """The description of every key of a schema, by dotted name."""
    found = {}
    for key, inner in rule.get("properties", {}).items():
        found[f"{name}{key}"] = inner.get("description", "")
        found.update(described(inner, f"{name}{key}."))
    return found


def test_every_setting_is_explained_in_the_schema() -> None:
    texts = described(config_schema.schema())
    assert [key for key, text in texts.items() if not text] == []


def test_the_schema_takes_what_the_settings_take(run: Run) -> None:
    code, out, _ = run("schema")
    schema = json.loads(out)
    assert (code, schema["additionalProperties"]) == (0, False)
    assert schema["properties"].keys() == DEFAULTS.keys()
    cells = schema["properties"]["statusline"]["properties"]["bar_cells"]
    assert (cells["minimum"], cells["maximum"], cells["default"]) == (0, 200, 10)
    assert "required" not in json.dumps(schema)
    assert "$ref" not in json.dumps(schema)


def test_the_state_is_validated_as_before_the_schema_was_made() -> None:
    config_schema.schema()
    assert TypeAdapter(Config).validate_python(DEFAULTS, strict=True) == DEFAULTS


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_what_the_shell_reads(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert f"_CLEARPOINT_COMPLETE={shell}_complete" in capsys.readouterr().out


def completed(words: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> list[str]:
    """What a shell is told when Tab is pressed behind these words."""
    monkeypatch.setenv("_CLEARPOINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    out: str = capsys.readouterr().out
    return [line.partition(",")[2] for line in out.splitlines()]


def test_tab_completes_commands_options_and_session_ids(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = state_folder(project) / "sessions" / "1f3a-77"
    session.mkdir(parents=True)
    (session / "state.json").write_text("{}")
    assert completed("clearpoint uninst", monkeypatch, capsys) == ["uninstall"]
    assert completed("clearpoint status --by", monkeypatch, capsys) == ["--by-part"]
    assert completed("clearpoint show 1f", monkeypatch, capsys) == ["1f3a-77"]
    assert completed("clearpoint status --session 1", monkeypatch, capsys) == ["1f3a-77"]
