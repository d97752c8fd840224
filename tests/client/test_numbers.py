"""Our figures are the client's: the tokens in use on resume, and the window in its results."""

import base64
import json
import os
import struct
import zlib
from typing import Any, NamedTuple

import pytest

from clearpoint.config.defaults import DEFAULTS
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import ContextWindow
from clearpoint.session import state as session
from clearpoint.session.load import read
from clearpoint.store.store import Store
from clearpoint.tokens import usage

from .conftest import ClientFactory
from .lab import Lab
from .record import Json

SONNET, OPUS = "claude-sonnet-4-6", "claude-opus-5-5"


def counts(given: int, written: int, read: int, output: int) -> Json:
    """What the API counts for a request."""
    return {"input_tokens": given, "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read, "output_tokens": output}  # fmt: skip


PASSES = {
    **counts(4, 4_200, 163_000, 350),
    "iterations": [
        {"type": "message", **counts(2, 3_000, 80_000, 50)},
        {"type": "advisor_message", "model": "claude-opus-5", **counts(70_000, 0, 0, 900)},
        {"type": "message", **counts(2, 1_200, 83_000, 300)},
    ],
}


class Figures(NamedTuple):
    """What the client says, and what we say."""

    used: int
    window: int


def watched(client: ClientFactory, env: dict[str, str] | None = None) -> Lab:
    """Open a lab whose project is watched."""
    lab = client(env=env)
    install("project", lab.project, config_dir=lab.home / ".claude", executables=executables_dir())
    return lab


def ours(lab: Lab, session_id: str) -> ContextWindow:
    state = read(Store(str(lab.state)), session_id)
    assert state is not None
    return state["context_window"]


def compare(lab: Lab, session_id: str, window: int, *args: str) -> tuple[Figures, Figures]:
    """The client's figures and ours, as a session is taken up again."""
    kept = ours(lab, session_id)
    lab.prompt("and on", "--resume", session_id, *args)
    said = lab.events("SessionStart", source="resume", session_id=session_id)[-1].payload
    found = Figures(kept["used"], kept["total"])
    return Figures(int(said.get("context_tokens") or 0), window), found


def window_told(result: Json, model: str) -> int:
    """The window of this model, as the client tells it with its result."""
    return int(result["modelUsage"][model]["contextWindow"])


@pytest.mark.parametrize(
    ("model", "usage", "env"),
    [
        pytest.param(OPUS, counts(10, 1_000, 150_000, 90), {}, id="one pass"),
        pytest.param(OPUS, PASSES, {}, id="several passes of the server"),
        pytest.param(SONNET, PASSES, {}, id="several passes on the shorter window"),
        pytest.param(f"{SONNET}@20260101", counts(10, 1_000, 90_000, 90), {}, id="at Vertex"),
        pytest.param("anthropic/claude-sonnet-4.5", counts(10, 1_000, 90_000, 90), {},
                     id="at a gateway"),
        pytest.param(OPUS, counts(10, 1_000, 150_000, 90),
                     {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "200000"}, id="own compaction window"),
    ],
)  # fmt: skip
def test_on_resume_our_figures_are_the_clients(
    client: ClientFactory, model: str, usage: Json, env: dict[str, str]
) -> None:
    lab = watched(client, env)
    lab.control(usage=usage)
    reply = lab.prompt("hello", "--model", model)
    window = window_told(reply.result, model)
    theirs, mine = compare(lab, reply.session_id, window, "--model", model)
    assert mine == theirs


def test_a_gateway_without_usage_is_estimated_as_the_client_does(client: ClientFactory) -> None:
    lab = watched(client)
    lab.control(usage=counts(0, 0, 0, 0))
    reply = lab.prompt("hello", "--model", "glm-5")
    window = window_told(reply.result, "glm-5")
    theirs, mine = compare(lab, reply.session_id, window, "--model", "glm-5")
    assert mine.window == theirs.window
    assert abs(mine.used - theirs.used) <= 1  # both are estimates, rounded apart


def test_after_a_switch_to_a_shorter_window_our_figures_are_the_clients(
    client: ClientFactory,
) -> None:
    lab = watched(client)
    first = lab.prompt("USAGE:400000@@ hello", "--model", OPUS)
    assert ours(lab, first.session_id)["total"] == 1_000_000
    resumed = ("--resume", first.session_id, "--model", SONNET)
    reply = lab.prompt("USAGE:90000@@ on", *resumed)
    window = window_told(reply.result, SONNET)
    theirs, mine = compare(lab, first.session_id, window, "--model", SONNET)
    assert mine == theirs


def noise(width: int, height: int) -> str:
    """A picture as base64 whose bytes are many for its pixels."""
    rows = b"".join(b"\0" + os.urandom(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def test_a_picture_that_is_sent_while_claude_works_is_not_text(client: ClientFactory) -> None:
    lab = watched(client)
    source = {"type": "base64", "media_type": "image/png", "data": noise(400, 300)}
    shown = [{"type": "text", "text": "like this"}, {"type": "image", "source": source}]
    working = 'USAGE:60000@@ TOOL:Bash {"command": "sleep 3"}@@ go'
    lines = [
        json.dumps({"type": "user", "message": {"role": "user", "content": content}})
        for content in (working, shown)
    ]
    streams = ("--input-format", "stream-json", "--output-format", "stream-json", "--verbose")
    lab.run(lab.claude, "-p", *streams, "--model", SONNET, stdin="\n".join([*lines, ""]))
    session_id = lab.events("SessionStart")[0].session_id
    state = session.new_state("s", "", DEFAULTS)
    entries: list[Any] = lab.entries(session_id)
    queued = next(
        number
        for number, entry in enumerate(entries, 1)
        if entry.get("attachment", {}).get("type") == "queued_command"
    )
    session.fold(state, entries[:queued], DEFAULTS)
    added = usage.projected(state["usage"])[0] - state["usage"]["used"]
    assert 160 < added < 1_000
    theirs, mine = compare(lab, session_id, 200_000, "--model", SONNET)
    assert mine == theirs
