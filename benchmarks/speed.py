"""How long the hooks take, as multiples of a bare interpreter start measured in the same run.

usage: python benchmarks/speed.py [--corpus ../shared/corpus] [--rounds 40] [--gigabyte]

Figures are medians of interleaved runs of whole processes. The rebuild of state from whole
transcripts is compared with `jq -c .type` on the same files.
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
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parent))
from synthetic import turn, write_transcript

SCRIPTS = Path(sysconfig.get_path("scripts"))


def environment(project: Path) -> dict[str, str]:
    """What the client would give a hook, and nothing else."""
    return {"PATH": os.defpath, "CLAUDE_PROJECT_DIR": str(project), "CLAUDE_PID": str(os.getpid())}


def timed(command: list[str], payload: bytes, env: dict[str, str]) -> float:
    """Seconds of one whole process; fails where it does."""
    begin = time.perf_counter()
    done = subprocess.run(command, input=payload, capture_output=True, env=env, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stderr.decode()}")
    return seconds


class Scene:
    """One project with one session on a transcript of a given size."""

    def __init__(self, folder: Path, size: int) -> None:
        self.project = folder
        folder.mkdir()
        self.transcript = folder / "bench.jsonl"
        self.turns = write_transcript(self.transcript, size)
        self.env = environment(folder)
        self.seconds = self.hook("stop")

    def unread(self) -> int:
        """Bytes of the transcript that no Stop has come to yet."""
        state = json.loads((self.project / ".clearpoint/sessions/bench/state.json").read_bytes())
        return self.transcript.stat().st_size - int(state["transcript"]["offset"])

    def hook(self, name: str, *arguments: str, **fields: object) -> float:
        """Run one hook; give its seconds."""
        payload = {"session_id": "bench", "transcript_path": str(self.transcript),
                   "cwd": str(self.project), "permission_mode": "default", **fields}  # fmt: skip
        command = [str(SCRIPTS / f"clearpoint-{name}"), *arguments]
        return timed(command, json.dumps(payload).encode(), self.env)

    def stop_after_turn(self) -> float:
        """Append one turn, then run Stop."""
        self.turns += 1
        with self.transcript.open("ab") as stream:
            stream.writelines(turn(self.turns, 60_000))
        return self.hook("stop", last_assistant_message="")


def hooks(rounds: int) -> None:
    """Print each fast-lane hook against `python -c pass`."""
    folder = Path(tempfile.mkdtemp(prefix="clearpoint-bench-"))
    small, large = Scene(folder / "small", 1 << 20), Scene(folder / "large", 100 << 20)
    status = {"model": {"id": "claude-sonnet-4-6"}, "context_window": {
        "context_window_size": 200_000, "total_input_tokens": 60_000, "total_output_tokens": 100,
        "current_usage": {"input_tokens": 60_000}}}  # fmt: skip
    runs: dict[str, Callable[[], float]] = {
        "python -c pass": lambda: timed([sys.executable, "-c", "pass"], b"", small.env),
        "UserPromptSubmit, quiet": lambda: small.hook("user-prompt-submit", prompt="go on"),
        "Stop, 1 MB transcript": small.stop_after_turn,
        "Stop, 100 MB transcript": large.stop_after_turn,
        "status line": lambda: small.hook("statusline", **status),
        "status line beside another": lambda: small.hook("statusline", "--with", "true", **status),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            seconds[name].append(run())
    base = statistics.median(seconds["python -c pass"])
    for name, values in seconds.items():
        middle = statistics.median(values)
        print(f"{name:28} {1e3 * middle:7.1f} ms  {middle / base:5.2f} x")
    ratio = statistics.median(seconds["Stop, 100 MB transcript"]) / statistics.median(
        seconds["Stop, 1 MB transcript"]
    )
    print(f"{'Stop, 100 MB against 1 MB':28} {ratio:18.2f} x")
    shutil.rmtree(folder)


REBUILD = """
import sys, time
from clearpoint import session
from clearpoint.config import DEFAULTS
from clearpoint.entries import decode
from clearpoint.transcript import Transcript
begin = time.perf_counter()
for path in sys.argv[1:]:
    state = session.new_state("bench", "", DEFAULTS)
    session.fold(state, Transcript(path, None).entries(decode), DEFAULTS)
print(time.perf_counter() - begin)
"""


def rebuild(corpus: Path, rounds: int) -> None:
    """Print the rate of a full rebuild against jq on the same files."""
    files = sorted(str(path) for path in corpus.glob("*.jsonl"))
    if not files or shutil.which("jq") is None:
        print("rebuild: skipped, it needs jq and transcripts in", corpus)
        return
    megabytes = sum(Path(path).stat().st_size for path in files) / 1e6
    ours, theirs = [], []
    for _ in range(rounds):
        begin = time.perf_counter()
        subprocess.run(["jq", "-c", ".type", *files], stdout=subprocess.DEVNULL, check=True)
        theirs.append(time.perf_counter() - begin)
        done = subprocess.run(
            [sys.executable, "-c", REBUILD, *files], capture_output=True, check=True
        )
        ours.append(float(done.stdout))
    rate, jq = megabytes / statistics.median(ours), megabytes / statistics.median(theirs)
    print(f"rebuild {rate:.0f} MB/s, jq -c .type {jq:.0f} MB/s: {rate / jq:.1f} x")


def gigabyte() -> None:
    """Print what it takes to read a transcript of 1 GB for the first time: Stops and memory."""
    folder = Path(tempfile.mkdtemp(prefix="clearpoint-bench-"))
    scene = Scene(folder / "huge", 1 << 30)
    seconds = [scene.seconds]
    while scene.unread():
        seconds.append(scene.hook("stop"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"1 GB transcript, read whole: {len(seconds)} Stops of at most {max(seconds):.1f} s, "
          f"peak memory {peak:.0f} MB")  # fmt: skip
    shutil.rmtree(folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--gigabyte", action="store_true")
    arguments = parser.parse_args()
    if arguments.gigabyte:
        gigabyte()
    hooks(arguments.rounds)
    rebuild(arguments.corpus, 5)


if __name__ == "__main__":
    main()
