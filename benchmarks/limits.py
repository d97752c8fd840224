"""How long each hook takes over the worst inputs: limits.py [NAME...]."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(os.environ.get("CLEARPOINT_BIN", ".venv/bin")).absolute()
SESSION = "11317500-1111-4111-8111-111111111111"
NEXT = "11317500-2222-4111-8111-111111111111"
EVENTS = {
    "user-prompt-submit": "UserPromptSubmit",
    "stop": "Stop",
    "pre-compact": "PreCompact",
    "pre-tool-use": "PreToolUse",
    "subagent-start": "SubagentStart",
    "session-start": "SessionStart",
}
AGENT = {"tool_name": "Agent", "tool_use_id": "t", "tool_input": {"subagent_type": "x"}}


class Place:
    """A home, a project, and a transcript that can hold anything."""

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="limits-"))
        self.project = self.base / "project"
        self.folder = self.base / "home/.claude/projects/p"
        self.project.mkdir()
        self.folder.mkdir(parents=True)
        self.send("session-start", source="startup")
        self.add({"type": "user", "message": {"role": "user", "content": "Decided: use sqlite."}})
        self.add(answer("Decided: we will use sqlite for it."))
        self.send("stop")

    @property
    def root(self) -> Path:
        """The state folder, wherever it is."""
        found = [path.parent for path in self.base.rglob("sessions") if path.is_dir()]
        return found[0]

    def path(self, session: str = SESSION) -> Path:
        """The transcript of a session."""
        return self.folder / f"{session}.jsonl"

    def add(self, *entries: dict[str, Any]) -> None:
        """Add entries to the transcript."""
        with self.path().open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(entry) + "\n" for entry in entries)

    def send(self, hook: str, session: str = SESSION, **fields: Any) -> tuple[float, int, str]:
        """Send one event; give the seconds, the exit code and what was said."""
        event = {
            "session_id": session,
            "transcript_path": str(self.path(session)),
            "cwd": str(self.project),
            "hook_event_name": EVENTS.get(hook, "SessionEnd"),
            **fields,
        }
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.base / "home"),
            "CLAUDE_PROJECT_DIR": str(self.project),
            "CLAUDE_PID": str(os.getpid()),
        }
        data = json.dumps(event).encode()
        begun = time.monotonic()
        done = subprocess.run(
            [BIN / f"clearpoint-{hook}"], input=data, capture_output=True, env=env, check=False
        )
        return time.monotonic() - begun, done.returncode, done.stdout.decode()


def answer(text: str) -> dict[str, Any]:
    """A response of the model's."""
    usage = {"input_tokens": 10, "cache_read_input_tokens": 20_000, "output_tokens": 50}
    content = [{"type": "text", "text": text}]
    message = {"id": f"m{time.monotonic_ns()}", "role": "assistant", "model": "claude-sonnet-4-6",
               "content": content, "usage": usage, "stop_reason": "end_turn"}  # fmt: skip
    return {"type": "assistant", "message": message}


def tiny_entries(place: Place) -> None:
    """A million entries of no length."""
    line = '{"type":"user","message":{"role":"user","content":"x"}}\n'
    with place.path().open("a", encoding="utf-8") as stream:
        stream.write(line * 1_000_000)


def braces(place: Place) -> None:
    """A prompt of 40 MB of braces."""
    place.add({"type": "user", "message": {"role": "user", "content": "{}" * 20_000_000}})


def slashes(place: Place) -> None:
    """A line of 40 KB that took a mask 15 seconds, and one of 4 MB."""
    for times in (19_990, 2_000_000):
        text = "//" * times + " _authToken"
        place.add({"type": "user", "message": {"role": "user", "content": text}}, answer("Done."))


def suspicious(place: Place) -> None:
    """Two hundred texts of 30 KB that are full of what looks like secrets."""
    text = "password://a@ token=a1b2c3d4e5 secret: Xy9!zz " * 650
    for _ in range(200):
        place.add({"type": "user", "message": {"role": "user", "content": text}}, answer(text))


def sessions(place: Place) -> None:
    """Twenty thousand sessions in one project."""
    sessions = place.root / "sessions"
    for number in range(20_000):
        folder = sessions / f"p{number:06d}"
        folder.mkdir()
        (folder / "state.json").write_bytes(b"{}")


def large_files(place: Place) -> None:
    """Side files of 64 MB."""
    data = b"{" + b",".join(b'"/%d":[1,2,3]' % number for number in range(3_400_000)) + b"}"
    (place.root / "tokens.json").write_bytes(data)
    for name in ("state.json", "status.json", "statusline.json", "reload.md", "held.json"):
        (place.root / "sessions" / SESSION / name).write_bytes(data)


def stopped_lock(place: Place) -> None:
    """A process that holds the session's lock and was stopped."""
    path = place.root / "sessions" / SESSION / "state.lock"
    with path.open("r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        child = os.fork()
        if not child:
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
    place.holder = child  # type: ignore[attr-defined]


INPUTS: tuple[Callable[[Place], None], ...] = (
    tiny_entries, braces, slashes, suspicious, sessions, large_files, stopped_lock,
)  # fmt: skip


def main(names: list[str]) -> None:
    """Run the inputs, each in a place of its own."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    print(f"bare Python {time.monotonic() - begun:.3f} s")
    for spoil in INPUTS:
        if names and spoil.__name__ not in names:
            continue
        place = Place()
        spoil(place)
        took = [
            (hook, *place.send(hook, **fields))
            for hook, fields in (
                ("user-prompt-submit", {"prompt": "go on"}),
                ("stop", {"last_assistant_message": "Done."}),
                ("pre-compact", {"trigger": "auto"}),
                ("pre-tool-use", AGENT),
                ("subagent-start", {"agent_id": "a1", "agent_type": "x"}),
            )
        ]
        if spoil is not stopped_lock:
            took.append(("session-end", *place.send("session-end", reason="clear")))
        took.append(("session-start", *place.send("session-start", NEXT, source="clear")))
        shown = " ".join(
            f"{hook} {s:.2f}{'' if not code else f'!{code}'}" for hook, s, code, _ in took
        )
        print(
            f"{spoil.__name__:14} {shown} reload {'yes' if 'sqlite' in took[-1][3] else 'NO'}",
            flush=True,
        )
        if holder := getattr(place, "holder", 0):
            os.kill(holder, signal.SIGKILL)
            os.waitpid(holder, 0)
        shutil.rmtree(place.base)


if __name__ == "__main__":
    main(sys.argv[1:])
