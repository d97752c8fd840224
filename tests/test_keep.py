"""Sessions stay whatever the client deletes: archived, with the usage of each request."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made import answer, prompt

from clearpoint.cli.main import main
from clearpoint.doctor import transcripts as doctor
from clearpoint.doctor.findings import Case
from clearpoint.history import keep, outlook, requests, transcripts
from clearpoint.lowlevel.clock import DAY_S
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from clearpoint.history.transcripts import Found
    from clearpoint.models.usage import Request
    from clearpoint.transcript.entry import Entry

SESSION = "11111111-aaaa"
AT = "2026-01-01T00:00:00Z"
LATELY_S = 3_600.0


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / ".claude"))
    folder = tmp_path / "shop"
    (folder / ".git").mkdir(parents=True)
    return folder


def env_of(project: Path) -> dict[str, str]:
    return {"HOME": str(project.parent)}


def written(
    project: Path, *entries: Entry, session: str = SESSION, age_s: float = LATELY_S
) -> Found:
    """A transcript with more entries, last written so long ago."""
    name = transcripts.folder_name(str(project))
    folder = project.parent / ".claude" / "projects" / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{session}.jsonl"
    with path.open("a") as stream:
        for one in entries:
            line = json.dumps({"cwd": str(project), **one}, separators=(",", ":"))
            stream.write(line + "\n")
    then = time.time() - age_s
    os.utime(path, (then, then))
    found = transcripts.transcript(str(path))
    assert found
    return found


def store_of(project: Path) -> Store:
    return Store(state_root(str(project), env_of(project)))


def kept(project: Path, found: Found) -> int:
    return keep.keep(store_of(project), found, str(project), env_of(project))


def archives(project: Path, session: str = SESSION) -> list[str]:
    folder = Path(store_of(project).path(session, "archive"))
    return [path.read_text() for path in sorted(folder.glob("????.md"))]


def usage_of(project: Path) -> list[tuple[str, int, int]]:
    rows = requests.read(store_of(project).session_folder(SESSION)).values()
    return [(one["id"], one["input"] + one["written"] + one["read"], one["output"]) for one in rows]


TURN = (prompt("Hash it", timestamp=AT), answer("Hashed.", message_id="m1", used=20_000))


def test_a_session_that_no_hook_saw_is_archived_with_its_usage(project: Path) -> None:
    kept(project, written(project, *TURN))
    assert archives(project) == [f"## Prompt, {AT}\n\nHash it\n\n## Claude\n\nHashed.\n\n"]
    assert usage_of(project) == [("m1", 19_900, 100)]


def test_only_what_is_new_is_kept_and_a_response_counts_once(project: Path) -> None:
    first = kept(project, written(project, *TURN))
    again = kept(project, written(project))
    later = written(project, answer("More.", message_id="m1", used=20_500), prompt("And now?"))
    assert (first > 0, again, kept(project, later) > 0) == (True, 0, True)
    assert archives(project)[1:] == ["## Claude\n\nMore.\n\n## Prompt, no time\n\nAnd now?\n\n"]
    assert usage_of(project) == [("m1", 20_400, 100)]


def test_what_was_interrupted_is_done_again(project: Path) -> None:
    found = written(project, *TURN)
    kept(project, found)
    Path(store_of(project).path(SESSION, keep.FILE)).unlink()
    assert (kept(project, found) > 0, len(archives(project))) == (True, 1)


def test_secrets_are_masked_in_what_is_kept(project: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    kept(project, written(project, prompt(f"It is {secret}, use it")))
    assert [secret in text for text in archives(project)] == [False]


def test_what_is_kept_is_as_old_as_its_session(project: Path) -> None:
    found = written(project, *TURN, age_s=50 * DAY_S)
    kept(project, found)
    folder = Path(store_of(project).session_folder(SESSION))
    times = {path.stat().st_mtime for path in folder.rglob("*") if path.is_file()}
    assert {round(one - found.changed) for one in times} == {0}


def test_a_session_with_a_state_is_archived_by_it(project: Path) -> None:
    found = written(project, *TURN)
    payload = {
        "session_id": SESSION, "transcript_path": found.path, "cwd": str(project), "reason": "exit"
    }  # fmt: skip
    from driver import Client

    client = Client(project, SESSION)
    client.send("stop", **payload)
    client.send("session_end", **payload)
    assert archives(project) == [f"## Prompt, {AT}\n\nHash it\n\n## Claude\n\nHashed.\n\n"]
    assert usage_of(project) == [("m1", 19_900, 100)]


def command(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code = main(["keep", "--json", *args])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_keeps_what_is_closed_and_within_retention(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(project, *TURN)
    written(project, *TURN, session="open", age_s=1)
    written(project, *TURN, session="ancient", age_s=200 * DAY_S)
    code, done = command(capsys, "--project", str(project))
    assert (code, done["sessions"], done["skipped"]) == (0, 1, 2)
    assert command(capsys, "--project", str(project))[1]["sessions"] == 0


def test_the_command_keeps_the_sessions_of_all_projects(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = project.parent / "other"
    (other / ".git").mkdir(parents=True)
    written(project, *TURN)
    written(other, *TURN, session="22222222-bbbb")
    assert command(capsys, "--project", str(project), "--all-projects")[1]["sessions"] == 2
    assert len(archives(other, "22222222-bbbb")) == 1


def test_many_bytes_are_kept_by_several_processes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("clearpoint.cli.keep.ALONE_BYTES", 0)
    written(project, *TURN)
    written(project, *TURN, session="22222222-bbbb")
    assert command(capsys, "--project", str(project))[1]["sessions"] == 2
    assert (len(archives(project)), len(archives(project, "22222222-bbbb"))) == (1, 1)


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        pytest.param(None, 30, id="none"),
        pytest.param('{"cleanupPeriodDays": 7}', 7, id="set"),
        pytest.param('{"cleanupPeriodDays": "7"}', 30, id="of another type"),
        pytest.param("{", 30, id="broken"),
    ],
)
def test_the_client_says_when_it_deletes(project: Path, settings: str | None, days: int) -> None:
    found = written(project, *TURN)
    if settings:
        (project.parent / ".claude" / "settings.json").write_text(settings)
    seen = outlook.outlook(str(project), env_of(project))
    expected = (days, (found,), found.changed + days * DAY_S)
    assert (seen.days, seen.not_kept, seen.next_at) == expected


@pytest.mark.parametrize(
    ("age_days", "is_kept", "level"),
    [
        pytest.param(1, False, "note", id="not kept"),
        pytest.param(29, False, "warning", id="not kept and soon deleted"),
        pytest.param(29, True, "ok", id="kept"),
    ],
)
def test_the_doctor_tells_what_will_be_lost(
    project: Path, age_days: int, is_kept: bool, level: str
) -> None:
    found = written(project, *TURN, age_s=age_days * DAY_S)
    if is_kept:
        kept(project, found)
    case = Case(str(project), env_of(project), project.parent, project.parent, time.time())
    assert [one.level for one in doctor.examine(case)] == [level]


def test_requests_behind_a_long_list_are_kept_beside_it(tmp_path: Path) -> None:
    def request(number: int, output: int) -> Request:
        return {"id": f"m{number}", "at": "", "model": "m", "input": 1, "written": 0, "read": 0,
                "output": output}  # fmt: skip

    first = {f"m{number}": request(number, 1) for number in range(900)}
    requests.add(str(tmp_path), first)
    size = (tmp_path / requests.FILE).stat().st_size
    requests.add(str(tmp_path), {"m899": request(899, 2), "m900": request(900, 3)})
    expected = {**first, "m899": request(899, 2), "m900": request(900, 3)}
    grown = (tmp_path / requests.FILE).stat().st_size - size
    assert (requests.read(str(tmp_path)), grown < 400) == (expected, True)
