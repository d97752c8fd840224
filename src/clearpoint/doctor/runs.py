"""Whether the hooks run: when they did last, what failed, and how long they took."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING, Any

from clearpoint.client.registered import kebab
from clearpoint.doctor.findings import SESSIONS, Case, Finding, Level, owned, writable
from clearpoint.doctor.hook_records import HookRecord, read_records
from clearpoint.install import registration as reg
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.clock import DAY_S, seconds_of
from clearpoint.lowlevel.files import read_bytes
from clearpoint.session.recovery import UPGRADE, UPGRADE_HERE
from clearpoint.store import faults as recorded
from clearpoint.store.faults import FAULT_DAYS
from clearpoint.text.phrases import counted, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FAULTS_SHOWN = 5
UNSEEN_S = 300.0
"""A transcript written so much later than any hook has run was written without us."""
SLOW_MS = 1_000
SLOW_RUNS, SLOW_SHARE = 2, 0.2
"""A warning takes so many slow runs, and such a share of all: a single one happens anywhere."""
TAIL_BYTES = 1 << 20
TEXT_CHARS = 300
ELSEWHERE = "export CLEARPOINT_DIR=FOLDER"
MENDS = {
    "No space left": ("free some space on the disk; Clearpoint's own part:", "clearpoint gc"),
    "Read-only file system": ("store the state in a writable folder:", ELSEWHERE),
    "Permission denied": ("make the folder yours again:", "{writable}"),
    "belongs to another user": ("make the folder yours again:", "sudo {owned}"),
    "holds the lock": ("ignore it if it happened once; otherwise end the hanging process", ""),
    "ENOENT": ("register the current hooks:", "clearpoint install"),
    "EACCES": ("register hooks that can run:", "clearpoint install"),
}
"""What to do about faults of the system, by a part of their text."""


def examine(case: Case) -> Iterator[Finding]:
    """Look at journals, faults, and the client's own records of our hooks."""
    runs = last_runs(case)
    seen = [one for path in case.transcripts for one in read_records(str(path))]
    yield from _last(case, runs)
    yield from _faults(case, runs, [*faults(case), *failures(case, seen)])
    yield from _durations(seen)


def last_runs(case: Case) -> dict[str, float]:
    """When each event was handled last, in seconds; those that never were are missing."""
    found: dict[str, float] = {}
    for session_id in case.store.newest_ids()[:SESSIONS]:
        for line in json_lines(case.store.path(session_id, "journal.jsonl")):
            event, at = line.get("event"), seconds_of(str(line.get("at")))
            if isinstance(event, str) and at is not None:
                found[event] = max(at, found.get(event, 0.0))
    return found


def faults(case: Case) -> list[tuple[str, float, str]]:
    """Event, time and text of each fault of the last days that the hooks wrote down."""
    names = {kebab(hook.event).replace("-", "_"): hook.event for hook in reg.HOOKS}
    return [
        (names.get(hook, hook), recorded.time_of(one), str(one.get("fault"))[:TEXT_CHARS])
        for one in recorded.recent(case.root, case.now)
        if (hook := str(one.get("hook")))
    ]


def failures(case: Case, seen: Iterable[HookRecord]) -> list[tuple[str, float, str]]:
    """The same of the failures that only the client has noted: it could not start a hook."""
    return [
        (one.event, at, one.failure[:TEXT_CHARS])
        for one in seen
        if one.failure and not one.failure.startswith("clearpoint ")
        if case.now - (at := seconds_of(one.at) or 0.0) < FAULT_DAYS * DAY_S
    ]


def _last(case: Case, runs: dict[str, float]) -> Iterator[Finding]:
    newest = max(runs.values(), default=0.0)
    told = [f"{hook.event} {span(case.now - runs[hook.event])} ago"
            for hook in reg.HOOKS if hook.event in runs]  # fmt: skip
    if told:
        yield Finding("runs.last", "ok", f"Last runs: {', '.join(told)}")
    else:
        yield Finding(
            "runs.last",
            "note",
            "No hook has run in this project yet",
            "start Claude Code here; if it asks, say that you trust the folder"
            if case.is_registered
            else "",
        )
    written = max((path.stat().st_mtime for path in case.transcripts), default=0.0)
    if case.is_registered and told and written - newest > UNSEEN_S:
        yield Finding(
            "runs.unseen",
            "warning",
            f"Claude Code worked here {span(case.now - written)} ago, but the last hook ran"
            f" {span(case.now - newest)} ago",
            "type /hooks in Claude Code to see which hooks it runs",
        )


def _faults(
    case: Case, runs: dict[str, float], found: list[tuple[str, float, str]]
) -> Iterator[Finding]:
    """Each fault once, with how often it happened; one that was not overcome yet is an error."""
    times = Counter((event, text) for event, _, text in found)
    newest = {(event, text): at for event, at, text in sorted(found, key=lambda one: one[1])}
    for (event, text), at in list(newest.items())[-FAULTS_SHOWN:]:
        level: Level = "warning" if runs.get(event, 0.0) > at else "error"
        after = "it has run since" if level == "warning" else "it has not run since"
        number = times[event, text]
        often = f"{number} times, last " if number > 1 else ""
        yield Finding(
            "runs.faults",
            level,
            f"{event} failed ({often}{span(case.now - at)} ago; {after}): {text}",
            *mend_of(text, case.root),
        )
    if not newest:
        yield Finding("runs.faults", "ok", f"No hook has failed in the last {FAULT_DAYS} days")


def mend_of(fault: str, root: str) -> tuple[str, str]:
    """What to do about a fault, and what to type."""
    for mark, (mend, command) in MENDS.items():
        if mark in fault:
            return mend, command.format(writable=writable(root), owned=owned(root))
    return UPGRADE_HERE, UPGRADE


def _durations(seen: list[HookRecord]) -> Iterator[Finding]:
    times: dict[str, list[int]] = {}
    for one in seen:
        if one.milliseconds is not None and not one.failure:
            times.setdefault(one.event, []).append(one.milliseconds)
    for event in sorted(times):
        yield duration_finding(event, times[event])


def duration_finding(event: str, times: list[int]) -> Finding:
    """What the times of one event's runs, in milliseconds, tell. Pure."""
    text = f"{event}: median {statistics.median(times):,.0f} ms, max {max(times):,} ms"
    text += f" ({counted(len(times), 'run')})"
    slow = sum(time > SLOW_MS for time in times)
    if slow < SLOW_RUNS or slow < SLOW_SHARE * len(times):
        return Finding("runs.slow", "ok", text)
    return Finding(
        "runs.slow",
        "warning",
        f"{text}; {slow} of them above {SLOW_MS:,} ms",
        "ignore it if the computer was busy; otherwise keep Clearpoint's state on a local disk:",
        ELSEWHERE,
    )


def json_lines(path: str) -> Iterator[dict[str, Any]]:
    """The objects of the end of a file of JSON lines; none if there is no such file."""
    try:
        lines = read_bytes(path)[-TAIL_BYTES:].splitlines()
    except OSError:
        return
    yield from fast_json.objects(lines)
