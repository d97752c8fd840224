"""Many clients at once on one project: random events, random kills, and what is left afterwards.

usage: python benchmarks/load.py [--seconds 60] [--workers 64] [--sessions 16] [--slow-ms 0]

Each worker plays a client: it appends a turn to its session's transcript or not, and starts a
random hook, which it kills at a random moment in one of eight cases. Several workers share each
session, which no real client does. With `--slow-ms` every rename and every write waits that long,
as on a slow or remote disk (this needs `strace`). Afterwards each session gets one undisturbed
Stop, and its state is held against its transcript. Prints figures; ends with 1 where one is wrong.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel.files import QuickLock
from clearpoint.session import state as session
from clearpoint.session.load import read
from clearpoint.store.checksummed import DamagedStateError, crc32, read_sealed, remainder
from clearpoint.store.layout import state_root
from clearpoint.store.status_facts import NAME as STATUS
from clearpoint.store.store import Store
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

sys.path.insert(0, str(Path(__file__).parent))
from synthetic import turn

SCRIPTS = Path(sysconfig.get_path("scripts"))
HOOKS = {"stop": 10, "user-prompt-submit": 6, "statusline": 3, "session-start": 2, "pre-compact": 1,
         "session-end": 1, "pre-tool-use": 1, "subagent-start": 1}  # fmt: skip
KILLED = 1 / 8
KILLED_WITHIN_S = 0.4
FIELDS = {
    "source": "resume",
    "reason": "other",
    "trigger": "auto",
    "prompt": "go on",
    "tool_name": "Agent",
    "tool_use_id": "t",
    "agent_id": "a",
    "agent_type": "quality-gate",
    "tool_input": {"description": "x", "prompt": "x", "subagent_type": "quality-gate"},
    "model": {"id": "claude-sonnet-4-6"},
    "context_window": {"context_window_size": 200_000},
}
TEMPORARY = re.compile(r"\.(\d+)\.[0-9a-f]+\.tmp\Z")


class Load(NamedTuple):
    """How much there is to bear."""

    folder: Path
    seconds: float
    workers: int
    sessions: int
    slow_ms: int = 0


def name(number: int) -> str:
    """A session's id."""
    return f"session-{number:02}"


def client_folder(load: Load) -> dict[str, str]:
    """The variable that names the client's own folder, which holds the state."""
    return {"CLAUDE_CONFIG_DIR": f"{load.folder}-claude"}


def run(load: Load, hook: str, session_id: str, *, kill_after: float | None = None) -> str:
    """Run one hook, killed after some seconds if it is still there; give how it ended."""
    given = {"session_id": session_id, "cwd": str(load.folder),
             "transcript_path": str(load.folder / f"{session_id}.jsonl"), **FIELDS}  # fmt: skip
    env = {"PATH": os.defpath, "CLAUDE_PROJECT_DIR": str(load.folder), **client_folder(load),
           "CLAUDE_PID": str(os.getpid()), "PYTHONDONTWRITEBYTECODE": "1",
           **{key: os.environ[key] for key in ("PYTHONPATH",) if key in os.environ}}  # fmt: skip
    slow = f"inject=rename,write,flock:delay_enter={load.slow_ms}ms"
    before = ["strace", "-o", "/dev/null", "-e", slow] if load.slow_ms else []
    command = [*before, sys.executable, str(SCRIPTS / f"clearpoint-{hook}")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
        start_new_session=True,
    ) as process:
        try:
            _, said = process.communicate(json.dumps(given).encode(), timeout=kill_after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return "killed"
    if process.returncode == 0 and not said:
        return "well"
    is_busy = b"holds the lock" in said or b"could not be acquired" in said
    return "busy" if is_busy else f"{hook}: {process.returncode} {said.decode()[:300]}"


def work(load: Load, worker: int, end: float) -> collections.Counter[str]:
    """One worker, until the end; give how its hooks ended."""
    chance = random.Random(worker)  # noqa: S311  (not for secrets)
    session_id = name(worker % load.sessions)
    ended: collections.Counter[str] = collections.Counter()
    number = worker * 100_000
    while time.monotonic() < end:
        if chance.random() < 0.6:
            number += 1
            lines = b"".join(turn(number, 20_000 + number % 90 * 1_000))
            with (load.folder / f"{session_id}.jsonl").open("ab", buffering=0) as stream:
                stream.write(lines.replace(b"Please", f"In {session_id} please".encode()))
        hook = chance.choices([*HOOKS], [*HOOKS.values()])[0]
        kill_after = KILLED_WITHIN_S * chance.random() if chance.random() < KILLED else None
        ended[run(load, hook, session_id, kill_after=kill_after)] += 1
    return ended


def wrong(load: Load) -> list[str]:
    """What is not as it must be after all has ended, one line each."""
    found = []
    store = Store(state_root(str(load.folder), client_folder(load)))
    for number in range(load.sessions):
        session_id = name(number)
        if (ended := run(load, "stop", session_id)) != "well":
            found.append(f"{session_id}: the last Stop ended {ended}")
        found += [f"{session_id}: {what}" for what in wrong_in(load, store, session_id)]
    root = Path(store.root)
    found += [f"in quarantine: {path.name}" for path in root.glob("quarantine/*")]
    for path in [*root.rglob("*.jsonl"), *root.rglob("*.lock")]:
        if path.suffix == ".lock":
            try:
                with QuickLock(str(path), 0.0):
                    pass
            except TimeoutError:
                found.append(f"{path}: still locked")
        else:
            found += [f"{path}: a line that is not whole" for line in path.read_bytes().splitlines()
                      if not is_json(line)]  # fmt: skip
    return found


def wrong_in(load: Load, store: Store, session_id: str) -> list[str]:
    """What of one session is not as its transcript has it."""
    path = str(load.folder / f"{session_id}.jsonl")
    if not os.path.exists(path):
        return []
    fresh = session.new_state(session_id, "", DEFAULTS)
    session.fold(fresh, Transcript(path, None).entries(decode), DEFAULTS)
    state = read(store, session_id)
    if state is None:
        return ["no state"]
    kept: Any = state["usage"]
    expected: Any = fresh["usage"]
    found = [
        f"{key} is {kept[key]}, and not {expected[key]}"
        for key in ("requests", "prompts", "message_id", "used")
        if kept[key] != expected[key]
    ]
    if state["work_state"]["prompts"] != fresh["work_state"]["prompts"]:
        found.append("the prompts are not those of the transcript")
    texts = [str(state), *(one.read_text() for one in Path(store.path(session_id)).rglob("*.md"))]
    strange = {other for text in texts for other in re.findall(r"In (session-\d\d) please", text)}
    found += [f"it holds what was typed in {other}" for other in strange - {session_id}]
    for one in Path(store.path(session_id)).rglob("*.json"):
        try:
            if one.name != "statusline.json":
                read_sealed(str(one), remainder if one.name == STATUS else crc32)
        except DamagedStateError as error:
            found.append(f"{one.name}: {error}")
    return found


def is_json(line: bytes) -> bool:
    """Whether a line is whole; an empty one ends a torn one."""
    try:
        return bool(json.loads(line))
    except ValueError:
        return False


def bear(load: Load) -> tuple[collections.Counter[str], list[str]]:
    """Put the load on; give how the hooks ended, and what is wrong afterwards."""
    end = time.monotonic() + load.seconds
    with ThreadPoolExecutor(load.workers) as pool:
        ended = pool.map(lambda worker: work(load, worker, end), range(load.workers))
        total = sum(ended, collections.Counter[str]())
    return total, wrong(load)


def main() -> None:
    """Put the load on and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=64)
    parser.add_argument("--sessions", type=int, default=16)
    parser.add_argument("--slow-ms", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clearpoint-load-") as folder:
        load = Load(Path(folder), given.seconds, given.workers, given.sessions, given.slow_ms)
        ended, found = bear(load)
        left = [one for one in load.folder.rglob("*.tmp") if TEMPORARY.search(one.name)]
        size = sum(one.stat().st_size for one in load.folder.glob("*.jsonl"))
    for how, number in ended.most_common():
        print(f"{number:7,} {how}")
    print(f"{size / 1e6:.0f} MB of transcripts, {len(left)} temporary files of killed hooks left")
    print("\n".join(found) or "nothing lost, nothing mixed, every lock free")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
