"""Set the plugin up: a virtual environment with its package, in the plugin's data folder.

`hooks/launch` runs this file in the background, at the start of each session and while there is
nothing to run the hooks with, by whichever Python 3.11 or newer the machine has: the standard
library alone, and nothing of Clearpoint's. In the data folder are

    venv-<mark>/   environments; the mark is made from the plugin's files, so it changes with them
    current        a link to the one in use, replaced in one step when the next is complete
    failed.json    what SessionStart says, while the newest attempt is one that failed
    ready          there until the user has been told that the plugin is ready
    setup.log      what the newest attempt printed
    setup.lock     held while one works at it
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

RETRY_S = 600.0
"""How long a failure keeps us from trying again."""
STEP_TIMEOUT_S = 900.0
ERROR = "ERROR: "
SOURCES = ("pyproject.toml", "hooks", "src")
STARTS = "import clearpoint"
WORKS = "import clearpoint.api, clearpoint.cli, clearpoint.handlers.plugin"
COMPILES = (
    "from clearpoint.install import executables, lane; lane.build(executables.executables_dir())"
)

ENVIRONMENT = frozenset(
    ("ALL_PROXY", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "LANG", "LC_ALL", "NO_PROXY", "PATH",
     "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "XDG_CACHE_HOME",
     "XDG_CONFIG_HOME")
)  # fmt: skip
"""What pip is given, in either case, beside its own variables: nothing that holds a key."""
ELSEWHERE = ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")
"""Variables of pip's that would have it install somewhere else."""


class SetupError(Exception):
    """The plugin cannot be set up; the text is one line for a user."""


def main(env: Mapping[str, str]) -> int:
    """Set the plugin up where that is due; return the exit code."""
    root, data = Path(env["CLAUDE_PLUGIN_ROOT"]), Path(env["CLAUDE_PLUGIN_DATA"])
    failed = data / "failed.json"
    with locked(data / "setup.lock") as is_ours:
        if not is_ours or is_recent(failed):
            return 0
        try:
            bring_up_to_date(root, data, env)
        except (OSError, SetupError, subprocess.TimeoutExpired) as error:
            said = (
                f"Setting up the Clearpoint plugin failed: {error}. The next session start after"
                f" {RETRY_S / 60:.0f} minutes tries again. Details: {data / 'setup.log'}"
            )
            replace(failed, json.dumps({"systemMessage": said}) + "\n")
            return 1
        failed.unlink(missing_ok=True)
    return 0


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Whether nobody else is at work; if so, nobody is until the end."""
    import fcntl

    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_recent(failed: Path) -> bool:
    """Whether an attempt has failed a short while ago."""
    try:
        return 0 <= time.time() - failed.stat().st_mtime < RETRY_S
    except FileNotFoundError:
        return False


def bring_up_to_date(root: Path, data: Path, env: Mapping[str, str]) -> None:
    """Have `current` lead to a sound environment with the plugin as it is now."""
    current, venv = data / "current", data / f"venv-{mark(root)}"
    known = {name: value for name, value in env.items() if is_for_pip(name)}
    with (data / "setup.log").open("w", encoding="utf-8") as log:
        if current.resolve() == venv.resolve() and is_sound(venv, STARTS, known, log):
            return
        before = current.resolve()
        make(venv, known, log)
        install(root, venv, known, log)
        if not is_sound(venv, WORKS, known, log):
            raise SetupError("the installed package does not start")
        is_sound(venv, COMPILES, known, log)  # without the compiled lane hooks are slower, no more
    is_first = not current.exists()
    point(current, venv)
    if is_first:
        (data / "ready").touch()
    for other in data.glob("venv-*"):
        if other.resolve() not in (before, venv.resolve()):
            shutil.rmtree(other, ignore_errors=True)


def mark(root: Path) -> str:
    """A short name for the plugin's files as they are."""
    digest = hashlib.sha256()
    for source in SOURCES:
        found = [root / source, *sorted((root / source).rglob("*"))]
        for path in found:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def is_for_pip(name: str) -> bool:
    """Whether a variable is handed to pip."""
    return name.upper() in ENVIRONMENT or (name.startswith("PIP_") and name not in ELSEWHERE)


def make(venv: Path, env: Mapping[str, str], log: TextIO) -> None:
    """A new environment, in place of what an attempt that was broken off has left."""
    if run(env, log, sys.executable, "-I", "-m", "venv", "--clear", venv) != 0:
        raise SetupError(
            f"{sys.executable} cannot make a virtual environment"
            " (on Debian and Ubuntu: apt install python3-venv)"
        )


def install(root: Path, venv: Path, env: Mapping[str, str], log: TextIO) -> None:
    """The plugin's package and what it needs."""
    options = ("--disable-pip-version-check", "--no-input", "--quiet")
    if run(env, log, python_of(venv), "-I", "-m", "pip", "install", *options, root) != 0:
        raise SetupError(f"pip could not install its dependencies ({last_error(Path(log.name))})")


def last_error(log: Path) -> str:
    """What pip gave as its reason at last, in one line."""
    lines = map(str.strip, log.read_text(encoding="utf-8", errors="replace").splitlines())
    errors = [line.removeprefix(ERROR) for line in lines if line.startswith(ERROR)]
    return errors[-1].rstrip(".") if errors else "it gave no reason"


def is_sound(venv: Path, check: str, env: Mapping[str, str], log: TextIO) -> bool:
    """Whether this environment passes the check."""
    python = python_of(venv)
    return python.exists() and run(env, log, python, "-I", "-c", check) == 0


def python_of(venv: Path) -> Path:
    """An environment's interpreter."""
    return venv / "bin" / "python"


def run(env: Mapping[str, str], log: TextIO, *command: str | Path) -> int:
    """Run one command, what it prints going to the log; return its exit code."""
    done = subprocess.run(  # noqa: S603  (the plugin's own files and pip)
        command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        timeout=STEP_TIMEOUT_S, check=False,
    )  # fmt: skip
    return done.returncode


def point(link: Path, target: Path) -> None:
    """Have a link lead to a folder beside it, in one step."""
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def replace(path: Path, text: str) -> None:
    """Write a file that is either whole or not there."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(10)
        os.setsid()  # the client ends the group of a hook that it gives up on
    raise SystemExit(main(os.environ))
