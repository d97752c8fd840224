"""The client that is installed here: its version, which decides what can be registered with it."""

from __future__ import annotations

import re
import shutil
import subprocess

Version = tuple[int, ...]

ANSWER_S = 10
VERSION = re.compile(r"\A\s*v?(\d+)\.(\d+)\.(\d+)")


def client_version() -> Version | None:
    """The version of the `claude` on the path; None if there is none, or it does not say."""
    program = shutil.which("claude")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  (the client itself)
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.match(done.stdout)
    return tuple(map(int, found.groups())) if found else None
