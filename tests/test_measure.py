"""Text is measured as tokens: right, quickly, and with no network."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpoint.lowlevel.files import read_bytes
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("hello world", 2, id="words"),
        pytest.param("tiktoken is great!", 6, id="a sentence"),
        pytest.param("antidisestablishmentarianism", 6, id="a long word"),
        pytest.param("2 + 2 = 4", 7, id="numbers"),
        pytest.param("お誕生日おめでとう", 9, id="Japanese"),
        pytest.param("<|endoftext|>", 7, id="a special token is the text that it is"),
        pytest.param("\ud83d", 1, id="half of an emoji"),
    ],
)
def test_tokens_are_those_of_cl100k_base(text: str, tokens: int) -> None:
    assert encoder.count(text) == tokens


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="one letter"),
        pytest.param(" " * 1_000_000, id="spaces"),
        pytest.param("한" * 300_000, id="no spaces"),
        pytest.param("!?" * 500_000, id="signs"),
        pytest.param("\n\n" * 500_000, id="lines"),
    ],
)
def test_a_megabyte_of_anything_is_measured_at_once(text: str) -> None:
    encoder.encoder()
    begun = time.process_time()
    assert encoder.count(text) > 1_000
    assert time.process_time() - begun < 3.0


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_measured(text: str) -> None:
    assert 0 <= encoder.count(text) <= 4 * len(text)


def test_other_ranks_than_the_shipped_ones_are_refused() -> None:
    data = read_bytes(encoder.RANKS_PATH)
    assert len(encoder.read_ranks(data)) == 100_256
    with pytest.raises(encoder.RanksError, match="reinstall"):
        encoder.read_ranks(data[:-1])


def test_a_cache_that_tiktoken_would_use_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    encoder.encoder.cache_clear()
    assert encoder.count("hello world") == 2
    assert list(tmp_path.iterdir()) == []
