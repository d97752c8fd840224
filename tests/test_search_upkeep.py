"""The index stays right and fast with many sessions, after an update, beside another version."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from made import answer, prompt
from test_search import ONE, TWO, Home, home

from clearpoint.redaction.rules import rules
from clearpoint.search import lately, upkeep
from clearpoint.search.index import FILE
from clearpoint.store.layout import EARLIER_INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["home"]
THREE = "33333333-cccc"
SETTLED = 1_700_000_000
SECRET = "ghp_" + "a1B2" * 9


def settle(home: Home) -> None:
    """Date the folder of the transcripts so far back that its time can be trusted."""
    os.utime(home.folder, (SETTLED, SETTLED))


def known(home: Home) -> list[Any]:
    """By which rules each file was looked through, and how much was masked."""
    index = home.opened()
    rows = index.db.execute(
        "SELECT masked_by, sum(secret) FROM sources s, passages p ON s.id = source GROUP BY s.id"
    ).fetchall()
    index.close()
    return rows


@pytest.mark.parametrize(
    ("happens", "found"),
    [
        pytest.param(lambda _: None, ["token one", "token two"], id="nothing"),
        pytest.param(
            lambda home: home.write(ONE, prompt("token three")),
            ["token one", "token three", "token two"],
            id="a session goes on",
        ),
        pytest.param(
            lambda home: home.write(THREE, prompt("token three")),
            ["token one", "token three", "token two"],
            id="a new session",
        ),
        pytest.param(
            lambda home: (home.folder / f"{TWO}.jsonl").unlink(), ["token one"], id="one is deleted"
        ),
        pytest.param(
            lambda home: home.folder.rename(home.folder.with_name("-elsewhere")),
            ["token one", "token two"],
            id="their folder is renamed",
        ),
    ],
)
def test_what_changed_is_found_in_folders_that_were_looked_through(
    home: Home, happens: Callable[[Home], Any], found: list[str]
) -> None:
    home.write(ONE, prompt("token one"))
    home.write(TWO, prompt("token two"))
    settle(home)
    home.opened().close()
    happens(home)
    assert sorted(home.snippets("token")) == found


def test_a_folder_that_did_not_change_is_not_looked_through(home: Home) -> None:
    home.write(ONE, prompt("token one"))
    settle(home)
    index = home.opened()
    os.truncate(home.write(TWO, prompt("token two")), 0)
    settle(home)
    changed = lately.changed(index, lately.folders(home.env), time.time())
    index.close()
    assert changed == []


def test_all_files_are_looked_at_once_a_day(home: Home) -> None:
    home.write(ONE, prompt("token one"))
    index = home.opened()
    later = time.time() + 100_000
    found = lately.changed(index, lately.folders(home.env), later)
    index.close()
    assert found is None


@pytest.mark.parametrize("noted", [pytest.param(1, id="the same"), pytest.param(0, id="others")])
def test_a_file_is_looked_through_by_todays_rules(home: Home, noted: int) -> None:
    home.write(ONE, prompt(f"The token is {SECRET}"), answer("Noted."))
    index = home.opened()
    index.db.execute("UPDATE sources SET masked_by = 'earlier'")
    index.db.execute("UPDATE passages SET secret = ? WHERE secret", (noted,))
    index.close()
    upkeep.keep_up(str(home.own), home.env, 5.0)
    assert known(home) == [(rules(), 1)]


def test_what_is_not_looked_through_in_time_waits(home: Home) -> None:
    home.write(ONE, prompt("token"))
    index = home.opened()
    index.db.execute("UPDATE sources SET masked_by = 'earlier'")
    index.close()
    upkeep.keep_up(str(home.own), home.env, -1.0)
    assert (known(home), home.snippets("token")) == ([("earlier", 0)], ["token"])


@pytest.mark.parametrize(
    ("days", "left"),
    [
        pytest.param(1, [FILE, EARLIER_INDEX], id="used"),
        pytest.param(40, [FILE], id="not used"),
    ],
)
def test_the_index_of_an_earlier_version_is_left_to_it(
    home: Home, days: int, left: list[str]
) -> None:
    home.write(ONE, prompt("token"))
    home.own.mkdir(parents=True)
    (home.own / EARLIER_INDEX).write_bytes(b"of another version")
    then = time.time() - days * 86_400
    os.utime(home.own / EARLIER_INDEX, (then, then))
    upkeep.keep_up(str(home.own), home.env, 1.0)
    assert sorted(path.name for path in home.own.glob("search*.db")) == left
