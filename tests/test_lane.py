"""Hooks start isolated from what surrounds them, and from one compiled file where there is one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import clearpoint
from clearpoint.client.registered import kebab
from clearpoint.install import lane
from clearpoint.install.executables import executables_dir
from clearpoint.install.registration import HOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(os.name == "nt", reason="hooks start by an .exe on Windows"),
]

EXECUTABLES = [*(f"clearpoint-{kebab(hook.event)}" for hook in HOOKS), "clearpoint-statusline"]
PLANTED = ("select", "zlib", "pydantic", "click", "clearpoint")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An installation of the test's own, which it may change."""
    return made_site(tmp_path)


def made_site(folder: Path) -> Path:
    """An installation: the package beside a record."""
    site = folder / "lib" / "site-packages"
    shutil.copytree(Path(clearpoint.__file__).parent, site / "clearpoint")
    (site / "clearpoint-1.0.dist-info").mkdir()
    (site / "clearpoint-1.0.dist-info" / "RECORD").write_text("")
    return site


@pytest.fixture
def record(site: Path) -> Path:
    """The record of that installation."""
    return site / "clearpoint-1.0.dist-info" / "RECORD"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lane of an installation that no test changes."""
    folder = tmp_path_factory.mktemp("lane")
    lane_file = folder / lane.NAME
    lane_file.write_bytes(lane.compiled(made_site(folder) / "clearpoint-1.0.dist-info" / "RECORD"))
    return lane_file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that plants modules of the names that hooks import."""
    project = tmp_path / "project"
    project.mkdir()
    for name in PLANTED:
        (project / f"{name}.py").write_text("raise SystemExit(2)")
    return project


def environment(project: Path, **more: str) -> dict[str, str]:
    """What a hook is given of the environment."""
    home = str(project.parent)
    return {"PATH": os.environ["PATH"], "HOME": home, "CLAUDE_PROJECT_DIR": str(project), **more}


def run(command: list[str], env: Mapping[str, str], **payload: Any) -> tuple[int, str, str]:
    """Send one event to a program in the project; give exit code, output and errors."""
    project = env["CLAUDE_PROJECT_DIR"]
    event = {"session_id": "s-1", "transcript_path": f"{project}/none.jsonl", "cwd": project}
    done = subprocess.run(
        command,
        input=json.dumps(event | payload),
        cwd=project,
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", EXECUTABLES)
@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"PYTHONPATH": "."}, id="PYTHONPATH is the project"),
        pytest.param({"PYTHONPATH": ":/opt/x"}, id="PYTHONPATH begins empty"),
        pytest.param({"PYTHONHOME": "/usr"}, id="PYTHONHOME is another's"),
        pytest.param({"PYTHONSTARTUP": "select.py", "PYTHONINSPECT": "1"}, id="others"),
    ],
)
def test_what_surrounds_a_hook_changes_nothing(
    project: Path, name: str, variables: dict[str, str]
) -> None:
    command = [str(executables_dir() / name)]
    given = {"prompt": "hi", "source": "startup", "reason": "other", "tool_name": "Agent"}
    assert run(command, environment(project, **variables), **given)[0::2] == (0, "")


@pytest.mark.parametrize("reason", ["without its start script", "without an interpreter"])
def test_an_incomplete_installation_never_blocks(
    project: Path, tmp_path: Path, reason: str
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(executables_dir() / "clearpoint-stop", folder)
    if reason == "without an interpreter":
        shutil.copy(executables_dir() / "clearpoint-start", folder)
    code = run([str(folder / "clearpoint-stop")], environment(project))[0]
    assert code not in (0, 2)


def test_the_lane_gives_the_same_answer(compiled: Path, project: Path) -> None:
    start = [sys.executable, "-IS", str(compiled), "statusline"]
    shown = {"context_window": {"context_window_size": 200_000}, "model": {"id": "m"}}
    ordinary = [str(executables_dir() / "clearpoint-statusline")]
    assert run(start, environment(project), **shown) == run(ordinary, environment(project), **shown)


def test_a_lane_that_another_process_has_made_is_known_as_the_installations(record: Path) -> None:
    program = f"""
import json, decimal, email.message
from pathlib import Path
from clearpoint.install import lane
Path("lane").write_bytes(lane.compiled(Path({str(record)!r})))
"""
    folder = record.parents[3]
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)
    data = (folder / "lane").read_bytes()
    damaged = data[:5_000] + bytes([data[5_000] ^ 1]) + data[5_001:]
    seen = [lane.is_made_from(record, one) for one in (data, damaged, data[:-9], b"")]
    os.utime(record, (1, 1))
    assert [*seen, lane.is_made_from(record, data)] == [True, False, False, False, False]


@pytest.mark.parametrize("change", ["the record is newer", "the record has gone"])
def test_a_stale_lane_loads_the_ordinary_modules(
    site: Path, record: Path, project: Path, tmp_path: Path, change: str
) -> None:
    compiled = tmp_path / lane.NAME
    compiled.write_bytes(lane.compiled(record))
    if change == "the record is newer":
        os.utime(record, (1, 1))
    else:
        record.unlink()
    (site / "clearpoint" / "handlers" / "stop.py").write_text("def handle(event): return 'new'")
    found = run([sys.executable, "-IS", str(compiled), "stop"], environment(project))
    assert found == (0, "new", "")


def test_the_lane_reads_no_module_from_the_disk(
    site: Path, record: Path, project: Path, tmp_path: Path
) -> None:
    compiled = tmp_path / lane.NAME
    compiled.write_bytes(lane.compiled(record))
    shutil.rmtree(site / "clearpoint")
    (site / "clearpoint").mkdir()
    found = run([sys.executable, "-IS", str(compiled), "user_prompt_submit"], environment(project),
                prompt="hi")  # fmt: skip
    assert found[0::2] == (0, "")


OF_THE_SYSTEM = """
import os
before = os.sep, os.path.join("a", "b"), os.environ["HOME"], os.fsencode("\\udcff")
rest = list(os.walk(".")), os.makedirs.__module__, os.environ["HOME"]
import os as again
def handle(event):
    return repr([before, rest, hasattr(os, "O_NONE"), again is os, os.path.dirname("a/b")])
"""


def test_the_lane_has_what_else_of_the_system_is_asked_for(
    site: Path, record: Path, project: Path, tmp_path: Path
) -> None:
    (site / "clearpoint" / "handlers" / "stop.py").write_text(OF_THE_SYSTEM)
    compiled = tmp_path / lane.NAME
    compiled.write_bytes(lane.compiled(record))
    start = [sys.executable, "-IS", str(compiled), "stop"]
    program = f"import sys; sys.path.append({str(site)!r}); from clearpoint.door import run; "
    ordinary = [sys.executable, "-IS", "-c", f"{program}run('clearpoint.handlers.stop')"]
    assert run(start, environment(project)) == run(ordinary, environment(project))


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-"])
def test_the_lane_answers_with_closed_streams(compiled: Path, project: Path, streams: str) -> None:
    command = [
        "sh",
        "-c",
        f'exec "$0" "$@" {streams}',
        sys.executable,
        "-IS",
        str(compiled),
        "stop",
    ]
    assert run(command, environment(project))[0] == 0


def without_time(name: str) -> str:
    """A file's name without the second it was made in."""
    return re.sub(r"^\d{8}T\d{6}Z", "", name)


@pytest.mark.parametrize("hook", ["user_prompt_submit", "stop", "session_start", "pre_compact"])
def test_each_hook_starts_from_the_lane_as_without_it(
    compiled: Path, project: Path, tmp_path: Path, hook: str
) -> None:
    said = {"type": "user", "uuid": "u1", "message": {"role": "user", "content": "Build it."}}
    (project / "none.jsonl").write_text(json.dumps(said) + "\n")
    given = {"prompt": "hi", "source": "compact", "trigger": "manual"}
    ordinary = executables_dir() / f"clearpoint-{hook.replace('_', '-')}"
    starts = {
        "lane": [sys.executable, "-IS", str(compiled), hook],
        "ordinary": [str(ordinary)],
    }
    found = {
        name: run(start, environment(project, CLEARPOINT_DIR=str(tmp_path / name)), **given)
        for name, start in starts.items()
    }
    kept = [sorted(without_time(path.name) for path in (tmp_path / of).rglob("*")) for of in starts]
    assert (found["lane"], kept[0]) == (found["ordinary"], kept[1])
