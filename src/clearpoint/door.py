"""The door: one event in, at most one reply out, and never in the way.

Standard input is read to the first complete JSON object, its end, or a deadline, whichever comes
first: the client does not always close it. Exit codes are 0 and 1; 2 would block the person.
A fault of ours is one line on standard error and one in the faults journal, and no more.
"""

from __future__ import annotations

import os
import sys
import time

from clearpoint import quickjson
from clearpoint.events import Event, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, BinaryIO, TextIO

DEADLINE_S = 3.0
CHUNK_BYTES = 1 << 16
EVENT_BYTES = 64 << 20


def run(  # noqa: PLR0913, PLR0917  (the streams are parameters, so that tests need no processes)
    handler: str,
    stdin: BinaryIO | None = None,
    stdout: BinaryIO | None = None,
    stderr: TextIO | None = None,
    environ: Mapping[str, str] | None = None,
    deadline_s: float = DEADLINE_S,
) -> int:
    """Handle one event with the named handler module; give the exit code, 0 or 1."""
    stdin, stdout = stdin or sys.stdin.buffer, stdout or sys.stdout.buffer
    stderr, environ = stderr or sys.stderr, os.environ if environ is None else environ
    printed, sys.stdout = sys.stdout, stderr  # a stray print must not become Claude's context
    event = None
    try:
        event = Event(read_object(stdin, deadline_s), environ)
        answer = __import__(handler, fromlist=["handle"]).handle(event)
        if answer is not None:
            text = answer if isinstance(answer, str) else quickjson.dumps(answer)
            stdout.write(quickjson.encode(text))
            stdout.flush()
    except Exception as error:  # noqa: BLE001  (the one error boundary)
        report(handler.rpartition(".")[2], error, event, stderr)
        return 1
    finally:
        sys.stdout = printed
    return 0


def read_object(stdin: BinaryIO, deadline_s: float) -> Any:
    """The first complete JSON value on the stream; raises InputError where there is none."""
    data = b""
    end = time.monotonic() + deadline_s
    while len(data) < EVENT_BYTES:
        chunk = read_chunk(stdin, end - time.monotonic())
        data += chunk
        if not chunk or data.rstrip()[-1:] == b"}":
            try:
                return quickjson.loads(data)
            except quickjson.MalformedJSONError:
                if not chunk:
                    break
    raise InputError("the event on stdin is empty, torn or not JSON")


def read_chunk(stdin: BinaryIO, timeout_s: float) -> bytes:
    """Some bytes of the stream, or none at its end or when time is up."""
    try:
        descriptor = stdin.fileno()
    except OSError:  # a stream in memory
        return stdin.read(CHUNK_BYTES)
    if os.name == "posix":
        import select

        if not select.select([descriptor], [], [], max(0.0, timeout_s))[0]:
            return b""
    return os.read(descriptor, CHUNK_BYTES)


def report(name: str, error: Exception, event: Event | None, stderr: TextIO) -> None:
    """Leave one clear line on standard error, and the same in the project's faults journal."""
    line = f"clearpoint {name}: {describe(error)}"
    try:
        stderr.write(line + "\n")
        stderr.flush()
        if event is not None:
            from clearpoint.store import Store

            Store(event.state_root).record_fault(name, line, event.session_id)
    except (OSError, ValueError):
        return  # nowhere left to say it


def describe(error: Exception) -> str:
    """An error in one line that never quotes what the person typed."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}: {error.filename or 'a stream'}"
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    return f"{type(error).__name__} at {where}"


def main() -> int:
    """`clearpoint-hook EVENT`: the entry point where scripts have no `#!` line (Windows)."""
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if not name.replace("-", "_").isidentifier():
        sys.stderr.write("clearpoint-hook: usage: clearpoint-hook EVENT (session-start, stop, …)\n")
        return 1
    return run("clearpoint.handlers." + name.replace("-", "_"))
