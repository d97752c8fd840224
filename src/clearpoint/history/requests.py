"""Usage by request: one line for each request of a session, kept when its transcript is gone.

A response stands on several lines of a transcript with one id; the last of them counts. Lines of
subagents count like any other: they were paid for.
"""

from __future__ import annotations

import os

from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.checks import is_count, is_text
from clearpoint.lowlevel.files import append_line, read_bytes, write_atomically
from clearpoint.tokens.counts import billed_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeGuard

    from clearpoint.models.usage import Request
    from clearpoint.transcript.entry import Entry

FILE = "requests.jsonl"
FEW = 1_000


def collected(entries: Iterable[Entry], into: dict[str, Request]) -> Iterator[Entry]:
    """The same entries; the requests among them are put into a table by id as they pass."""
    for entry in entries:
        if entry.get("type") == "assistant" and (request := request_of(entry)):
            into[request["id"]] = request
        yield entry


def request_of(entry: Entry) -> Request | None:
    """The request that an assistant entry answers; None if it carries no usage."""
    counts = billed_of(entry)
    message = entry.get("message") or {}
    name = message.get("id") or entry.get("uuid")
    if counts is None or not name or not any(counts.values()):
        return None
    found: Request = {
        "id": name,
        "at": entry.get("timestamp") or "",
        "model": entry.get("requestedModel") or message.get("model") or "",
        "input": counts["input_tokens"],
        "written": counts["cache_creation_input_tokens"],
        "read": counts["cache_read_input_tokens"],
        "output": counts["output_tokens"],
    }
    if hour := written_for_an_hour(entry):
        found["hour"] = hour
    return found


def written_for_an_hour(entry: Entry) -> int:
    """Tokens that a response wrote to the prompt cache for an hour."""
    usage: Any = (entry.get("message") or {}).get("usage")
    split = usage.get("cache_creation") if isinstance(usage, dict) else None
    tokens = split.get("ephemeral_1h_input_tokens") if isinstance(split, dict) else 0
    return tokens if is_count(tokens) else 0


def read(folder: str) -> dict[str, Request]:
    """The requests that are kept of a session, by id; its folder need not exist."""
    try:
        lines = read_bytes(os.path.join(folder, FILE)).splitlines()
    except OSError:
        return {}
    rows = [one for one in fast_json.objects(lines) if is_request(one)]
    return {one["id"]: one for one in rows}


def add(folder: str, requests: dict[str, Request]) -> None:
    """Keep requests beside those that are kept already.

    A few go behind the list, where the last line of a request counts: writing all of it again
    would make the end of each session longer than the one before.
    """
    if not requests:
        return
    path = os.path.join(folder, FILE)
    if len(requests) <= FEW and os.path.exists(path):
        append_line(path, fast_json.encode("\n".join(map(fast_json.dumps, requests.values()))))
        return
    merged = {**read(folder), **requests}
    lines = "".join(fast_json.dumps(one) + "\n" for one in merged.values())
    write_atomically(path, fast_json.encode(lines))


def is_request(value: Any) -> TypeGuard[Request]:
    """Whether a line of the file is one of Clearpoint's."""
    texts = all(is_text(value.get(key)) for key in ("id", "at", "model"))
    return texts and all(is_count(value.get(key)) for key in ("input", "written", "read", "output"))
