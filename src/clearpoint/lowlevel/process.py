"""Which process this is: known again by boot, namespace, number and start, and by nothing less.

A number alone is given out again, and is another process in each namespace. Where the system does
not tell when a process started, it is not known. Fast lane.
"""

from __future__ import annotations

import os
import sys

from clearpoint.lowlevel.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from clearpoint.models.state import Process

    Life = Literal["running", "ended", "rebooted", "unknown"]

DEAD_STATES = ("Z", "X")
"""A killed process whose parent has not taken notice yet is still listed."""
FIRST_NAMESPACE = "4026531836"
"""The system's own process namespace (`PROC_PID_INIT_INO`): a container has another."""
BOOT_CHARS = 13
PS_TIMEOUT_S = 2.0
_KNOWN: dict[str, str] = {}
"""What stays the same for as long as this process runs."""


def identify(pid: int | None) -> Process | None:
    """Return what makes this process itself; None if that cannot be told."""
    started = started_at(pid) if pid else None
    if not pid or not started:
        return None
    return {"boot": boot(), "namespace": namespace(), "pid": pid, "started": started}


def life_of(process: Process | None) -> Life:
    """Return whether a process runs, as far as it can be seen from here.

    One of another machine, container or namespace is unknown. `rebooted`: it was in this machine's
    own namespace before the machine was started again.
    """
    if process is None or process["namespace"] != namespace():
        return "unknown"
    if process["boot"] == boot():
        return "running" if started_at(process["pid"]) == process["started"] else "ended"
    same_host = process["boot"].partition("@")[2] == host()
    return "rebooted" if same_host and process["namespace"] == FIRST_NAMESPACE else "unknown"


def started_at(pid: int) -> str | None:
    """Return when a running process started, in the system's own unit; None for no answer."""
    if sys.platform == "linux":
        facts = _facts(pid)
        return facts[19] if facts and facts[0] not in DEAD_STATES else None
    return _windows_start(pid) if os.name == "nt" else _ps_start(pid)


def boot() -> str:
    """Return a name of this run of this machine, ending with the machine's."""
    if "boot" not in _KNOWN:  # asked for each session that a new one could continue
        _KNOWN["boot"] = _boot()
    return _KNOWN["boot"]


def _boot() -> str:
    try:
        run = read_bytes("/proc/sys/kernel/random/boot_id").decode("ascii")[:BOOT_CHARS]
    except OSError:
        run = ""  # start times are absolute there
    return f"{run}@{host()}"


def host() -> str:
    """Return the machine's name."""
    return os.uname().nodename if os.name == "posix" else ""


def namespace() -> str:
    """Return the number of this process's namespace, empty if there are none.

    Where `/proc` shows another namespace than the one we are in, nothing in it is about us.
    """
    if sys.platform != "linux":
        return ""
    own = f"namespace of {os.getpid()}"
    if own not in _KNOWN:
        _KNOWN[own] = _namespace()
    return _KNOWN[own]


def _namespace() -> str:
    try:
        if os.readlink("/proc/self") != str(os.getpid()):
            return "elsewhere"
        return os.readlink("/proc/self/ns/pid").rpartition("[")[2].rstrip("]")
    except OSError:
        return "elsewhere"


def _facts(pid: int) -> list[str]:
    """Return what Linux tells of a process behind its name (`man proc_pid_stat`); else nothing."""
    if namespace() == "elsewhere":
        return []
    try:
        stat = read_bytes(f"/proc/{pid}/stat")
    except OSError:
        return []
    return stat.rpartition(b")")[2].decode("ascii").split()


def _ps_start(pid: int) -> str | None:
    """Return the start as `ps` has it: macOS and the BSDs have no `/proc`."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603  (a number is all that varies)
            ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
            env={"LC_ALL": "C"}, capture_output=True, timeout=PS_TIMEOUT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    state, _, started = done.stdout.decode("ascii", "replace").strip().partition(" ")
    return None if state[:1] in ("", *DEAD_STATES) else " ".join(started.split())


def _windows_start(pid: int) -> str | None:
    """Return the time of creation, in units of 100 ns."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return None
    times = (ctypes.c_uint64 * 4)()
    code = ctypes.c_uint32()
    try:
        at = [ctypes.byref(times, 8 * place) for place in range(4)]
        known = kernel.GetProcessTimes(handle, *at)
        runs = kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == 259
    finally:
        kernel.CloseHandle(handle)
    return str(times[0]) if known and runs else None
