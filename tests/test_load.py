"""Many clients at once on one project lose nothing: a small part of `benchmarks/load.py`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from measuring import can_trace

if TYPE_CHECKING:
    from pathlib import Path

import load

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does"),
]


def test_a_crowd_of_clients_with_kills_loses_and_mixes_nothing(tmp_path: Path) -> None:
    ended, wrong = load.bear(load.Load(tmp_path, seconds=4, workers=8, sessions=3))
    assert wrong == []
    assert set(ended) <= {"well", "killed", "busy"}
    assert ended["well"] > 0


@pytest.mark.skipif(not can_trace(), reason="needs strace, and leave to use it")
def test_a_disk_that_is_slow_to_write_makes_clients_wait_and_loses_nothing(tmp_path: Path) -> None:
    ended, wrong = load.bear(load.Load(tmp_path, seconds=3, workers=4, sessions=2, slow_ms=50))
    assert wrong == []
    assert set(ended) <= {"well", "killed", "busy"}
