"""The status line: one line that fits, says only what is known, and leaves other lines alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client
from made import MODEL, answer, prompt

from clearpoint.client.events import Event
from clearpoint.config.defaults import DEFAULTS
from clearpoint.handlers import statusline as handler
from clearpoint.project.git import place_shown
from clearpoint.statusline import changes, companion
from clearpoint.statusline import facts as statusline_facts
from clearpoint.statusline import line as statusline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clearpoint.statusline.pieces import Shown

SCRIPT = "from clearpoint import door; door.run('clearpoint.handlers.statusline')"
SHOWN: Shown = {
    "budget": 200_000,
    "window": 200_000,
    "used": 150_000,
    "projected": 152_000,
    "estimated": True,
    "level": "warning",
    "turns_left": 6,
    "spec": "SPEC-1",
    "phase": "testing",
    "cache": "cache until 14:32",
    "branch": "main",
    "changed": 3,
    "cost": 4.2,
    "five_hour": (42, "14:00"),
    "week": (81, "Mon 09:00"),
    "model": "Opus 5.5",
    "agents": 2,
    "pull_request": 12,
}
WHOLE = (
    "████████░░ 150k/200k window 75% → ~152k · 6 turns left · 5h 42% (resets 14:00)"
    " · week 81% (resets Mon 09:00) · main (3 changed) · $4.20 · 2 agents running"
    " · SPEC-1 · testing · cache until 14:32"
)
BRIEF = (
    "████████░░ 150k/200k 75% → ~152k · 6 turns left · 5h 42% · week 81% (resets Mon 09:00)"
    " · main · $4.20 · 2 agents · SPEC-1 · testing · cache until 14:32"
)


SETTINGS = ("preset", "colours", "icons", "coloured")


def said(width: int = 0, wanted: list[str] | None = None, **given: Any) -> str:
    """The line for these facts and settings, with these pieces; plain unless `coloured`."""
    chosen = {key: given.pop(key) for key in SETTINGS if key in given}
    coloured = chosen.pop("coloured", False)
    settings: Any = {**DEFAULTS["statusline"], "pieces": wanted or [], **chosen}
    shown: Any = {**SHOWN, **given}
    return statusline.line(shown, settings, width, coloured=coloured)


def payload(used: int = 84_000, **fields: Any) -> dict[str, Any]:
    """What the client sends, with so many tokens in use."""
    window = {
        "context_window_size": 200_000,
        "total_input_tokens": used,
        "total_output_tokens": 0,
        "current_usage": {"input_tokens": used} if used else None,
    }
    return {"model": {"id": "claude-sonnet-4-6"}, "context_window": window, **fields}


@pytest.mark.parametrize(
    ("current", "line"),
    [
        pytest.param({"input_tokens": 10, "cache_creation_input_tokens": 1_000,
                      "cache_read_input_tokens": 40_000, "output_tokens": 990}, "42k/200k",
                     id="the newest request"),
        pytest.param(dict.fromkeys(("input_tokens", "output_tokens"), 0), "", id="compacted"),
        pytest.param(None, "", id="started"),
    ],
)  # fmt: skip
def test_the_sessions_sums_of_older_clients_are_not_what_is_in_use(
    client: Client, current: dict[str, int] | None, line: str
) -> None:
    sent = payload(used=1_900_000)
    sent["context_window"]["current_usage"] = current
    assert line in client.send("statusline", **sent).replace("\n", "") != "0%"


@pytest.mark.parametrize(("size", "turns"), [(200_000, 1), (1_000_000, 105)])
def test_where_another_model_compacts_is_not_said_of_the_one_just_chosen(
    tmp_path: Path, size: int, turns: int
) -> None:
    sent = {**payload(used=158_000), "session_id": "s", "cwd": str(tmp_path)}
    sent["context_window"]["context_window_size"] = size
    known: Any = {"total": 200_000, "compaction_at": 167_000, "growth": 8_000, "projected": 0}
    shown = statusline_facts.what_there_is(Event(sent, {}), DEFAULTS, known, 0.0)
    assert shown["turns_left"] == turns


def test_a_status_line_that_names_the_longer_window_is_believed(client: Client) -> None:
    client.start()
    client.turn(prompt("go"), answer(used=150_000))
    sent = {"model": {"id": f"{MODEL}[1m]"}, "context_window": {"current_usage": None}}
    client.send("statusline", **sent)
    client.turn(prompt("on", parent="x"), answer(used=151_000, message_id="m2"))
    found = client.state["context_window"]
    assert (found["total"], found["source"]) == (1_000_000, "status line")


@pytest.fixture
def client(tmp_path: Path) -> Client:
    made = Client(tmp_path)
    made.env["NO_COLOR"] = "1"
    return made


def beside(client: Client, command: str, seconds: float | None = None, **fields: Any) -> str:
    """The line of a client that was set another status line before."""
    if seconds is not None:
        folder = state_folder(client.project)
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(f"[statusline]\nwait_seconds = {seconds}\n")
    given = {"session_id": "s-1", "cwd": str(client.project), **payload(), **fields}
    return handler.handle(Event(given, client.env, ["--with", command]))


def test_the_whole_line() -> None:
    assert said() == WHOLE


@pytest.mark.parametrize("width", range(24, 220))
def test_where_it_is_narrow_pieces_are_brief_and_the_last_go_first(width: int) -> None:
    line = said(width)
    assert len(line) <= width
    assert line == WHOLE if width >= len(WHOLE) else BRIEF.startswith(line)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (31, "████████░░ 150k/200k 75%"),
        (24, "████████░░ 150k/200k 75%"),
        (23, "████████░░ 75%"),
        (14, "████████░░ 75%"),
        (13, "75%"),
        (3, "75%"),
        (2, ""),
    ],
)
def test_of_the_gauge_the_percentage_stays_longest(width: int, line: str) -> None:
    assert said(width) == line


@pytest.mark.parametrize(("width", "line"), [(9, "SPEC-1"), (22, "SPEC-1 · testing"), (5, "")])
def test_of_other_pieces_the_first_stays_longest(width: int, line: str) -> None:
    assert said(width, ["spec", "phase", "branch"]) == line


@pytest.mark.parametrize(
    ("preset", "line"),
    [
        pytest.param("minimal", WHOLE.replace(" → ~152k", "").partition(" · 5h")[0], id="minimal"),
        pytest.param("default", WHOLE, id="default"),
        pytest.param(
            "full",
            WHOLE.replace("· main", "· Opus 5.5 · main").replace("· $4", "· PR #12 · $4"),
            id="full",
        ),
    ],
)
def test_a_preset_chooses_the_pieces(preset: str, line: str) -> None:
    assert said(preset=preset) == line


def test_wide_characters_take_two_cells() -> None:
    assert said(9, ["spec"], spec="인증토큰만료") == ""
    assert said(12, ["spec"], spec="인증토큰만료") == "인증토큰만료"


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        pytest.param(["branch", "phase"], "main (3 changed) · testing", id="in the user's order"),
        pytest.param(["bar"], "████████░░", id="the bar alone"),
        pytest.param(["projected"], "~152k/200k window 76%", id="projected without the counted"),
        pytest.param(["tokens", "level"], "150k/200k window 75%", id="counted without projected"),
    ],
)
def test_the_pieces_are_the_persons(wanted: list[str], line: str) -> None:
    assert said(wanted=wanted) == line


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param({"projected": 150_200}, "150k/200k window 75%", id="no more than counted"),
        pytest.param({"estimated": False}, "150k/200k window 75% → 152k", id="no estimate"),
        pytest.param({"used": 0, "projected": 9_000}, "~9k/200k window 4%", id="once compacted"),
        pytest.param({"used": 0, "projected": 0}, "", id="before the first answer"),
        pytest.param(
            {"used": 0, "projected": 9_000, "estimated": False},
            "~9k/200k window 4%",
            id="not counted yet",
        ),
        pytest.param(
            {"used": 600, "projected": 600, "window": 1_000_000},
            "600/200k budget <1% (window 1M)",
            id="next to nothing",
        ),
        pytest.param(
            {"window": 1_000_000},
            "150k/200k budget 75% (window 1M) → ~152k",
            id="a budget within a larger window",
        ),
    ],
)
def test_projected_use_is_told_honestly(facts: dict[str, Any], line: str) -> None:
    assert said(wanted=["tokens", "projected"], **facts) == line


@pytest.mark.parametrize(
    ("left", "words"),
    [(None, ""), (0, "<1 turn left"), (1, "1 turn left"), (20, "20 turns left"), (21, "")],
)
def test_turns_left(left: int | None, words: str) -> None:
    assert said(wanted=["turns_left"], turns_left=left) == words


def test_names_bring_no_control_characters_and_no_novels() -> None:
    line = said(wanted=["spec", "branch"], spec="S\x1b[31m\n\x9b1", branch="b" * 40, changed=0)
    assert line == "S[31m1 · " + "b" * 31 + "…"


def test_use_beyond_the_budget_is_named() -> None:
    line = said(wanted=["bar", "tokens", "level"], window=1_000_000, used=240_000)
    assert line == "██████████ 240k/200k budget 120% (window 1M) over budget"


def test_colour_is_on_the_bar_and_can_be_off(client: Client) -> None:
    del client.env["NO_COLOR"]
    assert client.send("statusline", **payload(151_000)).startswith(
        "\x1b[33m████████░░\x1b[0m 151k/200k window 76%"
    )
    client.env["NO_COLOR"] = "1"
    assert "\x1b" not in client.send("statusline", **payload(151_000))


def test_the_terminals_width_is_the_clients(client: Client) -> None:
    client.env["COLUMNS"] = "38"
    assert client.send("statusline", **payload(151_000)) == "████████░░ 151k/200k window 76%\n"
    client.env["COLUMNS"] = "0x"
    assert client.send("statusline", **payload(151_000)).endswith("76%\n")


WARM = {"expires_at": 1_000_300}


@pytest.mark.parametrize(
    ("cache", "tokens", "words"),
    [
        pytest.param(WARM, 60_000, "cache until ", id="warm"),
        pytest.param(WARM, 49_000, "", id="little to write again"),
        pytest.param(
            {"expires_at": 999_999, "recache_tokens_if_cold": 61_010},
            60_000,
            "cache expired",
            id="cold",
        ),
        pytest.param({"expires_at": 999_999, "recache_tokens_if_cold": None}, 60_000, "",
                     id="nothing"),
        pytest.param({"expires_at": 10**15}, 60_000, "", id="no time"),
        pytest.param({"expires_at": "soon"}, 60_000, "", id="no number"),
        pytest.param(None, 60_000, "", id="no cache"),
        pytest.param([], 60_000, "", id="no object"),
    ],
)  # fmt: skip
def test_the_prompt_cache(cache: Any, tokens: int, words: str, tmp_path: Path) -> None:
    event = Event({"session_id": "s", "cwd": str(tmp_path), "prompt_cache": cache}, {})
    found = statusline_facts.cache_words(event, 1_000_000.0, tokens, 50_000)
    assert found.startswith(words)
    assert bool(found) is bool(words)


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        pytest.param({"used_percentage": 41.6, "resets_at": 1_003_600}, (42, "14:46"), id="today"),
        pytest.param({"used_percentage": 3, "resets_at": 1_200_000}, (3, "Wed 21:20"), id="later"),
        pytest.param({"used_percentage": 3}, (3, ""), id="no reset"),
        pytest.param({"used_percentage": 90, "resets_at": 999_999}, None, id="over by now"),
        pytest.param({"used_percentage": 90, "resets_at": 10**15}, None, id="no time"),
        pytest.param({"used_percentage": "90"}, None, id="no number"),
        pytest.param({"used_percentage": True}, None, id="no figure"),
        pytest.param({"used_percentage": float("nan")}, None, id="not a number"),
        pytest.param({}, None, id="nothing"),
        pytest.param(None, None, id="no limit"),
    ],
)
def test_a_rate_limit_is_shown_until_it_starts_over(
    limit: Any, found: Any, tmp_path: Path, utc: None
) -> None:
    given = {"session_id": "s", "cwd": str(tmp_path), "rate_limits": {"five_hour": limit}}
    assert statusline_facts.rate_limit(Event(given, {}), "five_hour", 1_000_000.0) == found


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_clients_cost_limits_and_model_are_shown(client: Client, utc: None) -> None:
    folder = state_folder(client.project)
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text('[statusline]\npreset = "full"\n')
    limits = {"seven_day": {"used_percentage": 95, "resets_at": int(time.time()) + 60}}
    model = {"id": MODEL, "display_name": "Sonnet 4.5 (1M context)"}
    line = client.send(
        "statusline",
        **{**payload(), "model": model},
        cost={"total_cost_usd": 0.4249},
        rate_limits=limits,
    )
    assert line.startswith("████░░░░░░ 84k/200k window 42% · week 95% (resets ")
    assert line.endswith(") · Sonnet 4.5 · $0.42\n")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        pytest.param(0.004, "", id="less than a cent"),
        pytest.param(7, "$7.00", id="dollars"),
        pytest.param(1234.5, "$1,234", id="many"),
    ],
)
def test_the_cost(cost: float, words: str) -> None:
    assert said(wanted=["cost"], cost=cost) == words


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param({"week": (79, "")}, "week 79%", id="a limit with room"),
        pytest.param({"week": (80, "")}, "\x1b[33mweek 80%\x1b[0m", id="from 80%"),
        pytest.param({"week": (95, "")}, "\x1b[31mweek 95%\x1b[0m", id="from 95%"),
        pytest.param(
            {"week": (80, ""), "colours": {"warning": "bright_blue"}},
            "\x1b[94mweek 80%\x1b[0m",
            id="in the user's colour of the level",
        ),
        pytest.param(
            {"week": (5, ""), "colours": {"week": 208}},
            "\x1b[38;5;208mweek 5%\x1b[0m",
            id="in the user's colour of the piece",
        ),
        pytest.param({"week": (99, ""), "colours": {}}, "week 99%", id="none at all"),
    ],
)
def test_colours(facts: dict[str, Any], line: str) -> None:
    assert said(wanted=["week"], coloured=True, **facts) == line


def test_an_icon_stands_before_its_piece_and_has_its_room() -> None:
    icons = {"branch": "⎇", "model": "🤖\x1b"}
    assert said(wanted=["branch", "model"], icons=icons) == "⎇ main (3 changed) · 🤖 Opus 5.5"
    assert said(11, ["model"], icons=icons) == "🤖 Opus 5.5"
    assert said(10, ["model"], icons=icons) == ""


def git(folder: Path, *args: str) -> None:
    bare = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(folder)}
    author = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *author, *args], cwd=folder, env=bare, check=True, capture_output=True)


def test_the_branch_is_gits_in_a_repository_a_worktree_and_on_a_commit(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert place_shown(str(project)) == ""
    git(project, "init", "--initial-branch", "feat/login")
    assert place_shown(str(project)) == "feat/login"
    git(project, "commit", "--allow-empty", "-m", "x")
    git(project, "worktree", "add", "-b", "side", "../side")
    assert place_shown(str(tmp_path / "side")) == "side"
    git(project, "checkout", "--detach")
    assert len(place_shown(str(project))) == 8


def test_a_count_from_before_a_commit_is_not_shown(tmp_path: Path) -> None:
    folder, index = tmp_path / "s", tmp_path / ".git/index"
    folder.mkdir()
    index.parent.mkdir()
    index.touch()
    (folder / "changes").write_bytes(b"2\n")
    now = (folder / "changes").stat().st_mtime
    os.utime(index, (now - 1, now - 1))
    before = changes.changed(str(tmp_path), str(folder), now)
    os.utime(index, (now + 1, now + 1))
    assert (before, changes.changed(str(tmp_path), str(folder), now + 2)) == (2, 0)


def test_git_is_asked_beside_the_line_and_the_next_one_shows_its_answer(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init")
    folder = tmp_path / ".git" / "session"
    folder.mkdir()
    (tmp_path / "new").touch()
    now = time.time()
    assert changes.changed(str(tmp_path), str(folder), now) == 0
    assert (folder / changes.NAME).read_bytes() in (b"?", b"1\n")
    until((folder / changes.NAME), b"1\n")
    assert changes.changed(str(tmp_path), str(folder), now) == 1


def until(path: Path, content: bytes) -> None:
    """Wait for a file to hold this."""
    end = time.monotonic() + 20
    while path.read_bytes() != content and time.monotonic() < end:
        os.sched_yield()


@pytest.mark.parametrize(
    ("said", "age_s", "number", "kept"),
    [
        pytest.param(b"3\n", 1.0, 3, b"3\n", id="fresh"),
        pytest.param(b"3\n", 9.0, 3, b"3?", id="asked for again"),
        pytest.param(b"3?", 1.0, 3, b"3?", id="asked for already"),
        pytest.param(b"3?", 9.0, 0, b"?", id="no answer for long"),
        pytest.param(b"3\n", 99.0, 0, b"3?", id="too old to be shown"),
        pytest.param(b"x", 1.0, 0, b"x", id="no number"),
    ],
)
def test_a_count_of_changes_is_shown_while_it_can_be_right(
    said: bytes, age_s: float, number: int, kept: bytes, tmp_path: Path
) -> None:
    path = tmp_path / changes.NAME
    path.write_bytes(said)
    at = path.stat().st_mtime
    assert changes.changed("/nowhere", str(tmp_path), at + age_s) == number
    assert path.read_bytes() in (kept, b"0\n")


def test_subagents_are_counted_while_they_run(client: Client) -> None:
    client.start()
    asked = payload()
    for agent_id in ("a1", "a2"):
        client.send("subagent_start", agent_id=agent_id, agent_type="general-purpose")
    shown = [client.send("statusline", **asked)]
    client.send("subagent_stop", agent_id="a1", agent_type="general-purpose")
    shown.append(client.send("statusline", **asked))
    client.send("stop", background_tasks=[])
    shown.append(client.send("statusline", **asked))
    assert [line.rstrip("\n").partition("42%")[2] for line in shown] == [
        " · 2 agents running",
        " · 1 agent running",
        "",
    ]


def test_a_subagent_that_only_the_client_lists_is_counted(client: Client) -> None:
    client.start()
    shell = {"id": "b1", "type": "shell", "status": "running"}
    client.send("stop", background_tasks=[{**shell, "id": "a1", "type": "subagent"}, shell, 5])
    assert client.send("statusline", **payload()).endswith("42% · 1 agent running\n")


def test_another_status_line_stands_above_ours(client: Client) -> None:
    given = "import json,sys; print(json.load(sys.stdin)['model']['id'])"
    text = beside(client, f"{sys.executable} -c \"{given}\"; printf 'two \\n\\n'")
    assert text == "claude-sonnet-4-6\ntwo\n" + client.send("statusline", **payload())


@pytest.mark.parametrize(
    ("command", "theirs"),
    [
        pytest.param("nonsense-that-is-not-there", "", id="not there"),
        pytest.param("echo hi; exit 2", "hi\n", id="fails"),
        pytest.param("kill -PIPE $$; echo on", "", id="ends where nobody reads"),
        pytest.param("kill -9 $$", "", id="killed"),
        pytest.param("exec 0<&- 1>&-", "", id="closes its streams"),
        pytest.param("echo it is >&2", "", id="complains"),
        pytest.param("true", "", id="says nothing"),
        pytest.param("if", "", id="no shell command"),
        pytest.param("printf '\\377\\376'", "\ufffd\ufffd\n", id="no text"),
    ],
)
def test_a_failing_one_does_no_harm(client: Client, command: str, theirs: str) -> None:
    assert beside(client, command) == theirs + client.send("statusline", **payload())


def test_an_endless_one_is_cut_off_with_all_that_it_has_started(client: Client) -> None:
    pipe = client.project / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    begun = time.monotonic()
    text = beside(client, f"exec 3>{pipe}; echo first; sleep 60 | sleep 61", 0.2)
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""  # once nobody holds the other end any more
    os.close(reader)
    assert time.monotonic() - begun < 5.0
    assert text.startswith("first\n████")
    flood = beside(client, "yes", 0.2)
    assert len(flood) < 3 * companion.OUTPUT_BYTES


def test_a_long_event_reaches_it_whole(client: Client) -> None:
    text = beside(client, "wc -c", 5, padding="x" * 400_000)
    assert int(text.split()[0]) > 400_000


@pytest.mark.processes
def test_the_client_that_ends_us_ends_the_other_one_too(client: Client, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    given = {"session_id": "s-1", "cwd": str(client.project), **payload()}
    command = [
        sys.executable,
        "-c",
        SCRIPT,
        "--with",
        f"exec 3>{pipe}; echo >&3; sleep 20; echo late >&3",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(given).encode())
        process.stdin.close()
        with pipe.open() as other:
            other.readline()
            process.terminate()
            assert other.read() == ""  # read to the end of the process that holds it open


def test_it_runs_where_processes_cannot_be_spawned_as_on_posix() -> None:
    portable = companion.PortableCompanion("head -c 5; echo; exit 3")
    assert portable.talk(b"given and more", 5.0) == b"given\n"
    endless = companion.PortableCompanion("echo first; exec sleep 60")
    assert endless.talk(b"", 0.2) == b"first\n"
