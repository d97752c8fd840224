"""What is left of a session when a hook is killed, or the disk fails, at any call that touches it.

usage: python benchmarks/faults.py [--scene NAME] [--sample N] [--faults KILL,EIO] [--jobs 2]

Each scene is one event in a project that has a history. Every system call of it that opens or
changes something in the state folder is a point (`strace` lists them). At each point the event is
run once with each fault (SIGKILL before the call, or the call fails), then run again as it should,
as the next event. The state folder must be whole after the fault, and afterwards hold the same as
if nothing had happened. Prints a table of points and outcomes; ends with 1 where one is wrong.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.handoffs.errors import HandoffError
from clearpoint.handoffs.record import Record, sessions
from clearpoint.session.load import read
from clearpoint.store import status_facts
from clearpoint.store.checksummed import DamagedStateError, crc32, read_sealed, remainder

sys.path.insert(0, str(Path(__file__).parent))
from fault_scenes import HELD, SCENES, Project, Scene

if TYPE_CHECKING:
    import subprocess

CALLS = (
    "openat",
    "open",
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "rmdir",
    "ftruncate",
    "fsync",
    "fdatasync",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "utimensat",
    "flock",
)
FAULTS = ("KILL", "ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE")
LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
INJECTED = "(INJECTED)"
UNIQUE = re.compile(
    r"\.\d+\.[0-9a-f]+\.tmp\b|(?<=links/)\d+|\d{8}T\d{6}Z|\d{19}|[0-9a-f]{8}-[0-9a-f-]{27}"
)
TRIES = 12


class Point(NamedTuple):
    """One system call of an event: its name, which of that name it is, and what it touches."""

    call: str
    number: int
    place: str
    turn: int
    """Which it is of the same calls at the same place: `number` changes with what is imported."""


class Bench:
    """A scene, prepared once, and put back before every run."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.kept, self.log = scene, folder / "kept", folder / "log"
        self.project = Project(folder / "project")
        self.project.folder.mkdir(parents=True)
        scene.prepare(self.project)
        for place in self.project.folders():
            shutil.copytree(place, self.kept / place.name, symlinks=True)
        self.project.done(scene.event, scene.event)
        self.expected = held_in(self.project)

    def put_back(self) -> None:
        """The project, and the client's folder with its state, as they were before the event."""
        for place in self.project.folders():
            shutil.rmtree(place)
            shutil.copytree(self.kept / place.name, place, symlinks=True)

    def traced(self, *options: str) -> subprocess.CompletedProcess[bytes]:
        """Run the event from the beginning under `strace`."""
        self.put_back()
        names = ",".join(f"?{name}" for name in CALLS)
        strace = ["strace", "-y", "-s", "0", "-o", str(self.log), "-e", f"trace={names}", *options]
        return self.project.run(self.scene.event, strace)

    def points(self) -> list[Point]:
        """Every call of the event that touches the state folder."""
        self.traced()
        counts: collections.Counter[str] = collections.Counter()
        turns: collections.Counter[tuple[str, str]] = collections.Counter()
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            if parts := LINE.match(line):
                counts[parts[1]] += 1
                if place := self.place(line):
                    turns[parts[1], place] += 1
                    turn = turns[parts[1], place]
                    found.append(Point(parts[1], counts[parts[1]], place, turn))
        return found

    def place(self, line: str) -> str:
        """What a call touches in the state folder; empty if it is elsewhere."""
        root = re.escape(self.project.store.root)
        found = re.search(rf'[<"]{root}/?([^>"]*)', line)
        return UNIQUE.sub("*", found[1]) or "." if found else ""

    def met(self, point: Point, how: str) -> subprocess.CompletedProcess[bytes] | None:
        """Run the event with a fault at a point; None if it was not met."""
        for _ in range(TRIES):
            ended = self.traced("-e", f"inject={point.call}:{how}:when={point.number}")
            lines = self.log.read_text(errors="replace").splitlines()
            hit = [line for line in lines if INJECTED in line]
            if not hit and "killed by SIGKILL" in lines[-1]:
                hit = lines[-2:-1]
            if hit and self.place(hit[-1]) == point.place:
                return ended
            same = [
                one for one in self.points() if one._replace(number=0) == point._replace(number=0)
            ]
            point = same[0] if same else point
        return None

    def outcome(self, point: Point, fault: str) -> str:
        """What is wrong after a fault at a point; empty if nothing is."""
        ended = self.met(point, "signal=KILL" if fault == "KILL" else f"error={fault}")
        if ended is None:
            return "the point was not met"
        code, said = ended.returncode, ended.stderr.decode()
        calm = (code, said) == (0, "") or (code == 1 and said.count("\n") == 1 and not ended.stdout)
        if not (calm or (fault == "KILL" and code in (-9, 137))):
            return f"ended with {code}: {said[-300:]}"
        blocked = b'"block"' in ended.stdout
        if wrong := broken(self.project):
            return f"after the fault: {wrong}"
        if blocked and HELD not in held_prompts(self.project):
            return "a prompt was held back and not kept"
        self.project.done(self.scene.event)
        found = held_in(self.project)
        for key, value in self.expected.items():
            if found.get(key) != value:
                return f"{key} is {str(found.get(key))[:300]}, and not {str(value)[:300]}"
        return broken(self.project)


def held_in(project: Project) -> dict[str, Any]:
    """What a state folder knows, in so far as it does not depend on when it was written."""
    known: dict[str, Any] = {"held": held_prompts(project)}
    for session in sorted(project.store.newest_ids()):
        state: Any = read(project.store, session)
        for key in ("work_state", "usage", "user_context"):
            known[f"{session} {key}"] = state[key]
        known[f"{session} parent"] = state["lineage"]["parent_id"]
        kept = Path(project.store.path(session, "archive"))
        texts = [one.read_text() for one in kept.glob("????.md")]
        known[f"{session} archive"] = sorted(set(re.findall("Please look at.*", "".join(texts))))
    return known


def held_prompts(project: Project) -> list[str]:
    """The prompts that are kept for the person, whichever session they are with."""
    found: list[str] = []
    for path in Path(project.store.root).glob("sessions/*/held.json"):
        found += read_sealed(str(path))["prompts"]
    for path in Path(project.store.root).glob("sessions/*/archive/prompt-*.txt"):
        found.append(path.read_text())
    return sorted(set(found))


def broken(project: Project) -> str:
    """What in a state folder is not whole; empty if all is."""
    root = Path(project.store.root)
    for path in [*root.glob("sessions/**/*.json"), *root.glob("links/*.json")]:
        try:
            if path.name != "statusline.json":
                read_sealed(str(path), remainder if path.name == status_facts.NAME else crc32)
        except DamagedStateError as error:
            return f"{path.relative_to(root)}: {error}"
    for path in root.glob("**/*.jsonl"):
        lines = path.read_bytes().split(b"\n")
        try:
            [json.loads(line) for line in lines[:-1]]
        except ValueError:
            return f"{path.relative_to(root)} has a line that is not whole"
    for session in sessions(project.store):
        record = Record(project.store, session)
        for line in record.lines():
            try:
                if line["event"] == "created":
                    record.read(line["handoff_id"])
            except HandoffError as error:
                return str(error)
    return str(next((path for path in root.glob("quarantine/*")), ""))


def examine(name: str, faults: list[str], sample: int) -> list[tuple[Point, dict[str, str]]]:
    """Each point of a scene with what is wrong after each fault at it."""
    with tempfile.TemporaryDirectory(prefix="clearpoint-faults-") as folder:
        bench = Bench(SCENES[name], Path(folder))
        rows = []
        for point in bench.points()[:: max(1, sample)]:
            fitting = [fault for fault in faults if fault != "EMFILE" or "open" in point.call]
            rows.append((point, {fault: bench.outcome(point, fault) for fault in fitting}))
        return rows


def main() -> None:
    """Examine scenes and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scene", choices=[*SCENES], action="append")
    parser.add_argument("--sample", type=int, default=1, help="only every so manieth point")
    parser.add_argument("--faults", default=",".join(FAULTS))
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    if shutil.which("strace") is None:
        raise SystemExit("faults: this needs strace (apt-get install strace)")
    faults = given.faults.split(",")
    names = given.scene or [*SCENES]
    bad = runs = 0
    print("| Event | Call | Where in the state folder |", " | ".join(faults), "|")
    print("|---|---|---|" + "---|" * len(faults))
    with ThreadPoolExecutor(given.jobs) as pool:
        found = pool.map(lambda name: examine(name, faults, given.sample), names)
        for name, rows in zip(names, found, strict=True):
            for point, outcomes in rows:
                cells = [f"**{outcomes[fault]}**" if outcomes.get(fault) else
                         "whole" if fault in outcomes else "–" for fault in faults]  # fmt: skip
                bad += sum(map(bool, outcomes.values()))
                runs += len(outcomes)
                print(f"| {name} | {point.call} | {point.place} |", " | ".join(cells), "|",
                      flush=True)  # fmt: skip
    print(f"\n{runs} faults, {bad} with something wrong afterwards")
    raise SystemExit(bad > 0)


if __name__ == "__main__":
    main()
