"""A small disk of its own: what to run in a namespace where one can be mounted.

Started by `test_processes` as `unshare -rm python in_namespace.py FOLDER NAME`; the exit code says
whether it went well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from builders import (
    HOOKS,
    files_below,
    payload,
    send,
    session_file,
    state_folder,
    state_of,
    transcript_lines,
    transcript_of,
    turn,
)
from made import prompt

from clearpoint.search.find import Wanted, find
from clearpoint.search.refresh import opened

PAGE_BYTES = 4_096
ROOM_BYTES = 1 << 20


def mount(folder: Path, *options: str) -> None:
    """Mount a small disk, or change how it is mounted."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={ROOM_BYTES}", *options)), "t"]
    subprocess.run([*command, folder], check=True)


def session_on(folder: Path) -> Path:
    """A project whose state is on a small disk, with a session of two turns."""
    mount_point = state_folder(folder)
    mount_point.mkdir(parents=True)
    mount(mount_point, "mode=700")
    transcript_of(folder).write_bytes(turn(1) + turn(2))
    assert send("stop", payload(folder)) == (0, "", "")
    return folder


def room_left(disk: Path, free: int) -> Path:
    """Fill the disk until only so many bytes are free; give what fills it."""
    filler = disk / "filler"
    found = os.statvfs(disk)
    with filler.open("wb") as stream:
        stream.write(b"\1" * (found.f_bavail * found.f_frsize - free))
    return filler


def a_full_disk(folder: Path) -> None:
    """Whatever room is left, each hook is calm, and what was written is whole."""
    project = session_on(folder)
    for number, pages in enumerate([*range(14), *range(14)], 3):
        with transcript_of(project).open("ab") as stream:
            stream.write(turn(number))
            stream.write(transcript_lines(prompt("We decided on " + "x" * 60 * pages + ".")))
        before = state_of(project)["usage"]["requests"]
        filler = room_left(state_folder(project), pages * PAGE_BYTES)
        for hook in HOOKS:
            fields = {"prompt": "go on", "reason": "clear", "source": "compact"}
            code, out, err = send(hook, payload(project, **fields))
            assert (code, err.count("\n"), bool(out) and code) in ((0, 0, 0), (0, 0, False), (1, 1,
                    False)), (hook, pages, code, out, err)  # fmt: skip
            assert state_of(project)["usage"]["requests"] >= before
        filler.unlink()
        assert send("stop", payload(project)) == (0, "", "")
        assert state_of(project)["usage"]["requests"] == number
        rests = [path.name for path in files_below(project) if path.suffix == ".tmp"]
        assert rests == [], rests
    whole = 0
    for line in session_file(project, "journal.jsonl").read_bytes().splitlines():
        try:
            whole += bool(json.loads(line))
        except ValueError:
            continue
    assert whole >= 28


def a_read_only_disk(folder: Path) -> None:
    """Each hook is calm, the state stays as it is, and the next turn is not lost."""
    project = session_on(folder)
    before = state_of(project)
    mount(state_folder(project), "remount", "ro")
    with transcript_of(project).open("ab") as stream:
        stream.write(turn(3))
    for hook in HOOKS:
        code, out, err = send(hook, payload(project, source="startup"))
        assert (code, err.count("\n")) in ((0, 0), (1, 1)), (hook, code, out, err)
    assert state_of(project) == before
    mount(state_folder(project), "remount", "rw")
    assert send("stop", payload(project)) == (0, "", "")
    assert state_of(project)["work_state"]["last_prompt"] == "Prompt 3"


def a_read_only_index(folder: Path) -> None:
    """A search answers from the index as it is."""
    own = folder / "clearpoint"
    own.mkdir()
    mount(own)
    transcripts = folder / "projects" / "-p"
    transcripts.mkdir(parents=True)
    (transcripts / "11111111-aaaa.jsonl").write_bytes(transcript_lines(prompt("token one")))
    env = {"CLAUDE_CONFIG_DIR": str(folder)}
    opened(str(own), env).close()
    mount(own, "remount", "ro")
    (transcripts / "22222222-bbbb.jsonl").write_bytes(transcript_lines(prompt("token two")))
    index = opened(str(own), env)
    found = [one.snippet for one in find(index, Wanted("token"), 0.0)]
    missing = find(index, Wanted("nothing"), 0.0)
    index.close()
    assert (found, missing) == (["token one"], [])


CASES = {"full": a_full_disk, "read-only": a_read_only_disk, "index": a_read_only_index}

if __name__ == "__main__":
    os.environ["CLAUDE_CONFIG_DIR"] = f"{sys.argv[1]}-claude"
    CASES[sys.argv[2]](Path(sys.argv[1]))
