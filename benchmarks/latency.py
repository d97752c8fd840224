"""How long every hook takes, as a whole process, beside bare interpreters and other tools' hooks.

usage: python benchmarks/latency.py [--rounds 100] [--megabytes 1 10 100] [--cold] [--growth]
                                    [--gigabyte] [--peers FOLDER] [--corpus ../shared/corpus]

Figures are medians and 95th percentiles of interleaved runs, as multiples of the median of a bare
`python -c pass` in the same rounds; the same of processor time, which depends less on what else the
machine does; and the most memory that one run took. Everything runs in a
network namespace of its own, with a home folder that goes afterwards. `--peers` names the folder
that `benchmarks/peers.py` has filled; `--cold` adds hooks that find no state yet; `--growth` ten
thousand sessions and a journal of a million lines; `--gigabyte` a transcript of that size.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.store.checksummed import read_sealed, seal

sys.path.insert(0, str(Path(__file__).parent))
import peers
from synthetic import turn, write_transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCRIPTS = Path(sysconfig.get_path("scripts"))
LAUNCH = Path(__file__).parents[1] / "hooks" / "launch"
SESSION = "bench"
BARE = "python -c pass"
MEGABYTE = 1 << 20
COLD_ROUNDS = 5
SESSIONS = 10_000
JOURNAL_LINES = 1_000_000
INSIDE = "CLEARPOINT_BENCH_INSIDE"
MEMORY = """
import os, sys
read, write = os.pipe()
if not (pid := os.fork()):
    os.dup2(read, 0); os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
os.write(write, sys.stdin.buffer.read()); os.close(write); os.close(read)
print(os.wait4(pid, 0)[2].ru_maxrss)
"""
"""A process's peak counts what its parent had; a small one stands between."""

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
    "SessionStart, resume": ("session-start", {"source": "resume"}),
    "SessionStart, compact": ("session-start", {"source": "compact"}),
    "PreCompact": ("pre-compact", {"trigger": "auto", "custom_instructions": None}),
    "SessionEnd": ("session-end", {"reason": "prompt_input_exit"}),
    "PreToolUse, agent": ("pre-tool-use", AGENT),
    "SubagentStart": ("subagent-start", SUBAGENT),
    "SubagentStop": ("subagent-stop", {**SUBAGENT, "last_assistant_message": "Done."}),
}
"""Each event as the client sends it, beside what all have."""
STARTS = ("SessionStart, resume", "SessionStart, compact")


class Command(NamedTuple):
    """What one run starts."""

    argv: list[str]
    stdin: bytes
    env: dict[str, str]
    cwd: Path


class Scene:
    """One project with one session on a transcript of a given size, read whole."""

    def __init__(self, folder: Path, size: int, *, is_read: bool = True) -> None:
        home = folder / "home"
        self.project = folder / "project"
        self.transcript = home / ".claude/projects/bench" / f"{SESSION}.jsonl"
        self.project.mkdir(parents=True)
        self.transcript.parent.mkdir(parents=True)
        self.turns = write_transcript(self.transcript, size)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "CLAUDE_PID": str(os.getpid()),
                    "CLAUDE_PROJECT_DIR": str(self.project), "NO_COLOR": "1"}  # fmt: skip
        self.firsts: list[float] = []
        while is_read and self.unread():
            self.firsts.append(seconds(self.hook("Stop")))

    def unread(self) -> int:
        """Bytes of the transcript that no Stop has come to yet."""
        path = self.project / ".clearpoint/sessions" / SESSION / "state.json"
        if not path.exists():
            return self.transcript.stat().st_size
        cursor = json.loads(path.read_bytes())["transcript"]
        return self.transcript.stat().st_size - int(cursor["offset"])

    def payload(self, event: str, session_id: str = SESSION, **fields: object) -> bytes:
        """What the client would send."""
        transcript = self.transcript.with_name(f"{session_id}.jsonl")
        common = {"session_id": session_id, "transcript_path": str(transcript),
                  "cwd": str(self.project), "permission_mode": "default",
                  "hook_event_name": event.partition(",")[0]}  # fmt: skip
        return json.dumps({**common, **EVENTS.get(event, ("", {}))[1], **fields}).encode()

    def hook(self, event: str, *arguments: str, **fields: Any) -> Command:
        """Our own hook for an event."""
        name = fields.pop("hook", EVENTS[event][0] if event in EVENTS else "session-start")
        argv = [str(SCRIPTS / f"clearpoint-{name}"), *arguments]
        return Command(argv, self.payload(event, **fields), self.env, self.project)

    def other(self, *argv: str, event: str = "", env: dict[str, str] | None = None) -> Command:
        """Any other program, given the same."""
        stdin = self.payload(event) if event else b""
        return Command(list(argv), stdin, {**self.env, **(env or {})}, self.project)

    def launched(self, event: str) -> Command:
        """The same by the plugin, whose environment is the one that this runs in."""
        data = self.project.parent / "plugin-data"
        if not data.exists():
            data.mkdir()
            (data / "current").symlink_to(sys.prefix)
        env = {"CLAUDE_PLUGIN_DATA": str(data), "CLAUDE_PLUGIN_ROOT": str(LAUNCH.parents[1])}
        return self.other(str(LAUNCH), EVENTS[event][0], event=event, env=env)

    def stop_after_turn(self) -> Command:
        """Stop, behind a turn that was just written."""
        self.turns += 1
        with self.transcript.open("ab") as stream:
            stream.writelines(turn(self.turns, 60_000))
        return self.hook("Stop")

    def start_after_clear(self) -> Command:
        """SessionStart of a new session that continues this one, as after `/clear`."""
        self.turns += 1
        session_id = f"{SESSION}-{self.turns}"
        seconds(self.hook("SessionStart, resume"))  # the process holds the first session again
        return self.hook("SessionStart, clear", source="clear", session_id=session_id)

    def start_anew(self) -> Command:
        """SessionStart of a new session where nothing is continued."""
        self.turns += 1
        command = self.hook("SessionStart, new", source="startup", session_id=f"new-{self.turns}")
        others = {"CLAUDE_PID": "", "CLAUDE_CODE_SESSION_ATTENDED": "0"}
        return command._replace(env={**self.env, **others})

    def cold(self, event: str) -> Command:
        """A hook where there is no state at all."""
        shutil.rmtree(self.project / ".clearpoint", ignore_errors=True)
        return self.hook(event)


class Took(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    processor: float


def took(command: Command) -> Took:
    """Run one whole process; ends where one of ours has failed."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command.argv, input=command.stdin, capture_output=True, env=command.env,
                          cwd=command.cwd, check=False)  # fmt: skip
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0 and str(SCRIPTS) in command.argv[0]:
        raise SystemExit(f"{' '.join(command.argv)}: {done.stderr.decode()}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(wall, used)


def seconds(command: Command) -> float:
    """Seconds of one whole process."""
    return took(command).wall


def megabytes(command: Command) -> float:
    """The most memory that one run takes, in MB."""
    argv = [sys.executable, "-I", "-S", "-c", MEMORY, shutil.which(command.argv[0]) or ""]
    done = subprocess.run([*argv, *command.argv[1:]], input=command.stdin, capture_output=True,
                          env=command.env, cwd=command.cwd, check=True)  # fmt: skip
    return int(done.stdout) / 1024


def print_table(title: str, runs: dict[str, Callable[[], Command]], rounds: int) -> None:
    """Measure all of them in turn, the bare interpreter first; print a Markdown table."""
    runs_of: dict[str, list[Took]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, made in runs.items():
            runs_of[name].append(took(made()))
    base, processor = (statistics.median(one) for one in zip(*runs_of[BARE], strict=True))
    print(f"\n{title}: {rounds} rounds; `{BARE}` takes {1e3 * base:.1f} ms, "
          f"{1e3 * processor:.1f} ms of a processor\n")  # fmt: skip
    print("| | median | p95 | processor | peak MB |\n|---|---:|---:|---:|---:|")
    for name, made in runs.items():
        walls, used = zip(*runs_of[name], strict=True)
        shown = (statistics.median(walls) / base, percentile_95(walls) / base,
                 statistics.median(used) / processor)  # fmt: skip
        print(f"| {name} |", *(f"{one:.1f} |" for one in shown), f"{megabytes(made()):.0f} |")
    sys.stdout.flush()


def percentile_95(values: Sequence[float]) -> float:
    """The value that nineteen in twenty do not exceed."""
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def hooks_on(
    scene: Scene, starting: Scene, peers_folder: Path | None
) -> dict[str, Callable[[], Command]]:
    """Every hook of ours, and every peer's; starts on a scene of their own, as they leave work."""
    runs: dict[str, Callable[[], Command]] = {
        BARE: lambda: scene.other(sys.executable, "-c", "pass")
    }
    if shutil.which("node"):
        runs["node -e 0"] = lambda: scene.other("node", "-e", "0")
    for event in EVENTS:
        runs[event] = partial((starting if event in STARTS else scene).hook, event)
    runs["Stop, behind a turn"] = scene.stop_after_turn
    runs["SessionStart, new"] = starting.start_anew
    runs["SessionStart, clear"] = starting.start_after_clear
    runs["UserPromptSubmit by the plugin"] = lambda: scene.launched("UserPromptSubmit")
    for peer in peers.found(peers_folder) if peers_folder else ():
        given = partial(scene.other, *peer.argv, event=peer.event, env=peer.env)
        runs[f"{peer.event}: {peer.name}"] = given
    return runs


def cold(folder: Path, sizes: list[int]) -> None:
    """Print the hooks that come to a transcript for the first time."""
    scenes = {
        size: Scene(folder / f"cold-{size}", size * MEGABYTE, is_read=False) for size in sizes
    }
    some = next(iter(scenes.values()))
    runs = {BARE: lambda: some.other(sys.executable, "-c", "pass")}
    for event in ("Stop", "PreCompact", "SessionEnd", "SessionStart, compact"):
        for size, scene in scenes.items():
            runs[f"{event}, {size} MB"] = partial(scene.cold, event)
    print_table("No state yet", runs, COLD_ROUNDS)


def growth(folder: Path, rounds: int) -> None:
    """Print the hooks in a project with very many sessions, and with a very long journal."""
    one, many, long = (Scene(folder / name, MEGABYTE) for name in ("one", "many", "long"))
    kept = many.project / ".clearpoint/sessions"
    for number in range(SESSIONS):
        session_id = f"old-{number}"
        (kept / session_id).mkdir()
        state = read_sealed(str(kept / SESSION / "state.json"))
        (kept / session_id / "state.json").write_bytes(seal({**state, "session_id": session_id}))
        many.transcript.with_name(f"{session_id}.jsonl").touch()
    journal = long.project / ".clearpoint/sessions" / SESSION / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[-1] * JOURNAL_LINES)
    runs = {BARE: lambda: one.other(sys.executable, "-c", "pass")}
    scenes = {"one session": one, f"{SESSIONS:,} sessions": many,
              f"a journal of {JOURNAL_LINES:,} lines": long}  # fmt: skip
    for event in ("UserPromptSubmit", "Stop", "status line", "SessionEnd"):
        for name, scene in scenes.items():
            runs[f"{event}, {name}"] = partial(scene.hook, event)
    for name, scene in scenes.items():
        runs[f"SessionStart new, {name}"] = scene.start_anew
        runs[f"SessionStart clear, {name}"] = scene.start_after_clear
    print_table("Growth", runs, rounds)


def gigabyte(folder: Path) -> None:
    """Print what it takes to come to a transcript of 1 GB: Stops until it is read, and memory."""
    scene = Scene(folder / "huge", 1024 * MEGABYTE)
    print(f"\n1 GB transcript: {len(scene.firsts)} Stops of at most {max(scene.firsts):.1f} s"
          " until it is read")  # fmt: skip
    print_table("1 GB", hooks_on(scene, scene, None), COLD_ROUNDS)


REBUILD = """
import sys, time
from clearpoint.session import state
from clearpoint.config.defaults import DEFAULTS
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript
begin = time.perf_counter()
for path in sys.argv[1:]:
    state = session.new_state("bench", "", DEFAULTS)
    session.fold(state, Transcript(path, None).entries(decode), DEFAULTS)
print(time.perf_counter() - begin)
"""


def rebuild(corpus: Path) -> None:
    """Print the rate of a full rebuild against jq on the same files."""
    files = sorted(str(path) for path in corpus.glob("*.jsonl"))
    if not files or shutil.which("jq") is None:
        print("\nrebuild: skipped, it needs jq and transcripts in", corpus)
        return
    size = sum(Path(path).stat().st_size for path in files) / 1e6
    ours, theirs = [], []
    for _ in range(COLD_ROUNDS):
        begin = time.perf_counter()
        subprocess.run(["jq", "-c", ".type", *files], stdout=subprocess.DEVNULL, check=True)
        theirs.append(time.perf_counter() - begin)
        done = subprocess.run(
            [sys.executable, "-c", REBUILD, *files], capture_output=True, check=True
        )
        ours.append(float(done.stdout))
    rate, jq = size / statistics.median(ours), size / statistics.median(theirs)
    print(f"\nrebuild {rate:.0f} MB/s, jq -c .type {jq:.0f} MB/s: {rate / jq:.1f} x")


def enclosed() -> None:
    """Start this program again where there is no network, and where all it leaves ends with it."""
    program = [sys.executable, *sys.argv]
    command = ["unshare", "--map-root-user", "--net", "--pid", "--fork", "--kill-child",
               "--mount-proc", *program]  # fmt: skip
    os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})  # noqa: S606


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--cold", action="store_true", help="hooks that find no state yet")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--gigabyte", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    arguments = parser.parse_args()
    if INSIDE not in os.environ:
        enclosed()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="clearpoint-bench-") as name:
        folder = Path(name)
        for size in arguments.megabytes:
            scene, starting = (Scene(folder / f"{size}-{one}", size * MEGABYTE) for one in "ab")
            print_table(f"{size} MB", hooks_on(scene, starting, arguments.peers), arguments.rounds)
        if arguments.cold:
            cold(folder, arguments.megabytes)
        if arguments.growth:
            growth(folder, arguments.rounds)
        if arguments.gigabyte:
            gigabyte(folder)
    rebuild(arguments.corpus)


if __name__ == "__main__":
    main()
