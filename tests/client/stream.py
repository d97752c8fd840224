"""A headless client that stays open: one prompt after the other, the model switched in between."""

import json
import subprocess
from collections.abc import Sequence
from typing import Self

from .record import Json


class Stream:
    """A client that reads prompts as lines of JSON; close it, or use it in a `with`."""

    def __init__(self, command: Sequence[str], cwd: str, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=cwd, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def switch(self, model: str) -> None:
        """Go on with another model."""
        request = {"subtype": "set_model", "model": model}
        self._send({"type": "control_request", "request_id": model, "request": request})
        self._wait_for("control_response")

    def prompt(self, text: str) -> Json:
        """Send one prompt; give the line that ends its turn."""
        message = {"role": "user", "content": text}
        self._send({"type": "user", "message": message, "parent_tool_use_id": None})
        return self._wait_for("result")

    def _send(self, line: Json) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def _wait_for(self, kind: str) -> Json:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: Json = json.loads(line)
            if told["type"] == kind:
                return told
        raise EOFError(kind)
