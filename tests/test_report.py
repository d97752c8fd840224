"""The report: one page with everything in it, true to the session and safe to open."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import state_folder
from driver import Client, client_folder
from long_session import BEGINS_AT_S, COMPACTED_AT, GROWTH, STEP_S, LongSession, play
from made import MODEL, answer, done, prompt, state_after

from clearpoint.cli.main import main
from clearpoint.report.assets import AssetError, read_asset
from clearpoint.report.family import line_to, members, trees
from clearpoint.report.gather import gather, render
from clearpoint.report.page import digest, visible

if TYPE_CHECKING:
    from clearpoint.models.state import State
    from clearpoint.report.gather import Report, SessionReport

IDS = [f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd"]
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7 * 7 }}&amp;"


class Seen(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside: dict[str, str] = {}
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag."""
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """Its end."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """What is between."""
        if self._open in {"script", "style"}:
            self.inside[self._open] = self.inside.get(self._open, "") + data
        else:
            self.text += data

    def number_of(self, tag: str) -> int:
        """How many tags of a kind there are."""
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client in an empty project."""
    return Client(tmp_path, IDS[0])


def reported(client: Client, session_id: str | None = None) -> Report:
    """What a report would show."""
    return gather(str(client.project), session_id, client_folder())


def only(client: Client) -> SessionReport:
    """The report of the current session."""
    return reported(client, client.session).sessions[0]


def page_of(client: Client, session_id: str | None = None) -> Seen:
    """The page, as a browser takes it."""
    return Seen(render(reported(client, session_id)))


def child(session_id: str, parent: str | None, reason: str = "clear") -> State:
    """A session that continues another."""
    made = state_after()
    lineage = {"parent_id": parent, "reason": reason, "confidence": "exact", "evidence": "e"}
    return {**made, "session_id": session_id, "lineage": lineage}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("requests", [1, 30, 3_000])
def test_each_request_is_a_point(requests: int, client: Client) -> None:
    talk = play(client, requests)
    history = only(client).history
    assert (len(history.points), history.unit) == (requests, "request")
    assert history.points[-1].tokens == talk.used
    assert [one.kind for one in history.marks].count("compaction") == talk.compactions
    times = [point.at for point in history.points]
    assert times == sorted(times)
    assert times[0] == BEGINS_AT_S + 2 * STEP_S


def test_without_the_transcript_each_turn_is_a_point(client: Client) -> None:
    client.start(model=MODEL)
    used = []
    talk = LongSession(str(client.project))
    for turn in talk.turns(20):
        client.turn(*turn)
        used.append(talk.used)
    client.transcript.unlink()
    told = only(client)
    assert (told.history.unit, told.spending) == ("turn", None)
    assert [point.tokens for point in told.history.points] == used
    page = page_of(client, client.session)
    assert "the transcript has been deleted" in page.text
    assert "4 turns" in page.text


def test_advice_stands_behind_the_request_that_set_it_off(client: Client) -> None:
    client.start(model=MODEL)
    talk = LongSession(str(client.project))
    expected = [talk.requests for turn in talk.turns(95) if client.turn(*turn)]
    told = only(client)
    assert expected
    assert [mark.place for mark in told.history.marks if mark.kind == "advice"] == expected
    assert "you were told: how full it is at 123k" in [mark.words for mark in told.history.marks]


def test_a_compaction_tells_its_sizes(client: Client) -> None:
    play(client, (COMPACTED_AT - 18_000) // GROWTH + 2)
    marks = [mark for mark in only(client).history.marks if mark.kind == "compaction"]
    assert [mark.words for mark in marks] == [
        "auto compaction at 150k, 10k of the conversation left"
    ]


def test_sessions_that_continue_each_other_are_one_course(client: Client) -> None:
    play(client, 12, "a")
    for number, session_id in enumerate(IDS[1:3]):
        client.clear(session_id)
        client.turn(*LongSession(str(client.project), "bc"[number]).turn(4))
    told = only(client)
    assert told.line == IDS[:3]
    assert [point.session_id for point in told.history.points] == (
        [IDS[0]] * 12 + [IDS[1]] * 4 + [IDS[2]] * 4
    )
    assert [(mark.kind, mark.place) for mark in told.history.marks if mark.kind != "advice"] == [
        ("clear", 12),
        ("clear", 16),
    ]


def test_in_a_report_of_all_each_session_stands_for_itself(client: Client) -> None:
    play(client, 12, "a")
    client.clear(IDS[1])
    client.turn(*LongSession(str(client.project), "b").turn(4))
    found = reported(client)
    assert [(one.line, len(one.history.points)) for one in found.sessions] == [
        ([IDS[1]], 4),
        ([IDS[0]], 12),
    ]
    kinds = [(mark.kind, mark.place) for mark in found.sessions[0].history.marks]
    assert kinds == [("start", 0)]
    assert len(found.compared) == 2


def test_a_damaged_session_is_counted_and_left_out(client: Client) -> None:
    play(client, 2)
    client.clear(IDS[1])
    state = client.store.path(IDS[0], "state.json")
    Path(state).write_text("{}", encoding="utf-8")
    found = reported(client)
    assert ([one.line for one in found.sessions], found.damaged) == ([[IDS[1]]], 1)


def test_the_tokens_of_tools_and_files_are_those_of_the_parts(client: Client) -> None:
    play(client, 30)
    spent = only(client).spending
    assert spent is not None
    whole = [share for share in spent.parts if share.depth == 0]
    assert sum(share.tokens for share in whole) == spent.window
    reading = next(tool for tool in spent.tools if tool.name == "Read")
    assert reading.results == sum(file.tokens for file in spent.files)
    assert {file.path for file in spent.files} == {f"src/module_{n}.py" for n in range(9)}
    assert [file.tokens for file in spent.files] == sorted(
        (file.tokens for file in spent.files), reverse=True
    )


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param("a b<a c<b", [("abc", [])], id="a line"),
        pytest.param("a b<a c<a", [("a", [("b", []), ("c", [])])], id="a fork"),
        pytest.param("a b<a c<b d<b", [("ab", [("c", []), ("d", [])])], id="a line that forks"),
        pytest.param("a b", [("a", []), ("b", [])], id="two that have nothing in common"),
        pytest.param("b<x c<b", [("bc", [])], id="a parent that has gone"),
        pytest.param("a<b b<a", [("ab", [])], id="a circle"),
        pytest.param("a<a", [("a", [])], id="its own parent"),
    ],
)
def test_the_lineage_is_a_tree(links: str, expected: list[Any]) -> None:
    def shape(tree: Any) -> Any:
        return "".join(one["session_id"] for one in tree.line), [*map(shape, tree.branches)]

    pairs = [link.partition("<")[::2] for link in links.split()]
    states = [child(name, parent or None) for name, parent in pairs]
    assert [shape(tree) for tree in trees(states)] == expected


def test_forks_of_forks_end_somewhere() -> None:
    states = [child("0", None)]
    for number in range(500):
        states += [child(f"{number + 1}", str(number)), child(f"x{number}", str(number))]
    (tree,) = trees(states)
    assert len(members(tree)) == len(states)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        pytest.param("clear", ["a", "b"], id="clear"),
        pytest.param("crash", ["a", "b"], id="crash"),
        pytest.param("fork", ["b"], id="a fork's transcript holds everything again"),
    ],
)
def test_a_course_goes_back_over_clears_alone(reason: str, expected: list[str]) -> None:
    states = [child("a", None, "startup"), child("b", "a", reason)]
    assert [one["session_id"] for one in line_to(states[1], states)] == expected


@pytest.fixture
def hostile(client: Client) -> Client:
    """A client whose work is made of text that means harm."""
    client.start(model=MODEL)
    client.turn(
        prompt(f"We decided to use {HOSTILE} here.", parent="0"),
        *done("Read", file_path=str(client.project / f"src/{HOSTILE}.py")),
        *done(HOSTILE, tool_id="t2", x=1),
        *done("TodoWrite", tool_id="t3", todos=[{"content": HOSTILE, "status": "pending"}]),
        {**answer(HOSTILE, message_id="m2", used=30_000), "gitBranch": HOSTILE},
    )
    return client


def test_nothing_of_a_session_becomes_markup(hostile: Client) -> None:
    page = page_of(hostile, hostile.session)
    assert (page.number_of("script"), page.number_of("img")) == (1, 0)
    assert [name for _, attrs in page.tags for name in attrs if name.startswith("on")] == []
    assert page.text.count(HOSTILE) >= 4
    assert "49" not in re.findall(r"script>(\d+)<", page.text)


def test_nothing_is_loaded_from_anywhere(hostile: Client) -> None:
    page = page_of(hostile)
    links = [
        attrs[name] or "" for _, attrs in page.tags for name in ("src", "href") if name in attrs
    ]
    assert links
    assert [link for link in links if not link.startswith("#")] == []
    assert page.number_of("link") + page.number_of("iframe") == 0
    assert "url(" not in page.inside["style"]
    assert "@import" not in page.inside["style"]


def test_the_policy_names_our_script_and_style_alone(hostile: Client) -> None:
    page = page_of(hostile)
    policies = [
        attrs["content"] or ""
        for tag, attrs in page.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    script, style = digest(page.inside["script"]), digest(page.inside["style"])
    ours = f"default-src 'none'; script-src '{script}'; style-src '{style}'"
    assert policies == [f"{ours}; base-uri 'none'; form-action 'none'"]
    assert [attrs for _, attrs in page.tags if "style" in attrs] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\u202egpj.py", "a�gpj.py", id="the other direction"),
        pytest.param("a\x1b[2J\x00", "a�[2J�", id="control characters"),
        pytest.param("\ud800", "�", id="half of a pair"),
        pytest.param("설정 ✓\n\t", "설정 ✓\n\t", id="what can be seen stays"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, expected: str) -> None:
    assert visible(text) == expected
    visible(text).encode()


def test_no_name_on_the_page_can_be_read_as_another(client: Client) -> None:
    client.start(model=MODEL)
    client.turn(
        prompt("We decided to use \u202eTWJ.", parent="0"),
        *done("Read", file_path=str(client.project / "a\u202egpj.py")),
        answer(message_id="m2", used=30_000),
    )
    text = page_of(client).text
    assert "a�gpj.py" in text
    assert "\u202e" not in text


def test_every_table_says_what_its_columns_are(hostile: Client) -> None:
    page = page_of(hostile, hostile.session)
    assert page.number_of("table") == page.number_of("thead") >= 4
    headers = [attrs for tag, attrs in page.tags if tag == "th"]
    assert [attrs for attrs in headers if attrs.get("scope") not in {"col", "row"}] == []


def test_the_library_comes_with_its_licence(client: Client) -> None:
    play(client, 1)
    script = page_of(client).inside["script"]
    assert "The MIT License" in script
    assert "Copyright (c) 2022 Leon Sorokin" in script


def test_a_damaged_library_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "uplot.min.js").write_text("alert(1)", encoding="utf-8")
    with pytest.raises(AssetError, match=r"uplot.min.js is damaged; reinstall clearpoint"):
        read_asset("uplot.min.js", str(tmp_path))


def test_the_page_is_in_the_state_folder_and_readable_by_its_owner_alone(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    play(client, 3)
    assert main(["report", "--project", str(client.project)]) == 0
    path = state_folder(client.project) / "reports/aaaaaaaa.html"
    assert capsys.readouterr().out.startswith(f"{path} (")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_it_can_be_written_elsewhere(client: Client, tmp_path: Path) -> None:
    play(client, 3)
    path = tmp_path / "all.html"
    assert main(["report", "--all", "-o", str(path), "--project", str(client.project)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_can_be_had_on_standard_output(
    client: Client, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    play(client, 3)
    assert main(["report", "-o", "-", "--project", str(client.project)]) == 0
    assert capfdbinary.readouterr().out.endswith(b"</html>")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(["aaaa", "--all"], "give a session or --all, not both", id="both"),
        pytest.param(["x"], "no session begins with 'x'", id="no such session"),
        pytest.param(["-o", "/dev/null"], "/dev/null is not a regular file", id="a device"),
        pytest.param(["-o", "/nowhere/r.html"], "No such file or directory", id="no folder"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    args: list[str], told: str, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    play(client, 1)
    assert main(["report", *args, "--project", str(client.project)]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert told in err


@pytest.mark.processes
@pytest.mark.skipif(os.name != "posix", reason="the opener is a shell script")
@pytest.mark.parametrize(
    ("code", "expected"), [pytest.param(0, 0, id="opened"), pytest.param(3, 1, id="not opened")]
)
def test_it_is_opened_in_the_browser(
    code: int, expected: int, client: Client, tmp_path: Path
) -> None:
    play(client, 1)
    opener = tmp_path / "opener"
    opener.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\nexit {code}\n')
    opener.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", "from clearpoint.cli import main; raise SystemExit(main())",
         "report", "--open", "--project", str(client.project)],
        env={"PATH": "", "BROWSER": f"{opener} %s", **client_folder()},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    page = state_folder(client.project) / "reports/aaaaaaaa.html"
    assert (tmp_path / "opened").read_text() == f"{page.as_uri()}\n"
    assert (done.returncode, done.stderr.count("\n")) == (expected, expected)
