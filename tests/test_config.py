"""Settings: what is wrong is named with its place, the rest counts, and nothing is read twice."""

from __future__ import annotations

import copy
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send
from hypothesis import given
from hypothesis import strategies as st

from clearpoint.config import file, origin
from clearpoint.config import load as config
from clearpoint.config.defaults import DEFAULTS
from clearpoint.store.checksummed import remainder, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearpoint.models.config import Config


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the user's settings for one project are: beside its state."""
    (tmp_path / "state").mkdir()
    return tmp_path / "state/config.toml"


def load(path: Path, **env: str) -> tuple[Config, list[str]]:
    return config.load("/p", str(path.parent), env)


def changed(**values: Any) -> Config:
    """The built-in settings with values over them, named as `table__key`."""
    made: Any = copy.deepcopy(DEFAULTS)
    for name, value in values.items():
        *tables, key = name.split("__")
        place = made
        for table in tables:
            place = place[table]
        place[key] = value
    return made  # type: ignore[no-any-return]


def test_without_a_file_the_built_in_settings_hold_and_nothing_is_written(path: Path) -> None:
    assert load(path) == (DEFAULTS, [])
    assert list(path.parent.iterdir()) == []


def test_a_file_is_laid_over_the_built_in_settings(path: Path) -> None:
    path.write_text(
        "[budget]\nwindow = 200000\nthresholds.warning = 70.5\n"
        '[work.phase_commands]\n"/ship" = "review"\n'
    )
    commands = {**DEFAULTS["work"]["phase_commands"], "/ship": "review"}
    expected = changed(
        budget__window=200_000, budget__thresholds__warning=70.5, work__phase_commands=commands
    )
    assert load(path) == (expected, [])


def test_the_built_in_settings_are_never_changed(path: Path) -> None:
    before = copy.deepcopy(DEFAULTS)
    path.write_text("[budget.thresholds]\nwarning = 70\n[work.phase_commands]\n'/a' = 'review'\n")
    load(path)
    assert before == DEFAULTS


def test_the_projects_file_goes_over_the_persons(path: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "clearpoint").mkdir(parents=True)
    (home / "clearpoint/config.toml").write_text("[reload]\nmax_tokens = 1\nfiles = 2\n")
    path.write_text("[reload]\nmax_tokens = 3\n")
    expected = changed(reload__max_tokens=3, reload__files=2)
    assert load(path, XDG_CONFIG_HOME=str(home)) == (expected, [])


@pytest.mark.parametrize(
    ("env", "found"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"HOME": "/h"}, ["/h/.config/clearpoint/config.toml"], id="HOME"),
        pytest.param(
            {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, ["/x/clearpoint/config.toml"], id="XDG"
        ),
    ],
)
def test_the_persons_file_is_where_the_system_keeps_such(
    env: dict[str, str], found: list[str]
) -> None:
    private = ["/p/.clearpoint/config.toml", "/state/config.toml"]
    assert config.config_paths("/p", "/state", env) == [*found, *private]


def test_a_state_folder_in_the_project_has_no_settings_of_its_own() -> None:
    paths = ["/p/.clearpoint/config.toml"]
    assert config.config_paths("/p", "/p/.clearpoint", {}) == paths


REFUSED = "a repository cannot set this; set it in your own settings (clearpoint config --help)"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("[advice]\nenforce = true\n", "advice.enforce", id="holding prompts back"),
        pytest.param("[retention]\ndays = 1\n", "retention.days", id="deleting"),
        pytest.param("retention.megabytes = 1\n", "retention.megabytes", id="a dotted key"),
        pytest.param('[state]\nlocation = "project"\n', "state.location", id="another place"),
        pytest.param(
            '[persistence]\ncontext_preservation = "everything"\n',
            "persistence.context_preservation", id="keeping more",
        ),
        pytest.param('[messages.en]\nfull = "Run it."\n', "messages.en", id="its own words"),
        pytest.param("[statusline]\nwait_seconds = 9\n", "statusline.wait_seconds", id="the line"),
    ],
)  # fmt: skip
def test_a_repository_sets_nothing_that_acts_on_its_user(
    tmp_path: Path, text: str, key: str
) -> None:
    path = tmp_path / ".clearpoint/config.toml"
    path.parent.mkdir()
    path.write_text(text + "[reload]\nfiles = 5\n")
    loaded, problems = config.load(str(tmp_path), str(tmp_path / "state"), {})
    assert loaded == changed(reload__files=5)
    (problem,) = problems
    assert problem.startswith(f"{path}: line ")
    assert problem.endswith(f"{key}: {REFUSED}")


def test_what_a_repository_may_set_exists() -> None:
    keys = [key for key, _ in origin.leaves(DEFAULTS)]
    assert [
        one for one in file.REPOSITORY_KEYS if not any(key.startswith(one) for key in keys)
    ] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "[budget]\n\nwindw = 5\n", "line 3: unknown key budget.windw, did you mean "
            "budget.window?", id="a misspelt key",
        ),
        pytest.param(
            "[bugdet]\nwindow = 5\n", "line 1: unknown key bugdet, did you mean budget?",
            id="a misspelt table",
        ),
        pytest.param("zzz = 1\n", "line 1: unknown key zzz", id="a key like no other"),
        pytest.param(
            "[budget.large_thresholds]\nwarning = 50\n[budget.thresholds]\nwarming = 50\n",
            "line 4: unknown key budget.thresholds.warming, did you mean "
            "budget.thresholds.warning?", id="the right one of two tables",
        ),
        pytest.param(
            "[budget.large_thresholds]\nwarning = 50\n[budget.thresholds]\nwarning = 'x'\n",
            "line 4: budget.thresholds.warning: input should be a valid number",
            id="a text for a number",
        ),
        pytest.param(
            "[budget]\nthresholds.monitor = true\n",
            "line 2: budget.thresholds.monitor: input should be a valid number",
            id="a flag for a number",
        ),
        pytest.param(
            "[budget]\nthresholds = { monitor = [] }\n",
            "line 2: budget.thresholds.monitor: input should be a valid number",
            id="inside an inline table",
        ),
        pytest.param(
            "# advice\n[ advice ]\nlevel = 1\n",
            "line 3: advice.level: input should be a valid boolean", id="a number for a flag",
        ),
        pytest.param(
            "advice = 1\n", "line 1: advice: input should be a valid dictionary",
            id="a number for a table",
        ),
        pytest.param(
            "[advice.level]\n", "line 1: advice.level: input should be a valid boolean",
            id="a table for a flag",
        ),
        pytest.param(
            "[work.phase_commands]\n'/x' = 'shipping'\n",
            "line 2: work.phase_commands./x: input should be 'initialization', 'planning', "
            "'implementation', 'testing', 'documentation', 'review' or 'completed'",
            id="a phase that there is not",
        ),
        pytest.param(
            "[budget]\nwindow = -1\n", "line 2: budget.window: must be from 0 to 1,000,000,000",
            id="negative",
        ),
        pytest.param(
            "[budget]\nwindow = 1" + "0" * 400 + "\n",
            "line 2: budget.window: must be from 0 to 1,000,000,000", id="huge",
        ),
        pytest.param(
            "[budget.thresholds]\nmonitor = nan\n",
            "line 2: budget.thresholds.monitor: must be from 0 to 100", id="no number",
        ),
        pytest.param(
            "[advice]\nfrees_percent = inf\n",
            "line 2: advice.frees_percent: must be from 0 to 100", id="infinite",
        ),
        pytest.param(
            "[statusline]\nbar_cells = 1000000\n",
            "line 2: statusline.bar_cells: must be from 0 to 200", id="too long a bar",
        ),
        pytest.param(
            "[budget.thresholds]\nmonitor = 90\n",
            "budget.thresholds must rise: monitor, warning, critical, emergency", id="falling",
        ),
        pytest.param(
            "[budget\n", "Expected ']' at the end of a table declaration (at line 1, column 8)",
            id="no TOML",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(path: Path, text: str, problem: str) -> None:
    path.write_text(text)
    assert load(path) == (DEFAULTS, [f"{path}: {problem}"])


def test_what_is_right_beside_it_still_counts(path: Path) -> None:
    path.write_text("[reload]\nmax_tokns = 1\nfiles = 5\n[advice]\nlevel = 'no'\nmessages = 9\n")
    loaded, problems = load(path)
    assert loaded == changed(reload__files=5, advice__messages=9)
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        pytest.param(Path.mkdir, "not a regular file", id="a folder"),
        pytest.param(os.mkfifo, "not a regular file", id="a pipe that nobody writes to"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "not a regular file", id="endless"),
        pytest.param(lambda path: path.write_bytes(b"a = '\xff'"), "not UTF-8 text", id="no UTF-8"),
        pytest.param(
            lambda path: path.write_bytes(b"#" * 100_000), "longer than 65536 bytes", id="huge"
        ),
        pytest.param(
            lambda path: path.write_bytes(b"a = " + b"[" * 60_000),
            "maximum recursion depth exceeded", id="too deep",
        ),
        pytest.param(
            lambda path: path.write_bytes(b"[budget]\nwindow = 1" + b"0" * 5_000),
            "Exceeds the limit (4300", id="a number too long",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_and_nobody_waits(
    path: Path, make: Callable[[Path], None], problem: str
) -> None:
    make(path)
    loaded, problems = load(path)
    assert loaded == DEFAULTS
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}: {problem}")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf[reload]\r\nfiles = 5\r\n", id="as Windows writes it"),
        pytest.param(b"[reload]\nfiles = 5", id="without a last newline"),
    ],
)
def test_a_file_of_any_editor_is_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert load(path) == (changed(reload__files=5), [])


def test_a_linked_file_is_read(path: Path) -> None:
    path.with_name("dotfiles.toml").write_text("[reload]\nfiles = 5\n")
    path.symlink_to("dotfiles.toml")
    assert load(path) == (changed(reload__files=5), [])


def test_a_file_of_something_else_is_not_recited(path: Path) -> None:
    path.write_text("".join(f'"key\x7f{number}" = 1\n' for number in range(3_000)).replace(
        "\x7f", "\\u001b"))  # fmt: skip
    begun = time.monotonic()
    _, problems = load(path)
    assert (len(problems), problems[-1]) == (11, "… and 2990 more problems in these files")
    assert all(problem.isprintable() and len(problem) <= 500 for problem in problems)
    assert time.monotonic() - begun < 5.0


@given(st.dictionaries(st.sampled_from([*DEFAULTS, "x"]), st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))))  # fmt: skip
def test_whatever_a_file_says_the_settings_are_whole(table: dict[str, Any]) -> None:
    made: Any = copy.deepcopy(DEFAULTS)
    file._merge(made, table, "", {}, ("",))
    file._order(made)
    assert file._adapter.validate_python(made, strict=True).keys() == DEFAULTS.keys()


def test_what_was_read_is_kept_until_the_file_changes(path: Path) -> None:
    path.write_text("[reload]\nfiles = 5\nfils = 6\n")
    first = load(path)
    kept = path.with_name("config.json")
    written = kept.stat().st_mtime_ns
    assert load(path) == first
    assert kept.stat().st_mtime_ns == written
    path.write_text("[reload]\nfiles = 7\n")
    assert load(path) == (changed(reload__files=7), [])


def test_a_file_that_goes_takes_its_settings_along(path: Path) -> None:
    path.write_text("[reload]\nfiles = 5\n")
    load(path)
    path.unlink()
    assert load(path) == (DEFAULTS, [])


def test_settings_kept_by_another_version_are_not_used(path: Path) -> None:
    path.write_text("[reload]\nfiles = 5\n")
    load(path)
    kept = path.with_name("config.json")
    cache = unseal(kept.read_bytes(), remainder)
    cache["made_from"]["defaults"] = "of another version"
    cache["config"] = {}
    kept.write_bytes(seal(cache, checksum=remainder))
    assert load(path) == (changed(reload__files=5), [])


def test_damaged_kept_settings_are_made_anew_whichever_byte_it_is(path: Path) -> None:
    path.write_text("[reload]\nfiles = 5\n")
    expected = load(path)
    kept = path.with_name("config.json")
    whole = kept.read_bytes()
    for place in range(0, len(whole), 7):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert load(path) == expected
    assert kept.read_bytes() == whole


def test_settings_hold_where_they_cannot_be_kept(path: Path) -> None:
    path.write_text("[reload]\nfiles = 5\n")
    path.with_name("config.json").mkdir()
    assert load(path) == (changed(reload__files=5), [])


def test_problems_are_said_when_a_session_starts(tmp_path: Path) -> None:
    path = tmp_path / ".clearpoint/config.toml"
    path.parent.mkdir()
    path.write_text("[advice]\nmesages = 5\n")
    code, out, err = send("session_start", payload(tmp_path, source="startup"))
    said = f"{path}: line 2: unknown key advice.mesages, did you mean advice.messages?"
    assert (code, out, err) == (0, '{"systemMessage": "' + said + '"}', "")
    assert send("stop", payload(tmp_path)) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "tokens", "problem"),
    [
        pytest.param("tokens = 100000", 100_000, "", id="a number"),
        pytest.param('tokens = "window"', "window", "", id="the whole window"),
        pytest.param("window = 100000", 200_000, "", id="the default above a window"),
        *(
            pytest.param(
                f"tokens = {value}",
                200_000,
                'line 2: budget.tokens: must be at least 1,000 tokens, or "window"',
                id=value,
            )
            for value in ("0", "-5", '"150k"', "1.5", "true", "[]", "99999999999999")
        ),
        pytest.param(
            "window = 200000\ntokens = 500000",
            200_000,
            "budget.tokens: 500,000 is above budget.window; 200,000 counts",
            id="above the window that is set",
        ),
        pytest.param(
            "tokens = 5000000",
            1_000_000,
            "budget.tokens: 5,000,000 is above the largest window; 1,000,000 counts",
            id="above all windows",
        ),
    ],
)
def test_a_budget_that_cannot_be_is_named(
    tmp_path: Path, text: str, tokens: int | str, problem: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[budget]\n{text}\n")
    config, problems = file.read_all([str(path)])
    assert (config["budget"]["tokens"], problems) == (
        tokens,
        [f"{path}: {problem}"] * bool(problem),
    )
