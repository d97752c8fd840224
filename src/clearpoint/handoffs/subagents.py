"""What became of a subagent, from what the client wrote of it; it is read, never believed.

Each subagent has a transcript of its own beside the session's, `subagents/agent-ID.jsonl`, and a
`.meta.json` that names the call which started it. Both may come a moment late.
"""

from __future__ import annotations

import os
import time

from clearpoint.client.vocabulary import INTERRUPTED
from clearpoint.config.defaults import DEFAULTS
from clearpoint.handoffs.create import within
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_name
from clearpoint.lowlevel.files import read_bytes
from clearpoint.redaction.prefilter import masked
from clearpoint.session import state as session
from clearpoint.text.phrases import printable
from clearpoint.transcript import decoder
from clearpoint.transcript.content import texts_in
from clearpoint.transcript.reader import Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from clearpoint.handoffs.shapes import Status
    from clearpoint.models.state import State
    from clearpoint.transcript.entry import Entry

LAG_S = 0.3
END_LAG_S = 1.0
LAG_POLL_S = 0.02
META_BYTES = 64 << 10
RESULT_CHARS = 300
FILES_KEPT = 20


class Course:
    """What a subagent's transcript tells; `running` is its status unless its end is to be seen."""

    __slots__ = ("error", "state", "status")

    def __init__(self, state: State) -> None:
        self.state = state
        self.status: Status = "running"
        self.error = ""


def folder_of(transcript_path: str) -> str:
    """Where the transcripts of a session's subagents are."""
    return os.path.join(os.path.splitext(transcript_path)[0], "subagents")


def transcript_of(transcript_path: str, agent_id: str) -> str:
    """A subagent's own transcript."""
    return os.path.join(folder_of(transcript_path), f"agent-{agent_id}.jsonl")


def calls(transcript_path: str) -> dict[str, str]:
    """The subagents of a session by the call that started each, as far as the client tells."""
    folder, found = folder_of(transcript_path), {}
    try:
        names = os.listdir(folder)
    except OSError:
        return {}
    for name in names:
        if name.startswith("agent-") and name.endswith(".meta.json"):
            call = _meta(os.path.join(folder, name)).get("toolUseId")
            if is_name(call):
                found[call] = name[len("agent-") : -len(".meta.json")]
    return found


def call_of(transcript_path: str, agent_id: str) -> str:
    """The call that started a subagent, empty if the client does not tell."""
    found = _meta(os.path.join(folder_of(transcript_path), f"agent-{agent_id}.meta.json"))
    call = found.get("toolUseId")
    return call if is_name(call) else ""


def is_finished(transcript_path: str, agent_id: str) -> bool:
    """Whether the client has closed its books on a subagent."""
    found = _meta(os.path.join(folder_of(transcript_path), f"agent-{agent_id}.meta.json"))
    return found.get("finished") is True


def _meta(path: str) -> dict[str, Any]:
    try:
        value = fast_json.loads(read_bytes(path, META_BYTES))
    except (OSError, fast_json.MalformedJSONError):
        return {}
    return value if isinstance(value, dict) else {}


def awaited(path: str, answer: str, known_requests: int) -> Course:
    """The same as `seen`, waiting a moment for an answer that the client has yet to write.

    One that was taken up again has ended before, with the requests that are known.
    """
    course = seen(path)
    end = time.monotonic() + END_LAG_S
    while answer and not has_ended(course, known_requests) and time.monotonic() < end:
        time.sleep(LAG_POLL_S)
        course = seen(path)
    return course


def has_ended(course: Course, known_requests: int) -> bool:
    """Whether the transcript shows an end beyond the requests that are known."""
    return course.status != "running" and course.state["usage"]["requests"] > known_requests


def seen(path: str) -> Course:
    """What a subagent's transcript tells so far; nothing if there is none yet."""
    course = Course(session.new_state("", "", DEFAULTS))
    try:
        transcript = Transcript(path, None)
    except OSError:
        return course
    try:
        session.fold(course.state, _followed(course, transcript), DEFAULTS)
    finally:
        transcript.close()
    return course


def _followed(course: Course, transcript: Transcript) -> Iterator[Entry]:
    """The entries as those of a conversation of its own, with an eye on how it ends."""
    for entry in transcript.entries(decoder.decode):
        if "message" in entry:
            course.status, course.error = _standing(entry)
            entry["isSidechain"] = False
        yield entry


def _standing(entry: Entry) -> tuple[Status, str]:
    """How a conversation stands with this entry as its last, and the error that ended it."""
    message = entry["message"]
    texts = texts_in(message.get("content"))
    if entry.get("isApiErrorMessage"):
        return "failed", " ".join(texts)[:RESULT_CHARS]
    if entry.get("type") == "user" and texts and texts[-1].startswith(INTERRUPTED):
        return "interrupted", ""
    if message.get("stop_reason") in ("end_turn", "stop_sequence", "max_tokens"):
        return "completed", ""
    return "running", ""


def facts(course: Course, project: str, result: str = "") -> dict[str, Any]:
    """What is kept of it: size, files, and the beginning of what it reported."""
    state = course.state
    said = result or course.error or state["work_state"]["last_answer"] or ""
    touched = state["work_state"]["files"].items()
    changed = [within(path, project) or path for path, touch in touched if touch["edits"]]
    return {
        "tokens": state["usage"]["used"],
        "requests": state["usage"]["requests"],
        "files": [printable(path)[:500] for path in changed[:FILES_KEPT]],
        "result": printable(" ".join(masked(said)[: 4 * RESULT_CHARS].split()))[:RESULT_CHARS],
        "result_chars": len(said),
    }
