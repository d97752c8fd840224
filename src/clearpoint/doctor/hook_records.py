"""What the client itself notes of hooks in its transcripts: how long they took, and failures.

Stop hooks are noted with their duration after every turn; other hooks where they said something,
failed or took too long. So durations cost the hooks nothing, and a hook that could not even start
is seen as well. Source: the client's own files, 2.1.329.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from clearpoint.client.registered import EVENTS, kebab
from clearpoint.lowlevel.checks import is_count
from clearpoint.transcript.chain import entry_of
from clearpoint.transcript.content import dicts, text_of
from clearpoint.transcript.reader import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

TAIL_BYTES = 16 << 20
"""How much of a transcript's end is read."""
SUMMARY = "stop_hook_summary"
FAILED, CANCELLED = "hook_non_blocking_error", "hook_cancelled"
KINDS = frozenset(("hook_success", FAILED, CANCELLED))
NAMES = "|".join(map(kebab, EVENTS))
OWN = re.compile(
    rf"""(?:^|[/\\"' ])clearpoint-(?:hook|{NAMES})\b|PLUGIN_ROOT}}/hooks/launch (?:{NAMES})\b"""
)
"""A command of Clearpoint's, as an executable or as the plugin's."""
PREFIX = "Failed with non-blocking status code: "


class HookRecord(NamedTuple):
    """One run of one of our hooks, as the client has seen it."""

    event: str
    at: str
    milliseconds: int | None
    failure: str
    """Why it failed, in a line; empty if it did not."""


def read_records(path: str) -> Iterator[HookRecord]:
    """The runs that the end of a transcript tells of; raises OSError if it cannot be read."""
    with closing(Transcript(path, None)) as transcript:
        transcript.cursor["offset"] = max(0, transcript.size - TAIL_BYTES)
        for line in transcript.lines():
            if SUMMARY.encode() in line or b'"hook_' in line:
                yield from records_of(entry_of(line))


def records_of(entry: dict[str, Any]) -> Iterator[HookRecord]:
    """The runs of our hooks that one entry tells of. Pure."""
    at = text_of(entry.get("timestamp"))
    if entry.get("subtype") == SUMMARY:
        for one in dicts(entry.get("hookInfos")):
            if OWN.search(text_of(one.get("command"))):
                yield HookRecord("Stop", at, _duration(one), "")
    attachment = entry.get("attachment")
    if not isinstance(attachment, dict) or attachment.get("type") not in KINDS:
        return
    event, kind = text_of(attachment.get("hookEvent")), attachment["type"]
    if not OWN.search(text_of(attachment.get("command"))):
        return
    if kind == "hook_success" and event == "Stop":
        return  # the summary of the turn tells of it too
    yield HookRecord(event, at, _duration(attachment), _failure(attachment))


def _failure(attachment: dict[str, Any]) -> str:
    if attachment["type"] == FAILED:
        said = text_of(attachment.get("stderr")).removeprefix(PREFIX).strip()
        return said.partition("\n")[0] or f"exit code {attachment.get('exitCode')}"
    if attachment["type"] == CANCELLED:
        return "it timed out" if attachment.get("timedOut") else "interrupted"
    return ""


def _duration(one: dict[str, Any]) -> int | None:
    found = one.get("durationMs")
    return found if is_count(found) else None
