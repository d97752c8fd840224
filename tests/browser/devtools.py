"""A headless Chromium, driven over its DevTools protocol by two pipes: no port, no network.

Source of the protocol: https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",  # a container's root has no other way
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
)
TIMEOUT_S = 90.0
PIPES = 'exec "$0" "$@" 3<&{} 4>&{}'
"""The browser reads commands from descriptor 3 and writes answers to 4."""
LEAST_DESCRIPTOR = 10


class BrowserError(Exception):
    """The browser did not do as it was told."""


def find_browser() -> str | None:
    """The program of a browser that is installed here, None if there is none."""
    found = (shutil.which(name) for name in PROGRAMS)
    return next(filter(None, found), None)


def pipe() -> list[int]:
    """A pipe whose ends are none of the descriptors that the browser looks at."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR) for end in ends]
    for end in ends:
        os.close(end)
    return moved


class Page:
    """One page of a browser of its own; `messages` holds all that it told unasked."""

    def __init__(self, program: str, folder: Path) -> None:
        self.messages: list[dict[str, Any]] = []
        self._number = 0
        self._held = b""
        commands, self._commands = pipe()
        self._answers, answers = pipe()
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", PIPES.format(commands, answers), program, *OPTIONS,
             f"--user-data-dir={folder}", "about:blank"],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "TZ": "UTC"},
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._session: str | None = None
        targets = self.send("Target.getTargets")["targetInfos"]
        target = next(one["targetId"] for one in targets if one["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._commands)
        os.close(self._answers)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and its result."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self.messages.append(message)

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + TIMEOUT_S
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._answers], [], [], end - time.monotonic())
            data = os.read(self._answers, 1 << 16) if ready else b""
            if not data:
                self._process.kill()
                self._process.wait()
                raise BrowserError("the browser does not answer")
            self._held += data
        line, _, self._held = self._held.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(
        self, path: Path, width: int = 1_000, height: int = 800, scheme: str = "light"
    ) -> None:
        """Load a file at a size and in a colour scheme; gives back when it has been drawn."""
        self.resize(width, height)
        self.prefer(scheme)
        self.messages.clear()
        self.send("Page.navigate", url=path.as_uri())
        loaded = "new Promise(done => document.readyState === 'complete' ? done() : onload = done)"
        self.evaluate(loaded)
        self.settle()

    def resize(self, width: int, height: int = 800) -> None:
        """Another size of the window, of a phone where it is narrow."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """The colour scheme that the person prefers."""
        wish = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[wish])

    def settle(self) -> None:
        """Wait until what has changed is painted."""
        self.evaluate("new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")

    def evaluate(self, script: str) -> Any:
        """The value of an expression on the page; promises are waited for."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key, such as `ArrowLeft`."""
        codes = {"Tab": 9, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=codes[key])  # fmt: skip
        self.settle()

    def picture(self) -> bytes:
        """The whole page as PNG."""
        found = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(found["data"])

    @property
    def requests(self) -> list[str]:
        """The addresses that were asked for."""
        return [
            message["params"]["request"]["url"]
            for message in self.messages
            if message.get("method") == "Network.requestWillBeSent"
        ]

    @property
    def troubles(self) -> list[str]:
        """What the browser complained of: errors of scripts, and what the policy forbade."""
        kinds = {"Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"}
        return [str(one["params"]) for one in self.messages if one.get("method") in kinds]
