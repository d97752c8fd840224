"""The door: one event in, at most one reply out, and never in the way.

Standard input is read to the first complete JSON object, its end, or a deadline, whichever comes
first: the client does not always close it. Exit codes are 0 and 1; 2 would block the user.
A failure of Clearpoint is one line on standard error and one in the faults journal, and no more.
"""

from __future__ import annotations

import os
import sys
import time

from clearpoint.client.events import Event, InputError
from clearpoint.lowlevel import fast_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, BinaryIO, TextIO

DEADLINE_S = 3.0
CHUNK_BYTES = 1 << 16
EVENT_BYTES = 64 << 20
END_BYTES = 8
"""Within so many at the end the last brace stands: a new line may follow it."""
LINE_CHARS = 500
PACKAGE = __name__.partition(".")[0]


def run(  # noqa: PLR0913, PLR0917  (the streams are parameters, so that tests need no processes)
    handler: str,
    stdin: BinaryIO | None = None,
    stdout: BinaryIO | None = None,
    stderr: TextIO | None = None,
    environ: Mapping[str, str] | None = None,
    deadline_s: float = DEADLINE_S,
    arguments: Sequence[str] = (),
) -> int:
    """Handle one event with the named handler module; return the exit code, 0 or 1.

    Without streams they are the process's own, and the process ends here: an ordinary exit would
    still flush what it cannot write, with an exit code of its own, and costs two milliseconds.
    """
    if stdin is None or stdout is None:
        stdin, stdout = take_streams()
        arguments = sys.argv[1:]
        os._exit(handle(handler, stdin, stdout, sys.stderr, os.environ, deadline_s, arguments))
    given = os.environ if environ is None else environ
    return handle(handler, stdin, stdout, stderr, given, deadline_s, arguments)


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the door alone: what else is printed goes nowhere.

    A stray print, even a C library's, would become Claude's context. Descriptors that came
    closed are filled first, so that no file of Clearpoint's ever becomes standard output.
    """
    null = os.open(os.devnull, os.O_RDWR)
    while null < 3:
        null = os.dup(null)
    stdout = open(os.dup(1), "wb")  # noqa: SIM115  (both stay open to the end)
    os.dup2(null, 1)
    return open(0, "rb", buffering=0, closefd=False), stdout


def handle(  # noqa: PLR0913, PLR0917
    handler: str,
    stdin: BinaryIO,
    stdout: BinaryIO,
    stderr: TextIO | None,
    environ: Mapping[str, str],
    deadline_s: float,
    arguments: Sequence[str],
) -> int:
    """One event from the stream to the reply; gives the exit code."""
    event = None
    try:
        event = Event(read_object(stdin, deadline_s), environ, arguments)
        answer = __import__(handler, fromlist=["handle"]).handle(event)
        if answer is not None:
            text = answer if isinstance(answer, str) else fast_json.dumps(answer)
            if say(fast_json.encode(text), stdout) and hasattr(answer, "then"):
                answer.then()
    except BaseException as error:  # noqa: BLE001  (the one boundary; SystemExit(2) would block)
        report(handler.rpartition(".")[2], error, event, stderr)
        return 1
    return 0


def say(data: bytes, stdout: BinaryIO) -> bool:
    """Write the reply, and return whether that was possible.

    A client that is gone, or wants it no more, is not Clearpoint's fault.
    """
    try:
        stdout.write(data)
        stdout.flush()
    except BrokenPipeError:
        return False
    return True


def read_object(stdin: BinaryIO, deadline_s: float) -> Any:
    """The first complete JSON value on the stream; raises InputError if there is none."""
    data = bytearray()
    end = time.monotonic() + deadline_s
    while chunk := read_chunk(stdin, end - time.monotonic()):
        data += chunk
        if len(data) > EVENT_BYTES:
            raise InputError("the event on stdin is too long")
        is_closed = data[-END_BYTES:].rstrip()[-1:] == b"}"
        if is_closed and (len(data) == len(chunk) or is_idle(stdin)):
            try:
                return first_value(data)
            except fast_json.MalformedJSONError:
                continue  # that brace did not close the object
    try:
        return first_value(data)
    except fast_json.MalformedJSONError:
        raise InputError("the event on stdin is empty, incomplete or not JSON") from None


def first_value(data: bytearray) -> Any:
    """The first JSON value in the bytes, whatever follows it."""
    return fast_json.scan(data.decode("utf-8", "replace"))[0]


def read_chunk(stdin: BinaryIO, timeout_s: float) -> bytes:
    """Some bytes of the stream, or none at its end or when time is up."""
    try:
        descriptor = stdin.fileno()
    except OSError:  # a stream in memory
        return stdin.read(CHUNK_BYTES)
    if os.name == "posix":
        try:
            return read_at_once(descriptor)
        except BlockingIOError:
            import select  # the client has written before Python has started, but for once

            if not select.select([descriptor], [], [], max(0.0, timeout_s))[0]:
                return b""
    return os.read(descriptor, CHUNK_BYTES)


def read_at_once(descriptor: int) -> bytes:
    """What is there to be read, none at the end; raises BlockingIOError if nothing is there yet."""
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, CHUNK_BYTES)
    finally:
        os.set_blocking(descriptor, True)


def is_idle(stdin: BinaryIO) -> bool:
    """Whether nothing more is there to be read yet: a long event is not parsed piece by piece."""
    try:
        descriptor = stdin.fileno()
    except OSError:  # a stream in memory
        return True
    if os.name != "posix":
        return True
    import select

    return not select.select([descriptor], [], [], 0)[0]


def report(name: str, error: BaseException, event: Event | None, stderr: TextIO | None) -> None:
    """Leave one clear line on standard error, and the same in the project's faults journal."""
    said = f"clearpoint {name}: {describe(error)}"[:LINE_CHARS]
    line = "".join(char if char.isprintable() else "?" for char in said)
    try:
        if stderr is not None:
            stderr.write(line + "\n")
            stderr.flush()
    except (OSError, ValueError):
        pass  # closed: the journal has it
    if event is not None:
        from clearpoint.store.layout import event_root
        from clearpoint.store.store import Store

        try:
            Store(event_root(event)).record_fault(name, line, event.session_id)
        except (OSError, ValueError):
            return  # nowhere left to say it


def describe(error: BaseException) -> str:
    """An error in one line that never quotes what the user typed."""
    if type(error).__module__.partition(".")[0] == PACKAGE and not isinstance(error, OSError):
        return str(error)  # our own, written for people
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}: {error.filename or 'a stream'}"
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    return f"{type(error).__name__} at {where}"


def main() -> int:
    """`clearpoint-hook EVENT`: the entry point where scripts have no `#!` line (Windows)."""
    given = len(sys.argv) - 1
    name = sys.argv[1] if given in (1, 3) else ""  # alone, or with an option and its value
    if not name.replace("-", "_").isidentifier():
        sys.stderr.write("clearpoint-hook: usage: clearpoint-hook EVENT (session-start, stop, …)\n")
        return 1
    return run("clearpoint.handlers." + name.replace("-", "_"))
