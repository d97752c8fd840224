"""A short day of work with the real client leaves nothing wrong: a part of `benchmarks/soak.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import soak

if TYPE_CHECKING:
    from .conftest import ClientFactory

PROMPTS = 12


@pytest.mark.long
def test_a_day_of_work_leaves_nothing_wrong(client: ClientFactory) -> None:
    lab = client()
    figures, wrong = soak.spend(lab, PROMPTS, seed=3)
    assert wrong == []
    assert soak.resumes(lab.state), figures
