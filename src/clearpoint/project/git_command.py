"""Git itself, offline and without any program that a repository names: what one command prints.

Without `subprocess`, whose import takes longer than git does.
"""

from __future__ import annotations

import os
import time

SAFELY = ("-c", "core.quotePath=false", "-c", "core.fsmonitor=false",
          "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false")  # fmt: skip
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
TIMEOUT_S = 2.0
CHUNK_BYTES = 1 << 16


def git_output(folder: str, *arguments: str) -> str:
    """What git prints in a folder; empty if it fails, is not there, or has no answer in time.

    A repository's own settings can name programs to run and places to fetch from; none is used.
    """
    command = ["git", "-C", folder, *SAFELY, *arguments]
    env = {**os.environ, **OFFLINE}
    run = _spawned if os.name == "posix" else _portably
    try:
        return run(command, env).decode("utf-8", "replace")
    except OSError:
        return ""


def _spawned(command: list[str], env: dict[str, str]) -> bytes:
    """What the command prints; raises OSError if it does not start."""
    import _signal  # type: ignore[import-not-found]  # the C half of `signal`, which imports enum

    source, sink = os.pipe()
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, sink, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    handled = [_signal.SIGPIPE]  # Python ignores it, and what it starts would too
    try:
        pid = os.posix_spawnp("git", command, env, file_actions=streams, setsigdef=handled)
    except OSError:
        os.close(source)
        raise
    finally:
        os.close(sink)
    try:
        printed = _to_the_end(source, time.monotonic() + TIMEOUT_S)
    finally:
        os.close(source)
    if printed is None:
        os.kill(pid, _signal.SIGKILL)
    is_done = os.waitpid(pid, 0)[1] == 0
    return printed if printed is not None and is_done else b""


def _to_the_end(source: int, end: float) -> bytes | None:
    """All that comes through a pipe; None if time is up before that."""
    import select

    found: list[bytes] = []
    while select.select([source], [], [], max(0.0, end - time.monotonic()))[0]:
        chunk = os.read(source, CHUNK_BYTES)
        if not chunk:
            return b"".join(found)
        found.append(chunk)
    return None


def _portably(command: list[str], env: dict[str, str]) -> bytes:
    """The same on Windows."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603  (fixed words and the project's own folder)
            command, capture_output=True, check=False, timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL, env=env,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
