"""Nothing of the project is imported, whatever the environment says; odd machines get one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from driver import Client
from made import answer, prompt

from clearpoint import command
from clearpoint.cli.main import in_words, main
from clearpoint.store.checksummed import seal

BIN = Path(sys.executable).parent
PLANTED = ("select", "json", "click", "pydantic", "rich", "filelock")


@pytest.mark.processes
@pytest.mark.parametrize("named", [".", ":/nowhere", ""])
def test_no_module_of_the_project_is_imported_by_the_command_line(
    tmp_path: Path, named: str
) -> None:
    for name in PLANTED:
        (tmp_path / f"{name}.py").write_text("open('RAN', 'a')\nraise ImportError('planted')\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHONPATH": named}
    done = subprocess.run(
        [BIN / "clearpoint", "sessions"], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert (b"Traceback" in done.stderr, (tmp_path / "RAN").exists()) == (False, False)


def test_the_folder_of_our_own_package_stays_on_the_path() -> None:
    own = str(Path(command.__file__).parent.parent)
    path = [own, "/evil", "/usr/lib/python3"]
    assert command.without(path, f"/evil:{own}") == [own, "/usr/lib/python3"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(FileNotFoundError(2, "No such file or directory"),
                     "the working folder is gone. Go to another (cd), or give one: "
                     "--project FOLDER", id="no working folder"),
        pytest.param(OSError(28, "No space left on device", "/x/state.json"),
                     "the disk is full: /x/state.json. Free some space first", id="full disk"),
        pytest.param(PermissionError(13, "Permission denied", "/x"), "Permission denied: /x",
                     id="root's"),
    ],
)  # fmt: skip
def test_an_odd_machine_gets_one_line_with_a_remedy(error: OSError, said: str) -> None:
    assert in_words(error) == said


@pytest.mark.parametrize("odd", [None, [[]], {"a": [1]}, True, 10**30], ids=str)
@pytest.mark.parametrize("name", ["current_spec", "first_prompt", "planned", "git", "said"])
def test_a_state_of_odd_types_gets_one_line_and_no_traceback(
    tmp_path: Path, name: str, odd: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Client(tmp_path)
    client.start()
    client.turn(prompt("Decided: we use sqlite."), answer("Decided: we will use sqlite."))
    state: Any = client.state
    state["work_state"][name] = odd
    Path(client.store.path(client.session, "state.json")).write_bytes(seal(state))
    for words in (["status"], ["reload"], ["sessions"]):
        assert main([*words, "--project", str(tmp_path)]) in (0, 1)
    assert len(capsys.readouterr().err.splitlines()) <= 3
