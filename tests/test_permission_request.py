"""The plugin allows reads of our own folder, and answers nothing else."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from builders import payload, send

if TYPE_CHECKING:
    from pathlib import Path

ALLOWED = {
    "hookSpecificOutput": {
        "hookEventName": "PermissionRequest",
        "decision": {"behavior": "allow"},
    }
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with an archive, a link out of it, and a secret beside it."""
    folder = tmp_path / "home"
    kept = folder / ".claude/clearpoint/projects/shop-1/sessions"
    kept.mkdir(parents=True)
    (kept / "0001.md").write_text("words")
    (folder / "secret").write_text("key")
    (kept / "out").symlink_to(folder / "secret")
    return folder


def asked(home: Path, tool: str, **given: Any) -> Any:
    about = {"tool_name": tool, "tool_input": given, "hook_event_name": "PermissionRequest"}
    env = {"HOME": str(home), "CLAUDE_CONFIG_DIR": f"{home}/.claude"}
    replied = send("clearpoint.handlers.plugin", payload(home, **about), env)
    assert (replied.code, replied.err) == (0, "")
    return json.loads(replied.out) if replied.out else None


@pytest.mark.parametrize(
    "path",
    ["projects/shop-1/sessions/0001.md", "projects/shop-1", "projects/none.md", "./projects"],
)
def test_a_read_of_our_own_folder_is_allowed(home: Path, path: str) -> None:
    assert asked(home, "Read", file_path=f"{home}/.claude/clearpoint/{path}") == ALLOWED


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("{home}/secret", id="beside it"),
        pytest.param("{ours}/../settings.json", id="above it"),
        pytest.param("{home}/.claude/clearpoint-other/x", id="a name that begins alike"),
        pytest.param("{ours}/projects/shop-1/sessions/out", id="a link out of it"),
        pytest.param("projects/x", id="counted from somewhere"),
        pytest.param("", id="none"),
    ],
)
def test_no_other_read_is_answered(home: Path, path: str) -> None:
    named = path.format(home=home, ours=f"{home}/.claude/clearpoint")
    assert asked(home, "Read", file_path=named) is None


@pytest.mark.parametrize(
    "command",
    [
        "grep -rn JWT {ours}",
        "grep -n 'two words' {ours}/projects/shop-1/sessions/0001.md",
        'grep -rin "a|b" {ours}/projects',
        "cat {ours}/projects/shop-1/sessions/0001.md",
        "cat ~/.claude/clearpoint/projects/shop-1/sessions/0001.md",
        "head -n 20 {ours}/projects/shop-1/sessions/0001.md",
        "tail -5 {ours}/a {ours}/b",
        "ls -la {ours}",
        "wc -l {ours}/a",
    ],
)
def test_a_plain_reading_command_is_allowed(home: Path, command: str) -> None:
    assert asked(home, "Bash", command=command.format(ours=f"{home}/.claude/clearpoint")) == ALLOWED


@pytest.mark.parametrize(
    "command",
    [
        "grep -rn JWT {ours} {home}/secret",
        "grep -rn JWT",
        "grep -f {home}/secret {ours}/a",
        "grep -rn --file={home}/secret x {ours}",
        "cat {ours}/a; cat {home}/secret",
        "cat {ours}/a && rm {ours}/a",
        "cat {ours}/a | sh",
        "cat {ours}/a > {home}/secret",
        "cat < {home}/secret",
        "cat $(echo {home}/secret)",
        "cat `id`",
        "cat {ours}/*",
        "cat {ours}/../../../secret",
        "cat '~/.claude/clearpoint/a'",
        "cat {ours}/a\nrm {ours}/a",
        "cat {ours}/a\\\n{home}/secret",
        'grep "$HOME" {ours}/a',
        "grep x '{ours}/a",
        "tail -f {ours}/a",
        "wc --files0-from={home}/secret {ours}/a",
        "cat - {ours}/a",
        "rm {ours}/a",
        "/tmp/cat {ours}/a",
        "X=1 cat {ours}/a",
        "sed -n 1p {ours}/a",
        "",
    ],
)
def test_no_other_command_is_answered(home: Path, command: str) -> None:
    text = command.format(home=home, ours=f"{home}/.claude/clearpoint")
    assert asked(home, "Bash", command=text) is None


@pytest.mark.parametrize("given", [None, 5, [], {"file_path": 5}, {"command": ["cat"]}])
@pytest.mark.parametrize("tool", ["Read", "Bash", "Write", ""])
def test_odd_requests_are_not_answered(home: Path, tool: str, given: Any) -> None:
    about = {"tool_name": tool, "tool_input": given, "hook_event_name": "PermissionRequest"}
    env = {"HOME": str(home)}
    assert send("clearpoint.handlers.plugin", payload(home, **about), env) == (0, "", "")


def test_a_write_to_our_folder_is_not_answered(home: Path) -> None:
    path = os.path.join(home, ".claude/clearpoint/a")
    assert asked(home, "Write", file_path=path) is None
    assert asked(home, "Edit", file_path=path) is None


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        pytest.param("clearpoint search refresh token", ALLOWED, id="words"),
        pytest.param("clearpoint search --all '\"a phrase\"' --since 2w", ALLOWED, id="options"),
        pytest.param("clearpoint search", ALLOWED, id="alone"),
        pytest.param("clearpoint searching x", None, id="another command"),
        pytest.param("clearpoint gc search", None, id="a command that removes"),
        pytest.param("./clearpoint search x", None, id="another program"),
        pytest.param("clearpoint search x; rm a", None, id="two commands"),
        pytest.param("clearpoint search x > a", None, id="into a file"),
        pytest.param("clearpoint search $(rm a)", None, id="one within"),
        pytest.param('clearpoint search "`rm a`"', None, id="one within quotes"),
        pytest.param("clearpoint search x\nrm a", None, id="on two lines"),
        pytest.param("PATH=. clearpoint search x", None, id="with a variable"),
    ],
)
def test_a_search_is_allowed_and_nothing_beside_it(home: Path, command: str, reply: Any) -> None:
    assert asked(home, "Bash", command=command) == reply
