"""Scenes to measure hooks in: a project, its sessions, and what was just said."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from synthetic import turn, write_transcript

from clearpoint.store.checksummed import read_sealed, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from installed import Installed

SESSION = "bench"
STATUS = {"model": {"id": "claude-sonnet-4-6", "display_name": "Sonnet 4.6"}, "version": "2.1.329",
          "cost": {"total_cost_usd": 0.1, "total_duration_ms": 1000},
          "context_window": {
              "context_window_size": 200_000, "total_input_tokens": 60_000,
              "total_output_tokens": 25, "used_percentage": 30, "remaining_percentage": 70,
              "current_usage": {"input_tokens": 60_000, "output_tokens": 25,
                                "cache_creation_input_tokens": 0,
                                "cache_read_input_tokens": 0}}}  # fmt: skip
AGENT = {"tool_name": "Agent", "tool_use_id": "toolu_1",
         "tool_input": {"description": "look", "prompt": "Look.",
                        "subagent_type": "Explore"}}  # fmt: skip
SUBAGENT = {"agent_id": "a1", "agent_type": "Explore"}
EVENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "UserPromptSubmit": ("user-prompt-submit", {"prompt": "go on with it, please"}),
    "Stop": ("stop", {"last_assistant_message": ""}),
    "status line": ("statusline", STATUS),
    "SessionStart new": ("session-start", {"source": "startup"}),
    "SessionStart clear": ("session-start", {"source": "clear"}),
    "SessionStart resume": ("session-start", {"source": "resume"}),
    "SessionStart compact": ("session-start", {"source": "compact"}),
    "PreCompact": ("pre-compact", {"trigger": "auto", "custom_instructions": None}),
    "SessionEnd": ("session-end", {"reason": "prompt_input_exit"}),
    "PreToolUse agent": ("pre-tool-use", AGENT),
    "SubagentStart": ("subagent-start", SUBAGENT),
    "SubagentStop": ("subagent-stop", {**SUBAGENT, "last_assistant_message": "Done."}),
}
"""Each event as the client sends it, beside what all have."""
FINISHING = b"clearpoint.session.finishing"
STARTS = ("SessionStart new", "SessionStart clear")
BEHIND_A_TURN = ("Stop", "PreCompact", "SessionEnd")
"""What comes when new lines have been written."""


@functools.cache
def other_client() -> subprocess.Popen[bytes]:
    """A process that stands for a client of its own; it ends with this program."""
    return subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


class Command(NamedTuple):
    """What one run starts."""

    argv: list[str]
    stdin: bytes
    env: dict[str, str]


class Scene:
    """One project with a session on a transcript; each run finds what the first one found.

    `said` stands in the answer of the newest turn, and `size` is that of the transcript in bytes.
    """

    def __init__(self, folder: Path, size: int = 1 << 20, *, said: str = "") -> None:
        self.home = folder / "home"
        self.project = folder / "project"
        self.kept = folder / "kept"
        self.transcript = self.home / ".claude/projects/bench" / f"{SESSION}.jsonl"
        self.project.mkdir(parents=True)
        self.transcript.parent.mkdir(parents=True)
        self.turns = write_transcript(self.transcript, size)
        self.before = self.transcript.stat().st_size
        self.newest = b"".join(self.new_turn(said))
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "NO_COLOR": "1",
                    "CLAUDE_PID": str(os.getpid()),
                    "CLAUDE_PROJECT_DIR": str(self.project)}  # fmt: skip
        self.number = 0
        self.is_restored = True

    def new_turn(self, said: str) -> Iterator[bytes]:
        """One more turn, whose answer says something."""
        for line in turn(self.turns + 1, 60_000):
            yield line.replace(b"is improved. ", b"is improved. " + said.encode() + b" ", 1)

    @property
    def own(self) -> Path:
        """Clearpoint's folder."""
        return self.home / ".claude/clearpoint"

    def root(self) -> Path:
        """The state folder of the project."""
        return next((self.own / "projects").iterdir())

    def settle(self, installed: Installed) -> Scene:
        """Read and archive the transcript whole, and keep the state that each run begins with."""
        for event, reached in (("Stop", "offset"), ("PreCompact", "archived")):
            while self.reached(reached) < self.before:
                self.run(installed, event)
        self.keep(installed)
        return self

    def run(self, installed: Installed, event: str, **fields: Any) -> None:
        """Send one event that is not measured."""
        command = self.command(installed, event, **fields)
        subprocess.run(command.argv, input=command.stdin, env=command.env,
                       stdout=subprocess.DEVNULL, check=True)  # fmt: skip

    def reached(self, what: str) -> int:
        """How far the transcript was read or archived, in bytes."""
        try:
            state = read_sealed(str(self.root() / "sessions" / SESSION / "state.json"))
        except (OSError, StopIteration):
            return -1
        if state.get("backlog"):
            return -1  # the newest part alone was read so far
        return int(state["archived"] if what == "archived" else state["transcript"]["offset"])

    def keep(self, installed: Installed) -> None:
        """Take the state as it is for what each run begins with; for a clear, what that leaves."""
        self.run(installed, "SessionEnd")  # what is done once a day is done
        self.run(installed, "Stop")
        shutil.copytree(self.own, self.kept / "left")
        self.run(installed, "SessionEnd", reason="clear")
        shutil.copytree(self.own, self.kept / "cleared")
        for event in STARTS:  # what is kept of files, of git, and of what was said once
            self.run(installed, event)
        for kept in ("left", "cleared"):
            folder = self.kept / kept / "projects" / self.root().name
            for path in self.root().iterdir():
                if path.is_file():
                    shutil.copy2(path, folder)

    def restore(self, event: str) -> None:
        """Bring back what each run begins with."""
        self.end_background()
        kept = self.kept / ("cleared" if event == "SessionStart clear" else "left")
        if self.is_restored:
            shutil.rmtree(self.own, ignore_errors=True)
            if kept.exists():
                shutil.copytree(kept, self.own)
        else:  # the session's own folder alone: with very many, all would take too long
            own = f"projects/{self.root().name}/sessions/{SESSION}"
            shutil.copytree(kept / own, self.own / own, dirs_exist_ok=True)
        with self.transcript.open("r+b") as stream:
            stream.truncate(self.before)
            stream.seek(self.before)
            stream.write(self.newest if event in BEHIND_A_TURN else b"")

    def end_background(self) -> None:
        """End what still reads the session behind its end, which would hold the next one's lock."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                is_own = {FINISHING, os.fsencode(self.root())} <= {*path.read_bytes().split(b"\0")}
            except (OSError, StopIteration):
                continue  # it has gone, or there is no state yet
            if is_own:
                os.kill(int(path.parent.name), signal.SIGKILL)

    def command(self, installed: Installed, event: str, **fields: Any) -> Command:
        """An event's hook of an installation."""
        hook, own = EVENTS[event]
        argv = [str(installed.executables / f"clearpoint-{hook}")]
        stdin = self.payload(event, **{**own, **fields})
        return Command(argv, stdin, self.environment(event))

    def environment(self, event: str) -> dict[str, str]:
        """The client's environment: a session that begins again has a process of its own."""
        process = str(other_client().pid) if self.is_restored else ""
        return {**self.env, "CLAUDE_PID": process} if event == "SessionStart new" else self.env

    def payload(self, event: str, **fields: Any) -> bytes:
        """What the client would send; a session that is new has an id of its own."""
        is_new = event in ("SessionStart new", "SessionStart clear")
        self.number += is_new
        session_id = f"new-{self.number}" if is_new else SESSION
        path = self.transcript.with_name(f"{session_id}.jsonl")
        common = {
            "session_id": session_id,
            "transcript_path": str(path),
            "cwd": str(self.project),
            "permission_mode": "default",
            "hook_event_name": event.partition(" ")[0],
        }
        return json.dumps({**common, **fields}).encode()

    def runs(self, installed: Installed, event: str) -> Callable[[], Command]:
        """What makes ready and gives one run."""

        def made() -> Command:
            self.restore(event)
            return self.command(installed, event)

        return made


def with_many_sessions(scene: Scene, number: int) -> Scene:
    """Copies of the session under other ids, older than it; they stay from run to run."""
    sessions = scene.root() / "sessions"
    state = read_sealed(str(sessions / SESSION / "state.json"))
    for place in range(number):
        session_id = f"old-{place}"
        path = sessions / session_id / "state.json"
        path.parent.mkdir()
        path.write_bytes(seal({**state, "session_id": session_id, "ended": "prompt_input_exit"}))
        os.utime(path, (place + 1, place + 1))
        scene.transcript.with_name(f"{session_id}.jsonl").touch()
    scene.is_restored = False
    return scene


def with_states(installed: Installed, scene: Scene, states: list[Any], number: int) -> Scene:
    """Other sessions whose states are those of real transcripts."""
    sessions = scene.root() / "sessions"
    for place in range(number):
        session_id = f"real-{place}"
        path = sessions / session_id / "state.json"
        path.parent.mkdir()
        state = {**states[place % len(states)], "session_id": session_id, "ended": "other"}
        path.write_bytes(seal(state))
        os.utime(path, (place + 1, place + 1))
        scene.transcript.with_name(f"{session_id}.jsonl").touch()
    shutil.rmtree(scene.kept)
    scene.keep(installed)
    return scene


def with_client_file(scene: Scene, size: int) -> Scene:
    """The client's own file, grown to some megabytes by the history that it keeps."""
    history = {"display": "please go on with it " * 40, "pastedContents": {}}
    projects = {
        f"/project-{number}": {"history": [history] * 20} for number in range(size // 18_000)
    }
    (scene.home / ".claude.json").write_text(json.dumps({"projects": projects, "numStartups": 9}))
    return scene


def with_git(scene: Scene, commits: int) -> Scene:
    """A repository around the project, with this many commits of its modules."""
    git = ["git", "-C", str(scene.project), "-c", "user.name=a", "-c", "user.email=a@b"]
    (scene.project / "src").mkdir()
    subprocess.run([*git, "init", "-q"], check=True)
    for number in range(commits):
        (scene.project / f"src/module_{number % 40}.py").write_text(f"value = {number}\n")
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", f"Improve module {number % 40}"], check=True)
    return scene
