"""Levels begin where they should, and say so once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clearpoint import Budget
from clearpoint.budget.levels import (
    budget_tokens,
    growth_per_turn,
    level_of,
    level_starts,
    plausible,
    scaled_allocation,
    turns_left,
)
from clearpoint.budget.window import Window
from clearpoint.config.defaults import DEFAULTS

if TYPE_CHECKING:
    from clearpoint.models.config import BudgetConfig

THRESHOLDS = DEFAULTS["budget"]["thresholds"]
WHOLE = Window(200_000, "given", None)
COMPACTING = Window(200_000, "given", 167_000)


@pytest.mark.parametrize(
    ("tokens", "level"),
    [
        (0, "normal"),
        (119_999, "normal"),
        (120_000, "monitor"),
        (150_000, "warning"),
        (170_000, "critical"),
        (190_000, "emergency"),
        (900_000, "emergency"),
    ],
)
def test_levels_of_a_200k_window(tokens: int, level: str) -> None:
    assert level_of(tokens, level_starts(THRESHOLDS, WHOLE, 0)) == level


@pytest.mark.parametrize(("turn", "critical"), [(0, 165_000), (5_000, 162_000), (90_000, 147_000)])
def test_critical_comes_a_turn_before_auto_compaction(turn: int, critical: int) -> None:
    starts = level_starts(THRESHOLDS, COMPACTING, turn)
    assert starts["critical"] == critical
    assert starts["monitor"] <= starts["warning"] <= critical


def test_growth_is_the_median_and_not_moved_by_one_huge_turn() -> None:
    assert growth_per_turn([2_000, 3_000, 2_500, 90_000]) == 2_750


def test_growth_is_not_told_from_two_turns() -> None:
    assert growth_per_turn([2_000, 3_000]) == 0


@pytest.mark.parametrize(
    ("window", "tokens", "left"),
    [
        pytest.param(COMPACTING, 147_000, 10, id="to compaction"),
        pytest.param(WHOLE, 180_000, 10, id="to the end"),
        pytest.param(WHOLE, 250_000, 0, id="over"),
    ],
)
def test_turns_left_at_two_thousand_a_turn(window: Window, tokens: int, left: int) -> None:
    assert turns_left(tokens, window, 2_000) == left


def test_the_allocation_adds_up_to_the_window() -> None:
    parts = scaled_allocation(DEFAULTS["budget"], 200_000)
    totals = {category: sum(sizes.values()) for category, sizes in parts.items()}
    assert totals == {
        "system": 15_000, "conversation": 80_000, "reference": 50_000, "reserve": 55_000
    }  # fmt: skip


def test_callbacks_are_called_once_per_level_on_the_way_up() -> None:
    budget = Budget(window=200_000)
    called: list[str] = []
    for level in ("monitor", "warning", "critical"):
        budget.on(level, lambda b, level=level: called.append(f"{level} at {b.used}"))  # type: ignore[misc]
    for used in (100_000, 155_000, 156_000, 100_000, 125_000):
        budget.update(used)
    assert called == ["monitor at 155000", "warning at 155000", "monitor at 125000"]


def test_a_budget_tells_what_is_left_and_what_helps() -> None:
    budget = Budget(window=200_000)
    assert budget.update(151_000) == "warning"
    assert (budget.available, budget.percent) == (49_000, 75.5)
    assert any("/clear" in text for text in budget.suggestions)


@pytest.mark.parametrize("window", [0, -5])
def test_a_window_without_tokens_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Budget(window=window)


@pytest.mark.parametrize(
    ("given", "tokens"),
    [
        pytest.param({"window": 1_000_000}, 200_000, id="built in"),
        pytest.param({"window": 1_000_000, "tokens": 300_000}, 300_000, id="as set"),
        pytest.param({"window": 100_000, "tokens": 300_000}, 100_000, id="never above the window"),
    ],
)
def test_the_levels_are_of_the_budget(given: Any, tokens: int) -> None:
    budget = Budget(**given)
    assert (budget.tokens, budget.update(tokens * 3 // 4), budget.available) == (
        tokens, "warning", tokens // 4)  # fmt: skip


def test_a_large_budget_has_its_own_thresholds() -> None:
    budget = Budget(window=1_000_000, tokens=1_000_000)
    assert (budget.update(399_999), budget.update(400_000)) == ("normal", "monitor")


def test_a_budget_without_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="budget must be a positive"):
        Budget(tokens=0)


@pytest.mark.parametrize(
    ("wanted", "window", "tokens"),
    [
        pytest.param(200_000, 1_000_000, 200_000, id="less than the window"),
        pytest.param(200_000, 150_000, 150_000, id="never above the window"),
        pytest.param("window", 1_000_000, 1_000_000, id="the window"),
    ],
)
def test_the_budget_is_what_was_set_within_the_window(
    wanted: Any, window: int, tokens: int
) -> None:
    config: BudgetConfig = {**DEFAULTS["budget"], "tokens": wanted}
    assert budget_tokens(config, window) == tokens


def test_where_compaction_comes_early_the_levels_come_before_it_in_their_order() -> None:
    window = Window(1_000_000, "model", 87_000)
    assert level_starts(THRESHOLDS, window, 2_000, 200_000) == {
        "normal": 0, "monitor": 60_000, "warning": 75_000, "critical": 85_000, "emergency": 190_000
    }  # fmt: skip


@pytest.mark.parametrize(
    ("projected", "used", "total", "likely"),
    [
        pytest.param(150_000, 90_000, 200_000, 150_000, id="a large step"),
        pytest.param(230_000, 190_000, 200_000, 230_000, id="a little beyond the end"),
        pytest.param(1_651_727, 96_001, 200_000, 200_000, id="a picture as text"),
        pytest.param(700_000, 96_001, 1_000_000, 296_001, id="the same in a longer window"),
        pytest.param(260_000, 0, 200_000, 200_000, id="before the first request"),
    ],
)
def test_a_projection_that_cannot_be_true_is_capped(
    projected: int, used: int, total: int, likely: int
) -> None:
    assert plausible(projected, used, total) == likely
