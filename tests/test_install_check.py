"""Looking at what is registered: a moved or deleted environment is told in one line each."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from clearpoint.client.registered import kebab
from clearpoint.install import registration as reg
from clearpoint.install.check import Check, Registered, check, explain
from clearpoint.install.registering import Scope, install, settings_path

posix_only = pytest.mark.skipif(os.name != "posix", reason="scripts with a `#!` line")

EVENTS = ("SessionStart", "UserPromptSubmit", "Stop", "PreCompact", "SessionEnd", "PreToolUse",
          "SubagentStart", "SubagentStop")  # fmt: skip


def venv(folder: Path) -> Path:
    folder.mkdir(parents=True)
    names = [reg.hook_command(hook.event, folder)[0] for hook in reg.HOOKS]
    for name in [*names, str(folder / "clearpoint-statusline")]:
        Path(name).write_text("#!/bin/sh\n")
        Path(name).chmod(0o755)
    return folder


def register(root: Path, scope: Scope, executables: Path, *, statusline: bool = False) -> Path:
    return install(
        scope,
        root,
        config_dir=root / "config",
        executables=executables,
        statusline=statusline,
        windows=False,
    ).path


def look(root: Path) -> dict[Scope, Check]:
    return {found.scope: found for found in check(root, config_dir=root / "config")}


def told(root: Path) -> tuple[str, ...]:
    return explain(check(root, config_dir=root / "config"), root)


def test_nothing_registered_is_one_line_with_the_command(tmp_path: Path) -> None:
    assert told(tmp_path) == (
        f"No hooks are registered for this project. Run: clearpoint install --project {tmp_path}",
    )


def test_looking_makes_no_files(tmp_path: Path) -> None:
    check(tmp_path, config_dir=tmp_path / "config")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scope", ["project", "local", "user"])
def test_a_working_registration_needs_no_words(tmp_path: Path, scope: Scope) -> None:
    register(tmp_path, scope, venv(tmp_path / "bin"), statusline=True)

    assert told(tmp_path) == ()


def test_a_check_says_what_is_registered_where(tmp_path: Path) -> None:
    folder = venv(tmp_path / "bin")
    path = register(tmp_path, "project", folder, statusline=True)

    assert look(tmp_path)["project"] == Check(
        "project",
        path,
        registered=(
            *(
                Registered(event, folder / f"clearpoint-{kebab(event)}", "ready")
                for event in EVENTS
            ),
            Registered("statusLine", folder / "clearpoint-statusline", "ready"),
        ),
    )


def test_a_scope_without_settings_has_every_event_absent(tmp_path: Path) -> None:
    register(tmp_path, "project", venv(tmp_path / "bin"))

    path = settings_path("user", tmp_path, tmp_path / "config")
    assert look(tmp_path)["user"] == Check(
        "user", path, absent=tuple(one for one in EVENTS if one != "SubagentStart")
    )


def test_a_moved_environment_is_one_line_with_the_command_that_mends_it(tmp_path: Path) -> None:
    folder = venv(tmp_path / "bin")
    path = register(tmp_path, "project", folder)
    folder.rename(tmp_path / "moved")

    (line,) = told(tmp_path)

    assert line == (
        f"{path}: {', '.join(EVENTS)} cannot run, because the executable in {folder} is missing"
        " (was the environment moved or deleted?)."
        f" Run: clearpoint install --project {tmp_path}"
    )


def test_mending_is_what_the_line_says(tmp_path: Path) -> None:
    folder = venv(tmp_path / "bin")
    register(tmp_path, "local", folder)
    folder.rename(tmp_path / "moved")

    register(tmp_path, "local", tmp_path / "moved")

    assert told(tmp_path) == ()


def test_a_missing_event_is_named(tmp_path: Path) -> None:
    path = register(tmp_path, "user", venv(tmp_path / "bin"))
    settings = json.loads(path.read_text())
    del settings["hooks"]["Stop"], settings["hooks"]["SessionEnd"]
    path.write_text(json.dumps(settings))

    assert told(tmp_path) == (
        f"{path}: not registered for Stop, SessionEnd. Run: clearpoint install --user",
    )


def test_a_file_that_cannot_be_read_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    register(tmp_path, "user", venv(tmp_path / "bin"))
    path = settings_path("project", tmp_path, tmp_path)
    path.parent.mkdir()
    path.write_text("{\n,}")

    (line,) = told(tmp_path)

    assert line.startswith(f"{path}:2:1: not valid JSON")


def test_two_installations_at_once_are_told(tmp_path: Path) -> None:
    project = register(tmp_path, "project", venv(tmp_path / "a"))
    user = register(tmp_path, "user", venv(tmp_path / "b"))

    (line,) = told(tmp_path)

    assert line == (
        f"{user}: hooks run twice, because {project} registers another installation's."
        " Run: clearpoint uninstall --user"
    )


def test_one_installation_in_two_spellings_is_told(tmp_path: Path) -> None:
    folder = venv(tmp_path / "bin")
    user = register(tmp_path, "user", folder)
    project = register(tmp_path, "project", folder)
    text = project.read_text().replace(str(tmp_path), "${CLAUDE_PROJECT_DIR}")
    project.write_text(text)

    (line,) = told(tmp_path)

    assert line == (
        f"{user}: hooks run twice, because {project} registers the same ones by another path."
        " Run: clearpoint uninstall --user"
    )


def test_one_installation_in_two_scopes_needs_no_words(tmp_path: Path) -> None:
    folder = venv(tmp_path / "bin")
    register(tmp_path, "project", folder)
    register(tmp_path, "user", folder)

    assert told(tmp_path) == ()


@pytest.mark.parametrize(
    ("user", "project", "told_of"),
    [
        pytest.param(True, None, "user", id="off-for-the-user"),
        pytest.param(None, True, "project", id="off-for-the-project"),
        pytest.param(True, False, None, id="the-project-wins"),
        pytest.param("yes", None, None, id="not-a-boolean"),
    ],
)
def test_hooks_switched_off_are_told(
    tmp_path: Path, user: object, project: object, told_of: Scope | None
) -> None:
    folder = venv(tmp_path / "bin")
    disabled: dict[Scope, object] = {"user": user, "project": project}
    for scope, value in disabled.items():
        path = register(tmp_path, scope, folder)
        if value is not None:
            settings = json.loads(path.read_text())
            path.write_text(json.dumps(settings | {"disableAllHooks": value}))

    assert [line.partition(": ")[0] for line in told(tmp_path)] == (
        [str(settings_path(told_of, tmp_path, tmp_path / "config"))] if told_of else []
    )


def test_the_projects_variable_is_resolved(tmp_path: Path) -> None:
    venv(tmp_path / ".venv" / "bin")
    path = register(tmp_path, "project", tmp_path / ".venv" / "bin")
    path.write_text(path.read_text().replace(str(tmp_path), "${CLAUDE_PROJECT_DIR}"))

    assert told(tmp_path) == ()


@posix_only
@pytest.mark.parametrize(
    "spelled",
    [
        pytest.param("$CLAUDE_PROJECT_DIR/bin/", id="no braces"),
        pytest.param('"$CLAUDE_PROJECT_DIR"/bin/', id="quoted"),
        pytest.param("bin/", id="from the project"),
        pytest.param("~/bin/", id="from the home folder"),
        pytest.param("", id="on PATH"),
    ],
)
def test_every_spelling_of_an_executable_that_starts_needs_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelled: str
) -> None:
    folder = venv(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(folder))
    path = register(tmp_path, "project", folder)
    settings = json.loads(path.read_text())
    for groups in settings["hooks"].values():
        name = Path(groups[0]["hooks"][0]["command"]).name
        groups[0]["hooks"][0] = {"type": "command", "command": f"{spelled}{name}"}
    path.write_text(json.dumps(settings))

    env = {"HOME": str(tmp_path)}
    assert explain(check(tmp_path, config_dir=tmp_path / "config", env=env), tmp_path) == ()
