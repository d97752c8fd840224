"""A transcript too long to read at once: its level is right at once, its work follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import payload, send, state_of, transcript_of, turn

from clearpoint.handlers import stop
from clearpoint.session import update
from clearpoint.session.newest_use import newest_use

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 60


@pytest.fixture
def behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose first Stop has time for one line of its transcript."""
    transcript_of(tmp_path).write_bytes(b"".join(map(turn, range(1, TURNS + 1))))
    with monkeypatch.context() as patch:
        patch.setattr(stop, "BACKLOG_S", 0.0)
        patch.setattr(update, "BACKLOG_BYTES", 0)
        send("stop", payload(tmp_path))
    return tmp_path


def test_the_use_is_that_of_the_newest_response_at_once(behind: Path) -> None:
    state = state_of(behind)
    cursor = state["transcript"]
    assert cursor is not None
    assert (cursor["line"], state["context_window"]["used"]) == (1, 20_000 + 1_000 * TURNS)


def test_what_was_read_later_is_as_if_it_had_been_read_at_once(
    behind: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    send("stop", payload(behind))
    at_once = tmp_path_factory.mktemp("at-once")
    transcript_of(at_once).write_bytes(transcript_of(behind).read_bytes())
    send("stop", payload(at_once))
    later, whole = state_of(behind), state_of(at_once)
    assert (later["usage"], later["work_state"], later["budget"], later["context_window"]) == (
        whole["usage"],
        whole["work_state"],
        whole["budget"],
        whole["context_window"],
    )


@pytest.mark.parametrize("content", [b"", b"torn", b'{"type":"user"}\n' * 9])
def test_without_a_response_nothing_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    assert newest_use(str(path), {}) is None
    assert newest_use(str(tmp_path / "none.jsonl"), {}) is None
