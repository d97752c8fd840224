"""A model has one plain name, no matter who serves it."""

from __future__ import annotations

import pytest

from clearpoint.client.model_ids import is_long, is_same, plain_name, version_of


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-opus-4-6", "claude-opus-4-6"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("claude-sonnet-4-6@20260101", "claude-sonnet-4-6"),
        ("claude-opus-4-5@default", "claude-opus-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
         "claude-haiku-4-5"),
        ("openrouter/anthropic/claude-sonnet-4.5:thinking", "claude-sonnet-4-5"),
        ("team-claude-opus-4-6-pool", "claude-opus-4-6"),
        ("claude-sonnet-4-6-fast", "claude-sonnet-4-6"),
        ("Claude-Opus-5-5[1M]", "claude-opus-5-5"),
        ("claude-3-7-sonnet-20250219", "claude-3-7-sonnet"),
        ("claude-3.5-haiku", "claude-3-5-haiku"),
        ("claude-fable-5-2", "claude-fable-5-2"),
        ("z-ai/glm-5", "glm-5"),
        ("opus[1m]", "opus"),
        ("claude-", "claude"),
        ("claude-²", "claude-²"),
        (None, ""),
    ],
)  # fmt: skip
def test_a_plain_name_is_the_models_own(model: str | None, name: str) -> None:
    assert plain_name(model) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("claude-opus-4-6[1m]", "claude-opus-4-6", True),
        ("vertex_ai/claude-opus-4-6@default", "claude-opus-4.6", True),
        ("claude-opus-4-5", "claude-opus-4-6", False),
        ("claude-opus-5", "claude-opus-5-5", False),
        ("glm-5", "glm-5-air", False),
        (None, "claude-opus-5", False),
    ],
)
def test_ids_of_one_model_are_the_same(one: str | None, other: str, same: bool) -> None:
    assert is_same(one, other) is same


def test_only_the_mark_asks_for_the_longer_window() -> None:
    assert [is_long(one) for one in ("opus[1M]", "claude-opus-4-6", None)] == [True, False, False]


def test_a_version_is_read_from_any_id() -> None:
    found = [version_of(one) for one in ("bedrock/claude-opus-4-5-v1:0", "claude-opus-5", "glm-5")]
    assert found == [(4, 5), (5, 0), None]
