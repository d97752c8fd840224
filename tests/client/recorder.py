"""A hook that records its event and says nothing, run as `python recorder.py FILE`."""

import os
import sys
import time


def main() -> None:
    """Append one line for the event on standard input; one `write`, so that lines never mix.

    The event stays the JSON text that it is: to load `json` would cost more than all the rest.
    """
    payload = sys.stdin.buffer.read().replace(b"\n", b" ")
    told = f'"time": {time.time()}, "client_pid": {int(os.environ["CLAUDE_PID"])}'
    told += f', "namespace": "{os.readlink("/proc/self/ns/pid")}"'
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(log, b'{%b, "payload": %b}\n' % (told.encode(), payload))


if __name__ == "__main__":
    main()
