"""The client's version against those that Clearpoint was tested with, and the window."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from clearpoint.advice import notes
from clearpoint.advice.catalogue import ENGLISH
from clearpoint.doctor.findings import Case, Finding
from clearpoint.lowlevel import fast_json
from clearpoint.lowlevel.files import read_bytes
from clearpoint.session.recovery import UPGRADE, UPGRADE_HERE

if TYPE_CHECKING:
    from collections.abc import Iterator


def tested_version() -> str:
    """The newest version of the client that the tests have run with, as shipped."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "client.json")
    table: dict[str, Any] = fast_json.loads(read_bytes(path, follow=True))
    return str(table["tested"])


def examine(case: Case) -> Iterator[Finding]:
    """Look at what the newest session says of its client."""
    seen = next(filter(None, (one["system"]["client_version"] for one in case.recent)), None)
    if seen:
        yield version_finding(seen, tested_version())
    for state in case.recent[:1]:
        if note := notes.no_usage(state["usage"], ENGLISH):
            yield Finding("client.usage", "note", note)
        known = state["context_window"]
        note = notes.assumed_window(state, ENGLISH)
        if note:
            yield Finding("client.window", "warning", note, command="clearpoint install")
        elif known["total"]:
            yield Finding(
                "client.window",
                "ok",
                f"Window of the newest session: {known['total']:,} tokens (source:"
                f" {known['source']})",
            )


def version_finding(seen: str, tested: str) -> Finding:
    """Compare two versions. Pure."""
    about = f"Claude Code {seen}"
    ours, theirs = numbers(tested), numbers(seen)
    if theirs == ours:
        return Finding("client.version", "ok", f"{about} (tested)")
    if not theirs:
        return Finding("client.version", "note", f"{about}: unknown version")
    if theirs[:2] > ours[:2]:
        text = f"not tested yet with {about} (last tested: {tested})"
        return Finding("client.version", "warning", text, UPGRADE_HERE, UPGRADE)
    if theirs > ours:
        return Finding("client.version", "ok", f"{about} (last tested: {tested})")
    text = f"{about} is older than the tested version ({tested})"
    return Finding("client.version", "note", text, command="claude update")


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, `2.1.329`; none for one of another form."""
    parts = version.partition("-")[0].split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
