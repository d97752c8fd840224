"""Edits of a JSON text: the place asked for changes, everything else stays to the character."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpoint.install import json_edit

KEYS = st.text(max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
INDENTS = st.sampled_from([None, 0, 1, 2, 4, "\t"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{}", '{\n  "new": [\n    1\n  ]\n}', id="empty-takes-two-spaces"),
        pytest.param(" {  } \n", ' {\n  "new": [\n    1\n  ]\n} \n', id="empty-with-spaces"),
        pytest.param('{"a":1}', '{"a":1,"new":[1]}', id="compact"),
        pytest.param('{"a": 1}', '{"a": 1, "new": [1]}', id="one-line"),
        pytest.param('{"a": 1,"b": 2}', '{"a": 1,"b": 2,"new": [1]}', id="the-last-comma-counts"),
        pytest.param('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"new": [\n\t\t1\n\t]\n}', id="tabs"),
        pytest.param(
            '{\n    "a": 1\n}\n', '{\n    "a": 1,\n    "new": [\n        1\n    ]\n}\n', id="four"
        ),
        pytest.param('{\n"a": 1\n}', '{\n"a": 1,\n"new": [\n1\n]\n}', id="no-indentation"),
        pytest.param('{\n  "a" : 1\n}', '{\n  "a" : 1,\n  "new" : [\n    1\n  ]\n}', id="colons"),
        pytest.param(
            '{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "new": [\r\n    1\r\n  ]\r\n}', id="crlf"
        ),
        pytest.param(
            '{\n  "a": 1,\n\n  "b": 2\n}',
            '{\n  "a": 1,\n\n  "b": 2,\n  "new": [\n    1\n  ]\n}',
            id="blank-lines-are-not-copied",
        ),
        pytest.param('\ufeff{"a":1}', '\ufeff{"a":1,"new":[1]}', id="byte-order-mark"),
    ],
)
def test_a_new_member_takes_the_style_of_the_text(before: str, after: str) -> None:
    assert json_edit.put(before, ("new",), [1]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('{\n  "a": []\n}', '{\n  "a": [\n    1\n  ]\n}', id="empty-in-lines"),
        pytest.param('{"a": []}', '{"a": [1]}', id="empty-in-one-line"),
        pytest.param('{\n  "a": [0]\n}', '{\n  "a": [0, 1]\n}', id="short-list-stays-short"),
        pytest.param('{"a":[0]}', '{"a":[0,1]}', id="compact"),
    ],
)
def test_a_new_item_takes_the_style_of_its_list(before: str, after: str) -> None:
    size = len(json.loads(before)["a"])

    assert json_edit.put(before, ("a", size), 1) == after


def test_a_replaced_value_leaves_its_surroundings_alone() -> None:
    text = '{"a" :1.0 , "b":  [ 1e3 ]  }'

    assert json_edit.put(text, ("b", 0), "é") == '{"a" :1.0 , "b":  [ "é" ]  }'


@pytest.mark.parametrize(
    ("pointer", "after"),
    [
        pytest.param(("a",), '{ "b": [1, 2 ,3] }', id="first"),
        pytest.param(("b",), '{ "a" : 0 }', id="last"),
        pytest.param(("b", 0), '{ "a" : 0 , "b": [2 ,3] }', id="first-item"),
        pytest.param(("b", 1), '{ "a" : 0 , "b": [1, 3] }', id="middle-item"),
        pytest.param(("b", 2), '{ "a" : 0 , "b": [1, 2] }', id="last-item"),
    ],
)
def test_removing_takes_the_value_and_one_comma(pointer: json_edit.Pointer, after: str) -> None:
    assert json_edit.remove('{ "a" : 0 , "b": [1, 2 ,3] }', pointer) == after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NaN", id="nan"),
        pytest.param('{"a": -Infinity}', id="infinity"),
        pytest.param('{"a": 1,}', id="trailing-comma"),
        pytest.param("{} {}", id="two-values"),
        pytest.param('"\t"', id="control-character"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_the_client_would_not_parse_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json_edit.decode(text)


def test_a_constant_that_json_has_not_is_found_where_it_stands() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json_edit.decode('{"NaN": "Infinity \\" NaN",\n "b": NaN}')

    assert (caught.value.lineno, caught.value.colno) == (2, 7)


@pytest.mark.parametrize("literal", ["1", "1.0", "1e3", "-0", "1E400", "9" * 5000])
def test_numbers_are_compared_as_they_are_written(literal: str) -> None:
    assert json_edit.decode(literal) == ("number", literal)


def test_every_repeated_key_is_found() -> None:
    text = '{"a": {"b": 1, "b": 2}, "c": [{"\\u0064": 1, "d": 2}], "a": 3}'

    assert {child.key for child in json_edit.duplicates(text)} == {"a", "b", "d"}


def test_a_missing_value_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        json_edit.locate('{"a": {}}', ("a", "b"))


@given(st.dictionaries(KEYS, VALUES, max_size=4), KEYS, VALUES, INDENTS)
def test_putting_means_what_it_means_in_a_dict(
    settings: dict[str, object], key: str, value: object, indent: int | str | None
) -> None:
    text = json_edit.put(json.dumps(settings, indent=indent), (key,), value)

    assert list(json.loads(text).items()) == list({**settings, key: value}.items())


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), KEYS, VALUES, INDENTS)
def test_removing_undoes_putting(
    settings: dict[str, object], key: str, value: object, indent: int | str | None
) -> None:
    settings.pop(key, None)
    text = json.dumps(settings or {"other" + key: 0}, indent=indent)

    assert json_edit.remove(json_edit.put(text, (key,), value), (key,)) == text


@given(VALUES, INDENTS)
def test_new_text_is_written_as_the_whole_would_have_been(
    value: object, indent: int | str | None
) -> None:
    settings = {"first": 0, "é": value}
    text = json.dumps({"first": 0}, indent=indent)

    assert json_edit.put(text, ("é",), value) == json.dumps(
        settings, indent=indent, ensure_ascii=False
    )
