"""What going on costs after the prompt cache has expired is told once, where it matters."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from driver import Client
from made import answer, prompt

from clearpoint.lowlevel.checks import is_count
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

RESUMED = {
    "prompt_cache_likely_expired": True,
    "estimated_cache_write_usd": 0.79,
    "seconds_since_last_response": 7_200,
}
TOLD = (
    "The prompt cache has expired: continuing re-sends 126k tokens uncached (about $0.79); "
    "after /clear it would be about 22k (about $0.14)."
)


def paused(project: Path, used: int = 126_000, text: str = "Done.", settings: str = "") -> Client:
    """A client whose session holds so much, and whose user was away for two hours."""
    (project / ".clearpoint").mkdir()
    (project / ".clearpoint/config.toml").write_text(f"[advice]\n{settings}\n")
    client = Client(project)
    client.start()
    client.turn(prompt("hi", uuid="u0", parent=None), answer(message_id="m0", used=20_000))
    client.turn(
        prompt("more", uuid="u1", parent="a"), answer(text, message_id="m1", used=used, uuid="b")
    )
    away(client)
    return client


def away(client: Client, seconds: float = 7_200) -> None:
    """Put the end of the last turn into the past."""
    state = client.state
    state["system"]["left_at"] = time.time() - seconds
    Store(client.store.root).write_state(state)


def said(reply: dict[str, Any]) -> str:
    return str(reply.get("systemMessage", ""))


def test_at_resume_one_line_says_what_going_on_costs(tmp_path: Path) -> None:
    client = paused(tmp_path)
    assert said(client.start("resume", **RESUMED)) == TOLD
    assert said(client.reply("user_prompt_submit", prompt="go on")) == ""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"prompt_cache_likely_expired": False}, id="a warm cache"),
        pytest.param({"prompt_cache_likely_expired": None}, id="nothing said of it"),
    ],
)
def test_at_resume_nothing_is_said_without_need(tmp_path: Path, change: dict[str, Any]) -> None:
    assert said(paused(tmp_path).start("resume", **{**RESUMED, **change})) == ""


def test_without_the_clients_estimate_tokens_alone_are_told(tmp_path: Path) -> None:
    line = said(paused(tmp_path).start("resume", prompt_cache_likely_expired=True))
    assert line == (
        "The prompt cache has expired: continuing re-sends 126k tokens uncached; "
        "after /clear it would be about 22k."
    )


def test_the_first_prompt_after_a_pause_is_told_once(tmp_path: Path) -> None:
    client = paused(tmp_path)
    first = said(client.reply("user_prompt_submit", prompt="go on"))
    assert first.startswith(
        "The prompt cache has expired: continuing re-sends 126k tokens uncached"
    )
    assert "(about $0." in first
    assert said(client.reply("user_prompt_submit", prompt="go on")) == ""


def test_each_return_is_told(tmp_path: Path) -> None:
    client = paused(tmp_path)
    client.write(prompt("go on", uuid="u2", parent="b"))
    assert "has expired" in said(client.reply("user_prompt_submit", prompt="go on"))
    client.write(answer("Done.", message_id="m2", used=127_000, uuid="c"))
    client.reply("stop")
    away(client, 7_300)
    assert said(client.start("resume", **RESUMED)) == TOLD.replace("126k", "127k")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"used": 49_000}, id="a small context"),
        pytest.param({"text": "Two ways. Which one do you want?"}, id="a question open"),
        pytest.param({"settings": "cold_tokens = 0"}, id="switched off"),
        pytest.param({"settings": "cold_tokens = 130000"}, id="below the size that was set"),
    ],
)
def test_nothing_is_said_where_it_is_not_worth_it(tmp_path: Path, given: dict[str, Any]) -> None:
    assert said(paused(tmp_path, **given).reply("user_prompt_submit", prompt="go on")) == ""


@pytest.mark.parametrize(
    ("seconds", "prompt_text"),
    [
        pytest.param(60, "go on", id="no pause"),
        pytest.param(7_200, "<task-notification>done</task-notification>", id="the client's own"),
    ],
)
def test_only_a_user_who_was_away_is_told(tmp_path: Path, seconds: int, prompt_text: str) -> None:
    client = paused(tmp_path)
    away(client, seconds)
    assert said(client.reply("user_prompt_submit", prompt=prompt_text)) == ""


def test_a_cost_that_is_no_number_is_left_out(tmp_path: Path) -> None:
    fields = json.loads('{"prompt_cache_likely_expired": true, "estimated_cache_write_usd": "x"}')
    assert not is_count(fields["estimated_cache_write_usd"])
    assert "$" not in said(paused(tmp_path).start("resume", **fields))
