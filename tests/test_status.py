"""`clearpoint status` and `sessions`: the parts of the window, what follows, and every project."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client
from made import answer, call, prompt, result

from clearpoint.attribution import memory_files
from clearpoint.cli import answer as answer_of
from clearpoint.cli import breakdown_view, projects, session_figures
from clearpoint.cli.main import main
from clearpoint.config.defaults import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clearpoint.attribution.attribution import Attribution

    Run = Callable[..., str]

SESSION = "1111aaaa-0000-4000-8000-000000000001"


def after(parent: str, entry: Any) -> Any:
    """The entry as the child of another."""
    return {**entry, "parentUuid": parent}


@pytest.fixture(autouse=True)
def _nothing_around(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory files above the tests' own folder count, as in the client, and are not theirs."""
    base, real = str(tmp_path_factory.getbasetemp()), memory_files.read_text
    monkeypatch.setattr(
        memory_files, "read_text", lambda path: real(path) if path.startswith(base) else ""
    )


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client that has read a file of its project."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    made = Client(project, SESSION)
    made.start(model="claude-sonnet-4-6")
    made.turn(
        prompt("read it", uuid="u", parent=None),
        after("u", call("Read", file_path=str(project / "long.py"), tool_id="t1")),
        after("c-t1", result("x = 1\n" * 9_000, tool_id="t1")),
        after("r-t1", answer("It is long.", message_id="m9", used=70_000)),
    )
    return made


@pytest.fixture
def run(client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the project, in 80 columns; gives standard output."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(client.project)

    def ran(*args: str, code: int = 0) -> str:
        assert main([*args]) == code
        printed = capsys.readouterr()
        return printed.out or printed.err

    return ran


def attribution(**used: int) -> Attribution:
    """An attribution of a window of 200k with these uses of its categories."""
    given = {"system": 15_000, "conversation": 80_000, "reference": 50_000, "reserve": 55_000}
    categories: Any = {
        name: {
            "used": used.get(name, 0),
            "allocated": tokens,
            "over": used.get(name, 0) - tokens,
            "parts": {},
        }
        for name, tokens in given.items()
    }
    taken = sum(used.values())
    return {
        "window": 200_000,
        "budget": 200_000,
        "used": taken,
        "free": 200_000 - taken,
        "buffer": 33_000,
        "estimated": False,
        "parts": [],
        "categories": categories,
    }


def test_the_bar_is_the_whole_window_by_its_parts() -> None:
    drawn = breakdown_view.stacked(
        attribution(system=15_000, conversation=85_000, reference=20_000), 40
    )
    assert drawn.plain == "█" * 3 + "▓" * 17 + "▒" * 4 + "░" * 9 + "·" * 7


@pytest.mark.parametrize("cells", [1, 7, 36, 200])
@pytest.mark.parametrize("used", [0, 1, 99_999, 190_000, 260_000])
def test_the_bar_keeps_its_length(cells: int, used: int) -> None:
    found = attribution(conversation=used)
    found["free"] = max(0, found["free"])
    found["buffer"] = min(found["buffer"], found["free"])
    assert len(breakdown_view.stacked(found, cells).plain) == cells


def test_the_parts_are_shown_against_what_the_budget_gives_them(run: Run) -> None:
    assert "Conversation  50k" not in run("status")
    lines = run("status", "--by-part").splitlines()[2:]
    assert lines[3].split()[1:5] == ["System", "0", "of", "15k"]
    assert lines[4].split()[1:5] == ["Conversation", "50k", "of", "80k"]
    assert lines[4].endswith("30k left")
    assert lines[7].endswith("33k reserved for auto-compaction")


def test_by_part_goes_down_to_the_file_and_adds_up_to_the_window(run: Run) -> None:
    lines = run("status", "--by-part").splitlines()
    assert max(map(len, lines)) <= 80
    lines = lines[2:]
    rows = {line[:28].strip(): line[28:].split() for line in lines[10:]}
    assert "long.py" in rows
    whole = sum(
        int(line[28:].split()[0].replace(",", ""))
        for line in lines[10:]
        if line[:1] not in ("", " ")
    )
    assert whole == 200_000


def test_show_names_every_part_too(run: Run) -> None:
    text = run("show")
    assert "      long.py" in text
    assert "System prompt and tools" in text


def test_without_a_transcript_there_are_no_parts(run: Run, client: Client) -> None:
    client.transcript.unlink()
    assert "No transcript yet" in run("status", "--by-part")
    assert json.loads(run("status", "--json"))["session"]["attribution"] is None


def test_as_json_the_parts_add_up_to_the_use(run: Run) -> None:
    session = json.loads(run("show", "--json"))
    assert sum(part["tokens"] for part in session["attribution"]["parts"]) == 70_000
    assert 0 < session["freed_by_clear"] < 70_000


@pytest.mark.parametrize(
    ("at", "line"),
    [
        pytest.param("2026-01-01T00:00:00Z", "warm until ", id="warm"),
        pytest.param(
            "2025-12-31T23:00:00Z", "expired: the next request writes all 84k again", id="cold"
        ),
        pytest.param(None, "", id="no answer yet"),
    ],
)
def test_the_prompt_cache_is_told_from_the_newest_answer(at: str | None, line: str) -> None:
    usage: Any = {"at": at, "cache_seconds": 300}
    state: Any = {"usage": usage, "context_window": {"projected": 84_000}}
    found = session_figures.cache_line(state, 1_767_225_600.0 + 100)
    assert found.startswith(line)
    assert bool(found) is bool(line)


def test_status_answers_in_five_lines(run: Run) -> None:
    lines = run("status").splitlines()
    assert lines[0].startswith("Session 1111aaaa · just now · claude-sonnet-4-")
    assert lines[1].endswith("  70k of your 200k window (35%)")
    assert lines[2] == "→ Nothing to do: carry on."
    assert lines[3].startswith("/clear would free about ")
    assert lines[3].endswith("; 1 file carries over.")
    assert lines[4] == ""


@pytest.mark.parametrize(
    ("left", "line"),
    [
        pytest.param(0, "Less than a turn until auto-compaction, at 9k per turn.", id="none"),
        pytest.param(1, "About 1 turn until auto-compaction, at 9k per turn.", id="one"),
        pytest.param(None, "", id="not known"),
    ],
)
def test_how_long_it_lasts_is_told(left: int | None, line: str, client: Client) -> None:
    state = client.state
    state["budget"]["growth_per_turn"], state["budget"]["turns_left"] = 9_000, left
    assert answer_of.lasting(state) == line


@pytest.mark.parametrize(
    ("level", "words"),
    [
        pytest.param("normal", "Nothing to do: carry on.", id="normal"),
        pytest.param("warning", "/clear when this is finished.", id="warning"),
        pytest.param("critical", "Use /compact now, or finish this and /clear.", id="critical"),
    ],
)
def test_the_answer_while_something_is_open(level: Any, words: str, client: Client) -> None:
    state = client.state
    state["budget"]["level"], state["work_state"]["failing"] = level, {"pytest": "x"}
    assert answer_of.verdict(state, DEFAULTS) == words


@pytest.mark.parametrize(("columns", "drawn"), [("59", False), ("60", True)])
def test_where_it_is_narrow_the_bar_goes_and_the_figures_stay(
    columns: str, drawn: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    line = run("status").splitlines()[1]
    assert ("░" in line, "70k of your 200k window (35%)" in line) == (drawn, True)


@pytest.mark.parametrize(("columns", "drawn"), [("60", False), ("80", True)])
def test_a_narrow_list_of_sessions_has_no_bars(
    columns: str, drawn: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = run("sessions")
    assert ("░" in text, "70k/200k" in text) == (drawn, True)


@pytest.mark.parametrize("columns", [60, 70, 80, 120])
def test_no_figure_of_the_parts_is_cut(
    columns: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("status", "--by-part").splitlines()
    assert max(map(len, lines)) <= columns
    assert not [line for line in lines if re.search(r"[\d.]…", line)]


def test_watching_needs_a_terminal(run: Run) -> None:
    assert "--watch needs a terminal" in run("status", "--watch", code=1)


def in_the_clients_folder(home: Path, client: Client, name: str) -> None:
    """Put the client's transcript where the client keeps those of a project."""
    folder = home / ".claude" / "projects" / name
    folder.mkdir(parents=True)
    lines = [
        {"type": "mode"},
        {"type": "user", "message": {"content": '"cwd":"/not/this"'}},
        {"type": "user", "cwd": str(client.project)},
    ]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (folder / "a.jsonl").write_text(text, encoding="utf-8")


def test_all_lists_the_sessions_of_every_project(
    run: Run, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other-project-with-a-long-name"
    (other / ".git").mkdir(parents=True)
    second = Client(other, "2222bbbb-0000-4000-8000-000000000002")
    second.start(model="claude-sonnet-4-6")
    home = tmp_path / "home"
    home.mkdir()
    (home / ".claude").symlink_to(os.environ["CLAUDE_CONFIG_DIR"])
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / ".claude"))
    for number, one in enumerate((client, second)):
        in_the_clients_folder(home, one, f"{tmp_path.name}-{number}")
    rows = json.loads(run("sessions", "--all", "--json"))
    assert {(row["project"], row["session_id"]) for row in rows} == {
        (str(client.project), SESSION),
        (str(other), second.session),
    }
    assert len(json.loads(run("sessions", "--json"))) == 1
    text = run("sessions", "--all")
    assert "…ith-a-long-name  2222bbbb" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_client_that_never_ran_knows_no_projects(tmp_path: Path) -> None:
    assert projects.watched_projects(str(tmp_path / "nowhere"), {}) == []


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        pytest.param((0, 0.0), "░" * 16, id="nothing"),
        pytest.param((40_000, 0.0), "█" * 8 + "░" * 8, id="half"),
        pytest.param((90_000, 0.0), "█" * 16, id="over"),
    ],
)
def test_a_share_is_drawn_against_what_is_given(row: tuple[int, float], shown: str) -> None:
    use = attribution(conversation=row[0])["categories"]["conversation"]
    assert breakdown_view.share(use, "green").plain == shown
