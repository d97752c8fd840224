"""A hook that is killed, or whose disk fails, leaves the state whole: a sample of the points.

All of them: `python benchmarks/faults.py`.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send, session_file, state_folder, state_of, transcript_of, turn
from driver import Client, context_of
from made import answer, prompt
from measuring import can_trace

from clearpoint.session.load import read

if TYPE_CHECKING:
    from pathlib import Path

import faults
from fault_scenes import SCENES

traced = [
    pytest.mark.processes,
    pytest.mark.skipif(not can_trace(), reason="needs strace, and leave to use it"),
]


class Sampled:
    """One prepared scene with its points."""

    def __init__(self, name: str, folder: Path) -> None:
        self.bench = faults.Bench(SCENES[name], folder)
        self.points = self.bench.points()


@pytest.fixture(scope="module", params=["Stop", "a prompt held back", "a handoff made"])
def sampled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sampled:
    return Sampled(request.param, tmp_path_factory.mktemp("faults") / "scene")


@pytest.mark.parametrize("fault", ["KILL", "ENOSPC", "EIO"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
class TestAtAPoint:
    """One point of each scene, some way into it."""

    pytestmark = traced

    def test_the_state_is_whole_and_the_next_event_completes_it(
        self, sampled: Sampled, fault: str, share: float
    ) -> None:
        """Nothing is wrong afterwards."""
        point = sampled.points[int(share * len(sampled.points))]
        assert sampled.bench.outcome(point, fault) == ""


@pytest.mark.parametrize(
    "name", [pytest.param("write", marks=traced), pytest.param("rename", marks=traced)]
)
def test_a_harness_that_finds_no_loss_can_find_one(tmp_path: Path, name: str) -> None:
    bench = faults.Bench(SCENES["Stop"], tmp_path / "scene")
    bench.expected["old-session usage"] = "something else"
    point = next(one for one in bench.points() if one.call == name)
    assert "old-session usage is" in bench.outcome(point, "KILL")


CALLS = ("open", "replace", "write", "mkdir", "unlink", "rename", "fstat", "lseek")


class Failing:
    """The n-th call of one function of the system fails; works wherever Python does."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.left, self.real = name, number, getattr(os, name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Do it, or fail."""
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.EIO, "Input/output error", "a file")
        return self.real(*given, **named)


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 13])
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("hook", ["stop", "pre_compact", "session_start", "session_end"])
def test_whatever_call_fails_the_next_event_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: str, name: str, number: int
) -> None:
    fields = {"source": "compact", "reason": "clear"}
    transcript_of(tmp_path).write_bytes(turn(1) + turn(2))
    assert send("stop", payload(tmp_path)).code == 0
    with transcript_of(tmp_path).open("ab") as stream:
        stream.write(turn(3))
    with monkeypatch.context() as patch:
        patch.setattr(os, name, Failing(name, number))
        sent = send(hook, payload(tmp_path, **fields))
    assert (sent.code, sent.err.count("\n"), bool(sent.out) and sent.code) in (
        (0, 0, False), (1, 1, False), (0, 0, 0), (1, 1, 0))  # fmt: skip
    assert send(hook, payload(tmp_path, **fields)).code == 0
    state = state_of(tmp_path)
    assert (state["usage"]["requests"], state["work_state"]["last_prompt"]) == (3, "Prompt 3")
    assert not (state_folder(tmp_path) / "quarantine").exists()
    whole = session_file(tmp_path, "journal.jsonl").read_bytes().splitlines()
    assert all(line.endswith(b"}") for line in whole)


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
@pytest.mark.parametrize("hook", ["stop", "session_start"])
def test_without_locks_nothing_is_written_and_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: str, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    transcript_of(tmp_path).write_bytes(turn(1))
    sent = send(hook, payload(tmp_path, source="startup"))
    assert (sent.code, sent.out, sent.err.count("\n")) == (1, "", 1)
    assert hook != "stop" or "set CLEARPOINT_DIR to a folder on one that does" in sent.err
    assert not session_file(tmp_path, "state.json").exists()


def test_a_session_start_that_is_run_again_keeps_the_session_it_continues(tmp_path: Path) -> None:
    client = Client(tmp_path, pid=os.getpid())
    client.start()
    client.turn(prompt("We decided to use JWT."), answer())
    client.clear("s-2")
    old = read(client.store, "s-1")
    assert old is not None
    client.store.write_state({**old, "last_updated": "2026-01-01T00:00:00Z"})
    assert "We decided to use JWT." in context_of(client.start("clear"))
    assert client.state["lineage"]["parent_id"] == "s-1"
