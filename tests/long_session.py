"""Sessions of any length, whose times, sizes and files go on from request to request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made import MODEL, answer, blocks, boundary, prompt, result

from clearpoint.lowlevel.clock import now_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from driver import Client

    from clearpoint.transcript.entry import Entry

BEGINS_AT_S = 1_767_225_600
STEP_S = 20
BEGINS_WITH = 18_000
GROWTH = 1_500
COMPACTED_AT = 165_000
FILES = 9
TURN_REQUESTS = 5


class LongSession:
    """The lines of a conversation, as many requests as are asked for."""

    def __init__(self, folder: str, name: str = "a") -> None:
        self.folder = folder
        self.requests = 0
        self.used = BEGINS_WITH
        self.compactions = 0
        self._name = name
        self._last: str | None = None
        self._lines = 0

    def turn(self, requests: int) -> list[Entry]:
        """A prompt, calls that read files, and an answer at last; as many requests in all."""
        lines = [self._line(prompt("Please go on with the next part."))]
        for left in range(requests, 0, -1):
            self.requests += 1
            self.used += GROWTH
            if self.used > COMPACTED_AT:
                self.used = BEGINS_WITH + 10_000
                self.compactions += 1
                lines.append(self._line(boundary(10_000, "auto")))
            lines += self._call() if left > 1 else self._answer()
        return lines

    def turns(self, requests: int) -> Iterator[list[Entry]]:
        """Turns of some requests each, so many in all, each made when it is asked for."""
        for begin in range(0, requests, TURN_REQUESTS):
            yield self.turn(min(TURN_REQUESTS, requests - begin))

    def _call(self) -> list[Entry]:
        path = f"{self.folder}/src/module_{self.requests % FILES}.py"
        tool = {"type": "tool_use", "id": f"t{self.requests}", "name": "Read",
                "input": {"file_path": path}}  # fmt: skip
        said = blocks([tool], f"{self._name}{self.requests}", self.used, 100, MODEL, "")
        back = result("x = 1\n" * 400, tool_id=f"t{self.requests}")
        return [self._line(said), self._line(back)]

    def _answer(self) -> list[Entry]:
        message = f"{self._name}{self.requests}"
        return [self._line(answer(message_id=message, used=self.used))]

    def _line(self, entry: Entry) -> Entry:
        """The entry where it stands: its name, what it hangs on, and its time."""
        self._lines += 1
        own = f"{self._name}-line-{self._lines}"
        at = now_text(BEGINS_AT_S + STEP_S * self._lines)
        line: Entry = {**entry, "uuid": own, "parentUuid": self._last, "timestamp": at}
        self._last = own
        return line


def play(client: Client, requests: int, name: str = "a") -> LongSession:
    """Have the hooks see a session of so many requests; its lines are all there at its Stop."""
    talk = LongSession(str(client.project), name)
    client.start(model=MODEL)
    client.turn(*(line for turn in talk.turns(requests) for line in turn))
    return talk
