"""Damaged input by the million: what the parsers promise, whatever the bytes are.

usage: python benchmarks/fuzz.py --inputs 1000000 [--seed 1] [--target NAME] [--corpus FOLDER]

Whole inputs (lines of real transcripts, of made ones, payloads, settings, states, handoffs) are
damaged at random and given to one target, which raises where a promise does not hold. An input is
told by its seed and number alone, and each that fails is printed with what was wrong.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NamedTuple

from clearpoint.client.registered import kebab
from clearpoint.install import registration

sys.path.insert(0, str(Path(__file__).parent))
from damage import damaged, odd
from fuzz_seeds import Seeds
from fuzz_targets import TARGETS, Place

SHARE = {"payload": 6, "handoff": 22, "config": 4, "settings": 3, "sealed": 25, "json": 25,
         "transcript": 15}  # fmt: skip
"""How often each target is chosen, so that none takes most of the time."""
STRUCTURED = ("transcript", "payload", "handoff")
"""Targets of JSON, which damaged bytes rarely leave it."""
SHOWN = 5
"""Failures of one target that are printed."""
STEP = 10_000


class Found(NamedTuple):
    """An input that broke a promise."""

    target: str
    number: int
    data: bytes
    what: str


def run(  # noqa: PLR0913
    inputs: int, seed: int, seeds: Seeds, folder: Path, *, target: str = "", first: int = 0
) -> tuple[list[Found], dict[str, int]]:
    """Try so many inputs; give those that broke a promise, and how many each target had."""
    place = placed(folder)
    found: list[Found] = []
    counts = dict.fromkeys(TARGETS, 0)
    for number in range(first, first + inputs):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311  (not for secrets)
        name = target or chance.choices([*SHARE], [*SHARE.values()])[0]
        data, other = seeds.one(name, chance), seeds.one(name, chance)
        if name in STRUCTURED and chance.random() < 0.5:
            data = odd(data, chance)
        else:
            data = damaged(data, other, chance)
        counts[name] += 1
        try:
            TARGETS[name](data, place, chance)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is what is looked for)
            at = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{at.filename.rpartition('/')[2]}:{at.lineno}"
            found.append(Found(name, number, data, f"{type(error).__name__} at {where}: {error}"))
            place = placed(folder)
    return found, counts


def placed(folder: Path) -> Place:
    """A place with nothing in it but executables to be registered."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "project/.claude").mkdir(parents=True)
    (folder / "bin").mkdir()
    names = [f"clearpoint-{kebab(hook.event)}" for hook in registration.HOOKS]
    for name in (*names, "clearpoint-statusline"):
        (folder / "bin" / name).write_text("#!/bin/sh\n")
        (folder / "bin" / name).chmod(0o755)
    return Place(folder)


def main() -> None:
    """Try inputs, print what was found and how many there were."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=[*TARGETS], default="")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    given = parser.parse_args()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    seeds = Seeds(given.corpus)
    totals = dict.fromkeys(TARGETS, 0)
    failed = dict.fromkeys(TARGETS, 0)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        for first in range(given.first, given.first + given.inputs, STEP):
            inputs = min(STEP, given.first + given.inputs - first)
            found, counts = run(inputs, given.seed, seeds, Path(folder) / "place",
                                target=given.target, first=first)  # fmt: skip
            for one in found:
                failed[one.target] += 1
                if failed[one.target] <= SHOWN:
                    print(f"{one.target} {one.number}: {one.what}\n  {one.data[:2_000]!r}")
            totals = {name: totals[name] + counts[name] for name in totals}
            done = sum(totals.values())
            rate = done / (time.monotonic() - begin)
            print(f"{done:,} inputs, {sum(failed.values())} failed, {rate:.0f}/s", flush=True)
    for name, number in totals.items():
        print(f"{name:12} {number:>10,} inputs {failed[name]:>6} failed")
    raise SystemExit(any(failed.values()))


if __name__ == "__main__":
    main()
