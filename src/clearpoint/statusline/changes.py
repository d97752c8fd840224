"""How many files git says are changed. Git runs beside the line, and the next one shows its answer.

At most one run is begun in some seconds, and none is waited for: the line never pays for it.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel.files import write_atomically

NAME = "changes"
ASKED = b"?"
"""Behind an answer that git has been asked to renew."""
REFRESH_S = 5.0
SHOWN_S = 60.0
"""What git said longer ago is not shown."""
SHELL = "/bin/sh"
SCRIPT = (
    'n=$(git --no-optional-locks -c core.fsmonitor=false -c core.hooksPath=/dev/null -C "$1" '
    'status --porcelain 2>/dev/null | wc -l) && echo $n >"$2.$$" && mv -f "$2.$$" "$2"'
)
NO_PROMPTS = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


def changed(project: str, session_folder: str, now: float) -> int:
    """The files that were changed when git was asked last; asks again where that was a while ago.

    0 if it is not known: git has not answered yet or not the last time, or something was committed
    since it did.
    """
    path = os.path.join(session_folder, NAME)
    try:
        with open(path, "rb", buffering=0) as stream:
            said, at = stream.read(16).strip(), os.fstat(stream.fileno()).st_mtime
    except OSError:
        said, at = b"", 0.0
    if staged_at(project) > at:
        said = b""  # a commit since: what git said before would be wrong
    if not 0 <= now - at < REFRESH_S and os.path.isdir(session_folder):
        said = b"" if said.endswith(ASKED) else said
        mark_asked(path, said)
        ask([SHELL, "-c", SCRIPT, SHELL, project, path])
    number = said.removesuffix(ASKED)
    return int(number) if number.isdigit() and now - at < SHOWN_S else 0


def staged_at(project: str) -> float:
    """When git's index was written last, which a commit does too; 0 if that is not known."""
    try:
        return os.stat(os.path.join(project, ".git", "index")).st_mtime
    except OSError:
        return 0.0


def mark_asked(path: str, said: bytes) -> None:
    """Keep the next lines from asking as well until git has answered."""
    try:
        write_atomically(path, said + ASKED)
    except OSError:
        return  # a read-only folder: git will not be able to answer either


def ask(command: list[str]) -> None:
    """Start a command that nobody waits for; nothing if processes cannot be started so."""
    if os.name != "posix":
        return
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    environment = {**os.environ, **NO_PROMPTS}
    try:
        os.posix_spawn(command[0], command, environment, file_actions=silent, setpgroup=0)
    except OSError:
        return  # no shell: nothing is known of changes
