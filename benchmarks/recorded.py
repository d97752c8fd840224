"""Record which functions hooks call in the usual case: the compiled lane holds these at once.

usage: python benchmarks/recorded.py

Runs every event after a turn, as `benchmarks/latency.py` measures it, and writes what was called
to `src/clearpoint/data/hook_functions.json`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from installed import PROJECT, install
from scenes import EVENTS, Scene

from clearpoint.install import lane

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


def main() -> None:
    """Record, and write the list."""
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
    for event in [key for key in called if key.endswith(lane.MORE)]:
        called[event] = beyond(called[event], called[event.removesuffix(lane.MORE)])
    path = PROJECT / "src/clearpoint/data" / lane.CALLED
    path.write_text(json.dumps(called, indent=1) + "\n")


def merged(before: Called, told: str) -> Called:
    """What was called before, and what is told now of this package's modules."""
    found = defaultdict(set, {module: set(names) for module, names in before.items()})
    for line in told.splitlines():
        module, _, name = line.partition(" ")
        if module.startswith(lane.PACKAGE):
            found[module].update([name] if name else [])
    return {module: sorted(names) for module, names in sorted(found.items())}


def beyond(called: Called, usual: Called) -> Called:
    """What is called beyond the usual case."""
    found = {
        module: sorted(set(names).difference(usual.get(module, ())))
        for module, names in called.items()
    }
    return {module: names for module, names in found.items() if names or module not in usual}


if __name__ == "__main__":
    main()
