"""A network namespace with nothing in it but loopback and the stub.

`Namespace` is the outside; `python -m client.namespace RUN_DIR` is the process that holds it open
from within. When its standard input ends, by `close` or by the death of the test process, it kills
every process in the namespace, so that no run leaves anything behind.
"""

import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from .stub import Stub

PORT = 8765
START_SECONDS = 30.0
STOP_SECONDS = 10.0
LOOPBACK = b"lo"
UP = 0x1
PACKAGE_ROOT = Path(__file__).parents[len(__package__.split("."))] if __package__ else Path()

ENTERING = {
    ("unshare", "--net"): ("nsenter", "--target", "{pid}", "--net", "--"),
    ("unshare", "--map-root-user", "--net"): (
        "nsenter", "--target", "{pid}", "--user", "--net", "--preserve-credentials", "--",
    ),
}  # fmt: skip


def isolation() -> tuple[str, ...] | None:
    """Find how this machine lets us make a network namespace, if at all."""
    if not (shutil.which("unshare") and shutil.which("nsenter")):
        return None
    for unshare in ENTERING:
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
            return unshare
    return None


class Namespace:
    """An open namespace; `enter` prefixes a command so that it runs inside."""

    def __init__(self, run_dir: Path, unshare: tuple[str, ...]) -> None:
        holder = [*unshare, sys.executable, "-m", f"{__package__}.namespace", str(run_dir)]
        with (run_dir / "namespace.log").open("w") as log:
            self._holder = subprocess.Popen(
                holder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=PACKAGE_ROOT,
                start_new_session=True,  # or Ctrl-C would kill the holder before it has cleaned up
            )
        self._entering = ENTERING[unshare]
        assert self._holder.stdout is not None
        ready, _, _ = select.select([self._holder.stdout], [], [], START_SECONDS)
        if not ready or self._holder.stdout.readline() != b"ready\n":
            self.close()
            raise RuntimeError(f"no namespace:\n{(run_dir / 'namespace.log').read_text()}")

    def enter(self, *command: str) -> list[str]:
        """Give the command line that runs `command` inside."""
        return [part.format(pid=self._holder.pid) for part in self._entering] + [*command]

    def close(self) -> None:
        """Kill everything inside and wait for it."""
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.close()
        try:
            self._holder.wait(STOP_SECONDS)
        finally:
            self._holder.kill()
            self._holder.wait()
            self._holder.stdout.close()


def raise_loopback() -> None:
    """Bring loopback up; refuse where anybody else lives or any other interface is up."""
    import fcntl

    if inhabitants(network_of("self")):
        raise SystemExit("refusing to run: this namespace is not a new one")
    get_flags, set_flags = 0x8913, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for _, name in socket.if_nameindex():
            request = struct.pack("16sh14x", name.encode(), 0)
            flags = struct.unpack("16sh14x", fcntl.ioctl(control, get_flags, request))[1]
            if name.encode() != LOOPBACK and flags & UP:
                raise SystemExit(f"refusing to run: {name} is up in this namespace")
        fcntl.ioctl(control, set_flags, struct.pack("16sh14x", LOOPBACK, UP))


def network_of(pid: int | str) -> str:
    """Name the network namespace of a process; empty for a dead or foreign one."""
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return ""


def inhabitants(network: str) -> list[int]:
    """Give the processes of a network namespace, without the calling one."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in pids if pid != os.getpid() and network_of(pid) == network]


def kill_inhabitants() -> None:
    """Kill until nobody is left."""
    deadline = time.monotonic() + STOP_SECONDS / 2
    while (pids := inhabitants(network_of("self"))) and time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def hold(run_dir: str) -> None:
    """Serve the stub until standard input ends, then leave nothing behind."""
    raise_loopback()
    threading.Thread(target=Stub(run_dir, PORT).serve_forever, daemon=True).start()
    print("ready", flush=True)  # noqa: T201
    sys.stdin.read()
    kill_inhabitants()


if __name__ == "__main__":
    hold(sys.argv[1])
