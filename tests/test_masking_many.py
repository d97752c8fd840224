"""Masking whole transcripts: each word is judged once, and every answer stays the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_masking import SECRETS

from clearpoint.redaction import bulk, gate, hints
from clearpoint.redaction.prefilter import MANY_CHARS, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parents[2] / "shared/corpus"
KNOWN = sorted(
    {hint for names, _, _ in gate.NAMED for hint in names}
    | {*hints.COLUMNS, *hints.PHRASES, *hints.WORDS_OF, *hints.FOREIGN, *hints.FIXED}
    | {*hints.OPTIONS, *hints.PROGRAMS, " / ", "://", "@", "|", "--- pass"}
)
VALUES = [
    "Winter!22",
    "x9Kq2mPz7Lw4Rt8v",
    "hunter",
    "4711",
    "aB3$",
    "0f5c1c2e-6d1b-4c5e-9a53-1d9a7c1f0001",
    "a1" * 20,
    "ghp_" + "aB3" * 12,
    "src/a_1.py",
    "correct horse battery",
    "\u212aelvin \u0130\u03a3",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "x" * 300,
]
BETWEEN = [" ", "", "\n", "=", ": ", '"', "\t", "-", "\u3000", "\x1c"]
PIECES = st.sampled_from(KNOWN) | st.sampled_from(VALUES) | st.sampled_from(BETWEEN) | st.text()
TEXTS = st.lists(PIECES | PIECES.map(str.upper), max_size=12).map("".join)


@given(TEXTS)
def test_many_texts_are_suspected_as_one_is(text: str) -> None:
    low = text.lower()
    assert bulk.is_suspect(text, low) == gate.is_suspect(text, low)


@given(TEXTS)
def test_many_texts_are_suspected_at_the_same_places(text: str) -> None:
    low = text.lower()
    assert {*bulk.places(text, low)} == {*gate.places(text, low)}


def test_each_name_is_seen_whatever_stands_around_it() -> None:
    texts = [
        text
        for hint in KNOWN
        for value in VALUES
        for text in (f"a{hint}{value}", f"see {hint} {value}")
    ]
    assert [text for text in texts if bulk.is_suspect(text, text.lower())] == [
        text for text in texts if gate.is_suspect(text, text.lower())
    ]


def test_secrets_are_masked_as_before_once_much_was_looked_through() -> None:
    texts = [f"Use this: {secret} please." for secret in SECRETS.values()]
    before = [masked(text) for text in texts]
    for number in range(MANY_CHARS // 10_000 + 1):
        masked(f"{number} words of a file " * 500)
    assert [masked(text) for text in texts] == before


def strings(value: Any) -> Iterator[str]:
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from strings(one)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the transcripts are not here")
def test_texts_of_real_transcripts_are_suspected_as_one_is() -> None:
    path = min(CORPUS.glob("*.jsonl"), key=lambda path: abs(path.stat().st_size - 500_000))
    texts = {*strings([json.loads(line) for line in path.read_bytes().splitlines()])}
    assert [text for text in texts if bulk.is_suspect(text, text.lower())] == [
        text for text in texts if gate.is_suspect(text, text.lower())
    ]
