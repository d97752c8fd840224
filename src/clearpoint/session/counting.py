"""Counts alone, from the raw lines of a transcript: what was skipped is told before it is read.

Responses, prompts and compactions are known by the first bytes of their lines, so that all else is
passed over at the speed of a search. What was skipped is counted from its end, so that what is
nearest to the newest lines is known first. A fold of the same lines has the last word.
"""

from __future__ import annotations

import os
import re
from time import monotonic as now

from clearpoint.client.vocabulary import BOUNDARY
from clearpoint.tokens.counts import counts_of, input_of
from clearpoint.transcript import reader, utterances
from clearpoint.transcript.fast_decoder import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from clearpoint.models.state import State
    from clearpoint.models.usage import Stretch
    from clearpoint.transcript.entry import Entry

COUNT_S = 0.1
"""Time limit per event; about 100 MB on an idle machine."""
CHUNK_BYTES = 256 << 10
"""What is searched while a processor's cache still holds it."""
HEAD_BYTES = 1_200
"""Within so much of a line its message begins, and says whose it is."""
ROLE = b'"role":"'
CLAUDE = ord("a")
USER = b'user","content":'
RESULTS = (USER + b'[{"tool_use_id"', USER + b'[{"type":"tool_result"')
"""What the client answers for a tool, which is no prompt."""
PROGRESS, SIDECHAIN = b'"type":"progress"', b'"isSidechain":true'
"""What a line that is not of the conversation itself says before its message."""
IS_BOUNDARY = b'"subtype":"%s"' % BOUNDARY.encode()
USAGE = b'"usage":{'
COUNTED = re.compile(
    rb'"usage":\{"input_tokens":(\d+),"cache_creation_input_tokens":(\d+),'
    rb'"cache_read_input_tokens":(\d+)'
)
"""The input side as the client writes it; any other order is decoded."""
UNUSUAL = re.compile(rb'"iterations":\[\{|"isApiErrorMessage":true')
NAMED = re.compile(rb'"model":"([^"\\<]+)","id":"([^"\\]+)"')
"""Of a model's response; what the client says in a model's place names no such model."""
NOTED: dict[str, tuple[tuple[str, str], ...]] = {
    "prompts": (("advice", "spoken_at"),),
    "requests": (("system", "reloaded_at"),),
    "spoken": (("system", "heard"),),
}
"""What of the use events have noted, and where."""


class Counts:
    """What a stretch of lines holds; `peaks` are the largest requests since its last compaction."""

    __slots__ = ("carried", "compacted_at", "compactions", "first", "last", "peaks", "prompts",
                 "requests")  # fmt: skip

    def __init__(self) -> None:
        self.requests = self.prompts = self.compactions = self.compacted_at = self.carried = 0
        self.first = self.last = ""
        """The ids of the first response and the last."""
        self.peaks: dict[str, int] = {}

    def put_before(self, later: Counts) -> None:
        """Add these to those of the lines after them, which may begin within a response."""
        is_one = self.requests > 0 and self.last == later.first != ""
        later.requests += self.requests - is_one
        later.prompts += self.prompts
        later.first, later.last = self.first or later.first, later.last or self.last
        later.compacted_at = later.compacted_at or self.compacted_at
        if not later.compactions:
            for model, peak in self.peaks.items():
                later.peaks[model] = max(peak, later.peaks.get(model, 0))
        later.compactions += self.compactions

    def scan(self, lines: bytes) -> None:
        """Count in complete lines."""
        find, start, is_asked = lines.find, 0, False
        while (end := find(b"\n", start)) >= 0:
            limit = min(end, start + HEAD_BYTES)
            role = find(ROLE, start, limit)
            if role < 0:
                if find(IS_BOUNDARY, start, limit) >= 0:
                    self._boundary(decoded(lines[start:end]))
            elif lines[role + len(ROLE)] == CLAUDE:
                if not is_aside(lines, start, role):
                    self._response(lines, start, role, end, is_behind=is_asked)
                    is_asked = False
            elif lines.startswith(RESULTS, role + len(ROLE)):
                is_asked = True
            elif not is_aside(lines, start, role):
                is_asked = True
                self.prompts += is_prompt(decoded(lines[start:end]))
            start = end + 1

    def _response(self, lines: bytes, start: int, role: int, end: int, *, is_behind: bool) -> None:
        """A line of Claude's; `is_behind` tells that the other side has spoken before it."""
        place = lines.rfind(USAGE, start, end)
        if place < 0:
            return
        named, counts = NAMED.search(lines, start, role), COUNTED.match(lines, place)
        if named and counts and not UNUSUAL.search(lines, place, end):
            model, message_id = named[1].decode(), named[2].decode()
            carried = int(counts[1]) + int(counts[2]) + int(counts[3])
        else:
            model, message_id, carried = response_in(decoded(lines[start:end]))
        if not carried:
            return
        if not self.requests or message_id != self.last or (is_behind and carried != self.carried):
            self.requests += 1
            self.first = self.first or message_id
        self.last, self.carried = message_id, carried
        self.peaks[model] = max(carried, self.peaks.get(model, 0))

    def _boundary(self, entry: Entry) -> None:
        if entry.get("type") != "system" or entry.get("subtype") != BOUNDARY:
            return
        facts: Any = entry.get("compactMetadata") or {}
        if facts.get("trigger") == "auto":
            self.compacted_at = facts.get("preTokens") or self.carried
        self.compactions += 1
        self.peaks = {}


def is_aside(lines: bytes, start: int, role: int) -> bool:
    """Whether a line is not of the conversation itself: of a subagent, or of its progress."""
    return lines.find(PROGRESS, start, role) >= 0 or lines.find(SIDECHAIN, start, role) >= 0


def is_prompt(entry: Entry) -> bool:
    """Whether an entry is a prompt of the user's."""
    if entry.get("type") != "user" or entry.get("isCompactSummary") or entry.get("isSidechain"):
        return False
    content: Any = (entry.get("message") or {}).get("content")
    if isinstance(content, list) and content:
        content = content[0].get("text")
    return isinstance(content, str) and utterances.is_human(entry, content)


def response_in(entry: Entry) -> tuple[str, str, int]:
    """Model, id and what the request carried; that is 0 for what is no model's response here."""
    is_own = entry.get("type") == "assistant" and not entry.get("isSidechain")
    counts = counts_of(entry) if is_own else None
    message: Any = entry.get("message") or {}
    carried = input_of(counts) if counts else 0
    return message.get("model") or "", message.get("id") or "", carried


def decoded(line: bytes) -> Entry:
    """The line as an entry; an empty one if it is damaged."""
    try:
        return decode(line)
    except ValueError:
        return {}


def count(state: State, descriptor: int, *, is_new: bool = False) -> None:
    """Count what the state has skipped, the newest first, as far as there is time.

    `is_new` tells that the last stretch was skipped just now, and nothing behind it is read yet.
    """
    end = now() + COUNT_S
    for stretch in reversed(state["to_count"]):
        add(state, count_stretch(descriptor, stretch, end), is_newest=is_new)
        is_new = False
    state["to_count"] = [one for one in state["to_count"] if one["start"] < one["end"]]


def count_stretch(descriptor: int, stretch: Stretch, end: float) -> Counts:
    """Count a stretch from its end, until time is over; it becomes shorter by that."""
    found = Counts()
    found.first = stretch["newer"]
    while stretch["start"] < stretch["end"] and now() < end:
        part = Counts()
        part.scan(last_lines(descriptor, stretch))
        part.put_before(found)
    stretch["newer"] = found.first
    if found.requests and stretch["start"] == stretch["end"]:
        found.requests -= found.first == stretch["older"] != ""
    return found


def last_lines(descriptor: int, stretch: Stretch) -> bytes:
    """Some complete lines at the end of a stretch, which ends before them from now on."""
    size = CHUNK_BYTES
    while True:
        start = max(stretch["start"], stretch["end"] - size)
        os.lseek(descriptor, start, os.SEEK_SET)
        lines = os.read(descriptor, stretch["end"] - start)
        begins = lines.find(b"\n") + 1 if start > stretch["start"] else 0
        if start == stretch["start"] or 0 < begins < len(lines):
            stretch["end"] = start + begins
            return lines[begins:]
        if size > reader.LINE_LIMIT_BYTES:  # the reader passes over such a line too
            stretch["end"] = start
            return b""
        size *= 2


def add(state: State, found: Counts, *, is_newest: bool) -> None:
    """Take counts into the use; the newest ones are those of the lines right before what is read.

    What an event has noted goes on from the larger count.
    """
    usage = state["usage"]
    usage["requests"] += found.requests
    usage["prompts"] += found.prompts
    usage["compactions"] += found.compactions
    if not is_newest:
        usage["compacted_at"] = usage["compacted_at"] or found.compacted_at
        go_on(state, "requests", found.requests)
        go_on(state, "prompts", found.prompts)
        return
    usage["compacted_at"] = found.compacted_at or usage["compacted_at"]
    usage["message_id"] = found.last or usage["message_id"]
    if found.compactions:
        usage["peak"], usage["peaks"] = 0, {}
    for model, peak in found.peaks.items():
        usage["peaks"][model] = max(peak, usage["peaks"].get(model, 0))
    usage["peak"] = max(usage["peak"], usage["peaks"].get(usage["model"] or "", 0))


def go_on(state: State, name: str, more: int) -> None:
    """Have what events have noted of a count go on from one that is larger by so many."""
    fields: Any = state
    for part, field in NOTED[name]:
        fields[part][field] += more if fields[part][field] else 0
