"""The settings file: read strictly, replaced whole, with a backup beside it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from clearpoint.install import settings_file as files
from clearpoint.install.settings_file import SettingsError

TRAILING_COMMA = ":3:1" if sys.version_info < (3, 13) else ":2:9"
"""Where the standard library points to: behind the comma, and lately at it."""
posix_only = pytest.mark.skipif(os.name == "nt", reason="modes, links and FIFOs of POSIX")
not_root = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind root"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        files.read_settings(path)
    return str(caught.value)


def test_no_file_is_no_settings(path: Path) -> None:
    assert files.read_settings(path) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \r\n\t", id="blank"),
        pytest.param(b"\xef\xbb\xbf", id="only-a-byte-order-mark"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte-order-mark"),
        pytest.param(b'{\r\n"a": 1}\r\n', id="crlf"),
        pytest.param('{"é": "\u2028\U0001f600"}'.encode(), id="non-ascii"),
        pytest.param(b'{"a": "\\ud800"}', id="lone-surrogate"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="a-number-of-5000-digits"),
    ],
)
def test_text_is_kept_to_the_byte(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    text = files.read_settings(path)
    assert text is not None

    files.write_settings(path, text, text)

    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b'{\n  "a": 1,\n}', f"{TRAILING_COMMA}: not valid JSON", id="trailing-comma"),
        pytest.param(b'{\n  "a" 1}', ":2:7: not valid JSON", id="no-colon"),
        pytest.param(b"{\n  // why\n}", ":2:3: not valid JSON", id="comment"),
        pytest.param(b"{\n  // why\n}", "(comments are not allowed)", id="comment-is-named"),
        pytest.param(b'\xef\xbb\xbf{"a" 1}', ":1:6: not valid JSON", id="after-byte-order-mark"),
        pytest.param(b'{"a": NaN}', ":1:7: not valid JSON", id="nan"),
        pytest.param(b"{}{}", ":1:3: not valid JSON", id="two-objects"),
        pytest.param(b'{"a": "\xc3\xa9",\n "\xc3\xa9\xff"}', ":2:4: not UTF-8", id="not-utf-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), ":1:1: not UTF-8", id="utf-16"),
        pytest.param(b'{"a": 1,\n "a": 2}', ':2:2: the key "a" appears twice', id="key-twice"),
        pytest.param(
            b'{"p": [{"q": 1, "q": 2}]}', ':1:17: the key "q" appears twice', id="key-twice-inside"
        ),
        pytest.param(b"\n []", ":2:2: the settings must be an object, not a list", id="list"),
        pytest.param(b'"x"', "must be an object, not a string", id="string"),
        pytest.param(b"1.0", "must be an object, not a number", id="number"),
        pytest.param(b"null", "must be an object, not null", id="null"),
        pytest.param(b"true", "must be an object, not true or false", id="boolean"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_says_where(
    path: Path, content: bytes, says: str
) -> None:
    path.write_bytes(content)

    message = refusal(path)

    assert says in message
    assert message.startswith(str(path))
    assert "\n" not in message
    assert path.read_bytes() == content


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()

    assert "not a regular file" in refusal(path)


@posix_only
def test_a_fifo_is_refused_without_waiting_for_its_writer(path: Path) -> None:
    os.mkfifo(path)

    assert "not a regular file" in refusal(path)


@posix_only
def test_a_link_to_itself_is_refused(path: Path) -> None:
    path.symlink_to(path)

    assert "cannot read it" in refusal(path)


def test_a_new_file_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "settings.json"

    files.write_settings(path, "{}\n", None)

    assert path.read_text() == "{}\n"


def test_nothing_but_the_settings_is_left_in_the_folder(path: Path) -> None:
    path.write_text("{}")

    files.write_settings(path, '{"a": 1}', "{}")

    assert list(path.parent.iterdir()) == [path]


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755], ids=oct)
def test_the_mode_of_the_file_stays(path: Path, mode: int) -> None:
    path.write_text("{}")
    path.chmod(mode)

    files.write_settings(path, '{"a": 1}', "{}")

    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix_only
def test_the_backup_is_no_more_readable_than_the_settings(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0o600)

    backup = files.write_backup(path, "{}")

    assert backup is not None
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


@posix_only
def test_a_link_is_followed_and_stays_a_link(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "claude.json"
    target.parent.mkdir()
    target.write_text("{}")
    path.symlink_to(target)

    files.write_settings(path, '{"a": 1}', "{}")

    assert (path.is_symlink(), target.read_text()) == (True, '{"a": 1}')


@posix_only
def test_a_link_to_no_file_gets_its_file_and_loses_it_again(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "later.json"
    path.symlink_to(target)

    files.write_settings(path, "{}", None)
    written = target.read_text()
    files.remove_settings(path, "{}")

    assert (written, path.is_symlink(), target.exists()) == ("{}", True, False)


def test_a_change_by_another_program_is_not_overwritten(path: Path) -> None:
    path.write_text('{"theirs": 1}')

    with pytest.raises(SettingsError, match="changed by another program"):
        files.write_settings(path, '{"ours": 1}', "{}")

    assert path.read_text() == '{"theirs": 1}'


def test_a_change_by_another_program_is_not_deleted(path: Path) -> None:
    path.write_text('{"theirs": 1}')

    with pytest.raises(SettingsError, match="changed by another program"):
        files.remove_settings(path, "{}")

    assert path.read_text() == '{"theirs": 1}'


def test_a_folder_with_other_files_outlives_the_settings(tmp_path: Path) -> None:
    path = tmp_path / ".claude" / "settings.json"
    files.write_settings(path, "{}", None)
    (path.parent / "CLAUDE.md").touch()

    files.remove_settings(path, "{}")

    assert [file.name for file in path.parent.iterdir()] == ["CLAUDE.md"]


def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".claude").touch()

    with pytest.raises(SettingsError, match=r"^[^\n]+cannot [^\n]+Nothing was changed[^\n]+$"):
        files.write_settings(tmp_path / ".claude" / "settings.json", "{}", None)


@not_root
def test_a_read_only_folder_is_one_line_and_changes_nothing(path: Path) -> None:
    path.write_text("{}")
    path.parent.chmod(0o500)
    try:
        with pytest.raises(
            SettingsError, match=r"^[^\n]+cannot write it: Permission denied[^\n]+$"
        ):
            files.write_settings(path, '{"a": 1}', "{}")
        assert path.read_text() == "{}"
    finally:
        path.parent.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc")
def test_a_folder_that_takes_no_files_is_one_line() -> None:
    with pytest.raises(SettingsError, match=r"^[^\n]+cannot write it[^\n]+$"):
        files.write_settings(Path("/proc/self/.claude/settings.json"), "{}", None)


def test_the_backup_stands_beside_the_settings(path: Path) -> None:
    path.write_text("{}")

    backup = files.write_backup(path, '{"é": 1}\r\n')

    assert backup == path.parent / "settings.json.clearpoint-backup"
    assert backup.read_bytes() == '{"é": 1}\r\n'.encode()


def test_a_backup_from_earlier_times_steps_aside_and_is_not_lost(path: Path) -> None:
    files.backup_path(path).write_text('{"once": 1}')

    files.write_backup(path, None)

    assert {file.name: file.read_text() for file in path.parent.iterdir()} == {
        "settings.json.clearpoint-backup.old": '{"once": 1}'
    }


@pytest.mark.parametrize(
    ("backup", "stays"),
    [
        pytest.param('{"a": 1}', False, id="the-same"),
        pytest.param('{"a": 2}', True, id="another"),
        pytest.param("\x00", True, id="damaged"),
    ],
)
def test_a_backup_goes_only_when_it_says_the_same(path: Path, backup: str, *, stays: bool) -> None:
    files.backup_path(path).write_text(backup)

    left = files.drop_backup(path, '{"a": 1}')

    assert (left is not None, files.backup_path(path).exists()) == (stays, stays)


@pytest.mark.parametrize("content", ["{", "[]", '{"a":1,"a":2}'])
def test_a_damaged_backup_counts_as_none(path: Path, content: str) -> None:
    files.backup_path(path).write_text(content)

    assert files.read_backup(path) is None


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        pytest.param("{}\n", "{}\n", "", id="no-change"),
        pytest.param(
            None,
            '{"a": 1}\n',
            '--- /dev/null\n+++ s.json\n@@ -0,0 +1 @@\n+{"a": 1}\n',
            id="a-new-file",
        ),
        pytest.param(
            "{}",
            None,
            "--- s.json\n+++ /dev/null\n@@ -1 +0,0 @@\n-{}\n\\ No newline at end of file\n",
            id="a-file-that-goes",
        ),
        pytest.param(
            '{"\u2028": 1}',
            '{"\u2028": 1}\n',
            '--- s.json\n+++ s.json\n@@ -1 +1 @@\n-{"\u2028": 1}\n\\ No newline at end of file\n'
            '+{"\u2028": 1}\n',
            id="lines-end-at-newlines-only",
        ),
    ],
)
def test_the_diff_is_what_diff_prints(before: str | None, after: str | None, diff: str) -> None:
    assert files.unified_diff(Path("s.json"), before, after) == diff
