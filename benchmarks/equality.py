"""Whether two versions make the same of real transcripts: what was made faster must not be other.

usage: python benchmarks/equality.py BEFORE [AFTER] [--corpus ../shared/corpus]

Each version, a commit or the files as they are here, is installed by itself. From every transcript
it makes a session, as a Stop, a PreCompact and the start after `/clear` would; compared are the
usage, the work, the advice, the window and budget, the reload and the archive's bytes. Ends with 1
where anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installed import Installed, install

MADE = """
import hashlib, json, os, shutil, sys, time
time.time = lambda: 1.9e9  # a reload tells how long ago something was
from clearpoint.redaction import prefilter
prefilter.TEXT_S = 1e9  # on a busy machine a long text would be withheld in one of them
from clearpoint.session.archive import archive
from clearpoint.session.update import SessionUpdate
from clearpoint.reload.build import foretold

def sign(value):
    data = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:16]

root = sys.argv[1]
for path in sys.argv[2:]:
    name = os.path.basename(path)
    folder = os.path.join(root, name)
    os.makedirs(os.path.join(folder, "project"))
    update = SessionUpdate("s", os.path.join(folder, "project"), {"HOME": folder},
                           os.path.join(folder, "state"), path)
    with update.store.lock("s"):
        state = update.load()
        update.catch_up(state, None)
        update.judge(state)
        found = {name: sign(state[name]) for name in
                 ("usage", "work_state", "advice", "context_window", "budget", "user_context")}
        archive(update.store, state, 1e9)
        update.write(state)
    for reason in ("clear", "compact", "resume"):
        text = foretold(update, state, reason)
        found["reload after " + reason] = sign(text.partition(": ")[2].replace(folder, ""))
    kept = update.store.path("s", "archive")
    files = sorted(os.listdir(kept)) if os.path.isdir(kept) else []
    found["archive"] = sign(b"".join(open(os.path.join(kept, one), "rb").read() for one in files))
    found["projected"] = state["context_window"]["projected"]
    print(json.dumps([name, found]), flush=True)
    shutil.rmtree(folder)
"""


def made(installed: Installed, corpus: list[Path], folder: Path) -> dict[str, dict[str, Any]]:
    """What a version makes of the transcripts, as checksums."""
    command = [installed.python, "-c", MADE, str(folder / "made")]
    done = subprocess.run([*command, *map(str, corpus)], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONHASHSEED": "0"})  # fmt: skip
    return dict(json.loads(line) for line in done.stdout.splitlines())


def main() -> None:
    """Make, compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("before", metavar="BEFORE")
    parser.add_argument("after", metavar="AFTER", nargs="?", default="")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    given = parser.parse_args()
    corpus = sorted(given.corpus.resolve().glob("*.jsonl"))
    with tempfile.TemporaryDirectory(prefix="clearpoint-equal-") as name:
        folder = Path(name)
        old = made(install(folder / "before", "before", ref=given.before), corpus, folder)
        new = made(install(folder / "after", "after", ref=given.after), corpus, folder)
    different = {
        path: [part for part in old[path] if old[path][part] != new[path][part]] for path in old
    }
    for path, parts in different.items():
        if parts:
            print(f"{path}: {', '.join(parts)}")
    equal = sum(not parts for parts in different.values())
    print(
        f"{equal} of {len(corpus)} transcripts the same in all of {len(next(iter(old.values())))}"
    )
    raise SystemExit(equal != len(corpus))


if __name__ == "__main__":
    main()
