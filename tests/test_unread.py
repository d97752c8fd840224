"""A session whose parent was not read whole: it says so, and takes over the rest later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from driver import Client
from made import answer, prompt, state_after

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lineage import candidates, completing, takeover
from clearpoint.reload import compose, inherit
from clearpoint.session import finishing
from clearpoint.session import state as session
from clearpoint.session.update import SessionUpdate
from clearpoint.tokens import encoder
from clearpoint.work import unread

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.state import State

TALK = [
    prompt("Let's go with sqlite for the store.", uuid="u1"),
    answer("It is slow.", uuid="a1"),
    prompt("measure it first", uuid="u2", parent="a1"),
    answer("18 ms.", uuid="a2"),
]


def told(state: State) -> list[str]:
    """The reload after /clear."""
    text = compose.compose(
        state, "clear", DEFAULTS, mark="m", measure=encoder.count, project_dir="/p"
    )
    return text.splitlines()


@pytest.mark.parametrize(
    ("is_end", "first", "title"),
    [
        pytest.param(True, "The end of that session has not been read yet: newer prompts and"
                     " answers are only in its transcript.", "A later prompt", id="the end"),
        pytest.param(False, "An older part of that session has not been read yet; its decisions"
                     " and files may be missing here.", "Last prompt", id="an older part"),
    ],
)  # fmt: skip
def test_what_was_not_read_is_told_first(first: str, title: str, *, is_end: bool) -> None:
    state = state_after(*TALK)
    unread.note(state["work_state"], session.new_state("a", "", DEFAULTS), is_end=is_end)
    rows = told(state)
    assert rows[1] == first
    assert f"{title}: “measure it first”" in rows


def test_the_rest_is_taken_over_in_the_order_in_which_it_was_said() -> None:
    parent, child = state_after(*TALK), state_after(*TALK[:2])
    own = prompt("We decided to drop the index.", uuid="u9", parent="a1")
    session.fold(child, [own], DEFAULTS)
    inherit.complete(parent, child, 1)
    work = child["work_state"]
    assert [one["text"] for one in work["said"]] == [
        "Let's go with sqlite for the store.", "measure it first", "We decided to drop the index.",
    ]  # fmt: skip
    assert [one["entry"] for one in work["decisions"]] == ["u1", "u9"]


def test_what_a_session_said_after_its_heir_began_is_not_the_heirs(
    tmp_path: Path,
) -> None:
    client = Client(tmp_path)
    client.start()
    client.turn(*TALK)
    before = client.session
    client.session = "s-2"
    client.start("clear")
    child = client.state
    unread.note(child["work_state"], {**state_after(*TALK), "session_id": before}, is_end=True)
    child["created_at"] = "2026-01-01T00:00:00Z"
    client.session = before
    client.turn(prompt("The cache stays in memory.", uuid="u3", parent="a2"), answer("Good."))
    update = SessionUpdate("s-2", str(tmp_path), client.env, client.store.root)
    completing.complete(update, child)
    said = [one["text"] for one in child["work_state"]["said"]]
    assert (said[-1], child["work_state"]["unread"]) == ("measure it first", None)


def test_the_heir_takes_it_over_once_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeover, "UNREAD_BYTES", 0)
    monkeypatch.setattr(completing, "UNREAD_BYTES", 0)
    monkeypatch.setattr(candidates, "REBUILD_S", 0.0)
    client = Client(tmp_path)
    client.start()
    client.turn(*TALK)
    client.write(
        prompt("why?", uuid="u3", parent="a2"),
        answer("So.", uuid="a3"),
        prompt("The cache stays in memory.", uuid="u4", parent="a3"),
        answer("Good."),
    )
    before, path = client.session, client.transcript
    client.session = "s-2"
    client.start("clear")
    is_known = client.state["work_state"]["unread"] is not None
    finishing.run(client.store.root, str(tmp_path), before, str(path), client.env)
    client.turn(prompt("go on", uuid="v1"), answer("Yes."))
    said = [one["text"] for one in client.state["work_state"]["said"]]
    assert (is_known, client.state["work_state"]["unread"]) == (True, None)
    assert said[-2:] == ["The cache stays in memory.", "go on"]
