"""A hook that records its event and says nothing, run as `python recorder.py FILE`."""

import json
import os
import sys
import time


def main() -> None:
    """Append one line for the event on standard input; one `write`, so that lines never mix."""
    payload = json.load(sys.stdin)
    record = {
        "name": payload["hook_event_name"],
        "time": time.time(),
        "client_pid": int(os.environ["CLAUDE_PID"]),
        "namespace": os.readlink("/proc/self/ns/pid"),
        "payload": payload,
    }
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(log, json.dumps(record).encode() + b"\n")


if __name__ == "__main__":
    main()
