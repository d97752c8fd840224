"""What a run left behind: requests at the stub, events of the hooks, transcripts of the client."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Request:
    """One API request; `kind` is `message`, `summary` (compaction), `count_tokens` or `other`.

    `prompt` is the newest typed prompt in it.
    """

    index: int
    time: float
    kind: str
    session_id: str
    prompt: str
    body: Json

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """Role and text of every content block, in order; tool calls and results as JSON."""
        return [
            (message["role"], block_text(block))
            for message in self.body.get("messages", [])
            for block in as_blocks(message["content"])
        ]

    @property
    def text(self) -> str:
        """All text of its messages, injected context included."""
        return "\n".join(text for _, text in self.blocks)


@dataclasses.dataclass(frozen=True)
class Event:
    """One event as a hook of the client received it.

    `client_pid` is the client's process, as its process namespace numbers it.
    """

    time: float
    client_pid: int
    namespace: str
    payload: Json

    @property
    def name(self) -> str:
        """What has happened."""
        return str(self.payload["hook_event_name"])

    @property
    def session_id(self) -> str:
        """The session that the event speaks of."""
        return str(self.payload["session_id"])


class Record:
    """A view of one run directory; every call reads the files again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def requests(self, kind: str = "message", session_id: str = "") -> list[Request]:
        """Give the requests of one kind (`""`: all), optionally of one session."""
        requests = (Request(**line) for line in json_lines(self.root / "requests.jsonl"))
        return [
            request
            for request in requests
            if kind in ("", request.kind) and session_id in ("", request.session_id)
        ]

    def events(
        self, name: str = "", client_pid: int = 0, namespace: str = "", **payload: object
    ) -> list[Event]:
        """Give the recorded events of that name, client process and payload fields."""
        events = (Event(**line) for line in json_lines(self.root / "events.jsonl"))
        return [
            event
            for event in events
            if name in ("", event.name)
            and client_pid in (0, event.client_pid)
            and namespace in ("", event.namespace)
            and payload.items() <= event.payload.items()
        ]

    def transcripts(self) -> list[Path]:
        """Give the transcripts of the main sessions, oldest change first."""
        paths = self.root.glob("home/.claude/projects/*/*.jsonl")
        return sorted(paths, key=lambda path: path.stat().st_mtime_ns)

    def transcript(self, session_id: str) -> Path | None:
        """Give the transcript of one session, if the client has begun it."""
        return next((path for path in self.transcripts() if path.stem == session_id), None)

    def entries(self, session_id: str, offset: int = 0) -> list[Json]:
        """Give the entries of one session, optionally only those after a byte offset."""
        path = self.transcript(session_id)
        return list(json_lines(path, offset)) if path else []

    def size(self, session_id: str) -> int:
        """Give the size of one session's transcript in bytes, 0 before it exists."""
        path = self.transcript(session_id)
        return path.stat().st_size if path else 0


def json_lines(path: Path, offset: int = 0) -> Iterator[Json]:
    """Give the complete lines of a growing file, or nothing when it does not exist yet."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if line.endswith(b"\n") and line.strip():
                yield json.loads(line)


def as_blocks(content: str | list[Json]) -> Sequence[str | Json]:
    """Give a message's content as blocks, whichever of its two forms it has."""
    return [content] if isinstance(content, str) else content


def block_text(block: str | Json) -> str:
    """Give the text of one content block; what is no text (tool calls and results) as JSON."""
    if isinstance(block, str):
        return block
    return str(block["text"]) if "text" in block else json.dumps(block, ensure_ascii=False)
