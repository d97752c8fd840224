"""The status line on the real client's screen: as wide as the terminal, and beside another one."""

import json
import re
from pathlib import Path

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install, uninstall

from .conftest import ClientFactory
from .lab import Lab
from .terminal import Terminal

MODEL = "claude-sonnet-4-6"
MINE = {"type": "command", "command": "cat > /dev/null; echo it\\'s mine"}


def installed(client: ClientFactory, mine: dict[str, str] | None = None, text: str = "") -> Lab:
    """Open a lab whose project shows our status line, beside one that it had before."""
    lab = client(settings={"statusLine": mine} if mine else None)
    folder = lab.home / ".config" / "clearpoint"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text)
    config, programs = lab.home / ".claude", executables_dir()
    install("project", lab.project, config_dir=config, executables=programs, statusline=True)
    return lab


def line_of(terminal: Terminal) -> str:
    """The status line as it stands on the screen."""
    (line,) = re.findall(r"^ *([█░]+ .*)$", terminal.screen(), re.MULTILINE)
    return str(line).rstrip()


@pytest.mark.parametrize("columns", [150, 60, 40])
def test_it_is_as_wide_as_the_terminal_and_never_cut(client: ClientFactory, columns: int) -> None:
    lab = installed(client)
    terminal = lab.start("--model", MODEL)
    terminal.resize(columns)
    terminal.say("USAGE:152000@@ For SPEC-AUTH-001-WITH-A-LONG-NAME we go on")
    terminal.wait_for_text("152k/200k window 76%" if columns == 150 else "152k/200k 76%")
    line = line_of(terminal)
    assert "…" not in line
    assert len(line) <= columns - 4
    assert ("SPEC-AUTH-001-WITH-A-LONG-NAME" in line) is (columns == 150)


def test_another_status_line_is_shown_above_ours_and_comes_back(client: ClientFactory) -> None:
    lab = installed(client, MINE)
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:84000@@ hello")
    terminal.wait_for_text("84k/200k window 42%")
    rows = [row.strip() for row in terminal.screen().splitlines()]
    assert rows.index("it's mine") == rows.index(line_of(terminal)) - 1
    uninstall("project", lab.project, config_dir=lab.home / ".claude")
    settings = json.loads(Path(lab.project / ".claude" / "settings.json").read_text())
    assert settings == {"statusLine": MINE}


def test_one_that_hangs_does_not_keep_ours_off_the_screen(client: ClientFactory) -> None:
    hanging = {"type": "command", "command": "exec tail -f .git/HEAD"}
    lab = installed(client, hanging, "[statusline]\nwait_seconds = 0.5\n")
    terminal = lab.start("--model", MODEL)
    terminal.say("USAGE:84000@@ hello")
    terminal.wait_for_text("84k/200k window 42%")
    terminal.stop()
    left = lab.run("pgrep", "-f", "^tail -f .git/HEAD$").stdout.split()
    assert left == []
