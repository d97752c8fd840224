"""Paths of Windows are compared like any others: they are kept with `/` from where they come in."""

from __future__ import annotations

import ntpath
import posixpath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made import done, state_after

from clearpoint.client import settings
from clearpoint.config import load
from clearpoint.install import registration
from clearpoint.lowlevel.paths import home, portable
from clearpoint.project.paths import below
from clearpoint.reload import compose
from clearpoint.work.file_activity import touched_path

SHOP = ntpath.join("C:\\", "My shop", "src")
names = st.text(st.sampled_from("aé -.x1"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param(ntpath.join(SHOP, "auth.py"), "C:/My shop/src/auth.py", id="with a drive"),
        pytest.param(r"\\server\share\a.py", "//server/share/a.py", id="of a server"),
        pytest.param("C:/shop/a.py", "C:/shop/a.py", id="with slashes already"),
        pytest.param("/home/me/odd\\name.py", "/home/me/odd\\name.py", id="of POSIX"),
        pytest.param("src\\a.py", "src\\a.py", id="relative: it may be a name"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_path_is_kept_with_slashes_where_it_is_of_windows(path: str, kept: str) -> None:
    assert portable(path) == kept
    assert portable(kept) == kept


@given(st.lists(names, min_size=1, max_size=5))
@example(["a.py"])
def test_windows_itself_takes_it_for_the_same_path(parts: list[str]) -> None:
    path = ntpath.join("D:\\", *parts)
    assert ntpath.normpath(portable(path)) == ntpath.normpath(path)


@given(st.lists(names, min_size=1, max_size=3), st.lists(names, min_size=1, max_size=3))
def test_a_path_below_a_folder_is_told_from_there_on_every_system(
    folder: list[str], inside: list[str]
) -> None:
    for system, root in ((ntpath, "C:\\"), (posixpath, "/")):
        project = system.join(root, *folder)
        assert below(system.join(project, *inside), project) == "/".join(inside)
        assert below(project + "x", project) == project + "x"


@pytest.mark.parametrize(
    ("env", "found"),
    [
        pytest.param({"USERPROFILE": r"C:\Users\me"}, r"C:\Users\me", id="Windows"),
        pytest.param({"HOME": "/c/Users/me", "USERPROFILE": "x"}, "/c/Users/me", id="Git Bash"),
        pytest.param({}, "", id="nothing"),
    ],
)
def test_the_persons_folder_is_known_without_a_home_variable(
    env: dict[str, str], found: str
) -> None:
    assert home(env) == found


def test_settings_are_found_below_the_windows_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"USERPROFILE": r"C:\Users\me"}
    monkeypatch.setattr("os.path", ntpath)
    assert load.config_paths(r"C:\p", r"C:\state", env) == [
        r"C:\Users\me\.config\clearpoint\config.toml",
        r"C:\p\.clearpoint\config.toml",
        r"C:\state\config.toml",
    ]
    assert settings.settings_paths(env, "C:/p") == [
        r"C:/p\.claude\settings.local.json",
        r"C:/p\.claude\settings.json",
        r"C:\Users\me\.claude\settings.json",
    ]


def test_a_file_that_a_tool_names_is_known_by_its_place_in_the_project() -> None:
    path = ntpath.join(SHOP, "auth.py")
    assert touched_path("Read", {"file_path": path}) == "C:/My shop/src/auth.py"
    state = state_after(*done("Edit", file_path=path, old_string="", new_string="x = 1"))
    (kept,) = state["work_state"]["files"]
    assert compose.shown_path(kept, portable(r"C:\My shop")) == "src/auth.py"


def test_the_status_line_is_quoted_for_the_bash_that_the_client_uses_on_windows() -> None:
    from pathlib import PureWindowsPath

    folder = PureWindowsPath(r"C:\my venv\Scripts")
    command = registration.statusline_command(folder, "clearpoint-hook.exe")
    assert command == "'C:/my venv/Scripts/clearpoint-hook.exe' statusline"
