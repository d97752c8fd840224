"""Named tuples without `typing`, and times without `strptime`, are what those would be."""

from __future__ import annotations

import calendar
import copy
import pickle
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from clearpoint.lowlevel.clock import seconds_of
from clearpoint.lowlevel.records import Record, copied

if TYPE_CHECKING:
    from collections.abc import Callable


class Ours(Record):
    """One of ours."""

    a: int
    b: str = "two"

    @property
    def both(self) -> str:
        """Both fields."""
        return f"{self.a}{self.b}"


class Theirs(NamedTuple):
    """The same of the standard library's."""

    a: int
    b: str = "two"

    @property
    def both(self) -> str:
        """Both fields."""
        return f"{self.a}{self.b}"


USES: tuple[Callable[[Any], Any], ...] = (
    lambda kind: kind(1),
    lambda kind: kind(1, "x").both,
    lambda kind: kind(a=1, b="x")._replace(a=2),
    lambda kind: kind(1)._asdict(),
    lambda kind: kind(1) == (1, "two"),
    lambda kind: hash(kind(1)),
    lambda kind: [*kind(1)],
    lambda kind: sorted([kind(2), kind(1)]),
)


@pytest.mark.parametrize("use", USES)
def test_a_record_is_a_named_tuple(use: Callable[[Any], Any]) -> None:
    assert use(Ours) == use(Theirs)


@pytest.mark.parametrize("given", [((), {}), ((1, "x", 3), {}), ((1,), {"c": 2}), ((1,), {"a": 2})])
def test_a_record_takes_its_fields_and_no_others(given: tuple[Any, Any]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*given[0], **given[1])


def test_a_copied_value_shares_nothing() -> None:
    value = {"a": [1, {"b": [None, True]}], "c": "x"}
    other = copied(value)
    other["a"][1]["b"].append(2)
    assert (other, value) == (
        {"a": [1, {"b": [None, True, 2]}], "c": "x"},
        copy.deepcopy({"a": [1, {"b": [None, True]}], "c": "x"}),
    )


TIMES = (
    "2026-01-31T12:00:00Z",
    "2024-02-29T23:59:59.123Z",
    "2000-03-01T00:00:00",
    "1970-01-01T00:00:00",
    "1969-12-31T23:59:59",
    "2100-02-28T01:02:03",
    "2026-12-31T23:59:60",
)
NO_TIMES = (
    None,
    "",
    "2026-02-30T00:00:00",
    "2023-02-29T00:00:00",
    "2026-13-01T00:00:00",
    "2026-00-01T00:00:00",
    "2026-01-00T00:00:00",
    "2026-01-31 12:00:00",
    "2026-01-31T24:00:00",
    "2026-01-31T12:60:00",
    "2026-1-31T12:00:00Z",
    "yesterday",
)


@pytest.mark.parametrize("text", TIMES)
def test_times_are_read_as_the_standard_library_does(text: str) -> None:
    assert seconds_of(text) == calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_has_no_seconds(text: str | None) -> None:
    assert seconds_of(text) is None


def test_a_record_comes_to_another_process_as_it_was() -> None:
    assert pickle.loads(pickle.dumps(Ours(1, "b"))) == Ours(1, "b")  # noqa: S301
