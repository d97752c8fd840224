"""One process namespace for the model of lineage: client processes, and hooks that see them.

A program: it reads one order per line from standard input and answers each with a line.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from typing import Any

from clearpoint import door

CLIENTS: dict[int, subprocess.Popen[bytes]] = {}
REAL_TIME, REAL_GMTIME = time.time, time.gmtime
CLOCK = {"ahead_s": 0.0}


def now() -> float:
    """The time, as the clock of this machine has it."""
    return REAL_TIME() + CLOCK["ahead_s"]


def gmtime(seconds: Any = None) -> time.struct_time:
    """The same, for who asks for the hour."""
    return REAL_GMTIME(now() if seconds is None else seconds)


def start(_order: Any) -> int:
    """Start a client process; give its number."""
    client = subprocess.Popen(["sleep", "3600"])
    CLIENTS[client.pid] = client
    return client.pid


def kill(order: Any) -> None:
    """End a client process as a crash does."""
    client = CLIENTS.pop(order["pid"])
    client.kill()
    client.wait()


def clock(order: Any) -> None:
    """Set the clock of this machine."""
    CLOCK["ahead_s"] = order["ahead_s"]


def hook(order: Any) -> Any:
    """Run a hook; give exit code, answer and complaint."""
    out, err = io.BytesIO(), io.StringIO()
    source = io.BytesIO(json.dumps(order["payload"]).encode())
    name = f"clearpoint.handlers.{order['hook']}"
    code = door.run(name, source, out, err, order["env"])
    return [code, out.getvalue().decode(), err.getvalue()]


def main() -> None:
    """Carry out orders until there are no more."""
    time.time, time.gmtime = now, gmtime
    orders = {"start": start, "kill": kill, "clock": clock, "hook": hook}
    try:
        for line in sys.stdin:
            order = json.loads(line)
            sys.stdout.write(json.dumps(orders[order["do"]](order)) + "\n")
            sys.stdout.flush()
    finally:
        for client in CLIENTS.values():
            client.kill()


if __name__ == "__main__":
    main()
