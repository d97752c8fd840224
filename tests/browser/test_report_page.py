"""The report in a real browser: it is drawn, told, steered by keys, and kept from doing harm."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client
from long_session import LongSession, play
from made import MODEL, answer, call, done, prompt

from browser.devtools import Page, find_browser
from clearpoint.report.gather import gather, render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUIRED = "CLEARPOINT_REQUIRE_BROWSER"
ID = "aaaaaaaa-0000-4000-8000-000000000000"
WIDTHS = {"desktop": 1_000, "phone": 360}
HOSTILE = "</script><script>alert(1)</script><img src=http://127.0.0.1/x onerror=alert(2)>"
PAINTED = """[...document.querySelectorAll('canvas')].map(canvas => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(data.buffer)).size;
})"""
"""How many colours there are in each chart."""
COLOUR = """(() => {
  const canvas = document.querySelector('canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = {};
  for (const pixel of new Uint32Array(data.buffer)) if (pixel >>> 24 === 255)
    seen[pixel] = (seen[pixel] || 0) + 1;
  return Object.entries(seen).sort((a, b) => b[1] - a[1])[0][0];
})()"""
"""The colour that most of the chart's opaque pixels have."""
TOLD = "document.querySelector('.told').textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests, or the reason why there is none."""
    program = find_browser()
    if program is None:
        if os.environ.get(REQUIRED):
            pytest.fail("no browser is installed")
        pytest.skip("no Chromium is installed")
    with Page(program, tmp_path_factory.mktemp("browser")) as page:
        yield page


def write(client: Client, session_id: str | None = ID) -> Path:
    """The report of a client's session, or of all."""
    path = client.project / "report.html"
    path.write_text(render(gather(str(client.project), session_id, client.env)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Reports of sessions by their number of requests."""
    found = {}
    for requests in (1, 30, 3_000):
        client = Client(tmp_path_factory.mktemp("project"), ID)
        play(client, requests)
        found[requests] = write(client)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("requests", [1, 30, 3_000])
def test_it_is_drawn_and_fits(
    requests: int, width: int, scheme: str, browser: Page, pages: dict[int, Path]
) -> None:
    browser.open(pages[requests], width, scheme=scheme)
    assert browser.troubles == []
    assert browser.evaluate(PAINTED)[0] > 10
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert f"request {requests} " in browser.evaluate(TOLD)


def test_the_longest_names_fit_a_phone(browser: Page, tmp_path: Path) -> None:
    client = Client(tmp_path, ID)
    client.start(model=MODEL)
    client.turn(
        prompt(f"We decided to use {'x' * 150} here.", parent="0"),
        *done("Edit", file_path=str(tmp_path / ("y" * 200))),
        {**answer(message_id="m2", used=30_000), "gitBranch": "z" * 200},
    )
    browser.open(write(client), WIDTHS["phone"])
    assert browser.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"]
    seen = browser.evaluate("document.body.innerText")
    assert [letter * 100 in seen for letter in "xyz"] == [True, True, True]


def test_nothing_but_the_file_is_asked_for(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[30])
    assert browser.requests == [pages[30].as_uri()]


def test_every_session_of_a_report_has_its_chart(browser: Page, tmp_path: Path) -> None:
    client = Client(tmp_path, ID)
    play(client, 7)
    client.clear(ID.replace("a", "b"))
    client.turn(*LongSession(str(tmp_path), "b").turn(4))
    client.clear(ID.replace("a", "c"))
    browser.open(write(client, None))
    assert [colours > 10 for colours in browser.evaluate(PAINTED)] == [True, True]
    assert "No request yet." in browser.evaluate("document.body.innerText")
    assert browser.troubles == []


def test_the_keys_go_from_point_to_point(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[30])
    browser.evaluate("document.querySelector('input[type=range]').focus()")
    told = []
    for key in ("ArrowLeft", "ArrowLeft", "Home", "ArrowRight", "End"):
        browser.press(key)
        told.append(browser.evaluate(TOLD).partition(" · ")[0])
    assert told == ["request 29", "request 28", "request 1", "request 2", "request 30"]


def test_the_tab_key_reaches_every_part(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[30])
    reached = set()
    for _ in range(40):
        browser.press("Tab")
        reached.add(browser.evaluate("document.activeElement.localName"))
    assert {"a", "input", "summary"} <= reached


@pytest.mark.parametrize("requests", [1, 30])
def test_at_500_pixels_nothing_scrolls_sideways(
    requests: int, browser: Page, pages: dict[int, Path]
) -> None:
    browser.open(pages[requests], 500)
    wider = "[...document.querySelectorAll('*')].filter(one => one.scrollWidth > 500).length"
    assert browser.evaluate(wider) == 0


def test_the_first_screen_has_the_verdict_and_the_projects_name(
    browser: Page, pages: dict[int, Path]
) -> None:
    browser.open(pages[30])
    top = "document.querySelector('.verdict').getBoundingClientRect().bottom"
    assert browser.evaluate(top) < 500
    assert browser.evaluate("document.querySelector('h1').innerText") == pages[30].parent.name


def test_the_legend_names_what_is_drawn_alone(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[1])
    assert browser.evaluate("document.querySelectorAll('figcaption .key').length") == 0


def test_the_axis_can_be_time(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[30])
    before = browser.evaluate("document.querySelector('canvas').toDataURL()")
    browser.evaluate("document.querySelector('input[value=time]').click()")
    browser.settle()
    assert browser.evaluate("document.querySelector('canvas').toDataURL()") != before
    assert browser.evaluate("document.querySelectorAll('canvas').length") == 1
    assert browser.troubles == []


def test_the_chart_follows_the_colour_scheme_and_the_size(
    browser: Page, pages: dict[int, Path]
) -> None:
    browser.open(pages[30])
    light = browser.evaluate(COLOUR)
    browser.prefer("dark")
    browser.settle()
    assert browser.evaluate(COLOUR) != light
    browser.resize(500)
    browser.settle()
    assert browser.evaluate("document.querySelector('.uplot').clientWidth") < 500


def test_everything_has_a_name_for_those_who_listen(browser: Page, pages: dict[int, Path]) -> None:
    browser.open(pages[30])
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    named: dict[str, list[Any]] = {}
    for node in nodes:
        if not node.get("ignored"):
            role = node["role"]["value"]
            named.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    for role in ("slider", "radio", "image", "region", "heading", "link"):
        assert named[role]
        assert [name for name in named[role] if not name] == []
    spoken = browser.evaluate("document.querySelector('input').getAttribute('aria-valuetext')")
    assert spoken.startswith("request 30 · 2026-01-01 ")
    assert browser.evaluate("document.querySelector('.points').rows.length") == 31


def test_what_a_session_says_is_not_run(browser: Page, tmp_path: Path) -> None:
    client = Client(tmp_path, ID)
    client.start(model=MODEL)
    client.turn(
        prompt(f"We decided to use {HOSTILE} here.", parent="0"),
        call("Read", file_path=str(tmp_path / HOSTILE)),
        call(HOSTILE, tool_id="t2"),
        {**answer(HOSTILE, message_id="m2", used=30_000), "gitBranch": HOSTILE},
    )
    page = write(client)
    browser.open(page)
    assert browser.evaluate("document.body.innerText").count("<script>alert(1)</script>") >= 3
    assert browser.evaluate("[document.images.length, document.scripts.length]") == [0, 1]
    assert (browser.troubles, browser.requests) == ([], [page.as_uri()])


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<img src='data:,' onerror='document.title = 1'>", id="a handler"),
        pytest.param("<img src='http://127.0.0.1:9/x.png'>", id="a picture from elsewhere"),
        pytest.param("<p style='color: red'>", id="a style"),
        pytest.param("<iframe src='http://127.0.0.1:9/'></iframe>", id="a frame"),
    ],
)
def test_even_what_slipped_in_could_do_nothing(
    markup: str, browser: Page, pages: dict[int, Path]
) -> None:
    browser.open(pages[1])
    browser.evaluate(
        "window.forbidden = new Promise(done =>"
        " addEventListener('securitypolicyviolation', event => done(event.blockedURI)));"
        f"document.body.insertAdjacentHTML('beforeend', {markup!r}); 0"
    )
    assert browser.evaluate("forbidden")
    assert browser.evaluate("document.title") != "1"
