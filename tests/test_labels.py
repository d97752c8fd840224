"""Two readers of the same positions are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import measuring  # noqa: F401  (where the program is)
import pytest
from labelling import kappa, read_second

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("pairs", "agreed"),
    [
        pytest.param([("1", "1"), ("0", "0")], 1.0, id="alike"),
        pytest.param([("1", "0"), ("0", "1")], -1.0, id="opposite"),
        pytest.param([("1", "1"), ("1", "0"), ("0", "1"), ("0", "0")], 0.0, id="as by chance"),
        pytest.param([("0", "0")], 1.0, id="one label alone"),
    ],
)
def test_kappa_is_agreement_beyond_chance(pairs: list[tuple[str, str]], agreed: float) -> None:
    assert kappa(pairs) == agreed


def test_a_sheet_is_read_by_the_numbers_that_are_shown(tmp_path: Path) -> None:
    labels = {"files": {"b": {"2": [0, 0]}, "a": {"9": [0, 0], "1": [0, 0]}}}
    sheet = tmp_path / "sheet"
    sheet.write_text("files 2 1 0\n# a remark\nfiles 3 0 2  # moved\n")
    assert read_second(sheet, labels) == {"files": {"a": {"9": [1, 0]}, "b": {"2": [0, 2]}}}
