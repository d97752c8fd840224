"""A run of the real client: a clean home, a project, a stub of the Messages API, no network."""

import dataclasses
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self, Unpack

from clearpoint.budget.window import is_before
from clearpoint.store.layout import state_root

from .answers import Control
from .namespace import PORT, Namespace
from .record import Json, Record, Request
from .stream import Stream
from .terminal import Terminal, Tmux

API_KEY = "sk-ant-test-000"
RECORDED_EVENTS = (
    "SessionStart", "UserPromptSubmit", "Stop", "StopFailure", "SubagentStart", "SubagentStop",
    "PreCompact", "PostCompact", "SessionEnd",
)  # fmt: skip
RECORDER = Path(__file__).with_name("recorder.py")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROMPT_SECONDS = 120.0
DUMPED_REQUESTS = 3
DUMPED_CHARS = 500
PUTS_BACK_SINCE = "2.1.296"
"""The first of the versions looked at that puts a blocked prompt back; 2.1.290 does not."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What `claude -p` gave back; `result` is its JSON, empty when it printed none."""

    process: subprocess.CompletedProcess[str]
    result: Json

    @property
    def text(self) -> str:
        """The model's answer."""
        return str(self.result["result"])

    @property
    def session_id(self) -> str:
        """The session that answered."""
        return str(self.result["session_id"])


class Lab(Record):
    """One run directory with everything that a client needs; a context manager.

    `home` and `project` are the client's; the project is a fresh git repository with `settings` in
    its `.claude/settings.json` where given. Events are recorded by hooks in the user's settings, so
    the project's settings stay free for the hooks under test.
    """

    def __init__(
        self,
        root: Path,
        claude: Path,
        unshare: tuple[str, ...],
        *,
        settings: Json | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(root)
        self.claude = claude
        self.home, self.project = root / "home", root / "project"
        self._short = Path(tempfile.mkdtemp(prefix="lab-"))  # socket paths are 107 bytes at most
        self.env = client_env(self.home, self._short) | dict(env or {})
        self.terminals: list[Terminal] = []
        self._tmux: Tmux | None = None
        prepare_home(self.home, self.project, recording_hooks(root / "events.jsonl"))
        prepare_project(self.project, settings, self.env)
        self.control()
        self._namespace = Namespace(root, unshare)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill every process of this run."""
        self._namespace.close()
        if self._tmux:
            self._tmux.close()
        shutil.rmtree(self._short, ignore_errors=True)

    @functools.cached_property
    def version(self) -> str:
        """The client's version."""
        return self.run(self.claude, "--version").stdout.split()[0]

    @property
    def state(self) -> Path:
        """The folder in which Clearpoint keeps what it records of the project."""
        return Path(state_root(str(self.project), self.env))

    @property
    def puts_back(self) -> bool:
        """Whether this client puts a prompt that a hook has blocked back into the input box."""
        return not is_before(self.version, PUTS_BACK_SINCE)

    def control(self, **control: Unpack[Control]) -> None:
        """Say how the stub answers from now on; without arguments, as it does by default."""
        fresh = self.root / "control.json.new"
        fresh.write_text(json.dumps(control))
        fresh.replace(self.root / "control.json")

    def run(
        self,
        *command: str | Path,
        stdin: str = "",
        cwd: Path | None = None,
        timeout: float = PROMPT_SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        """Run any command in the client's environment and namespace."""
        return subprocess.run(
            self._namespace.enter(*map(str, command)),
            input=stdin,
            cwd=cwd or self.project,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def prompt(
        self, text: str, *args: str, cwd: Path | None = None, timeout: float = PROMPT_SECONDS
    ) -> Reply:
        """Send one prompt headless (`claude -p`), answered as JSON unless `args` say otherwise."""
        json_output = () if "--output-format" in args else ("--output-format", "json")
        command = (self.claude, "-p", *json_output, *args)
        process = self.run(*command, stdin=text, cwd=cwd, timeout=timeout)
        is_json = process.stdout.startswith("{") and "stream-json" not in args
        return Reply(process, json.loads(process.stdout) if is_json else {})

    def stream(self, *args: str) -> Stream:
        """Start a headless client that takes prompt after prompt (`stream-json` both ways)."""
        formats = ("--input-format", "stream-json", "--output-format", "stream-json", "--verbose")
        command = (str(self.claude), "-p", *formats, *args)
        return Stream(self._namespace.enter(*command), str(self.project), self.env)

    def start(
        self,
        *args: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        apart: bool = False,
    ) -> Terminal:
        """Start an interactive client; `wait=False` returns before its input box is there.

        With `apart` it is in a process namespace of its own.
        """
        self._tmux = self._tmux or Tmux(self._short / "tmux", self._namespace.enter, self.env)
        command = [f"{key}={value}" for key, value in (env or {}).items()]
        command += [str(self.claude), *args]
        name = f"client-{len(self.terminals)}"
        terminal = Terminal(self._tmux, self, name, command, cwd or self.project, apart=apart)
        self.terminals.append(terminal)
        if wait:
            ready = "an idle input box and a started session"
            terminal.wait_for(lambda: terminal.is_idle() and terminal.events("SessionStart"), ready)
        return terminal

    def dump(self) -> str:
        """Describe the run for a person whose test has failed."""
        screens = (f"--- {one.name}\n{one.last_screen()}" for one in self.terminals)
        events = (f"{one.name} pid={one.client_pid} {one.session_id}" for one in self.events())
        requests = map(outline, self.requests(kind="")[-DUMPED_REQUESTS:])
        return "\n".join([f"run directory: {self.root}", *screens, *events, *requests])


def outline(request: Request) -> str:
    """Give a request with the beginning of each of its blocks."""
    title = f"--- request {request.index} ({request.kind}) of {request.session_id}"
    return "\n".join([title, *(f"{role}: {text[:DUMPED_CHARS]}" for role, text in request.blocks)])


def client_env(home: Path, tmp: Path) -> dict[str, str]:
    """Give the whole environment of a client: nothing is inherited."""
    return {
        "PATH": PATH,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{PORT}",
        "ANTHROPIC_API_KEY": API_KEY,
        "CLAUDE_CODE_TMPDIR": str(tmp),
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL": "1",
        "BUN_JSC_useDFGJIT": "0",  # compiling for long runs costs a short one a quarter more
        "DISABLE_AUTOUPDATER": "1",
        "IS_SANDBOX": "1",
    }


def recording_hooks(log: Path, events: Sequence[str] = RECORDED_EVENTS) -> Json:
    """Give the `hooks` of a settings file that record those events."""
    command = {
        "type": "command",
        "command": sys.executable,
        "args": ["-I", "-S", str(RECORDER), str(log)],
    }
    return {event: [{"hooks": [command]}] for event in events}


def prepare_home(home: Path, project: Path, hooks: Json) -> None:
    """Make a home in which the client asks no questions: no onboarding, no trust dialog."""
    (home / ".claude").mkdir(parents=True)
    state = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [API_KEY], "rejected": []},
        "projects": {str(project): {"hasTrustDialogAccepted": True, "allowedTools": []}},
    }
    settings = {
        "permissions": {
            "defaultMode": "acceptEdits",
            "disableAutoMode": "disable",
            "allow": ["Bash"],
        },
        "hooks": hooks,
    }
    (home / ".claude.json").write_text(json.dumps(state))
    (home / ".claude" / "settings.json").write_text(json.dumps(settings))


def prepare_project(project: Path, settings: Json | None, env: Mapping[str, str]) -> None:
    """Make a project: a git repository, with the client's settings where given."""
    (project / ".claude").mkdir(parents=True)
    if settings is not None:
        (project / ".claude" / "settings.json").write_text(json.dumps(settings, indent=2))
    subprocess.run(["git", "init", "--quiet", os.fspath(project)], env=dict(env), check=True)
