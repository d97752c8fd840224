"""The fast lane's JSON is JSON: the same values and the same text as the standard library's."""

from __future__ import annotations

import importlib.util
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpoint.lowlevel import fast_json

if TYPE_CHECKING:
    from types import ModuleType

TEXT = st.text(st.characters(codec=None))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(PLAIN)
def test_values_are_written_as_the_standard_library_writes_them(value: Any) -> None:
    assert fast_json.dumps(value) == json.dumps(value, ensure_ascii=False)


@given(PLAIN)
def test_values_come_back_as_they_went(value: Any) -> None:
    assert fast_json.loads(fast_json.encode(fast_json.dumps(value))) == value


@given(PLAIN, st.integers(0, 5))
def test_the_form_for_people_holds_the_same_value(value: Any, depth: int) -> None:
    assert fast_json.loads(fast_json.encode(fast_json.pretty(value, depth))) == value


@pytest.mark.parametrize("value", ["\0", ["\0", 1], {"a": ["\0"], "b": ["\0", "\0", 2]}])
def test_what_parts_values_may_be_one(value: Any) -> None:
    assert json.loads(fast_json.pretty(value)) == value


def test_the_form_for_people_has_one_item_per_line() -> None:
    text = '{\n "a": [\n  1,\n  {"b": [2]}\n ],\n "c": {}\n}'
    assert fast_json.pretty({"a": [1, {"b": [2]}], "c": {}}, 2) == text


@given(st.text(st.sampled_from('{}[]",:\\ u0dtrfalsen12eE+-.\n')))
def test_text_is_json_exactly_where_the_standard_library_says_so(text: str) -> None:
    try:
        expected = json.loads(text, strict=False)
    except ValueError:
        with pytest.raises(fast_json.MalformedJSONError):
            fast_json.loads(text)
    else:
        assert fast_json.loads(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\ufeff", id="a byte order mark alone"),
        pytest.param('{"a": 1} {"b": 2}', id="two values"),
        pytest.param('{"a": 1}x', id="a value and more"),
        pytest.param("[" * 100_000, id="too deep"),
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="too deep, complete"),
        pytest.param("9" * 5_000, id="a number too long"),
        pytest.param("NaN5", id="almost a number"),
    ],
)
def test_what_is_not_one_value_is_malformed(text: str) -> None:
    with pytest.raises(fast_json.MalformedJSONError):
        fast_json.loads(text)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(b'\xef\xbb\xbf\r\n {"a": 1}\r\n', {"a": 1}, id="byte order mark and CRLF"),
        pytest.param(b'"\xff"', "�", id="no UTF-8"),
        pytest.param(b'"\\ud800"', "\ud800", id="a lone surrogate"),
        pytest.param(b'"a\tb"', "a\tb", id="a control character"),
        pytest.param(b"1e999", float("inf"), id="a number beyond all"),
        pytest.param(b"[-Infinity]", [float("-inf")], id="less than all"),
        pytest.param(b"123456789012345678901234567890", 123456789012345678901234567890, id="long"),
    ],
)
def test_reading_is_tolerant_where_nothing_is_lost(data: bytes, value: object) -> None:
    assert fast_json.loads(data) == value


def test_values_on_one_line_are_read_one_after_the_other() -> None:
    text = '{"a": 1} \n[2]x'
    first, end = fast_json.scan(text)
    assert (first, *fast_json.scan(text, end)) == ({"a": 1}, [2], 13)


def test_a_long_run_of_space_is_passed_in_no_time() -> None:
    begun = time.monotonic()
    assert fast_json.loads(" " * 20_000_000 + "1") == 1
    assert time.monotonic() - begun < 1.0


def without_accelerator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as it is on an interpreter that lacks `_json`."""
    monkeypatch.setitem(__import__("sys").modules, "_json", None)
    spec = importlib.util.spec_from_file_location("slowjson", fast_json.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_the_accelerator_all_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = without_accelerator(monkeypatch)
    value = {"a": ["é", "\ud800", 1.5, None, True], "b": {}}
    assert slow.dumps(value) == fast_json.dumps(value)
    assert slow.loads(slow.dumps(value)) == value
    with pytest.raises(slow.MalformedJSONError):
        slow.loads('{"a": ')
