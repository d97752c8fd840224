"""A hook that is killed, or whose disk fails, leaves the state whole: a sample of the points.

All of them: `python benchmarks/faults.py`.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send, session_file, state_of, transcript_of, turn
from measuring import can_trace

from clearpoint import files

if TYPE_CHECKING:
    from collections.abc import Iterator

import faults  # noqa: I001  (found by way of `measuring`)

traced = [
    pytest.mark.processes,
    pytest.mark.skipif(not can_trace(), reason="needs strace, and leave to use it"),
]


class Sampled:
    """One prepared scene with its points."""

    def __init__(self, name: str, folder: Path) -> None:
        self.bench = faults.Bench(faults.SCENES[name], folder)
        self.points = self.bench.points()


@pytest.fixture(scope="module", params=["Stop", "a prompt held back", "a handoff made"])
def sampled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sampled]:
    yield Sampled(request.param, tmp_path_factory.mktemp("faults") / "scene")


@pytest.mark.parametrize("fault", ["KILL", "ENOSPC", "EIO"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
class TestAtAPoint:
    """One point of each scene, some way into it."""

    pytestmark = traced

    def test_the_state_is_whole_and_the_next_event_completes_it(
        self, sampled: Sampled, fault: str, share: float
    ) -> None:
        point = sampled.points[int(share * len(sampled.points))]
        assert sampled.bench.outcome(point, fault) == ""


@pytest.mark.parametrize(
    "name", [pytest.param("write", marks=traced), pytest.param("rename", marks=traced)]
)
def test_a_harness_that_finds_no_loss_can_find_one(tmp_path: Path, name: str) -> None:
    bench = faults.Bench(faults.SCENES["Stop"], tmp_path / "scene")
    bench.expected["old-session usage"] = "something else"
    point = next(one for one in bench.points() if one.call == name)
    assert "old-session usage is" in bench.outcome(point, "KILL")


CALLS = ("open", "replace", "write", "mkdir", "unlink", "rename", "fstat", "lseek")


class Failing:
    """The n-th call of one function of the system fails; works wherever Python does."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.left, self.real = name, number, getattr(os, name)

    def __call__(self, *given: Any, **named: Any) -> Any:
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
        patch.setattr(files.os, name, Failing(name, number))
        sent = send(hook, payload(tmp_path, **fields))
    assert (sent.code, sent.err.count("\n"), bool(sent.out) and sent.code) in (
        (0, 0, False), (1, 1, False), (0, 0, 0), (1, 1, 0))  # fmt: skip
    assert send(hook, payload(tmp_path, **fields)).code == 0
    state = state_of(tmp_path)
    assert (state["usage"]["requests"], state["work_state"]["last_prompt"]) == (3, "Prompt 3")
    assert not (tmp_path / ".clearpoint/quarantine").exists()
    whole = session_file(tmp_path, "journal.jsonl").read_bytes().splitlines()
    assert all(line.endswith(b"}") for line in whole)
