"""A real client in a terminal of its own, driven by keys and read from its screen."""

import contextlib
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from itertools import dropwhile
from pathlib import Path

from .polling import TIMEOUT_SECONDS, wait_until
from .record import Event, Json, Record, as_blocks, block_text

COLUMNS, ROWS = 150, 50
RULE = re.compile(r"^─{20,}")
BOX_PROMPT = "❯"
BUSY = "esc to interrupt"
ECHO_CHARS = 24
RETRY_SECONDS = 4.0
TMUX_CONF = """
set -g default-terminal xterm-256color
set -g history-limit 10000
set -g remain-on-exit on
set -g status off
set -s escape-time 0
set -s exit-empty off
"""


class Tmux:
    """One tmux server for one run, on a socket of its own, inside the run's namespace.

    All commands go through one client of it that stays open (tmux's control mode): waiting asks
    dozens of times a second, and a process for each question would be half of what a test costs.
    """

    def __init__(
        self, socket: Path, enter: Callable[..., list[str]], env: Mapping[str, str]
    ) -> None:
        conf = socket.with_suffix(".conf")
        conf.write_text(TMUX_CONF)
        begin = ("-C", "new-session", "-s", "control", "cat")
        self._client = subprocess.Popen(
            enter("tmux", "-u", "-S", str(socket), "-f", str(conf), *begin),
            env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        self._answer("new-session")

    def __call__(self, *args: str) -> str:
        """Run one tmux command and give its output."""
        return self.at_once(args)

    def at_once(self, *commands: Sequence[str]) -> str:
        """Run tmux commands with nothing happening in between; give their output."""
        assert self._client.stdin is not None
        try:
            self._client.stdin.write(" ; ".join(map(shlex.join, commands)) + "\n")
            self._client.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError("tmux is gone") from None
        return "".join(self._answer(name) for name, *_ in commands)

    def _answer(self, name: str) -> str:
        """Read what one command has printed: the lines between `%begin` and its `%end`."""
        assert self._client.stdout is not None
        lines = iter(self._client.stdout.readline, "")
        begun = next((line for line in lines if line.startswith("%begin ")), "")
        ends = {begun.replace("%begin", end, 1): end for end in ("%end", "%error")}
        printed: list[str] = []
        for line in lines:
            if line in ends:
                break
            printed.append(line)
        else:
            raise RuntimeError("tmux is gone")
        if ends[line] == "%error":
            raise RuntimeError(f"tmux {name}: {''.join(printed).strip()}")
        return "".join(printed)

    def close(self) -> None:
        """End the client, once the server is gone."""
        self._client.kill()
        self._client.communicate()


APART = ("unshare", "--pid", "--mount-proc", "--kill-child")
"""What starts a client as the first process of a process namespace."""


class Terminal:
    """One interactive client; with `apart`, in a process namespace of its own."""

    def __init__(
        self,
        tmux: Tmux,
        record: Record,
        name: str,
        command: Sequence[str],
        cwd: Path,
        *,
        apart: bool = False,
    ) -> None:
        self.name = name
        self._pane = f"={name}:"
        self._tmux = tmux
        self._record = record
        size = ("-x", str(COLUMNS), "-y", str(ROWS))
        pane = [*(APART if apart else ()), "env", "-u", "TMUX", "-u", "TMUX_PANE", *command]
        tmux("new-session", "-d", "-s", name, *size, "-c", str(cwd), *pane)
        self.pid = int(self._show("#{pane_pid}"))
        self._client_pid = 1 if apart else self.pid
        if apart:
            self.wait_for(lambda: child_namespace(self.pid), "a process namespace of its own")
        self._namespace = child_namespace(self.pid) if apart else namespace(self.pid)

    # What can be seen

    def _show(self, variable: str) -> str:
        return self._tmux("display-message", "-p", "-t", self._pane, variable).strip()

    def screen(self, *, history: bool = False) -> str:
        """Give the screen as text, with everything scrolled away when `history` is set."""
        lines = ("-S", "-") if history else ()
        return self._tmux("capture-pane", "-p", "-t", self._pane, *lines)

    def last_screen(self) -> str:
        """Give the screen for a report: without blank lines, or why there is none any more."""
        try:
            lines = self.screen().splitlines()
        except RuntimeError as gone:
            return str(gone)
        return "\n".join(line.rstrip() for line in lines if line.strip())

    def input_box(self) -> str | None:
        """Give what stands in the input box, or None while there is no such box (a dialog).

        With the cursor at its start the box holds at most a hint of the client's.
        """
        screen = ("capture-pane", "-p", "-t", self._pane)
        cursor = ("display-message", "-p", "-t", self._pane, "#{cursor_x},#{cursor_y}")
        *lines, at = self._tmux.at_once(screen, cursor).splitlines()
        rules = [row for row, line in enumerate(lines) if RULE.match(line)]
        if len(rules) < 2 or not lines[rules[-2] + 1].startswith(BOX_PROMPT):
            return None
        first, end = rules[-2] + 1, rules[-1]
        is_empty = at == f"{len(BOX_PROMPT) + 1},{first}"
        return "" if is_empty else "\n".join(lines[first:end]).removeprefix(BOX_PROMPT).strip()

    def has_exited(self) -> bool:
        """Tell whether the client's process is gone."""
        return self._show("#{pane_dead}") == "1"

    def is_idle(self) -> bool:
        """Tell whether the client waits for input."""
        return BUSY not in self.screen() and self.input_box() is not None

    def events(self, name: str = "", **payload: object) -> list[Event]:
        """Give the recorded events of this client."""
        return self._record.events(name, self._client_pid, self._namespace, **payload)

    @property
    def session_id(self) -> str:
        """The session that this client is in now."""
        return self.events()[-1].session_id

    def wait_for(
        self, predicate: Callable[[], object], what: str, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        """Poll until the predicate holds; `TimeoutError` shows the screen when it does not."""
        try:
            wait_until(predicate, what, timeout)
        except TimeoutError as late:
            raise TimeoutError(f"{late}\n{self.last_screen()}") from None

    def wait_for_text(self, text: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Wait until a text stands on the screen."""
        self.wait_for(lambda: text in self.screen(), f"{text!r} on the screen", timeout)

    # What can be done

    def keys(self, *keys: str) -> None:
        """Press keys by their tmux names: `Escape`, `Enter`, `C-c`, `Up`."""
        self._tmux("send-keys", "-t", self._pane, *keys)

    def type(self, text: str) -> None:
        """Replace the input box's content with one line of text and wait for its echo.

        The client folds a line of more than about 800 characters into a pasted block.
        """
        while content := self.input_box():
            self._erase(content)
        self._tmux("send-keys", "-t", self._pane, "-l", "--", text)
        self.wait_for(lambda: self._echoes(text), f"{text!r} in the input box")

    def _erase(self, content: str) -> None:
        self.keys("C-u")
        self.wait_for(lambda: self.input_box() != content, "a change of the input box")

    def _echoes(self, text: str) -> bool:
        box = squeeze(self.input_box() or "")
        return squeeze(text)[-ECHO_CHARS:] in box or "[Pastedtext" in box

    def submit(self, text: str) -> None:
        """Type a line, press Enter and wait until the client has taken it."""
        self.type(text)
        events = len(self.events())

        def taken() -> bool:
            return self.has_exited() or len(self.events()) > events or not self._echoes(text)

        def entered() -> bool:
            self.keys("Enter")
            with contextlib.suppress(TimeoutError):
                wait_until(taken, "submission", RETRY_SECONDS)
            return taken()

        self.wait_for(entered, f"{text!r} submitted")

    def say(self, text: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Send a prompt and wait until its turn has ended: answered, refused or interrupted."""
        session_id = self.session_id
        offset = self._record.size(session_id)
        self.submit(text)

        def is_earlier(entry: Json) -> bool:
            return not any(text in said for said in texts(entry))

        def ended() -> bool:
            own = dropwhile(is_earlier, in_order(self._record.entries(session_id, offset)))
            return any(map(ends_turn, own)) and self.is_idle()

        self.wait_for(ended, f"the end of the turn of {text!r}", timeout)

    def interrupt(self) -> None:
        """Press Esc once the prompt has reached the model; wait until the client has stopped.

        Where nothing of the answer has come yet, the client takes the prompt back into the input
        box: it is sent once more.
        """
        self.wait_for(self._has_asked, "a request for the newest prompt")
        offset = self._record.size(self.session_id)
        self.keys("Escape")

        def ended() -> bool:
            return any(map(ends_turn, self._record.entries(self.session_id, offset)))

        def is_taken_back() -> bool:
            return not ended() and bool(self.input_box())

        self.wait_for(
            lambda: self.is_idle() and (ended() or is_taken_back()),
            "the end of an interrupted turn",
        )
        if is_taken_back():
            prompts = len(self.events("UserPromptSubmit"))
            self.keys("Enter")
            self.wait_for(lambda: len(self.events("UserPromptSubmit")) > prompts, "the same prompt")
            self.interrupt()

    def _has_asked(self) -> bool:
        prompts = self.events("UserPromptSubmit")
        requests = self._record.requests(session_id=self.session_id)
        return bool(prompts and requests) and requests[-1].time > prompts[-1].time

    def command(self, text: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Run a slash command and wait for its effect (`/clear`, `/compact`, `/exit` and kin).

        The effect is a new session, a line of the command's output in the transcript, or the
        client's exit. For a command that opens a dialog use `submit` and `wait_for_text`.
        """
        session_id = self.session_id
        offset = self._record.size(session_id)
        self.submit(text)

        def done() -> bool:
            if self.has_exited():
                return True
            has_moved = self.session_id != session_id
            entries = self._record.entries(session_id, offset)
            return (has_moved or any(map(ends_command, entries))) and self.is_idle()

        self.wait_for(done, f"the effect of {text!r}", timeout)

    def resize(self, columns: int) -> None:
        """Make the terminal that wide."""
        self._tmux("resize-window", "-t", self._pane, "-x", str(columns), "-y", str(ROWS))

    def stop(self) -> None:
        """Leave the client as a person would, so that its SessionEnd hooks run."""
        if not self.has_exited():
            self.command("/exit")

    def kill(self) -> None:
        """Kill the client on the spot, as a crash would."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait_for(self.has_exited, "the client's death")


def namespace(pid: int, kind: str = "pid") -> str:
    """Give the process namespace of a process, or that of its children."""
    return os.readlink(f"/proc/{pid}/ns/{kind}")


def child_namespace(pid: int) -> str:
    """Give the namespace that a process has made for its children, empty until it has."""
    try:
        children = namespace(pid, "pid_for_children")
    except FileNotFoundError:
        return ""  # made, and without a process yet
    return "" if children == namespace(pid) else children


def in_order(entries: list[Json]) -> list[Json]:
    """Give the entries as they were made, which is not always as they were written."""
    return sorted(entries, key=lambda entry: entry.get("timestamp", ""))


def squeeze(text: str) -> str:
    """Remove all white space, so that wrapped text compares equal."""
    return "".join(text.split())


def texts(entry: Json) -> list[str]:
    """Give the texts of one transcript entry."""
    content = entry.get("content") or entry.get("message", {}).get("content") or ""
    return [block_text(block) for block in as_blocks(content)]


def ends_turn(entry: Json) -> bool:
    """Tell whether an entry is the last of a turn, well ended or not."""
    if entry.get("type") == "system":
        stopped = any("by hook" in text for text in texts(entry))
        return entry.get("subtype") == "turn_duration" or stopped
    if entry.get("type") == "user":
        return any(text.startswith("[Request interrupted by user") for text in texts(entry))
    return entry.get("isApiErrorMessage") is True


def ends_command(entry: Json) -> bool:
    """Tell whether an entry is the output of a slash command."""
    return any(text.startswith("<local-command-std") for text in texts(entry))
