"""The window is known from the strongest source there is, and says which."""

from __future__ import annotations

import pytest

from clearpoint.window import find_window, known_model, model_table

TABLE = model_table()


@pytest.mark.parametrize(
    ("model", "total", "source", "compaction_at"),
    [
        pytest.param("claude-sonnet-4-6", 200_000, "model", 167_000, id="legacy that compacts"),
        pytest.param("claude-opus-4-5-20251101", 200_000, "model", None, id="legacy that does not"),
        pytest.param("claude-sonnet-4-5-20250929[1m]", 1_000_000, "model", None, id="legacy 1m"),
        pytest.param("claude-opus-5-5", 1_000_000, "model", 967_000, id="current"),
        pytest.param("us.anthropic.claude-sonnet-4-6-v1", 200_000, "model", 167_000, id="gateway"),
        pytest.param(
            "my-gw-model", 1_000_000, "assumed for an unknown model", 967_000, id="unknown"
        ),
        pytest.param(None, 1_000_000, "assumed for an unknown model", 967_000, id="none yet"),
    ],
)
def test_a_model_tells_its_window(
    model: str | None, total: int, source: str, compaction_at: int | None
) -> None:
    found = find_window(model, table=TABLE)
    assert (found.total, found.source, found.compaction_at) == (total, source, compaction_at)


def test_the_status_line_is_stronger_than_the_model() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, reported=1_000_000)
    assert (found.total, found.source) == (1_000_000, "status line")


def test_the_configuration_is_stronger_than_everything() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, configured=300_000, reported=1_000_000,
                        observed=500_000)  # fmt: skip
    assert (found.total, found.source) == (300_000, "configuration")


def test_more_tokens_than_fit_promote_the_window() -> None:
    found = find_window("claude-opus-4-6", table=TABLE, observed=240_000)
    assert (found.total, found.source) == (1_000_000, "observed use")


@pytest.mark.parametrize(
    ("model", "env", "compaction_at"),
    [
        pytest.param(
            "claude-sonnet-4-5", {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "150000"}, 117_000, id="window"
        ),
        pytest.param(
            "claude-sonnet-4-6", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "50"}, 90_000, id="percent"
        ),
        pytest.param(
            "claude-opus-5-5", {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "8000"}, 979_000, id="output"
        ),
        pytest.param(
            "claude-opus-5-5", {"CLAUDE_CODE_DISABLE_1M_CONTEXT": "1"}, 167_000, id="no 1m"
        ),
        pytest.param(
            "my-gw", {"CLAUDE_CODE_MAX_CONTEXT_TOKENS": "300000"}, 267_000, id="max context"
        ),
        pytest.param("claude-opus-5-5", {"DISABLE_AUTO_COMPACT": "1"}, None, id="off"),
        pytest.param("claude-opus-5-5", {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "x"}, 967_000, id="?"),
    ],
)
def test_the_clients_environment_moves_auto_compaction(
    model: str, env: dict[str, str], compaction_at: int | None
) -> None:
    assert find_window(model, table=TABLE, env=env).compaction_at == compaction_at


def test_the_longest_prefix_wins() -> None:
    row = known_model(TABLE, "claude-opus-5-5-20260801")
    assert row == TABLE["models"]["claude-opus-5-5"]
