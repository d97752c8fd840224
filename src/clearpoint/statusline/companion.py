"""Another status-line command: it gets the same event and is shown above Clearpoint's line.

It runs while our line is made, and its own failures are its own: what it has printed when it ends,
or when its time is up, is shown. A client that has a newer event ends us in between; then it
ends too. Fast lane: `subprocess` and `signal` would cost more than the whole line.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` without its enumerations
import os
import select
import time

from clearpoint.client.registered import WITH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

SHELL = "/bin/sh"
OUTPUT_BYTES = 64 << 10
SIGKILL, SIGPIPE, SIGTERM = 9, 13, 15
"""As POSIX numbers them."""


def command_in(arguments: Sequence[str]) -> str:
    """The command that the last two arguments name, empty if they do not."""
    return arguments[-1] if len(arguments) > 1 and arguments[-2] in WITH else ""


def start(command: str) -> Companion | PortableCompanion:
    """Start the other command; raises OSError if there is no shell to run it."""
    return Companion(command) if os.name == "posix" else PortableCompanion(command)


class Companion:
    """The other command while it runs; it ends where the client ends this process."""

    __slots__ = ("_before", "_feed", "_output", "_pid")

    def __init__(self, command: str) -> None:
        source, self._feed = os.pipe()
        self._output, sink = os.pipe()
        streams = [
            (os.POSIX_SPAWN_DUP2, source, 0),
            (os.POSIX_SPAWN_DUP2, sink, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        _signal.pthread_sigmask(_signal.SIG_BLOCK, [SIGTERM])  # until there is whom to end
        self._pid = os.posix_spawn(
            SHELL,
            [SHELL, "-c", command],
            os.environ,
            file_actions=streams,
            setpgroup=0,
            setsigmask=[],
            setsigdef=[SIGPIPE],  # Python ignores it, and what it starts would too
        )
        os.close(source)
        os.close(sink)
        os.set_blocking(self._feed, False)
        self._before = _signal.signal(SIGTERM, self._end_with_us)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, [SIGTERM])

    def talk(self, given: bytes, seconds: float) -> bytes:
        """Give it the event; its output when it has ended, or what there is when time is up."""
        end = time.monotonic() + seconds
        left, said = memoryview(given), b""
        while True:
            writing = [self._feed] if left else []
            wait = max(0.0, end - time.monotonic())
            readable, writable, _ = select.select([self._output], writing, [], wait)
            if writable:
                left = self._feed_some(left)
            if readable:
                chunk = os.read(self._output, OUTPUT_BYTES)
                said += chunk
                if not chunk or len(said) >= OUTPUT_BYTES:
                    break
            elif not writable:
                self._kill()
                break
        if left:
            os.close(self._feed)
        os.close(self._output)
        os.waitpid(self._pid, os.WNOHANG)
        _signal.signal(SIGTERM, self._before)
        return said

    def _feed_some(self, left: memoryview) -> memoryview:
        """Write what the pipe takes; return the rest: nothing for one that reads no more."""
        try:
            left = left[os.write(self._feed, left) :]
        except BlockingIOError:
            return left
        except BrokenPipeError:
            left = left[:0]
        if not left:
            os.close(self._feed)
        return left

    def _end_with_us(self, _number: int, _frame: FrameType | None) -> None:
        self._kill()
        os._exit(1)

    def _kill(self) -> None:
        """End the command and what it has started."""
        try:
            os.killpg(self._pid, SIGKILL)
        except ProcessLookupError:
            pass  # it has ended by itself


class PortableCompanion:
    """The same by the means of every system."""

    __slots__ = ("_process",)

    def __init__(self, command: str) -> None:
        from subprocess import DEVNULL, PIPE, Popen

        words = ["sh", "-c", command]  # the user's own, as the client would run it
        self._process = Popen(words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)  # noqa: S603

    def talk(self, given: bytes, seconds: float) -> bytes:
        """Give it the event; its output when it has ended, or what there is when time is up."""
        from subprocess import TimeoutExpired

        with self._process as process:
            try:
                return process.communicate(given, seconds)[0]
            except TimeoutExpired as late:
                process.kill()
                return late.stdout or b""
