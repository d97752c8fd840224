"""Git as a transport: a bare repository of our own, and the user's way of reaching the remote.

Snapshots never enter the project's repository, so no branch, no work tree and no `git log --all`
shows them. The project's own settings for reaching a remote (credentials, ssh, URL rewrites) are
passed along, and nothing else of it. Git never asks for anything here: it fails instead.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from clearpoint.lowlevel.files import make_folder
from clearpoint.text.phrases import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TIMEOUT_S = 120.0
PASSED_ON = r"^(credential\..*|core\.sshcommand|http\..*|url\..*\.(push)?insteadof)$"
"""The settings of the project's repository that say how a remote is reached."""
OWN = {
    "GIT_AUTHOR_NAME": "clearpoint",
    "GIT_AUTHOR_EMAIL": "",
    "GIT_COMMITTER_NAME": "clearpoint",
    "GIT_COMMITTER_EMAIL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "LC_ALL": "C",
}
QUIET = ("core.hooksPath=/dev/null", "gc.auto=0", "fetch.fsckObjects=true",
         "transfer.fsckObjects=true", "protocol.ext.allow=never")  # fmt: skip
"""No hook of anybody's runs, nothing is collected while we work, objects are checked on arrival."""
SECRET_URL = re.compile(r"(://)[^/@\s]+@")
PACK_LIMIT_BYTES = 256 << 20


class GitError(Exception):
    """Git has failed; the text is one line for the user, without a password in it."""

    def __init__(self, text: str, output: bytes = b"") -> None:
        super().__init__(text)
        self.output = output


class Commit(NamedTuple):
    """A commit to be written: the ref that it is put on, and all that is in it."""

    ref: str
    parents: Sequence[str]
    files: Mapping[str, bytes]
    message: str
    at: float


class Git:
    """A bare repository of snapshots, which reaches remotes as a project's repository does."""

    def __init__(self, folder: str, project: str, env: Mapping[str, str]) -> None:
        self.folder = folder
        self.env = {name: value for name, value in env.items() if not name.startswith("GIT_")} | OWN
        if env.get("GIT_SSH_COMMAND"):
            self.env["GIT_SSH_COMMAND"] = env["GIT_SSH_COMMAND"]
        self.settings = [*QUIET, *passed_on(project, self.env)]
        if not os.path.isdir(os.path.join(folder, "objects")):
            make_folder(folder)
            self.run("init", "--quiet", "--bare", folder)

    def run(self, *args: str, data: bytes = b"", limited: bool = False) -> bytes:
        """Run git; return its output; `limited`: no file may grow too large. Raises GitError."""
        settings = [word for one in self.settings for word in ("-c", one)]
        command = ["git", *settings, "--git-dir", self.folder, *args]
        return run(command, self.env, data, limited=limited)

    def write(self, commits: Iterable[Commit]) -> None:
        """Write commits and put each on its ref, all in one process."""
        self.run("fast-import", "--quiet", "--force", data=b"".join(map(stream, commits)))

    def tips(self, *prefixes: str) -> dict[str, str]:
        """The refs below these, each with the commit that it names."""
        told = self.run("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
        pairs = (line.split(" ", 1) for line in told.decode("utf-8", "replace").splitlines())
        return {ref: name for name, ref in pairs}

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """Files of a commit by their paths, all in one process."""
        asked = "".join(f"{commit}:{path}\n" for path in paths).encode()
        data, found, start = self.run("cat-file", "--batch", data=asked), {}, 0
        for path in paths:
            end = data.index(b"\n", start)
            size = int(data[start:end].rsplit(b" ", 1)[1])
            found[path] = data[end + 1 : end + 1 + size]
            start = end + size + 2
        return found


def stream(commit: Commit) -> bytes:
    """A commit as `git fast-import` reads it."""
    lines = [
        b"commit %s\ncommitter clearpoint <> %d +0000\n" % (commit.ref.encode(), int(commit.at)),
        b"data %d\n%s\n" % (len(commit.message.encode()), commit.message.encode()),
    ]
    for word, parent in zip(("from", "merge"), commit.parents, strict=False):
        lines.append(f"{word} {parent}\n".encode())
    lines.append(b"deleteall\n")
    for path, content in commit.files.items():
        lines.append(b"M 100644 inline %s\ndata %d\n" % (path.encode(), len(content)))
        lines += [content, b"\n"]
    return b"".join([*lines, b"\n"])


def run(
    command: Sequence[str],
    env: Mapping[str, str],
    data: bytes = b"",
    timeout_s: float = TIMEOUT_S,
    *,
    limited: bool = False,
) -> bytes:
    """Run a program; return its output. Raises GitError with the line that it complained in."""
    try:
        done = subprocess.run(  # noqa: S603  (git, with arguments of our own making)
            command,
            env=env,
            input=data,
            capture_output=True,
            check=False,
            timeout=timeout_s,
            preexec_fn=limit_files if limited and os.name == "posix" else None,
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"git took longer than {timeout_s:.0f} seconds") from None
    if done.returncode:
        raise GitError(complaint(done.stderr), done.stdout)
    return done.stdout


def limit_files() -> None:
    """Let no file grow beyond the limit: what a remote sends has no size that it must keep to."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (PACK_LIMIT_BYTES, PACK_LIMIT_BYTES))


def complaint(stderr: bytes) -> str:
    """The line of git's complaints that says most, without control characters or passwords."""
    lines = [one.strip() for one in stderr.decode("utf-8", "replace").splitlines() if one.strip()]
    telling = [one for one in lines if one.startswith(("fatal:", "error:", "remote:", "!"))]
    said = (telling or lines or ["git failed"])[0]
    return printable(without_password(said))[:300]


def without_password(url: str) -> str:
    """A URL, or a text with one, without the user and password in it."""
    return SECRET_URL.sub(r"\1", url)


def passed_on(project: str, env: Mapping[str, str]) -> list[str]:
    """How the project's repository reaches remotes, as settings; none if it is no repository."""
    command = ["git", "-C", project, "config", "--local", "--null", "--get-regexp", PASSED_ON]
    try:
        found = run(command, env).decode("utf-8", "replace")
    except GitError:
        return []
    pairs = (one.partition("\n") for one in found.split("\0") if one)
    return [f"{name}={value}" for name, _, value in pairs]


def remote_url(project: str, env: Mapping[str, str]) -> str:
    """Where the project's own repository pushes to; empty if it has no remote."""
    plain = {**env, **OWN}
    for name in ("origin", *remotes(project, plain)):
        try:
            command = ["git", "-C", project, "remote", "get-url", "--push", name]
            return run(command, plain).decode().strip()
        except GitError:
            continue
    return ""


def written_out(url: str, project: str, env: Mapping[str, str]) -> str:
    """A URL as git reads it in this project: short forms by the settings are replaced."""
    try:
        found = run(["git", "-C", project, "ls-remote", "--get-url", "--", url], {**env, **OWN})
    except GitError:
        return url
    return found.decode().strip()


def remotes(project: str, env: Mapping[str, str]) -> list[str]:
    """The names of the remotes of a project's repository."""
    try:
        return run(["git", "-C", project, "remote"], env).decode().split()
    except GitError:
        return []


def identity(project: str, env: Mapping[str, str]) -> str:
    """The e-mail address that git knows the user by; empty if it knows none."""
    try:
        command = ["git", "-C", project, "config", "user.email"]
        return run(command, {**env, **OWN}).decode("utf-8", "replace").strip()
    except GitError:
        return ""
