"""Our executables: found by the installation's own record, judged without being run."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import Distribution, PathDistribution
from typing import TYPE_CHECKING

import pytest

from clearpoint.install import executables as subject

if TYPE_CHECKING:
    from pathlib import Path

posix_only = pytest.mark.skipif(os.name == "nt", reason="modes and first lines of POSIX")


def distribution(site_packages: Path, *records: str) -> Distribution:
    """Make an installed distribution that records these files."""
    info = site_packages / "clearpoint-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text("".join(f"{record},,\n" for record in records))
    return PathDistribution(info)


def executable(path: Path, head: str = "", mode: int = 0o755) -> Path:
    """Make an executable that starts with this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("file", "record", "windows"),
    [
        pytest.param("bin/clearpoint-hook", "../../../bin/clearpoint-hook", False, id="posix"),
        pytest.param(
            "Scripts/clearpoint-hook.exe",
            "../../../Scripts/clearpoint-hook.exe",
            True,
            id="windows",
        ),
        pytest.param(
            "lib/python3/site-packages/bin/clearpoint-hook",
            "bin/clearpoint-hook",
            False,
            id="pip-target",
        ),
    ],
)
def test_the_executables_are_where_the_record_says(
    tmp_path: Path, file: str, record: str, *, windows: bool
) -> None:
    place = executable(tmp_path / file)
    site_packages = tmp_path / "lib" / "python3" / "site-packages"
    installed = distribution(site_packages, "clearpoint/__init__.py", record)

    found = subject.executables_dir(installed, tmp_path / "else", windows=windows)

    assert found == place.parent


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([], id="no-executables"),
        pytest.param(["../../../nowhere/clearpoint-hook"], id="not-there-any-more"),
    ],
)
def test_without_a_useful_record_the_interpreters_scripts_are_taken(
    tmp_path: Path, records: list[str]
) -> None:
    installed = distribution(tmp_path / "site-packages", *records)

    assert subject.executables_dir(installed, tmp_path / "bin", windows=False) == tmp_path / "bin"


@posix_only
@pytest.mark.parametrize(
    ("head", "mode", "state"),
    [
        pytest.param("#!/bin/sh\n", 0o755, "ready", id="script"),
        pytest.param("\x7fELF", 0o755, "ready", id="binary"),
        pytest.param("", 0o755, "ready", id="empty"),
        pytest.param("#!/bin/sh\n", 0o644, "not executable", id="not-executable"),
        pytest.param("#!/gone/python\n", 0o755, "without its interpreter", id="interpreter-gone"),
        pytest.param("#! /gone/python -I\n", 0o755, "without its interpreter", id="with-option"),
        pytest.param("#!/bin/sh -e\r\n", 0o755, "ready", id="with-carriage-return-in-option"),
        pytest.param("#!/bin/sh\r\n", 0o755, "without its interpreter", id="dos-line-end"),
        pytest.param(
            "#!/bin/sh\n'''exec' \"/gone for good/python\" \"$0\" \"$@\"\n' '''\n",
            0o755,
            "without its interpreter",
            id="interpreter-with-space-gone",
        ),
        pytest.param(
            "#!/bin/sh\n'''exec' /bin/sh \"$0\" \"$@\"\n' '''\n", 0o755, "ready", id="long-shebang"
        ),
    ],
)
def test_an_executable_is_judged_without_being_run(
    tmp_path: Path, head: str, mode: int, state: str
) -> None:
    path = executable(tmp_path / "clearpoint-stop", head, mode)

    assert subject.executable_state(path) == state


def test_a_folder_in_place_of_an_executable_is_missing(tmp_path: Path) -> None:
    assert subject.executable_state(tmp_path) == "missing"


@posix_only
@pytest.mark.parametrize(
    ("folder", "starts"),
    [
        pytest.param("venv", True, id="plain"),
        pytest.param("my venv", False, id="space"),
        pytest.param("/".join(["x" * 200] * 3), False, id="too-long"),
    ],
)
def test_the_judgement_is_the_systems_own(tmp_path: Path, folder: str, *, starts: bool) -> None:
    shell = tmp_path / folder / "sh"
    shell.parent.mkdir(parents=True)
    shell.symlink_to("/bin/sh")
    script = executable(tmp_path / "script", f"#!{shell}\nexit 0\n")

    if starts:
        assert subprocess.run([script], check=False).returncode == 0
    else:
        with pytest.raises(OSError, match=str(script)):
            subprocess.run([script], check=False)
    assert (subject.executable_state(script) == "ready") is starts


@pytest.mark.parametrize(
    ("head", "windows", "runner"),
    [
        pytest.param("#!/bin/sh\n", False, None, id="scripts-start", marks=posix_only),
        pytest.param(
            "#!/my venv/python\n", False, "clearpoint-hook", id="scripts-do-not", marks=posix_only
        ),
        pytest.param("", True, "clearpoint-hook.exe", id="windows"),
    ],
)
def test_the_runner_stands_in_for_scripts_that_do_not_start(
    tmp_path: Path, head: str, runner: str | None, *, windows: bool
) -> None:
    executable(tmp_path / "clearpoint-session-start", head)

    assert subject.runner_for(tmp_path, windows=windows) == runner
