"""Our figures are the client's: the tokens in use on resume, and the window in its results."""

from typing import NamedTuple

import pytest

from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.models.state import ContextWindow
from clearpoint.session.load import read
from clearpoint.store.store import Store

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
    state = read(Store(str(lab.project / ".clearpoint")), session_id)
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
        pytest.param("glm-5", counts(0, 0, 0, 0), {}, id="no usage"),
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
