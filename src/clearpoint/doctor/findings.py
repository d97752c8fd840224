"""What an examination looks at, and what it finds."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from clearpoint.client.settings import transcripts_folder
from clearpoint.config import load as settings
from clearpoint.install import check as install_check
from clearpoint.install.registering import client_config_dir
from clearpoint.session.recovery import whole_state
from clearpoint.store.layout import state_root
from clearpoint.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clearpoint.install.check import Check
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

Level = Literal["ok", "note", "warning", "error"]
"""`error`: something does not work now; `warning`: it may fail, or did; `note`: worth knowing."""

SESSIONS = 10
"""How many of the newest sessions are looked into where all would take too long."""


class Finding(NamedTuple):
    """One thing that was looked at, and how it is."""

    check: str
    """Area and subject, `state.quarantine`: a name for programs that stays the same."""
    level: Level
    text: str
    mend: str = ""
    """What to do about it, in words."""
    command: str = ""
    """What to type."""


@dataclass(frozen=True)
class Case:
    """A project with its place: everything that an examination depends on."""

    project: str
    env: Mapping[str, str]
    home: Path
    managed: Path
    """The folder of the settings that an administrator manages."""
    now: float
    """The present time in seconds."""

    @property
    def root(self) -> str:
        """The state folder."""
        return state_root(self.project, self.env)

    @property
    def store(self) -> Store:
        """What is in it."""
        return Store(self.root)

    @property
    def config_dir(self) -> Path:
        """The client's own folder."""
        return client_config_dir(self.env, self.home)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What each of the client's settings files registers."""
        return install_check.check(Path(self.project), config_dir=self.config_dir, env=self.env)

    @property
    def is_registered(self) -> bool:
        """Whether any of them has hooks of Clearpoint's, or enables the plugin."""
        return any(found.plugin or install_check.has_hooks(found) for found in self.checks)

    @cached_property
    def settings(self) -> tuple[Config, list[str]]:
        """The settings in force, and what is wrong with their files."""
        return settings.load(self.project, self.root, self.env)

    @cached_property
    def recent(self) -> list[State]:
        """The states of the newest sessions that can be read, the newest first."""
        store = self.store
        ids = store.newest_ids()[:SESSIONS]
        found = (whole_state(store.state_path(one), one) for one in ids)
        return [state for state in found if state is not None]

    @cached_property
    def transcripts(self) -> list[Path]:
        """The newest transcripts of the project's sessions, the newest first."""
        env = {**self.env, "CLAUDE_CONFIG_DIR": str(self.config_dir)}
        found = {*Path(transcripts_folder(self.project, env)).glob("*.jsonl")}
        named = (state["system"]["transcript_path"] for state in self.recent)
        found.update(path for one in named if one and (path := Path(one)).is_file())
        return sorted(found, key=lambda path: -path.stat().st_mtime)[:SESSIONS]

    def shown(self, path: str | Path) -> str:
        """A path as people know it: from the project or the home folder, where it is below."""
        for folder, mark in ((Path(self.project), ""), (self.home, "~/")):
            if Path(path).is_relative_to(folder):
                return mark + str(Path(path).relative_to(folder))
        return str(path)


def owned(folder: str) -> str:
    """The command that makes a folder one's own."""
    return f'chown -R "$(id -un)" {shlex.quote(folder)}'


def writable(folder: str) -> str:
    """The command that gives a folder of one's own back to its owner."""
    return f"chmod -R u+rwX {shlex.quote(folder)}"
