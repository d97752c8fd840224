"""Record which functions hooks call in the usual case: the compiled lane holds these at once.

usage: python benchmarks/recorded.py [--corpus ../shared/corpus]

Runs every event after a turn, as `benchmarks/latency.py` measures it, and writes what was called
to `src/clearpoint/data/hook_functions.json`. To what Stop calls is added what a fair share of real
turns call as they are read; without real transcripts, what Stop was given before stays.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))
from installed import PROJECT, install
from scenes import EVENTS, Scene

from clearpoint.config.defaults import DEFAULTS
from clearpoint.install import lane
from clearpoint.redaction import prefilter
from clearpoint.session import state as session
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from types import FrameType

RECORDING = """
import os, sys
found = set()
def note(frame, event, _):
    code = frame.f_code
    is_function = code.co_flags & 1 and code.co_qualname.isidentifier()
    if event == "call" and is_function:
        found.add((frame.f_globals["__name__"], code.co_qualname))
leave = os._exit
def tell(status):
    sys.setprofile(None)
    found.update((module, "") for module in sys.modules)
    text = "".join(f"{module} {name}\\n" for module, name in sorted(found))
    open(sys.argv[2], "w").write(text)
    leave(status)
os._exit = tell
from clearpoint import door
sys.setprofile(note)
door.run("clearpoint.handlers." + sys.argv[1])
"""
MORE = ("SessionStart clear", "SessionStart resume", "SessionStart compact")
"""What a session's start calls beyond a new one stands apart, so that those stay fast."""
KEPT_EVENTS = ("UserPromptSubmit", "Stop", "status line", "SessionStart new", *MORE, "PreCompact",
               "SessionEnd")  # fmt: skip
Called = dict[str, list[str]]
STRETCH = 12
"""As many lines as a short turn writes."""
STRETCHES = 6
"""Of each transcript."""
SHARE = 0.3
LONGEST_BYTES = 6_000_000


def main() -> None:
    """Record, and write the list."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    corpus = sorted(parser.parse_args().corpus.glob("*.jsonl"))
    path = PROJECT / "src/clearpoint/data" / lane.CALLED
    called: dict[str, Called] = {}
    with tempfile.TemporaryDirectory(prefix="clearpoint-recorded-") as name:
        installed = install(Path(name) / "installed", "")
        scene = Scene(Path(name) / "scene").settle(installed)
        for event in KEPT_EVENTS:
            scene.restore(event)
            command = scene.command(installed, event)
            hook = EVENTS[event][0].replace("-", "_")
            told = Path(name) / "told"
            argv = [installed.python, "-I", "-c", RECORDING, hook, str(told)]
            subprocess.run(argv, input=command.stdin, env=command.env, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
            key = hook + lane.MORE if event in MORE else hook
            called[key] = merged(called.get(key, {}), told.read_text())
    real = of_real_turns(corpus) if corpus else json.loads(path.read_text())["stop"]
    called["stop"] = merged(called["stop"], "".join(
        f"{module} {name}\n" for module, names in real.items() for name in names))  # fmt: skip
    for event in [key for key in called if key.endswith(lane.MORE)]:
        called[event] = beyond(called[event], called[event.removesuffix(lane.MORE)])
    path.write_text(json.dumps(called, indent=1) + "\n")


def merged(before: Called, told: str) -> Called:
    """What was called before, and what is told now of this package's modules."""
    found = defaultdict(set, {module: set(names) for module, names in before.items()})
    for line in told.splitlines():
        module, _, name = line.partition(" ")
        if module.startswith(lane.PACKAGE):
            found[module].update([name] if name else [])
    return {module: sorted(names) for module, names in sorted(found.items())}


def of_real_turns(corpus: list[Path]) -> Called:
    """The functions that a share of real turns call as they are read."""
    counts: Counter[tuple[str, str]] = Counter()
    number = 0
    for path in corpus:
        if path.stat().st_size > LONGEST_BYTES:
            continue
        entries = list(Transcript(str(path), None).entries(decode))
        step = max(STRETCH, len(entries) // STRETCHES)
        state = session.new_state("bench", "", DEFAULTS)
        for start in range(0, len(entries) - step + 1, step):
            end = start + step - STRETCH
            session.fold(state, entries[start:end], DEFAULTS)
            counts.update(called_by(state, entries[end : end + STRETCH]))
            number += 1
    usual = sorted(one for one, count in counts.items() if count >= SHARE * number)
    return merged({}, "".join(f"{module} {name}\n" for module, name in usual))


def called_by(state: Any, entries: list[Any]) -> set[tuple[str, str]]:
    """The functions that are called as entries are taken in, in a process that did nothing else."""
    found: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & 1 and code.co_qualname.isidentifier():
            found.add((frame.f_globals["__name__"], code.co_qualname))

    prefilter._looked = 0  # noqa: SLF001  (how much it has looked through decides who looks)
    prefilter._clean.clear()  # noqa: SLF001
    sys.setprofile(note)
    session.fold(state, entries, DEFAULTS)
    sys.setprofile(None)
    return found


def beyond(called: Called, usual: Called) -> Called:
    """What is called beyond the usual case."""
    found = {
        module: sorted(set(names).difference(usual.get(module, ())))
        for module, names in called.items()
    }
    return {module: names for module, names in found.items() if names or module not in usual}


if __name__ == "__main__":
    main()
