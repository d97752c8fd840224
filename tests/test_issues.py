"""What is wrong is named once, and forgotten when it is fixed."""

from __future__ import annotations

import pytest
from made import answer, done, prompt, state_after

from clearpoint.text import issues

CAUSE = "This is a real bug: the second path was never wired up. Want me to file it?"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(CAUSE, True, id="a cause that is left open"),
        pytest.param("Found it: the field is missing. Let me add it to both.", False,
                     id="fixed at once"),
        pytest.param("The controller tests fail because of the guard on the route.", True,
                     id="a failure with its cause"),
        pytest.param("Fixed. The issue was that the field is missing in one of them.", False,
                     id="fixed already"),
        pytest.param("The export doesn't work with an empty list.", True, id="plainly"),
        pytest.param("I checked whether the index is missing somewhere.", False, id="supposed"),
        pytest.param("The queue is NOT being emptied. Let me add some debug output.", True,
                     id="looked into further"),
        pytest.param("The loader silently skips the last row of a file.", True, id="what is lost"),
        pytest.param("It has no switch, it just drops everything that comes.", True, id="dropped"),
        pytest.param("The hook runs the tests, but is also picking up those of a clone.", True,
                     id="too much"),
        pytest.param("The unit tests are failing because the fixture has moved.", True,
                     id="failing, and why"),
        pytest.param("I see the tests are failing.", False, id="which is not said"),
    ],
)  # fmt: skip
def test_an_issue_is_what_is_wrong_now(text: str, *, found: bool) -> None:
    assert bool(list(issues.named(text))) is found


def test_a_cause_is_forgotten_once_something_was_changed_and_committed() -> None:
    edit = done("Edit", "ok", tool_id="e", file_path="/p/a.py", old_string="a", new_string="b")
    commit = done("Bash", "[main 1a2b3c4] Wire it", tool_id="c", command="git commit -m 'Wire it'")
    open_issues = [
        len(state_after(prompt("look"), answer(CAUSE), *then)["work_state"]["issues"])
        for then in ([], edit, commit, [*edit, *commit])
    ]
    assert open_issues == [1, 1, 1, 0]
