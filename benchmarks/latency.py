"""What every hook costs, as a whole process, in multiples of a bare `python -c pass`.

usage: python benchmarks/latency.py [SCENE ...] [--rounds 41] [--before COMMIT] [--ordinary]
                                    [--peers FOLDER] [--corpus ../shared/corpus]

Each round runs the bare interpreter and then every hook of the scene, and a figure is the median of
the rounds' ratios: so it says the same on a busy machine as on a quiet one. `processor` is the time
that the process used of a processor, `p95` its 95th percentile, `wall` what somebody waits, `ms`
that in milliseconds, `peak` the most memory. Hooks run from the compiled lane; `--ordinary` adds
the executables without it, `--before` those of another commit. Everything runs in a network
namespace of its own, with a home folder that goes afterwards.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import peers
from installed import Installed, install
from scenes import (
    STARTS,
    Command,
    Scene,
    with_client_file,
    with_git,
    with_many_sessions,
    with_states,
)

from clearpoint.config.defaults import DEFAULTS
from clearpoint.session import counting
from clearpoint.session import state as session
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clearpoint.models.usage import Stretch

MEGABYTE = 1 << 20
INSIDE = "CLEARPOINT_BENCH_INSIDE"
MEMORY = """
import os, sys
read, write = os.pipe()
if not (pid := os.fork()):
    os.dup2(read, 0); os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(write, sys.stdin.buffer.read()); os.close(write); os.close(read)
print(os.wait4(pid, 0)[2].ru_maxrss)
"""
"""A process's peak counts what its parent had; a small one stands between."""
USUAL = ("UserPromptSubmit", "Stop", "status line", "SessionStart new", "SessionStart clear",
         "SessionStart resume", "SessionStart compact", "PreCompact", "SessionEnd",
         "PreToolUse agent", "SubagentStart", "SubagentStop")  # fmt: skip
COLD = ("Stop", "PreCompact", "SessionStart compact", "SessionEnd")
HARMLESS = "Set token: $TOKEN and password=os.environ['P'] first, as eyJ is no JWT."
SECRETS = {
    ", a maker's key said": "It is token: ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8, as you said.",
    ", a named password said": "Set DB_PASSWORD=Qw7xY2kLm9 in the file, as you said.",
    ", a password that nothing names": "It takes Kq7xB2mWz9pR4t as before, as you said.",
    ", a password in a command": "Run mysql -u root -pmarmalade shop, as you said.",
    ", a password in a sentence": "The password is marmalade, as you said.",
}
"""Secrets of each kind, by what tells them."""


class Took(NamedTuple):
    """What one run took, in seconds."""

    processor: float
    wall: float


Made = dict[str, tuple[Scene, tuple[str, ...]]]
"""The scenes of a table by what to call them, each with its events."""


def took(command: Command) -> Took:
    """Run one whole process; ends where one of ours has failed."""
    read, write = os.pipe()
    os.write(write, command.stdin)
    os.close(write)
    answer, end = os.pipe()
    begin = time.perf_counter()
    pid = os.posix_spawnp(command.argv[0], command.argv, command.env, file_actions=[
        (os.POSIX_SPAWN_DUP2, read, 0), (os.POSIX_SPAWN_DUP2, end, 1)])  # fmt: skip
    os.close(read)
    os.close(end)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    os.close(answer)
    if status and "clearpoint-" in command.argv[0]:
        raise SystemExit(f"{command.argv}: exit status {status}")
    return Took(used.ru_utime + used.ru_stime, wall)


def megabytes(command: Command) -> float:
    """The most memory that one run takes, in MB."""
    argv = [sys.executable, "-I", "-S", "-c", MEMORY, *command.argv]
    done = subprocess.run(argv, input=command.stdin, capture_output=True, env=command.env,
                          check=True)  # fmt: skip
    return int(done.stdout) / 1024


def print_table(
    title: str, installs: Sequence[Installed], runs: dict[str, Callable[[], Command]], rounds: int
) -> None:
    """Measure all of them in turn, the bare interpreter first; print a Markdown table."""
    bare = Command([installs[0].python, "-c", "pass"], b"", {"PATH": os.environ["PATH"]})
    bares: list[Took] = []
    taken: dict[str, list[Took]] = {name: [] for name in runs}
    for _ in range(rounds):
        bares.append(took(bare))
        for name, made in runs.items():
            taken[name].append(took(made()))
        bares[-1] = Took(*map(statistics.mean, zip(bares[-1], took(bare), strict=True)))
    each = statistics.median(one.processor for one in bares)
    print(
        f"\n{title}: {rounds} rounds; `python -c pass` takes {1e3 * each:.1f} ms of a processor\n"
    )
    print("| | processor | p95 | wall | ms | peak MB |\n|---|---:|---:|---:|---:|---:|")
    for name, found in taken.items():
        used, waited = (
            sorted(getattr(one, kind) / getattr(base, kind)
                   for one, base in zip(found, bares, strict=True))
            for kind in ("processor", "wall")
        )  # fmt: skip
        p95 = used[min(len(used) - 1, round(0.95 * len(used)))]
        milliseconds = 1e3 * statistics.median(one.wall for one in found)
        print(f"| {name} | {statistics.median(used):.2f} | {p95:.2f} | "
              f"{statistics.median(waited):.2f} | {milliseconds:.1f} | "
              f"{megabytes(runs[name]()):.0f} |")  # fmt: skip
    sys.stdout.flush()


class Bench:
    """All scenes, made where they are asked for."""

    def __init__(self, folder: Path, installs: list[Installed], given: argparse.Namespace) -> None:
        self.folder = folder
        self.installs = installs
        self.given = given

    def scene(self, name: str, size: int = MEGABYTE, **fields: Any) -> Scene:
        """A scene whose transcript was read."""
        return Scene(self.folder / name, size, **fields).settle(self.installs[0])

    def turn(self) -> Made:
        """Every event, behind transcripts of three sizes."""
        sizes = {"": 1, ", 100 MB": 100, ", 1 GB": 1024}
        wanted = {name: size for name, size in sizes.items() if size <= self.given.megabytes}
        events = {size: USUAL if size == 1 else USUAL[:9] for size in wanted.values()}
        return {name: (self.scene(f"turn-{size}", size * MEGABYTE), events[size])
                for name, size in wanted.items()}  # fmt: skip

    def secrets(self) -> Made:
        """Turns whose answers speak of secrets, and some that hold one."""
        said = {", nothing secret said": "", ", “token:” said": HARMLESS, **SECRETS}
        return {name: (self.scene(f"said-{place}", said=text), ("Stop",))
                for place, (name, text) in enumerate(said.items())}  # fmt: skip

    def client_file(self) -> Made:
        """The client's own file, small and large."""
        events = ("UserPromptSubmit", "Stop")
        large = with_client_file(Scene(self.folder / "client-1"), 4_500_000)
        return {"": (self.scene("client-0"), events),
                ", ~/.claude.json of 4.5 MB": (large.settle(self.installs[0]), events)}  # fmt: skip

    def sessions(self) -> Made:
        """Few and very many sessions, made up and real."""
        events = ("UserPromptSubmit", "Stop", *STARTS)
        made: Made = {"": (self.scene("sessions-1"), events)}
        if states := [state_of(path) for path in sorted(self.given.corpus.glob("*.jsonl"))]:
            real = with_states(self.installs[0], self.scene("sessions-50"), states, 50)
            made[", 50 real sessions"] = (real, STARTS)
        many = with_many_sessions(self.scene("many"), 10_000)
        many.run(self.installs[0], "SessionStart new")  # makes the index, once
        made[", 10,000 sessions"] = (many, events)
        return made

    def git(self) -> Made:
        """No repository, one without commits, one with three hundred."""
        events = (*STARTS, "SessionStart resume", "SessionStart compact", "PreCompact")
        return {", no repository": (self.scene("git-none"), events),
                ", 300 commits": (with_git(self.scene("git-300"), 300), events)}  # fmt: skip

    def cold(self) -> Made:
        """Transcripts that no event has come to yet."""
        sizes = [size for size in (1, 10, 100) if size <= self.given.megabytes]
        return {f", {size} MB": (Scene(self.folder / f"cold-{size}", size * MEGABYTE), COLD)
                for size in sizes}  # fmt: skip

    def show(self, title: str) -> None:
        """Measure one kind of scenes."""
        made: Made = getattr(self, title)()
        runs: dict[str, Callable[[], Command]] = {}
        for name, (scene, events) in made.items():
            for event in events:
                for one in self.installs:
                    runs[f"{event}{name}{one.name}"] = scene.runs(one, event)
        scene = next(iter(made.values()))[0]
        for peer in peers.found(self.given.peers) if title == "turn" and self.given.peers else ():
            run = scene.command(self.installs[0], peer.event)
            other = run._replace(argv=[*peer.argv], env={**run.env, **peer.env})
            runs[f"{peer.event}: {peer.name}"] = lambda other=other: other  # type: ignore[misc]
        print_table(title, self.installs, runs, self.given.rounds)


SCENES = ("turn", "secrets", "client_file", "sessions", "git", "cold", "rebuild")


def state_of(path: Path) -> Any:
    """The state of a whole transcript."""
    state = session.new_state("bench", "", DEFAULTS)
    session.fold(state, Transcript(str(path), None).entries(decode), DEFAULTS)
    return state


def counts_of(path: Path) -> counting.Counts:
    """The counts of a whole transcript."""
    with path.open("rb") as stream:
        end = path.stat().st_size
        stretch: Stretch = {"start": 0, "end": end, "older": "", "newer": ""}
        return counting.count_stretch(stream.fileno(), stretch, float("inf"))


def rebuild(corpus: Path) -> None:
    """Print the rates of a full rebuild and of counts alone against jq, in processor time."""
    files = sorted(map(str, corpus.glob("*.jsonl")))
    if not files or shutil.which("jq") is None:
        print("\nrebuild: skipped, it needs jq and transcripts in", corpus)
        return
    size = sum(os.path.getsize(path) for path in files) / 1e6
    ours, theirs, counted = [], [], []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["jq", "-c", ".type", *files], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        theirs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        begin = time.process_time()
        for path in files:
            state_of(Path(path))
        ours.append(time.process_time() - begin)
        begin = time.process_time()
        for path in files:
            counts_of(Path(path))
        counted.append(time.process_time() - begin)
    jq = size / statistics.median(theirs)
    print(f"\njq -c .type {jq:.0f} MB/s")
    for what, times in (("rebuild", ours), ("counts alone", counted)):
        rate = size / statistics.median(times)
        print(f"{what} {rate:.0f} MB/s: {rate / jq:.2f} x")


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
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []])
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--megabytes", type=int, default=100, help="the longest transcript")
    parser.add_argument("--before", metavar="COMMIT")
    parser.add_argument("--ordinary", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    given = parser.parse_args()
    if INSIDE not in os.environ:
        enclosed()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="clearpoint-bench-") as name:
        folder = Path(name)
        installs = [install(folder / "lane", "", has_lane=True)]
        if given.ordinary:
            installs.append(install(folder / "ordinary", ", ordinary"))
        if given.before:
            installs.append(install(folder / "before", ", before", ref=given.before, has_lane=True))
        bench = Bench(folder, installs, given)
        for scene in given.scenes or SCENES:
            if scene == "rebuild":
                rebuild(given.corpus)
            else:
                bench.show(scene)


if __name__ == "__main__":
    main()
