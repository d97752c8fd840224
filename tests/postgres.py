"""A real PostgreSQL server for tests: on a socket in a folder of its own, never on a network."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

USER = "postgres"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""


class Server(NamedTuple):
    """A server in a folder; `programs` are its own."""

    folder: Path
    programs: Path

    def run(self, program: str, *args: str) -> None:
        """Run one of its programs as the user who may."""
        subprocess.run(
            [str(self.programs / program), *args], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd="/", user=USER if os.getuid() == 0 else None,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "-D", data, "-w", "-o", options, "-l", log, "start")

    def kill(self) -> None:
        """Stop it as a power cut would."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def url(self, user: str = USER) -> str:
        """How a user connects."""
        return f"postgresql://{user}@/postgres?host={self.folder}"


def programs() -> Path | None:
    """Where the server's programs are; None if it is not installed."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in ([Path(found).parent] if found else []) + folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def made(folder: Path) -> Server | None:
    """A server that was never started, in an empty folder; None if there is none installed."""
    there = programs()
    if there is None:
        return None
    if os.getuid() == 0:
        shutil.chown(folder, USER)
    server = Server(folder, there)
    data = str(folder / "data")
    server.run("initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync")
    return server
